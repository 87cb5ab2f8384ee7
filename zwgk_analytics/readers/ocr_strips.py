"""The ink in the cells of a grid → strips, a line of print each, with what their shapes tell.

Recognition drops one of two equal digits, or takes a slash for a 1, and is sure of it: the shapes
of the ink are the witness against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import ceil
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from zwgk_analytics.readers.ocr_image import DOTS, Box, Image, Ink, inked
from zwgk_analytics.readers.ruled_grid import RuledGrid

_INSET = 3  # dots: from the middle of a line to the inside of a cell
_LOWEST = 14  # dots: what is lower is a part of a line of print
_GAP = 0.8  # of the height of print: figures further apart are two
_WIDEST_DIGIT, _NARROWEST_DIGIT = 0.95, 0.45  # of its height; a 1 is narrower, but stands apart
_SLANT = 0.25  # across by down: more is a slash, less a 1
_SPOT = 6, 8  # dots high, wide: less is dirt
_FLAT = 8  # dots

Span = tuple[int, int]


@dataclass(frozen=True)
class Strip:
    """A line of print in a cell: `box` is that of its ink, `ink` its shapes.

    `usual` is the height of a line in the grid. `is_whole` is False where the ink runs into the
    wall of the cell, or is one of several lines: what looks like one figure may be two.
    """

    box: Box
    ink: Image
    usual: float
    is_whole: bool

    @property
    def is_dash(self) -> bool:
        """Whether it is a single flat stroke."""
        return self.box.height <= _FLAT and self.box.width >= 2 * self.box.height

    @property
    def is_dirt(self) -> bool:
        """Whether it is too small for print."""
        return self.box.height < _SPOT[0] and self.box.width < _SPOT[1]

    def supports(self, text: str) -> bool:
        """Whether the shapes can be the characters of `text`, a figure in one piece."""
        signs = "".join(text.split())
        least = sum(ceil(width / (_WIDEST_DIGIT * self.box.height)) for width in self._widths)
        most = sum(
            max(1, round(width / (_NARROWEST_DIGIT * self.box.height))) for width in self._widths
        )
        gaps = (after[0] - before[1] for before, after in pairwise(self._pieces))
        return (
            self.is_whole
            and least <= len(signs) <= most
            and max(gaps, default=0) <= _GAP * self.usual
            and self._stands(signs)
        )

    def cut(self, gray: Image, margin: int = 5) -> Image:
        """Its part of the page; a low one is as high as a line, which tells a dash from a dot."""
        lack = max(ceil(self.usual - self.box.height) // 2, 0)
        return self.box.widened(margin, margin + lack, gray.shape).of(gray)

    @cached_property
    def _pieces(self) -> list[Span]:
        return list(runs(inked(self.ink, 0)))

    @property
    def _widths(self) -> list[int]:
        return [end - start for start, end in self._pieces]

    def _stands(self, signs: str) -> bool:
        """Whether each 1 is upright, and each slash is not."""
        if len(signs) != len(self._pieces):
            return "/" not in signs
        return all(
            (abs(_slant(self.ink[:, start:end])) > _SLANT) == (sign == "/")
            for sign, (start, end) in zip(signs, self._pieces, strict=True)
            if sign in "1/"
        )


def strips(ink: Ink, grid: RuledGrid) -> Iterator[Strip]:
    """The lines of print in the cells of a grid, cell by cell."""
    cells = [(box, list(runs(inked(box.of(ink.text), 1)))) for box in _boxes(grid)]
    heights = [end - start for _, rows in cells for start, end in rows]
    usual = float(median([h for h in heights if h >= _LOWEST] or [_LOWEST]))
    for box, rows in cells:
        lines = [_strip(ink, box, line, usual) for line in _lines(rows, 1.3 * usual)]
        printed = [line for line in lines if not line.is_dirt]
        yield from (replace(s, is_whole=s.is_whole and len(printed) == 1) for s in printed)


def runs(flags: npt.NDArray[np.bool_]) -> Iterator[Span]:
    """(start, end) of each run of true values."""
    padded = np.concatenate(([False], flags, [False]))
    changes = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    yield from zip(changes[::2], changes[1::2], strict=True)


def _boxes(grid: RuledGrid) -> Iterator[Box]:
    xs = [round(x * DOTS) for x in grid.xs]
    ys = [round(y * DOTS) for y in grid.ys]
    for c in grid.cells:
        left, right = xs[c.column] + _INSET, xs[c.column + c.colspan] - _INSET
        top, bottom = ys[c.row] + _INSET, ys[c.row + c.rowspan] - _INSET
        if left < right and top < bottom:
            yield Box(left, top, right, bottom)


def _lines(rows: list[Span], tallest: float) -> Iterator[Span]:
    """Runs of rows as lines of print: 三 is three runs, but one line."""
    current: Span | None = None
    for start, end in rows:
        if current and end - current[0] <= tallest:
            current = current[0], end
        else:
            if current:
                yield current
            current = start, end
    if current:
        yield current


def _strip(ink: Ink, cell: Box, line: Span, usual: float) -> Strip:
    top, bottom = cell.top + line[0], cell.top + line[1]
    columns = inked(ink.text[top:bottom, cell.left : cell.right], 0)
    printed = np.flatnonzero(columns)
    box = Box(cell.left + int(printed[0]), top, cell.left + int(printed[-1]) + 1, bottom)
    touches_wall = bool(columns[0] or columns[-1])
    return Strip(box, box.of(ink.text), usual, is_whole=not touches_wall)


def _slant(shape: Image) -> float:
    """How far a stroke moves across, by how far down."""
    moments = cv2.moments(shape, binaryImage=True)
    return moments["mu11"] / moments["mu02"] if moments["mu02"] else 0.0
