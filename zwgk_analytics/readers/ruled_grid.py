"""Ruled lines and characters of a page → grids. Serves PDF, OFD and scans alike.

A table is a group of lines that touch. Its lines give the lattice of rows and columns; where a
piece of line is missing between two slots, they are one cell.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from statistics import median

from zwgk_analytics.readers.row_ruled import implied_verticals
from zwgk_analytics.readers.ruled_lines import Rule, connected, meet, merged
from zwgk_analytics.readers.text_lines import Char, block_text, follows

_REACH = 4.0  # points: a line may stop this short of the corner it runs to
_OPEN = 8.0  # points: lines that stick out further than this bound an open column
_SLIVER_COLUMN, _SLIVER_ROW = 10.0, 6.0
_TALLEST = 100.0  # points: a higher frame around one cell is no row of a table
_MAX_SLOTS = 60_000
_Walls = set[tuple[int, int]]


@dataclass(slots=True)
class RuledCell:
    """A cell of a grid: the slots that it covers, and the characters inside it as drawn.

    `is_open_above`, `is_open_below`: it stands at the edge of the grid and no line closes it there.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    is_open_above: bool = False
    is_open_below: bool = False
    chars: list[Char] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text, lines joined by a line break."""
        return block_text(self.chars)


@dataclass(slots=True)
class RuledGrid:
    """A grid: edges of its columns (`xs`) and rows (`ys`), cells in reading order."""

    xs: list[float]
    ys: list[float]
    cells: list[RuledCell]

    @property
    def area(self) -> float:
        """Width times height, square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])


def ruled_grids(
    horizontal: Sequence[Rule], vertical: Sequence[Rule], chars: Sequence[Char]
) -> tuple[list[RuledGrid], list[Char]]:
    """The grids of a page with their characters, from top to bottom, and the characters left over.

    A character goes to the innermost grid around it. A tall frame around a single cell is no
    grid; one of the height of a row is returned, as it may be the part of a table that a page
    break left over.
    """
    across, down = merged(horizontal), merged(vertical)
    down += implied_verticals([h for h in across if not any(meet(h, v) for v in down)], chars)
    parts = connected(across, down)
    grids = [grid for across, down in parts if (grid := _grid(across, down))]
    grids.sort(key=lambda g: g.area)
    kept = [grid for grid in grids if len(grid.cells) > 1 or grid.ys[1] - grid.ys[0] < _TALLEST]
    rest = _placed(chars, kept)
    written = [grid for grid in kept if any(cell.chars for cell in grid.cells)]
    for grid in written:
        _tidy(grid)
    return sorted(written, key=lambda g: (g.ys[0], g.xs[0])), rest


# ---- lattice


def _grid(across: list[Rule], down: list[Rule]) -> RuledGrid | None:
    ys = _edges([r.at for r in across], down)
    xs = _edges([r.at for r in down], across)
    if min(len(xs), len(ys)) < 2 or len(xs) * len(ys) > _MAX_SLOTS:
        return None
    right, below = _walls(down, xs, ys), _walls(across, ys, xs)
    cells = _cells(len(ys) - 1, len(xs) - 1, right, below)
    for cell in cells:
        cell.is_open_above = cell.row == 0 and not _is_closed(cell, 0, below)
        bottom = cell.row + cell.rowspan
        cell.is_open_below = bottom == len(ys) - 1 and not _is_closed(cell, bottom, below)
    return RuledGrid(xs, ys, cells)


def _is_closed(cell: RuledCell, edge: int, below: _Walls) -> bool:
    columns = range(cell.column, cell.column + cell.colspan)
    return 2 * sum((column, edge) in below for column in columns) >= cell.colspan


