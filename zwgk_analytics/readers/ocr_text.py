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

_SURE = 0.9  # of a figure's least certain character
_SMALLEST_BAND = 32  # dots: the detector needs so many
_NUMBER = re.compile(r"\d[\d,.，．]*")
_LETTER = re.compile(r"[^\W\d_]")
_MARGIN = 8


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


def cell_texts(strips: Sequence[Image], first: Sequence[Reading]) -> list[str]:
    """The text of each strip of a table; a figure not read alike twice has `DOUBT` behind it."""
    again = _second(strips, [reading.is_figure for reading in first])
    return [
        f"{one.text}{DOUBT}" if two and not _agree(one, two) else one.text
        for one, two in zip(first, again, strict=True)
    ]


def line_texts(strips: Sequence[Image], first: Sequence[Reading]) -> list[str]:
    """The text of each line outside tables; `DOUBT` stands in place of a doubtful number."""
    again = _second(strips, [bool(_NUMBER.search(reading.text)) for reading in first])
    return [
        _without_doubtful(one, two) if two else one.text
        for one, two in zip(first, again, strict=True)
    ]


def _second(strips: Sequence[Image], wanted: Sequence[bool]) -> list[Reading | None]:
    """A second reading, of the strip in another size, softened and with more margin."""
    changed = [_changed(s) for s, is_wanted in zip(strips, wanted, strict=True) if is_wanted]
    readings = iter(recogniser().read(changed))
    return [next(readings) if is_wanted else None for is_wanted in wanted]


def _changed(strip: Image) -> Image:
    wide = cv2.copyMakeBorder(strip, *[_MARGIN] * 4, cv2.BORDER_CONSTANT, value=(255,))
    smooth = cv2.GaussianBlur(cv2.resize(wide, None, fx=2, fy=2), (5, 5), 0)
    return np.ascontiguousarray(cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX), np.uint8)


def _agree(one: Reading, two: Reading) -> bool:
    return one.text == two.text and min(one.score, two.score) >= _SURE


def _without_doubtful(one: Reading, two: Reading) -> str:
    theirs = _NUMBER.findall(two.text)
    is_comparable = len(theirs) == len(_NUMBER.findall(one.text)) and one.score >= 0.5
    numbers = iter(theirs)

    def checked(found: re.Match[str]) -> str:
        return found[0] if is_comparable and next(numbers) == found[0] else DOUBT

    return _NUMBER.sub(checked, one.text)


def _coloured(gray: Image) -> Image:
    return np.ascontiguousarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), np.uint8)
