"""Characters and ruled lines of one PDF page, in page points with y running downwards.

Content is turned upright first: `/Rotate` is undone, and so is text that was set sideways.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from zwgk_analytics.readers.pdf_lines import Bars, Box, Point
from zwgk_analytics.readers.ruled_lines import Rule
from zwgk_analytics.readers.text_lines import Char, plain

UNKNOWN = "\ufffd"
"""Stands for a glyph whose character the file does not tell."""

_HYPHEN = 0x02  # PDFium's mark for a hyphen at the end of a line
_SPACES = 1.5  # text objects a character: more means that objects were passed over
_INVISIBLE = frozenset({0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF})
Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class Page:
    """One page as drawn, upright: `number` is 1-based, lengths are points."""

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    image_share: float = 0.0  # of the page, covered by its largest image
    lacks_fonts: bool = False  # most text objects yielded no character


def read_page(document: pdfium.PdfDocument, index: int) -> Page:
    """The characters and lines of page `index` (0-based).

    Raises:
        PdfiumError: the page cannot be loaded.
    """
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            glyphs = list(_glyphs(text.raw))
            count = text.count_chars()
        finally:
            text.close()
        bars = Bars(page.raw)
        quarter = _quarter_of_text(glyphs, page.get_rotation() // 90)
        upright = _upright(index + 1, glyphs, bars, _Turn(quarter, *page.get_bbox()))
        upright.lacks_fonts = bars.n_texts > _SPACES * count + 1
        return upright
    finally:
        page.close()


class _Glyph(NamedTuple):
    text: str
    box: Box
    quarter: int  # quarter turns of its baseline, counter-clockwise


def _glyphs(text: raw.FPDF_TEXTPAGE) -> Iterator[_Glyph]:
    """Every visible character; white space is dropped, since gaps tell it more reliably."""
    matrix, loose = raw.FS_MATRIX(), raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    to_matrix, to_loose, to_x, to_y = map(ctypes.byref, (matrix, loose, x, y))
    for i in range(raw.FPDFText_CountChars(text)):
        letter = _letter(raw.FPDFText_GetUnicode(text, i))
        if not letter:
            continue
        raw.FPDFText_GetMatrix(text, i, to_matrix)
        raw.FPDFText_GetLooseCharBox(text, i, to_loose)
        raw.FPDFText_GetCharOrigin(text, i, to_x, to_y)
        m = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        box, origin = (loose.left, loose.bottom, loose.right, loose.top), (x.value, y.value)
        if _off_baseline(m, origin):
            box, origin = _into_page(text, i, m, box, origin)
        if m[1] == 0.0 and m[0] > 0.0:
            size = raw.FPDFText_GetFontSize(text, i) * abs(m[3])
            yield _Glyph(letter, _full_box(box, origin, size), 0)
        elif (quarter := _quarter(m)) is not None:
            yield _Glyph(letter, box, quarter)


@lru_cache(maxsize=8192)
def _letter(code: int) -> str:
    """The character of a code, "" for white space, the replacement sign for no code at all."""
    if code == _HYPHEN:
        return "-"
    letter = chr(code) if code <= 0x10FFFF else UNKNOWN
    if letter.isspace() or code in _INVISIBLE:
        return ""
    if code < 0x20 or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        return UNKNOWN  # keeps the place of a glyph without a code, or a number gets shorter
    return plain(letter)


def _quarter(m: Matrix) -> int | None:
    """Quarter turns of a baseline; None where it is slanted, as only watermarks are."""
    quarters = math.atan2(m[1], m[0]) / (math.pi / 2)
    return round(quarters) % 4 if abs(quarters - round(quarters)) < 0.1 else None


def _off_baseline(m: Matrix, origin: Point) -> bool:
    """Whether a character lies off (or before the start of) the baseline of its text object."""
    dx, dy = origin[0] - m[4], origin[1] - m[5]
    if m[1] == 0.0 and m[0] > 0.0:
        return abs(dy) > 1 or dx < -1
    length = math.hypot(m[0], m[1]) or 1.0
    across = (dx * m[1] - dy * m[0]) / length
    along = (dx * m[0] + dy * m[1]) / length
    return abs(across) > 1 or along < -1


def _into_page(
    text: raw.FPDF_TEXTPAGE, i: int, m: Matrix, box: Box, origin: Point
) -> tuple[Box, Point]:
    """Box and origin under the matrix of the enclosing form.

    PDFium leaves characters that stand for an ActualText in the form's own space, while
    FPDFText_GetMatrix is in page space: the form's matrix is what leads from one to the other.
    """
    own = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(raw.FPDFText_GetTextObject(text, i), own):
        return box, origin
    scale = own.a * own.d - own.b * own.c
    if not scale:
        return box, origin
    inverse = pdfium.PdfMatrix(
        own.d / scale,
        -own.b / scale,
        -own.c / scale,
        own.a / scale,
        (own.c * own.f - own.d * own.e) / scale,
        (own.b * own.e - own.a * own.f) / scale,
    )
    form = inverse.multiply(pdfium.PdfMatrix(*m))
    left, bottom, right, top = form.on_rect(*box)
    x, y = form.on_point(*origin)
    return (left, bottom, right, top), (x, y)


def _full_box(box: Box, origin: Point, size: float) -> Box:
    """The box from the baseline up to the em height.

    Type 3 fonts give the ink only (a comma, 一), and fonts differ in ascent: on the baseline
    all characters of a line agree. Vertical writing hangs its glyphs below the origin.
    """
    left, _, right, top = box
    x, y = origin
    if not size or (top <= y + 0.2 * size and left < x - 0.3 * size):
        return box
    return min(left, x), y - 0.14 * size, right, y + 0.86 * size


def _quarter_of_text(glyphs: list[_Glyph], rotation: int) -> int:
    """Clockwise quarter turns that set the text upright; the page's own where it is mixed."""
    turns = Counter(g.quarter for g in glyphs)
    quarter, count = turns.most_common(1)[0] if turns else (rotation, 0)
    return quarter if count > 0.8 * len(glyphs) else rotation


@dataclass(frozen=True, slots=True)
class _Turn:
    """User space → upright page: `quarter` clockwise turns, origin at the top left."""

    quarter: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> Point:
        """Width and height of the page when turned."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.quarter % 2 else (width, height)

    def box(self, box: Box) -> Box:
        """`box`, turned: left, top, right, bottom."""
        left, bottom, right, top = box
        if self.quarter == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        (x0, y0), (x1, y1) = self._point(left, bottom), self._point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _point(self, x: float, y: float) -> Point:
        if self.quarter == 1:
            return y - self.bottom, x - self.left
        if self.quarter == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


def _upright(number: int, glyphs: list[_Glyph], bars: Bars, turn: _Turn) -> Page:
    width, height = turn.size
    page = Page(number, width, height, image_share=bars.image_area / (width * height or 1))
    for glyph in glyphs:
        page.chars.append(Char(glyph.text, *turn.box(glyph.box)))
    for bar in bars.boxes:
        _add_rule(page, *turn.box(bar))
    return page


def _add_rule(page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """Files a bar by its direction; a dot of a dotted line may belong to either."""
    width, height = right - left, bottom - top
    if width > 0.7 * height:
        page.horizontal.append(Rule((top + bottom) / 2, left, right))
    if height > 0.7 * width:
        page.vertical.append(Rule((left + right) / 2, top, bottom))
