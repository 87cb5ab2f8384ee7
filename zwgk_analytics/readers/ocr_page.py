"""A page image → the `Page` that a PDF gives: its ruled lines, and runs of characters in place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from zwgk_analytics.readers.ocr_image import DOTS, Box, Image, Ink
from zwgk_analytics.readers.ocr_text import DOUBT, cell_texts, line_texts, recogniser
from zwgk_analytics.readers.pdf_page import Page
from zwgk_analytics.readers.ruled_grid import RuledCell, RuledGrid, ruled_grids
from zwgk_analytics.readers.text_lines import Char

_INSET = 3  # dots: from the middle of a line to the inside of a cell
_MARGIN = 5
_TALLEST_BAND = 1600
_GAP = 0.8  # of the height: figures further apart are two
_LEAST_HEIGHT = 14


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of print: its box, and whether something about it makes a figure doubtful."""

    box: Box
    is_doubtful: bool = False


def read_image(gray: Image, number: int) -> Page:
    """The page that an upright image at 200 dpi shows; `number` is 1-based."""
    ink = Ink.of(gray)
    grids, _ = ruled_grids(ink.horizontal, ink.vertical, [_char("口", b) for b in ink.spots()])
    height, width = gray.shape
    page = Page(number, width / DOTS, height / DOTS, has_images=True)
    page.horizontal, page.vertical = ink.horizontal, ink.vertical
    page.chars = [*_in_cells(ink, grids), *_outside(ink, grids)]
    return page


def _in_cells(ink: Ink, grids: list[RuledGrid]) -> Iterator[Char]:
    strips = [strip for grid in grids for strip in _strips(ink, grid)]
    images = [_cut(ink.gray, strip.box) for strip in strips]
    first = recogniser().read(images)
    for strip, text, reading in zip(strips, cell_texts(images, first), first, strict=True):
        if strip.is_doubtful and reading.is_figure and DOUBT not in text:
            text += DOUBT
        if text:
            yield _char(text, strip.box)


def _outside(ink: Ink, grids: list[RuledGrid]) -> Iterator[Char]:
    """The lines of print above, between and below the grids."""
    boxes = [box for band in _bands(ink, grids) for box in _lines(ink.gray, band)]
    images = [box.of(ink.gray) for box in boxes]
    texts = line_texts(images, recogniser().read(images))
    for box, text in zip(boxes, texts, strict=True):
        if text:
            yield _char(text, box)


def _lines(gray: Image, band: Box) -> Iterator[Box]:
    for box in recogniser().lines(band.of(gray)):
        yield Box(box.left, box.top + band.top, box.right, box.bottom + band.top)


def _bands(ink: Ink, grids: list[RuledGrid]) -> Iterator[Box]:
    """The parts of the page between grids that have ink, cut where a blank row allows."""
    height, width = ink.text.shape
    profile = ink.text.any(axis=1)
    for grid in grids:
        profile[_rows(grid)] = False
    top = 0
    for grid in [*grids, None]:
        bottom = _rows(grid).start if grid else height
        while bottom > top and profile[top:bottom].any():
            end = bottom
            if bottom - top > _TALLEST_BAND:
                counts = ink.text[top + _TALLEST_BAND // 2 : top + _TALLEST_BAND].sum(axis=1)
                end = top + _TALLEST_BAND // 2 + int(counts.argmin())
            yield Box(0, top, width, end)
            top = end
        top = max(top, _rows(grid).stop if grid else height)


def _rows(grid: RuledGrid) -> slice:
    return slice(max(round(grid.ys[0] * DOTS) - _INSET, 0), round(grid.ys[-1] * DOTS) + _INSET)


def _strips(ink: Ink, grid: RuledGrid) -> Iterator[Strip]:
    """The lines of print in the cells of a grid."""
    rows = [(cell, box, list(_runs(box.of(ink.text).any(axis=1)))) for cell, box in _boxes(grid)]
    heights = [end - start for _, _, runs in rows for start, end in runs]
    usual = median([h for h in heights if h >= _LEAST_HEIGHT] or [_LEAST_HEIGHT])
    for _, box, runs in rows:
        lines = list(_joined(runs, 1.3 * usual))
        for start, end in lines:
            yield _strip(ink, box, start, end, usual, is_alone=len(lines) == 1)


def _boxes(grid: RuledGrid) -> Iterator[tuple[RuledCell, Box]]:
    xs = [round(x * DOTS) for x in grid.xs]
    ys = [round(y * DOTS) for y in grid.ys]
    for c in grid.cells:
        left, right = xs[c.column] + _INSET, xs[c.column + c.colspan] - _INSET
        top, bottom = ys[c.row] + _INSET, ys[c.row + c.rowspan] - _INSET
        yield c, Box(left, top, max(right, left + 1), max(bottom, top + 1))


def _strip(ink: Ink, cell: Box, start: int, end: int, usual: float, is_alone: bool) -> Strip:
    top, bottom = cell.top + start, cell.top + end
    columns = ink.text[top:bottom, cell.left : cell.right].any(axis=0)
    runs = list(_runs(columns))
    gaps = [b[0] - a[1] for a, b in pairwise(runs)]
    touches = bool(columns[0] or columns[-1])
    is_parted = max(gaps, default=0) > _GAP * usual
    box = Box(cell.left + runs[0][0], top, cell.left + runs[-1][1], bottom)
    return Strip(_at_least(box, cell, usual), touches or is_parted or not is_alone)


def _at_least(box: Box, cell: Box, usual: float) -> Box:
    """The box, as high as a line of print: a dash alone is read by its height in the line."""
    lack = max(int(usual - (box.bottom - box.top)) // 2, 0)
    return Box(
        box.left, max(box.top - lack, cell.top), box.right, min(box.bottom + lack, cell.bottom)
    )


def _runs(flags: np.ndarray) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of true values."""
    padded = np.concatenate(([False], flags, [False]))
    changes = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    yield from zip(changes[::2], changes[1::2], strict=True)


def _joined(runs: list[tuple[int, int]], tallest: float) -> Iterator[tuple[int, int]]:
    """Runs of rows as lines: 三 is three runs, but one line."""
    current: tuple[int, int] | None = None
    for start, end in runs:
        if current and end - current[0] <= tallest:
            current = current[0], end
        else:
            if current:
                yield current
            current = start, end
    if current:
        yield current


def _cut(gray: Image, box: Box) -> Image:
    height, width = gray.shape
    return Box(
        max(box.left - _MARGIN, 0),
        max(box.top - _MARGIN, 0),
        min(box.right + _MARGIN, width),
        min(box.bottom + _MARGIN, height),
    ).of(gray)


def _char(text: str, box: Box) -> Char:
    return Char(text, box.left / DOTS, box.top / DOTS, box.right / DOTS, box.bottom / DOTS)
