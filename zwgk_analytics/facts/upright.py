"""A grid that lies on its side → upright: a page may list the columns of the form downwards."""

from collections.abc import Sequence
from dataclasses import replace

from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.score_words import folded
from zwgk_analytics.forms import Vocabulary, fold, vocabulary
from zwgk_analytics.readers import Cell, Grid

_FEWEST = 3  # columns of the form: fewer may stand below each other in the labels of its rows
_TOP_ROWS = 10
_AGENCY = "单位"


def upright(grid: Grid) -> Grid:
    """The grid; turned about its diagonal where it names the columns of a form top down."""
    words = vocabulary()
    if any(_lies(grid, table, words) for table in words.lines):
        cells = sorted(map(_turned, grid.cells), key=lambda c: (c.row, c.column))
        return replace(grid, cells=tuple(cells), is_turned=True)
    return grid


def halves(grid: Grid) -> list[Grid]:
    """The lists that a grid prints side by side under the same headings, left to right.

    指标|数量|指标|数量 is two; a heading of results under each of three channels is one table.
    """
    words = vocabulary()
    for cells in grid.slots()[:_TOP_ROWS]:
        texts = [fold(c.text) if c is not None else "" for c in cells]
        width = _period(texts)
        is_label = any(texts[0] in axes["column"] for axes in words.lines.values())
        is_known = any(t in axes["column"] for t in texts for axes in words.lines.values())
        if width and texts[0] and is_known and not is_label:
            return [_cut(grid, left, left + width) for left in range(0, len(texts), width)]
    return [grid]


def _period(texts: Sequence[str]) -> int | None:
    """After how many texts they begin anew, all of them; None where they do not."""
    widths = (w for w in range(2, len(texts) // 2 + 1) if len(texts) % w == 0)
    return next((w for w in widths if texts == [*texts[:w]] * (len(texts) // w)), None)


def _cut(grid: Grid, left: int, right: int) -> Grid:
    return replace(grid, cells=tuple(c for c in grid.cells if left <= c.column < right))


def agencies_down(grid: Grid) -> Grid | None:
    """A table of scores with the agencies side by side, turned so that each has a row; else None.

    What stood left of the agencies (一级指标, 二级指标) is the heading of their column then.
    """
    slots = grid.slots()
    for row in range(min(len(slots), _TOP_ROWS)):
        cells = list(dict.fromkeys(c for c in slots[row] if c is not None and c.text.strip()))
        bodies = [c for c in cells if is_body("".join(c.text.split()))]
        if len(bodies) >= _FEWEST and cells[0] not in bodies and 2 * len(bodies) > len(cells):
            return _by_agency(grid, row, bodies[0].column)
    return None


def _by_agency(grid: Grid, top: int, first: int) -> Grid:
    corner = [c for c in grid.cells if c.row == top and c.column < first]
    labels = [c for c in corner if not _is_out_of(c.text)]
    heading = Cell(_AGENCY, 0, top, sum(c.colspan for c in labels), 1)
    kept = [_turned(c) for c in grid.cells if c.row >= top and c not in labels]
    cells = sorted([heading, *kept], key=lambda c: (c.row, c.column))
    return replace(grid, cells=tuple(cells), is_turned=True)


def _is_out_of(text: str) -> bool:
    """Whether a column says what scores are out of (满分, 权重)."""
    return fold(text) in folded("full_marks") | folded("weights")


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
