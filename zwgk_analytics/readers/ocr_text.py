"""Strips of print → their text, read twice; a figure that the two readings do not share is marked.

The model is PP-OCRv6, which comes inside the rapidocr package: nothing is fetched.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np

from zwgk_analytics.readers.ocr_image import Box, Image

DOUBT = "⁇"
"""Stands after the text of a cell, or in place of a number, that was not read with certainty."""

_SURE, _FAIRLY_SURE = 0.9, 0.7  # of a figure's least certain character, first and second time
_SMALLEST_BAND = 32  # dots: the detector needs so many
_NUMBER = re.compile(r"\d[\d,.，．]*")
_LETTER = re.compile(r"[^\W\d_]")
_MARGIN = 4
_WITNESSES = 8  # lines that tell which way up a page is


class Reading(NamedTuple):
    """A text as recognised, and how sure its least sure character is (0–1)."""

    text: str
    score: float

    @property
    def is_figure(self) -> bool:
        """Whether it may be a number or the sign for none: it holds no letter or ideograph."""
        return not _LETTER.search(self.text)


class Recogniser:
    """Finds and reads lines of print."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.return_word_box": True,
                # documents are read side by side: more threads would only wait for each other
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                # isolated digits are read in half the time when not padded to a whole line
                "Rec.rec_img_shape": [3, 48, 64],
            }
        )

    def read(self, strips: Sequence[Image]) -> list[Reading]:
        """The reading of each strip, a line of print with a little margin."""
        if not strips:
            return []
        found: Any = self._engine.recognize_txt([_coloured(strip) for strip in strips])
        return [
            Reading(text.strip(), min(word.confs, default=0.0))
            for text, word in zip(found.txts, found.word_results, strict=True)
        ]

    def lines(self, gray: Image) -> list[Box]:
        """The boxes of the lines of print in an image."""
        if min(gray.shape) < _SMALLEST_BAND:
            return []
        found: Any = self._engine(_coloured(gray), use_rec=False)
        boxes = [] if found.boxes is None else found.boxes
        height, width = gray.shape
        return [
            Box(
                max(int(points[:, 0].min()), 0),
                max(int(points[:, 1].min()), 0),
                min(int(points[:, 0].max()) + 1, width),
                min(int(points[:, 1].max()) + 1, height),
            )
            for points in map(np.asarray, boxes)
        ]


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The one recogniser of this process: its models take a second to load."""
    return Recogniser()


def upright(gray: Image) -> Image:
    """The image turned by quarters so that its print stands upright."""
    half = np.ascontiguousarray(gray[::2, ::2])
    longest = sorted(recogniser().lines(half), key=lambda b: -max(b.width, b.height))
    lines = [b for b in longest[:_WITNESSES] if max(b.width, b.height) > 4 * min(b.width, b.height)]
    is_sideways = sum(b.height > b.width for b in lines) > len(lines) / 2
    lines = [b for b in lines if (b.height > b.width) == is_sideways]
    strips = [np.rot90(b.doubled().of(gray), int(is_sideways)) for b in lines]
    turned = [np.rot90(strip, 2) for strip in strips]
    is_on_its_head = _sureness(turned) > _sureness(strips)
    quarters = int(is_sideways) + 2 * is_on_its_head
    return np.ascontiguousarray(np.rot90(gray, quarters))


def _sureness(strips: Sequence[Image]) -> float:
    return sum(reading.score for reading in recogniser().read(strips))


def read_twice(strips: Sequence[Image]) -> list[tuple[Reading, bool]]:
    """The reading of each strip of a table; of a figure, whether a second one is sure and alike."""
    first = recogniser().read(strips)
    again = _second(strips, [reading.is_figure for reading in first])
    return [(one, two is None or _agree(one, two)) for one, two in zip(first, again, strict=True)]


def line_texts(strips: Sequence[Image]) -> list[str]:
    """The text of each line outside tables; `DOUBT` stands in place of a doubtful number."""
    first = recogniser().read(strips)
    again = _second(strips, [bool(_NUMBER.search(reading.text)) for reading in first])
    return [
        _without_doubtful(one, two) if two else one.text
        for one, two in zip(first, again, strict=True)
    ]


def _second(strips: Sequence[Image], wanted: Sequence[bool]) -> list[Reading | None]:
    """A reading of other dots: single ones smoothed away, on a wider ground."""
    changed = [_changed(s) for s, is_wanted in zip(strips, wanted, strict=True) if is_wanted]
    readings = iter(recogniser().read(changed))
    return [next(readings) if is_wanted else None for is_wanted in wanted]


def _changed(strip: Image) -> Image:
    ground = float(np.percentile(strip, 90))
    wide = cv2.copyMakeBorder(
        strip, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=ground
    )
    return np.ascontiguousarray(cv2.medianBlur(wide, 3), np.uint8)


def _agree(one: Reading, two: Reading) -> bool:
    is_sure = one.score >= _SURE and two.score >= _FAIRLY_SURE
    return is_sure and one.text == two.text


def _without_doubtful(one: Reading, two: Reading) -> str:
    theirs = _NUMBER.findall(two.text)
    is_comparable = len(theirs) == len(_NUMBER.findall(one.text)) and one.score >= 0.5
    numbers = iter(theirs)

    def checked(found: re.Match[str]) -> str:
        return found[0] if is_comparable and next(numbers) == found[0] else DOUBT

    return _NUMBER.sub(checked, one.text)


def _coloured(gray: Image) -> Image:
    return np.ascontiguousarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), np.uint8)
