"""XLSX and XLS → `Document`: the sheets' text lines and tables in reading order."""

from collections.abc import Iterator
from itertools import takewhile

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import workbook
from zwgk_analytics.readers.document import Block, Cell, Document, Grid, Paragraph
from zwgk_analytics.readers.package import MAX_CELLS, MAX_COLUMNS, check_extent
from zwgk_analytics.readers.workbook import Sheet

Row = list[Cell]  # the cell that covers each slot of a sheet's row


def read(data: bytes) -> Document:
    """One `Document` from a workbook: visible sheets in order, then the hidden ones.

    Empty rows part a sheet into tables. The rows above a table that hold a single text are
    paragraphs, and so are the rows at its end that one merged text fills from edge to edge; such
    a row inside the table (a heading of its groups) stays in the grid. Every slot of a grid has
    its cell, blank ones too. Places name the sheet ("hidden sheet …" where it is hidden) and the
    slot that the table starts from, if not A1.

    Raises:
        ReadError: as `readers.workbook.load` tells.
    """
    book = workbook.load(data)
    sheets = sorted(book.sheets, key=lambda sheet: sheet.is_hidden)
    blocks = tuple(block for sheet in sheets for block in _blocks(sheet))
    return Document(book.media, blocks, book.meta)


def _blocks(sheet: Sheet) -> Iterator[Block]:
    place = f"{'hidden ' if sheet.is_hidden else ''}sheet {sheet.name}"
    tables = 0
    for run in _runs(_cover(sheet)):
        head, body, tail = _parted(run)
        yield from _paragraphs(head, place)
        if body:
            tables += 1
            yield _grid(body, f"{place}, table {tables}")
        yield from _paragraphs(tail, place)


def _cover(sheet: Sheet) -> list[Row]:
    """The cell of every slot; a merged cell covers what it spans, whatever lies beneath."""
    merged = _merged(sheet)
    height = max([len(sheet.rows), *(c.row + c.rowspan for c in merged)])
    width = max([*map(len, sheet.rows), *(c.column + c.colspan for c in merged)], default=0)
    check_extent(height, width)
    slots: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in merged:
        rows = slots[cell.row : cell.row + cell.rowspan]
        columns = slice(cell.column, cell.column + cell.colspan)
        if not any(slot for row in rows for slot in row[columns]):
            for row in rows:
                row[columns] = [cell] * cell.colspan
    return [
        [slot or Cell(_text(sheet, r, c), r, c) for c, slot in enumerate(row)]
        for r, row in enumerate(slots)
    ]


def _merged(sheet: Sheet) -> list[Cell]:
    """The merged cells that start among the filled ones; a boundless one ends where they do."""
    height, width = len(sheet.rows), max(map(len, sheet.rows), default=0)
    cells = []
    for (top, left), (bottom, right) in sheet.merged:
        if top < height and left < width:
            rows, columns = max(bottom - top, 0) + 1, max(right - left, 0) + 1
            if right >= MAX_COLUMNS or (bottom + 1) * (right + 1) > MAX_CELLS:
                rows, columns = min(rows, height - top), min(columns, width - left)
            cells.append(Cell(_text(sheet, top, left), top, left, rows, columns))
    if sum(cell.rowspan * cell.colspan for cell in cells) > 2 * MAX_CELLS:
        raise ReadError("damaged", "merged cells lie over each other; open the file, save it again")
    return cells


def _text(sheet: Sheet, row: int, column: int) -> str:
    is_held = row < len(sheet.rows) and column < len(sheet.rows[row])
    return sheet.rows[row][column] if is_held else ""


def _filled(row: Row) -> list[Cell]:
    return list({id(cell): cell for cell in row if cell.text}.values())


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows without an empty one between."""
    run: list[Row] = []
    for row in rows:
        if _filled(row):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _parted(run: list[Row]) -> tuple[list[Cell], list[Row], list[Cell]]:
    """The texts above the table, the rows of the table, the texts that close it."""
    head = _lone(run)
    body = run[_height(head) :]
    shared = [cell for row in body if len(found := _filled(row)) > 1 for cell in found]
    left = min((c.column for c in shared), default=0)
    right = max((c.column + c.colspan for c in shared), default=0)
    tail = list(takewhile(lambda c: _spans(c, left, right), _lone(body[::-1])))
    return head, body[: len(body) - _height(tail)], tail[::-1]


def _lone(rows: list[Row]) -> list[Cell]:
    """The cells that lead `rows`, each alone in all the rows that it covers."""
    cells: list[Cell] = []
    while rows and len(found := _filled(rows[0])) == 1:
        cell = found[0]
        if any(_filled(row) != found for row in rows[: cell.rowspan]):
            break
        cells.append(cell)
        rows = rows[cell.rowspan :]
    return cells


def _height(cells: list[Cell]) -> int:
    return sum(cell.rowspan for cell in cells)


def _spans(cell: Cell, left: int, right: int) -> bool:
    return cell.colspan > 1 and cell.column <= left and cell.column + cell.colspan >= right


def _paragraphs(cells: list[Cell], place: str) -> Iterator[Paragraph]:
    for cell in cells:
        yield Paragraph(cell.text, f"{place}, row {cell.row + 1}")


def _grid(rows: list[Row], place: str) -> Grid:
    """The grid of the rows' slots, cut to the columns that are filled or merged."""
    found = {id(cell): cell for row in rows for cell in row}.values()
    drawn = [cell for cell in found if cell.text or cell.colspan > 1 or cell.rowspan > 1]
    left = min(cell.column for cell in drawn)
    right = max(cell.column + cell.colspan for cell in drawn)
    top = _top(rows)
    bottom = top + len(rows)
    cells = tuple(_cut(cell, top, left, bottom) for cell in found if left <= cell.column < right)
    start = "" if (top, left) == (0, 0) else f" from {_name(top, left)}"
    return Grid(cells, place + start)


def _top(rows: list[Row]) -> int:
    # the first row may begin inside a blank cell that was merged with an empty row above
    return min(cell.row for cell in _filled(rows[0]))


def _cut(cell: Cell, top: int, left: int, bottom: int) -> Cell:
    first, last = max(cell.row, top), min(cell.row + cell.rowspan, bottom)
    return Cell(cell.text, first - top, cell.column - left, last - first, cell.colspan)


def _name(row: int, column: int) -> str:
    """The slot as a spreadsheet names it: (2, 27) → "AB3"."""
    letters = ""
    while column >= 0:
        letters, column = chr(65 + column % 26) + letters, column // 26 - 1
    return f"{letters}{row + 1}"
