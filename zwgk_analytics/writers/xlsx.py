"""`Document` → a workbook of one sheet."""

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.readers.document import Cell, Document, Grid
from zwgk_analytics.writers.layout import clean, is_title, require, rows_of, title_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# numbers that a spreadsheet shows as they are written here: 15 digits, no padding
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
_LONGEST = 32_767


def write(document: Document) -> bytes:
    """The workbook: blocks below each other, an empty row around each table.

    Paragraphs are merged over the width of the widest table. Plain numbers are numbers; every
    other text is a string, so that nothing in it is taken for a formula.

    Raises:
        ZwgkError: xlsxwriter is missing, or a text is longer than a cell can hold.
    """
    target = BytesIO()
    book = require("xlsxwriter", "xlsxwriter").Workbook(target, {"in_memory": True})
    author = clean(document.meta.get("author", ""))
    properties = {"title": title_of(document), "author": author, "created": datetime(2000, 1, 1)}
    book.set_properties(properties)
    sheet = book.add_worksheet()
    _Pen(book, sheet, document).draw()
    book.close()
    return target.getvalue()


class _Pen:
    """Writes the blocks of a document from the top of a sheet down."""

    def __init__(self, book: "Workbook", sheet: "Worksheet", document: Document) -> None:
        text = {"text_wrap": True, "valign": "vcenter"}
        self._cell = book.add_format({**text, "border": 1, "align": "center"})
        self._text = book.add_format(text)
        self._title = book.add_format({**text, "bold": True, "font_size": 16, "align": "center"})
        self._sheet, self._document, self._row = sheet, document, 0
        self._width = max((grid.n_columns for grid in document.grids), default=1)

    def draw(self) -> None:
        follows_grid = False
        for block in self._document.blocks:
            self._row += follows_grid or (isinstance(block, Grid) and self._row > 0)
            follows_grid = isinstance(block, Grid)
            if isinstance(block, Grid):
                self._draw_grid(block)
            else:
                self._draw_text(clean(block.text))

    def _draw_text(self, text: str) -> None:
        style = self._title if is_title(text, self._document) else self._text
        self._put(Cell(text, 0, 0, 1, self._width), style)
        self._row += 1

    def _draw_grid(self, grid: Grid) -> None:
        for row in rows_of(grid):
            for cell in row:
                self._put(cell, self._cell)
        self._row += grid.n_rows

    def _put(self, cell: Cell, style: "Format") -> None:
        top, left = self._row + cell.row, cell.column
        if len(cell.text) > _LONGEST:
            raise ZwgkError(
                f"a spreadsheet cell holds {_LONGEST:,} characters; the text that begins with "
                f"{cell.text[:20]!r} has {len(cell.text):,}: write another format"
            )
        if cell.rowspan > 1 or cell.colspan > 1:
            bottom, right = top + cell.rowspan - 1, left + cell.colspan - 1
            self._sheet.merge_range(top, left, bottom, right, "", style)
        if _is_number(cell.text):
            self._sheet.write_number(top, left, float(cell.text), style)
        else:
            self._sheet.write_string(top, left, cell.text, style)


def _is_number(text: str) -> bool:
    is_plain = _NUMBER.fullmatch(text) is not None and text != "-0"
    return is_plain and len(text.strip("-").replace(".", "")) <= 15
