"""A page image → the `Page` that a PDF gives: its ruled lines, and runs of characters in place."""

from collections.abc import Iterator, Sequence

from zwgk_analytics.readers.ocr_image import DOTS, Box, Image, Ink, deskewed, resized
from zwgk_analytics.readers.ocr_strips import Strip, strips
from zwgk_analytics.readers.ocr_text import DOUBT, line_texts, read_twice, recogniser, upright
from zwgk_analytics.readers.pdf_page import Page
from zwgk_analytics.readers.ruled_grid import RuledGrid, ruled_grids
from zwgk_analytics.readers.text_lines import Char

_TALLEST_BAND = 1600  # dots: higher images are made smaller before lines are looked for
_EDGE = 3
_DASH = "—"


def read_sheet(gray: Image, points: float, number: int) -> Page:
    """The page that the image of a sheet shows, read upright and level.

    `points` is the width of the sheet, `number` its place in the document (1-based).
    """
    gray = deskewed(upright(resized(gray, points)))
    ink = Ink.of(gray)
    grids, _ = ruled_grids(ink.horizontal, ink.vertical, [_char("口", b) for b in ink.spots()])
    height, width = gray.shape
    page = Page(number, width / DOTS, height / DOTS)
    page.horizontal, page.vertical = ink.horizontal, ink.vertical
    page.chars = [*_in_cells(ink, grids), *_outside(ink, grids)]
    return page


def _in_cells(ink: Ink, grids: Sequence[RuledGrid]) -> Iterator[Char]:
    printed = [strip for grid in grids for strip in strips(ink, grid)]
    readings = read_twice([strip.cut(ink.gray) for strip in printed])
    for strip, (reading, is_sure) in zip(printed, readings, strict=True):
        yield _char(_text(strip, reading.text, reading.is_figure, is_sure), strip.box)


def _text(strip: Strip, text: str, is_figure: bool, is_sure: bool) -> str:
    """What a strip says; a figure that is not certain has `DOUBT` behind it."""
    if strip.is_dash and strip.is_whole:
        return _DASH
    is_doubtful = is_figure and not (is_sure and strip.supports(text))
    return text + DOUBT * is_doubtful


def _outside(ink: Ink, grids: Sequence[RuledGrid]) -> Iterator[Char]:
    """The lines of print above, between and below the grids."""
    boxes = [box for band in _bands(ink, grids) for box in _lines(ink.gray, band)]
    texts = line_texts([box.of(ink.gray) for box in boxes])
    yield from (_char(text, box) for box, text in zip(boxes, texts, strict=True) if text)


def _lines(gray: Image, band: Box) -> Iterator[Box]:
    for box in recogniser().lines(band.of(gray)):
        yield Box(box.left, box.top + band.top, box.right, box.bottom + band.top)


def _bands(ink: Ink, grids: Sequence[RuledGrid]) -> Iterator[Box]:
    """The parts of the page between the grids, cut to `_TALLEST_BAND` where ink is least."""
    height, width = ink.text.shape
    rows = [(round(g.ys[0] * DOTS) - _EDGE, round(g.ys[-1] * DOTS) + _EDGE) for g in grids]
    top = 0
    for above, below in [*rows, (height, height)]:
        while above - top > _TALLEST_BAND:
            late = top + _TALLEST_BAND // 2
            end = late + int(ink.text[late : top + _TALLEST_BAND].sum(axis=1).argmin())
            yield Box(0, top, width, end)
            top = end
        if above > top and ink.text[top:above].any():
            yield Box(0, top, width, above)
        top = max(top, below)


def _char(text: str, box: Box) -> Char:
    return Char(text, box.left / DOTS, box.top / DOTS, box.right / DOTS, box.bottom / DOTS)
