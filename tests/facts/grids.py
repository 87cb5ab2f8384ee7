"""Grids for the tests: a form filled with numbers, and what clerks and converters do to one."""

from collections.abc import Sequence
from dataclasses import replace

from zwgk_analytics.facts.alignment import Alignment, align
from zwgk_analytics.forms import editions
from zwgk_analytics.readers import Cell, Document, Grid, Paragraph
from zwgk_analytics.writers.form import form_document


def filled(edition: str, values: dict) -> Document:
    """The form of an edition with those values."""
    return form_document(editions()[edition], values, title="某市2021年政府信息公开工作年度报告")


def addresses(edition: str) -> list[tuple[str, str, str]]:
    """Every (table, row, column) of an edition."""
    tables = editions()[edition].tables.values()
    return [(t.key, row, column) for t in tables for row, column in t.addresses()]


def numbered(edition: str) -> dict[tuple[str, str, str], str]:
    """Each address with a number of its own, so that no two can be confused."""
    return {address: str(1000 + i) for i, address in enumerate(addresses(edition))}


def grid(rows: Sequence[Sequence[str | tuple[str, int, int]]], place: str = "table 1") -> Grid:
    """A grid from rows of texts or (text, rowspan, colspan), laid out as a browser would."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        column = 0
        for item in row:
            text, down, right = (item, 1, 1) if isinstance(item, str) else item
            while (r, column) in taken:
                column += 1
            cells.append(Cell(text, r, column, down, right))
            taken |= {(r + i, column + j) for i in range(down) for j in range(right)}
    return Grid(tuple(cells), place)


def read_grids(*grids: Grid) -> Alignment:
    """What alignment makes of a document of those grids."""
    return align(Document("html", tuple(grids)))


def reported(alignment: Alignment) -> dict[tuple[str, str, str], str]:
    """The reported cells by address, numbers as text."""
    return {
        (c.table, c.row, c.column): str(c.value) for c in alignment.cells if c.state == "reported"
    }


def codes(alignment: Alignment) -> set[str]:
    """The codes of the problems."""
    return {p.code for p in alignment.problems}


def cut(whole: Grid, row: int) -> tuple[Grid, Grid]:
    """A grid cut in two before a row, spans included, as a page break does."""
    top = tuple(replace(c, rowspan=min(c.rowspan, row - c.row)) for c in whole.cells if c.row < row)
    bottom = tuple(
        replace(c, row=max(c.row - row, 0), rowspan=c.row + c.rowspan - max(c.row, row))
        for c in whole.cells
        if c.row + c.rowspan > row
    )
    return Grid(top, whole.place), Grid(bottom, f"{whole.place}b")


def stack(grids: Sequence[Grid]) -> Grid:
    """All grids below each other as one."""
    cells: list[Cell] = []
    below = 0
    for one in grids:
        cells += [replace(c, row=c.row + below) for c in one.cells]
        below += one.n_rows
    return Grid(tuple(cells), "table 1")


def flattened(document: Document, shape: str) -> Document:
    """The document with its tables as text: a cell a line, pipes, lone pipes, or run together."""
    blocks: list[Grid | Paragraph] = []
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else _flat_lines(block, shape)
        blocks += [Paragraph(t, f"paragraph {len(blocks) + i + 1}") for i, t in enumerate(texts)]
    return Document("text", tuple(blocks))


def _flat_lines(table: Grid, shape: str) -> list[str]:
    rows = [[c.text for c in table.cells if c.row == r] for r in range(table.n_rows)]
    filled = [[t for t in row if t] for row in rows]
    if shape == "pipes":
        return ["| " + " | ".join(row) + " |" for row in rows]
    if shape == "lone pipes":
        return [line for row in filled for text in row for line in (text, "|")]
    if shape == "one line":
        return [" ".join(text for row in filled for text in row)]
    if shape == "digits run together":
        return ["".join(row) for row in filled]
    return [text for row in filled for text in row]
