"""Rows of spanning cells → the slots that they cover, as a browser lays them out.

Every format that prints spans (HTML, DOCX) goes through `lay_out`; the caps keep a hostile span
from eating the memory and are never applied in silence.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Cell

MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 200_000


class Spanned(NamedTuple):
    """A cell before it has a position; `text` None keeps its slots free of any cell.

    `rowspan` 0 runs to the end of the section; a longer one than the section has rows is clamped.
    """

    text: str | None
    rowspan: int = 1
    colspan: int = 1


Section = Sequence[Sequence[Spanned]]


def lay_out(sections: Sequence[Section]) -> tuple[Cell, ...]:
    """The cells of one table in reading order, each with its position; no slot is covered twice.

    `sections` are lists of rows; no rowspan leaves its section. Where two printed spans overlap,
    the later cell keeps its place and gives up the columns that are taken.

    Raises:
        ReadError: `too_large`, for more than 200 columns or 200,000 slots.
    """
    check_size(sum(max(len(row), 1) for rows in sections for row in rows), 1)
    cells: list[Cell] = []
    first_row = 0
    for rows in sections:
        cells += _lay_out_section(rows, first_row)
        first_row += len(rows)
    cells = _trim(cells)
    check_size(
        max((c.row + c.rowspan for c in cells), default=0),
        max((c.column + c.colspan for c in cells), default=0),
    )
    return tuple(cells)


def check_size(n_rows: int, n_columns: int) -> None:
    """Nothing, for a table within the caps.

    Raises:
        ReadError: `too_large`, naming what was found and what is allowed.
    """
    if n_columns > MAX_COLUMNS:
        raise ReadError("too_large", f"a table has more than {MAX_COLUMNS} columns; split it")
    if n_rows * max(n_columns, 1) > MAX_CELLS:
        raise ReadError("too_large", f"a table has more than {MAX_CELLS:,} cells; split it")


def _lay_out_section(rows: Section, first_row: int) -> list[Cell]:
    cells = []
    taken: list[int] = []  # by column: the first row (of the section) that is free again
    for y, row in enumerate(rows):
        x = 0
        for text, rowspan, printed in row:
            while x < len(taken) and taken[x] > y:
                x += 1
            check_size(1, x + 1)
            colspan = min(max(printed, 1), MAX_COLUMNS + 1)
            height = min(rowspan or len(rows), len(rows) - y)
            taken += [0] * (x + colspan - len(taken))
            free = next((i for i in range(1, colspan) if taken[x + i] > y), colspan)
            if text is not None:
                cells.append(Cell(text, first_row + y, x, height, free))
            for i in range(x, x + colspan):
                taken[i] = max(taken[i], y + height)
            x += colspan
    return cells


def _trim(cells: list[Cell]) -> list[Cell]:
    """The same cells, without the columns past the cap that spans reach but no cell begins in.

    A page that says colspan="999" means "all columns".
    """
    if all(c.column + c.colspan <= MAX_COLUMNS for c in cells):
        return cells
    width = max(c.column for c in cells) + 1
    return [
        Cell(c.text, c.row, c.column, c.rowspan, min(c.colspan, width - c.column)) for c in cells
    ]
