"""A page image made fit for reading: one size, upright rows, ink, and the ruled lines in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from zwgk_analytics.readers.ruled_lines import Rule, connected, merged

Image = npt.NDArray[np.uint8]

DOTS = 200 / 72
"""Dots a point: every page is read at 200 dpi."""

_STEEPEST = 5.0  # degrees
_GROUND = 21  # fourfold dots
_DARKER = 35  # of 255
_SPECK = 8  # dots: the point of a number has more
_SHORTEST_ACROSS, _SHORTEST_DOWN = 40, 22  # dots: longer than any stroke of ordinary type
_LONG = 110  # dots: a line this long need not end at another
_NEAR = 3.0  # points
_INKED = 0.9  # of its length
_THICKEST = 10  # dots, on the average: print may touch a line
_SMALLEST_TABLE = 40.0, 15.0  # points


def resized(gray: Image, points: float) -> Image:
    """The image at 200 dpi, where its width is `points`."""
    factor = points * DOTS / gray.shape[1]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return _image(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=how))


def deskewed(gray: Image) -> Image:
    """The image turned so that its rows of print lie level, up to five degrees."""
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = _binary(_image(small))
    angle = max(np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.5), key=lambda a: _levelness(ink, a))
    for step in (0.1, 0.02):
        near = angle + step * np.arange(-6, 7)
        angle = max(near, key=lambda a: _levelness(ink, a))
    return gray if abs(angle) < 0.01 else _turned(gray, float(angle), 255)


def _levelness(ink: Image, angle: float) -> float:
    rows = _turned(ink, float(angle), 0).sum(axis=1, dtype=np.int64)
    return float(np.square(np.diff(rows)).sum())


def _turned(image: Image, angle: float, fill: int) -> Image:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return _image(cv2.warpAffine(image, matrix, (width, height), borderValue=(fill,)))


def _binary(gray: Image) -> Image:
    """Ink as 255: what is darker than the ground around it, which print covers by less than half.

    Compared with its mean surroundings instead, a thin line beside dense print would vanish.
    """
    coarse = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(coarse, _GROUND), gray.shape[::-1])
    return _image(
        cv2.threshold(
            cv2.subtract(ground, cv2.GaussianBlur(gray, (3, 3), 0)),
            _DARKER,
            255,
            cv2.THRESH_BINARY,
        )[1]
    )


def inked(ink: Image, axis: int) -> npt.NDArray[np.bool_]:
    """Which columns (axis 0) or rows (axis 1) have any ink."""
    return np.asarray(ink.any(axis=axis), np.bool_)


def _image(array: npt.ArrayLike) -> Image:
    return np.ascontiguousarray(array, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of dots; `right` and `bottom` lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """From top to bottom."""
        return self.bottom - self.top

    def doubled(self) -> "Box":
        """The same box where the image is twice as large."""
        return Box(2 * self.left, 2 * self.top, 2 * self.right, 2 * self.bottom)

    def widened(self, across: int, down: int, shape: tuple[int, ...]) -> "Box":
        """The box with a margin, as far as an image of `shape` reaches."""
        return Box(
            max(self.left - across, 0),
            max(self.top - down, 0),
            min(self.right + across, shape[1]),
            min(self.bottom + down, shape[0]),
        )

    def of(self, image: Image) -> Image:
        """The part of `image` inside the box."""
        return image[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class Ink:
    """What is printed on a page: its text, and its ruled lines in points."""

    gray: Image  # with the lines painted over
    text: Image
    horizontal: list[Rule]
    vertical: list[Rule]

    @classmethod
    def of(cls, gray: Image) -> "Ink":
        """The ink of an upright image."""
        ink = _binary(gray)
        strokes = _Strokes.across(ink), _Strokes.down(ink)
        while strokes[0].accept(strokes[1]) or strokes[1].accept(strokes[0]):
            continue
        horizontal, vertical = _tables(*(list(s.rules()) for s in strokes))
        horizontal += list(_hidden(ink, horizontal, vertical))
        vertical += list(_hidden(_image(ink.T), vertical, horizontal))
        lines = _drawn(horizontal, vertical, strokes[0].accepted() | strokes[1].accepted())
        text = _without_specks(ink & ~lines)
        return cls(_image(np.where(lines, 255, gray)), text, horizontal, vertical)

    def spots(self) -> Iterator[Box]:
        """The boxes of the connected spots of text."""
        _, _, stats, _ = cv2.connectedComponentsWithStats(self.text)
        for left, top, width, height, _ in stats[1:].tolist():
            yield Box(left, top, left + width, top + height)


def _without_specks(ink: Image) -> Image:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    is_print = stats[:, cv2.CC_STAT_AREA] >= _SPECK
    is_print[0] = False  # the ground
    return _image(np.where(is_print[labels], 255, 0))


class _Strokes:
    """The straight strokes of one direction; `accept` tells lines from parts of characters."""

    def __init__(self, ink: Image, size: tuple[int, int]) -> None:
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size, np.uint8))
        _, self._labels, self._stats, self._centres = cv2.connectedComponentsWithStats(lines)
        self._is_across = size[0] == 1
        lengths = self._stats[:, cv2.CC_STAT_WIDTH if self._is_across else cv2.CC_STAT_HEIGHT]
        is_thin = self._stats[:, cv2.CC_STAT_AREA] <= _THICKEST * lengths
        is_thin[0] = False  # the ground
        self._thin = np.flatnonzero(is_thin).tolist()
        self._lines = np.flatnonzero(is_thin & (lengths >= _LONG)).tolist()

    @classmethod
    def across(cls, ink: Image) -> "_Strokes":
        """Those from left to right."""
        return cls(ink, (1, _SHORTEST_ACROSS))

    @classmethod
    def down(cls, ink: Image) -> "_Strokes":
        """Those from top to bottom."""
        return cls(ink, (_SHORTEST_DOWN, 1))

    def accepted(self) -> Image:
        """The dots of the strokes that are lines."""
        return _image(np.where(np.isin(self._labels, self._lines), 255, 0))

    def accept(self, crossing: "_Strokes") -> bool:
        """Takes what ends at lines of the other direction on both sides; whether it is any."""
        near = cv2.dilate(crossing.accepted(), np.ones((5, 5), np.uint8))
        new = [i for i in self._thin if i not in self._lines and self._ends_at(i, near)]
        self._lines += new
        return bool(new)

    def rules(self) -> Iterator[Rule]:
        """The lines, in points."""
        for i in self._lines:
            left, top, width, height, _ = self._stats[i].tolist()
            x, y = self._centres[i].tolist()
            at, start, length = (y, left, width) if self._is_across else (x, top, height)
            yield Rule(at / DOTS, start / DOTS, (start + length) / DOTS)

    def _ends_at(self, i: int, near: npt.NDArray[Any]) -> bool:
        left, top, width, height, _ = self._stats[i].tolist()
        box = near[top : top + height, left : left + width]
        ends = (box[:, :4], box[:, -4:]) if self._is_across else (box[:4], box[-4:])
        return all(end.any() for end in ends)


def _tables(horizontal: list[Rule], vertical: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Without the lines that only make up a character, and those that cross no other."""
    kept: tuple[list[Rule], list[Rule]] = [], []
    for across, down in connected(merged(horizontal), merged(vertical)):
        width = max(r.end for r in across) - min(r.start for r in across)
        height = max(r.end for r in down) - min(r.start for r in down)
        if width >= _SMALLEST_TABLE[0] and height >= _SMALLEST_TABLE[1]:
            kept[0].extend(across)
            kept[1].extend(down)
    return kept


