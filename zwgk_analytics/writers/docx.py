"""`Document` → a Word file."""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from zwgk_analytics.readers.document import Cell, Document, Grid
from zwgk_analytics.writers.layout import clean, is_title, require, rows_of, title_of

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.oxml.table import CT_Row
    from docx.styles.style import ParagraphStyle

_FONT = "SimSun"
_WRITTEN_AT = datetime(2000, 1, 1)


def write(document: Document) -> bytes:
    """The file: paragraphs, the title among them as Title, tables with merged cells.

    Raises:
        ZwgkError: python-docx is missing.
    """
    file = require("docx", "python-docx").Document()
    for name in ("Normal", "Title"):
        _set_font(file.styles[name])
    properties = file.core_properties
    properties.title = title_of(document)[:255]
    properties.author = clean(document.meta.get("author", ""))[:255]
    properties.comments = ""
    properties.created = properties.modified = _WRITTEN_AT
    for block in document.blocks:
        if isinstance(block, Grid):
            _add_table(file, block)
        else:
            style = "Title" if is_title(block.text, document) else "Normal"
            file.add_paragraph(clean(block.text), style)
    target = BytesIO()
    file.save(target)
    return _without_times(target.getvalue())


def _set_font(style: "ParagraphStyle") -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(_q(f"w:{attribute}"), _FONT)


def _add_table(file: "WordFile", grid: Grid) -> None:
    """Rows are built as the format holds them: merging cells afterwards is slow on long tables."""
    table = file.add_table(rows=0, cols=grid.n_columns)
    table.style = "Table Grid"
    open_below: dict[int, Cell] = {}  # by first column: the cell that goes on in the next rows
    for index, cells in enumerate(rows_of(grid)):
        open_below = {c: cell for c, cell in open_below.items() if cell.row + cell.rowspan > index}
        row = table._tbl.add_tr()
        for cell in sorted([*cells, *open_below.values()], key=lambda cell: cell.column):
            _add_cell(row, cell, index)
        open_below |= {cell.column: cell for cell in cells if cell.rowspan > 1}
    # Word joins two tables that no paragraph parts
    file.add_paragraph()


def _add_cell(row: "CT_Row", cell: Cell, index: int) -> None:
    made = require("docx.oxml.table", "python-docx").CT_Tc.new()
    if cell.colspan > 1:
        made.grid_span = cell.colspan
    if cell.rowspan > 1:
        made.vMerge = "restart" if cell.row == index else "continue"
    if cell.row == index and cell.text:
        made.p_lst[0].add_r().text = cell.text
    row.append(made)


def _q(name: str) -> str:
    qualified: str = require("docx.oxml.ns", "python-docx").qn(name)
    return qualified


def _without_times(data: bytes) -> bytes:
    """The same package with one fixed time for all its parts."""
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _WRITTEN_AT.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, source.read(name))
    return target.getvalue()
