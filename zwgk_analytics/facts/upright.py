"""A grid that lies on its side → upright: a page may list the columns of the form downwards."""

from dataclasses import replace

from zwgk_analytics.forms import Vocabulary, vocabulary
from zwgk_analytics.readers import Cell, Grid

_FEWEST = 3  # columns of the form: fewer may stand below each other in the labels of its rows


def upright(grid: Grid) -> Grid:
    """The grid; turned about its diagonal where it names the columns of a form top down."""
    words = vocabulary()
    if any(_lies(grid, table, words) for table in words.lines):
        cells = sorted(map(_turned, grid.cells), key=lambda c: (c.row, c.column))
        return replace(grid, cells=tuple(cells), is_turned=True)
    return grid


def _lies(grid: Grid, table: str, words: Vocabulary) -> bool:
    """Whether columns of a form stand in one column of the grid, and none beside another."""
    down: dict[int, set[str]] = {}
    across: dict[int, set[str]] = {}
    for cell in grid.cells:
        if key := words.key(table, "column", cell.text):
            down.setdefault(cell.column, set()).add(key)
            across.setdefault(cell.row, set()).add(key)
    return (
        max(map(len, down.values()), default=0) >= _FEWEST
        and max(map(len, across.values()), default=0) == 1
    )


def _turned(cell: Cell) -> Cell:
    return replace(
        cell, row=cell.column, column=cell.row, rowspan=cell.colspan, colspan=cell.rowspan
    )