def _hidden(ink: Image, rules: Sequence[Rule], crossing: Sequence[Rule]) -> Iterator[Rule]:
    """Pieces of lines that print runs into: inked all the way from one crossing line to the next.

    A wall that is missed makes two rows one, and their figures those of one label.
    """
    for at in sorted({rule.at for rule in rules}):
        here = [rule for rule in rules if rule.at == at]
        row = round(at * DOTS)
        columns = inked(ink[max(row - 2, 0) : row + 3], 0)
        stops = sorted(c.at for c in crossing if c.start - _NEAR <= at <= c.end + _NEAR)
        for start, end in pairwise(stops):
            is_drawn = any(r.start - _NEAR <= start and end <= r.end + _NEAR for r in here)
            piece = columns[round(start * DOTS) : round(end * DOTS)]
            if not is_drawn and piece.size and piece.mean() >= _INKED:
                yield Rule(at, start, end)


def _drawn(horizontal: Sequence[Rule], vertical: Sequence[Rule], strokes: Image) -> Image:
    """The dots of the lines, and one around them."""
    reach = np.zeros_like(strokes)
    for rule in horizontal:
        _fill(reach, rule.start, rule.at, rule.end, rule.at)
    for rule in vertical:
        _fill(reach, rule.at, rule.start, rule.at, rule.end)
    return _image(cv2.dilate(strokes & reach, np.ones((3, 3), np.uint8)))


def _fill(mask: Image, left: float, top: float, right: float, bottom: float) -> None:
    x0, y0, x1, y1 = (round(v * DOTS) for v in (left, top, right, bottom))
    mask[max(y0 - 9, 0) : y1 + 9, max(x0 - 9, 0) : x1 + 9] = 255
