"""A page image made fit for reading: one size, upright rows, ink, and the ruled lines in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from zwgk_analytics.readers.ruled_lines import Rule, connected, merged

Image = npt.NDArray[np.uint8]

DOTS = 200 / 72
"""Dots a point: every page is read at 200 dpi."""

_STEEPEST = 5.0  # degrees
_SPECK = 8  # dots: the point of a number has more
_SHORTEST_ACROSS, _SHORTEST_DOWN = 40, 22  # dots: longer than any stroke of ordinary type
_LONG = 110  # dots: a line this long need not end at another
_THICKEST = 14
_SMALLEST_TABLE = 40.0, 15.0  # points


def resized(gray: Image, points: float) -> Image:
    """The image at 200 dpi, where its width is `points`."""
    factor = points * DOTS / gray.shape[1]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return _image(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=how))


def deskewed(gray: Image) -> Image:
    """The image turned so that its rows of print lie level, up to five degrees."""
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = _binary(small, 21)
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


def _binary(gray: Image, reach: int) -> Image:
    """Ink as 255, against the brightness around it."""
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return _image(cv2.adaptiveThreshold(smooth, 255, method, kind, reach, 18))


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
        ink = _binary(gray, 41)
        across = _strokes(ink, (_SHORTEST_ACROSS, 1))
        down = _strokes(ink, (1, _SHORTEST_DOWN))
        horizontal = list(_rules(across, down, is_across=True))
        vertical = list(_rules(down, across, is_across=False))
        horizontal, vertical = _tables(horizontal, vertical)
        lines = _drawn(gray, horizontal, vertical, across, down)
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


def _strokes(ink: Image, size: tuple[int, int]) -> Image:
    """The strokes at least as long as `size`; one may lean by a dot on its way."""
    leaning = cv2.dilate(ink, np.ones((3, 1) if size[1] == 1 else (1, 3), np.uint8))
    return _image(cv2.morphologyEx(leaning, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8)))


def _rules(strokes: Image, crossing: Image, is_across: bool) -> Iterator[Rule]:
    """Strokes thin enough for a line that are long, or end at a crossing line on both sides."""
    _, _, stats, centres = cv2.connectedComponentsWithStats(strokes)
    near = cv2.dilate(crossing, np.ones((5, 5), np.uint8))
    for (left, top, width, height, _), centre in zip(stats[1:].tolist(), centres[1:], strict=True):
        length, thickness = (width, height) if is_across else (height, width)
        box = near[top : top + height, left : left + width]
        ends = (box[:, :4], box[:, -4:]) if is_across else (box[:4], box[-4:])
        if thickness <= _THICKEST and (length >= _LONG or all(end.any() for end in ends)):
            at, start = (centre[1], left) if is_across else (centre[0], top)
            yield Rule(float(at) / DOTS, start / DOTS, (start + length) / DOTS)


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


def _drawn(
    gray: Image, horizontal: Sequence[Rule], vertical: Sequence[Rule], across: Image, down: Image
) -> Image:
    """The dots of the lines, and one around them."""
    reach = np.zeros_like(gray)
    for rule in horizontal:
        _fill(reach, rule.start, rule.at, rule.end, rule.at)
    for rule in vertical:
        _fill(reach, rule.at, rule.start, rule.at, rule.end)
    return _image(cv2.dilate((across | down) & reach, np.ones((3, 3), np.uint8)))


def _fill(mask: Image, left: float, top: float, right: float, bottom: float) -> None:
    x0, y0, x1, y1 = (round(v * DOTS) for v in (left, top, right, bottom))
    mask[max(y0 - 9, 0) : y1 + 9, max(x0 - 9, 0) : x1 + 9] = 255