def _edges(at: list[float], crossing: list[Rule]) -> list[float]:
    """Sorted edges; where two lines or more stick out past the last one, they end in an edge."""
    edges = sorted(set(at))
    starts = sorted(r.start for r in crossing if r.start < edges[0] - _OPEN)
    ends = sorted(r.end for r in crossing if r.end > edges[-1] + _OPEN)
    if len(starts) > 1:
        edges.insert(0, starts[len(starts) // 2])
    if len(ends) > 1:
        edges.append(ends[len(ends) // 2])
    return edges


def _walls(rules: list[Rule], at: list[float], along: list[float]) -> _Walls:
    """(i, k): piece k (between edges k and k + 1 of `along`) of edge i of `at` is drawn."""
    walls: _Walls = set()
    for rule in rules:
        i = bisect_left(at, rule.at)
        first = bisect_left(along, rule.start - _REACH)
        last = bisect_right(along, rule.end + _REACH) - 1
        walls.update((k, i) for k in range(first, last))
    return walls


def _cells(n_rows: int, n_columns: int, right: _Walls, below: _Walls) -> list[RuledCell]:
    """Rectangles of slots without a wall between them, in reading order."""
    taken: _Walls = set()
    cells = []
    for row, column in product(range(n_rows), range(n_columns)):
        if (row, column) in taken:
            continue
        after = column + 1
        while after < n_columns and (row, after) not in right and (row, after) not in taken:
            after += 1
        columns = range(column, after)
        bottom = row + 1
        while bottom < n_rows and _belongs_above(bottom, columns, right, below, taken):
            bottom += 1
        taken.update(product(range(row, bottom), columns))
        cells.append(RuledCell(row, column, bottom - row, after - column))
    return cells


def _belongs_above(row: int, columns: range, right: _Walls, below: _Walls, taken: _Walls) -> bool:
    """Whether no wall parts the slots of `row` from those above, nor from each other."""
    return not (
        any((column, row) in below or (row, column) in taken for column in columns)
        or any((row, column) in right for column in columns[1:])
    )


# ---- tidying


def _tidy(grid: RuledGrid) -> None:
    """Drops the edges that bound no cell, and slivers: edges that were meant to be one.

    A sliver is a strip too narrow for text in which no cell of its own has any.
    """
    rows = [(c.row, c.row + c.rowspan) for c in grid.cells]
    columns = [(c.column, c.column + c.colspan) for c in grid.cells]
    has_text = [bool(c.chars) for c in grid.cells]
    heights = [b - a for a, b in pairwise(grid.ys)]
    rows = _without_slivers(grid.ys, rows, has_text, max(_SLIVER_ROW, 0.5 * median(heights)))
    columns = _without_slivers(grid.xs, columns, has_text, _SLIVER_COLUMN)
    for cell, (top, bottom), (left, right) in zip(grid.cells, rows, columns, strict=True):
        cell.row, cell.rowspan = top, bottom - top
        cell.column, cell.colspan = left, right - left
    grid.cells = [c for c in grid.cells if c.rowspan and c.colspan]


def _without_slivers(
    edges: list[float], spans: list[tuple[int, int]], has_text: list[bool], sliver: float
) -> list[tuple[int, int]]:
    """The spans renumbered after the superfluous edges are taken out of `edges`."""
    while (i := _superfluous(edges, spans, has_text, sliver)) is not None:
        is_used = any(i in span for span in spans)
        del edges[i + 1 if is_used and i + 2 < len(edges) else i]
        spans = [(start - (start > i), end - (end > i)) for start, end in spans]
    return spans


def _superfluous(
    edges: list[float], spans: list[tuple[int, int]], has_text: list[bool], sliver: float
) -> int | None:
    used = {edge for span in spans for edge in span}
    filled = {
        start
        for (start, end), text in zip(spans, has_text, strict=True)
        if text and end == start + 1
    }
    for i in range(len(edges) - 1):
        is_sliver = i not in filled and edges[i + 1] - edges[i] < sliver
        if i not in used or (is_sliver and len(edges) > 2):
            return i
    return None


# ---- characters


def _placed(chars: Sequence[Char], grids: list[RuledGrid]) -> list[Char]:
    """Puts the characters into the cells of the first grid around them; returns the others."""
    if not grids:
        return list(chars)
    slots = [_slots(grid) for grid in grids]
    rest: list[Char] = []
    for run in _runs(chars):
        cell = None
        for grid, cells in zip(grids, slots, strict=True):
            cell = cell or _cell_around(run, grid, cells)
        (cell.chars if cell else rest).extend(run)
    return rest


def _cell_around(
    run: list[Char], grid: RuledGrid, cells: dict[tuple[int, int], RuledCell]
) -> RuledCell | None:
    """The cell around the middle of `run`; at an edge that the page cut open, around its top."""
    x, y = (run[0].left + run[-1].right) / 2, run[0].middle
    bottom = grid.ys[-1]
    if not (grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y and min(y, run[0].top) <= bottom):
        return None
    row = min(bisect_right(grid.ys, y), len(grid.ys) - 1) - 1
    column = min(bisect_right(grid.xs, x), len(grid.xs) - 1) - 1
    cell = cells[row, column]
    return cell if y <= bottom or cell.is_open_below else None


def _slots(grid: RuledGrid) -> dict[tuple[int, int], RuledCell]:
    return {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for column in range(cell.column, cell.column + cell.colspan)
    }


def _runs(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Characters one by one, but numbers and Latin words whole.

    A number too wide for its column is printed across the line: cut there, it would be two.
    """
    run: list[Char] = []
    for char in chars:
        if run and not follows(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run
