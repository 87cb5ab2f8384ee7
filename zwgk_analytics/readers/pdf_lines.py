"""Straight bars of ink on a PDF page: what a reader of the page sees as ruled lines.

Producers draw the same table line as a stroke, as a thin filled rectangle, as dashes, as a frame
filled between two rectangles, or as a stretched image; all become thin boxes in page space.
"""

import ctypes
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

_THICKEST = 5.0  # points: a bar wider than this is an area, not a line
_MAX_DEPTH = 12
_MAX_SEGMENTS = 20_000  # a path with more is a drawing

Box = tuple[float, float, float, float]
Point = tuple[float, float]


class Bars:
    """Thin boxes of a page (left, bottom, right, top in user space), and what else it draws.

    `n_texts` counts its text objects; `image_area` is that of its largest image (square points).
    """

    def __init__(self, page: raw.FPDF_PAGE) -> None:
        self.boxes: list[Box] = []
        self.image_area = 0.0
        self.n_texts = 0
        count = raw.FPDFPage_CountObjects(page)
        self._walk((raw.FPDFPage_GetObject(page, i) for i in range(count)), pdfium.PdfMatrix(), 0)

    def _walk(
        self, objects: Iterator[raw.FPDF_PAGEOBJECT], outer: pdfium.PdfMatrix, depth: int
    ) -> None:
        for item in objects:
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.n_texts += 1
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self.boxes += _path_bars(item, _matrix(item).multiply(outer))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._image(item, outer)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                count = raw.FPDFFormObj_CountObjects(item)
                inner = (raw.FPDFFormObj_GetObject(item, i) for i in range(count))
                self._walk(inner, _matrix(item).multiply(outer), depth + 1)

    def _image(self, item: raw.FPDF_PAGEOBJECT, outer: pdfium.PdfMatrix) -> None:
        box = _matrix(item).multiply(outer).on_rect(0, 0, 1, 1)
        if _is_thin(box):
            self.boxes.append(box)
        else:
            self.image_area = max(self.image_area, (box[2] - box[0]) * (box[3] - box[1]))


def _matrix(item: raw.FPDF_PAGEOBJECT) -> pdfium.PdfMatrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return pdfium.PdfMatrix.from_raw(matrix)


def _path_bars(item: raw.FPDF_PAGEOBJECT, matrix: pdfium.PdfMatrix) -> Iterator[Box]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, fill, stroke):
        return
    outlines = list(_outlines(item, matrix))
    if stroke.value:
        yield from _stroked(outlines, _stroke_width(item, matrix))
    elif fill.value:
        yield from _filled(outlines)


def _outlines(
    item: raw.FPDF_PAGEOBJECT, matrix: pdfium.PdfMatrix
) -> Iterator[tuple[list[Point], bool]]:
    """Subpaths as (corners in page space, whether they are straight all the way)."""
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MAX_SEGMENTS:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    straight = True
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, i)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        points.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points, straight


def _stroke_width(item: raw.FPDF_PAGEOBJECT, matrix: pdfium.PdfMatrix) -> float:
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(item, width)
    return float(width.value * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5)


def _stroked(outlines: list[tuple[list[Point], bool]], width: float) -> Iterator[Box]:
    for points, straight in outlines:
        if not straight:
            continue
        for (x0, y0), (x1, y1) in pairwise(points):
            # a short segment under a wide pen is a line across it: widen before judging
            across_x = width / 2 if abs(y1 - y0) > abs(x1 - x0) else 0.0
            across_y = width / 2 if abs(x1 - x0) > abs(y1 - y0) else 0.0
            box = (
                min(x0, x1) - across_x,
                min(y0, y1) - across_y,
                max(x0, x1) + across_x,
                max(y0, y1) + across_y,
            )
            if _is_thin(box):
                yield box


def _filled(outlines: list[tuple[list[Point], bool]]) -> Iterator[Box]:
    """Thin areas, and the four sides of a frame: an area less the hole inside it."""
    boxes = [_bounds(points) for points, straight in outlines if straight]
    yield from (box for box in boxes if _is_thin(box))
    for outer, inner in pairwise(boxes):
        if _surrounds(outer, inner) or _surrounds(inner, outer):
            sides = _sides(outer, inner) if _surrounds(outer, inner) else _sides(inner, outer)
            yield from (side for side in sides if _is_thin(side))


def _bounds(points: list[Point]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _surrounds(outer: Box, inner: Box) -> bool:
    gaps = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
    return all(-0.01 <= gap <= _THICKEST for gap in gaps) and max(gaps) > 0.01


def _sides(outer: Box, inner: Box) -> Iterator[Box]:
    if inner[0] - outer[0] > 0.01:
        yield outer[0], outer[1], inner[0], outer[3]
    if outer[2] - inner[2] > 0.01:
        yield inner[2], outer[1], outer[2], outer[3]
    if inner[1] - outer[1] > 0.01:
        yield outer[0], outer[1], outer[2], inner[1]
    if outer[3] - inner[3] > 0.01:
        yield outer[0], inner[3], outer[2], outer[3]


def _is_thin(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) <= _THICKEST
