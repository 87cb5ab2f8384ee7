"""Grids of consecutive pages → one table, where a page break had cut it.

What the break did is undone: header rows that were printed again are dropped, a row that was cut
in two is one row again, and a label that spans rows on both pages is one cell.
"""

import re
from dataclasses import dataclass

from zwgk_analytics.readers.document import Cell, Grid
from zwgk_analytics.readers.ruled_grid import RuledGrid

_EDGE = 4.0  # points: edges this near are the same edge
_AGREE = 0.8  # share of edges that must coincide
_NUMBER = re.compile(r"[-+−]?\d[\d,.，]*%?")
_NUMBERED = re.compile(
    r"[（(]?(\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．,，]|第[\d一二三四五六七八九十]+[条项]"
)


@dataclass(slots=True)
class Part:
    """A cell of a table under construction; `page` is where it starts."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    page: int
    is_open_above: bool = False
    is_open_below: bool = False

    @property
    def columns(self) -> tuple[int, int]:
        """The columns it covers: first, and first after it."""
        return self.column, self.column + self.colspan

    @property
    def flat(self) -> str:
        """Its text without white space."""
        return "".join(self.text.split())

    @property
    def is_number(self) -> bool:
        """Whether the cell holds a number and nothing else."""
        return bool(_NUMBER.fullmatch(self.flat))

    @property
    def is_numbered(self) -> bool:
        """Whether its text opens with an item number: （四）, 2., 三、."""
        return bool(_NUMBERED.match(self.flat))

    @property
    def is_unclosed(self) -> bool:
        """Whether a bracket of its text is still open."""
        return sum(map(self.text.count, "（(")) > sum(map(self.text.count, "）)"))

    def absorb(self, other: "Part", rows: int) -> None:
        """Takes over the text of its continuation, and its last `rows` rows."""
        if other.text and other.flat != self.flat:
            self.text = f"{self.text}\n{other.text}".strip("\n")
        self.rowspan += rows
        self.is_open_below = other.is_open_below


@dataclass(slots=True)
class Table:
    """A table and the page its last row stands on."""

    xs: list[float]
    parts: list[Part]
    n_rows: int
    page: int

    @classmethod
    def of(cls, grid: RuledGrid, page: int) -> "Table":
        """The table that one grid of `page` makes."""
        parts = [
            Part(
                c.text,
                c.row,
                c.column,
                c.rowspan,
                c.colspan,
                page,
                c.is_open_above,
                c.is_open_below,
            )
            for c in grid.cells
        ]
        return cls(list(grid.xs), parts, len(grid.ys) - 1, page)

    def grid(self, place: str) -> Grid:
        """The finished grid, cells in reading order."""
        cells = (
            Cell(p.text, p.row, p.column, p.rowspan, p.colspan, p.page)
            for p in sorted(self.parts, key=lambda p: (p.row, p.column))
        )
        return Grid(tuple(cells), place)

    def continues_in(self, grid: RuledGrid) -> bool:
        """Whether the columns of `grid` are this table's: edges coincide, one of the outer too.

        A column can be missing at one side, where a cell that began before runs on unruled.
        """
        theirs = self._aligned(grid.xs)
        if abs(theirs[0] - self.xs[0]) > _EDGE and abs(theirs[-1] - self.xs[-1]) > _EDGE:
            return False
        few, many = sorted((theirs, self.xs), key=len)
        return sum(_nearest(x, many) is not None for x in few) >= _AGREE * len(few)

    def extend(self, grid: RuledGrid, page: int) -> None:
        """Adds the rows that `grid` holds on the next page."""
        more = Table.of(grid, page)
        self._share_edges(more)
        more._drop_rows(_repeated_rows(self, more))
        self.page = page
        if not more.n_rows:
            return
        more.parts += [_blank_below(part, more) for part in self._ending() if _is_bare(part, more)]
        cut = _row_is_cut(self, more)
        absorbed = [p for p in more._starting() if self._rejoin(p, more, cut)]
        offset = self.n_rows - cut
        for part in more.parts:
            if not any(part is other for other in absorbed):
                part.row += offset
                self.parts.append(part)
        self.n_rows = offset + more.n_rows

    def label_columns(self) -> int:
        """How many columns stand left of the first one that holds a number; all if none does."""
        numbers = (p.column for p in self.parts if p.is_number)
        return min(numbers, default=len(self.xs) - 1)

    def _aligned(self, xs: list[float]) -> list[float]:
        """`xs` moved onto this table where they are as wide: pages can have mirrored margins."""
        if abs((xs[-1] - xs[0]) - (self.xs[-1] - self.xs[0])) > _EDGE:
            return xs
        return [x - xs[0] + self.xs[0] for x in xs]

    def _share_edges(self, more: "Table") -> None:
        theirs = self._aligned(more.xs)
        extra = [x for x in theirs if _nearest(x, self.xs) is None]
        edges = sorted(self.xs + extra)
        _renumber(self.parts, [edges.index(x) for x in self.xs])
        _renumber(more.parts, [_nearest(x, edges) or 0 for x in theirs])
        self.xs, more.xs = edges, edges

    def _drop_rows(self, count: int) -> None:
        self.parts = [p for p in self.parts if p.row >= count]
        self.n_rows -= count
        for part in self.parts:
            part.row -= count

    def _starting(self) -> list[Part]:
        return [p for p in self.parts if p.row == 0]

    def _ending(self) -> list[Part]:
        return [p for p in self.parts if p.row + p.rowspan == self.n_rows]

    def _rejoin(self, part: Part, more: "Table", cut: bool) -> bool:
        """Gives `part` back to the cell above the break that it continues; False if it is new."""
        above = next((p for p in self._ending() if p.columns == part.columns), None)
        if above is None or not (cut or _label_goes_on(above, part, self, more)):
            return False
        above.absorb(part, part.rowspan - cut)
        return True


def _is_bare(part: Part, more: Table) -> bool:
    """Whether no cell of `more` stands in the columns of `part`."""
    first, after = part.columns
    return all(p.column >= after or p.column + p.colspan <= first for p in more.parts)


def _blank_below(part: Part, more: Table) -> Part:
    return Part("", 0, part.column, more.n_rows, part.colspan, more.page, is_open_above=True)


def _nearest(x: float, edges: list[float]) -> int | None:
    i = min(range(len(edges)), key=lambda i: abs(edges[i] - x))
    return i if abs(edges[i] - x) <= _EDGE else None


def _renumber(parts: list[Part], edges: list[int]) -> None:
    for part in parts:
        first, after = part.columns
        part.column, part.colspan = edges[first], edges[after] - edges[first]


def _repeated_rows(table: Table, more: Table) -> int:
    """How many rows at the head of `more` print the head of `table` again."""
    repeated = 0
    for count in range(1, min(table.n_rows, more.n_rows) + 1):
        first, second = _head(table, count), _head(more, count)
        if first is None or first != second:
            continue
        words = [text for text, *_ in first if text and not _NUMBER.fullmatch(text)]
        if words:
            repeated = count
    return repeated


def _head(table: Table, rows: int) -> list[tuple[str, int, int, int, int]] | None:
    """The cells of the first `rows` rows; None where one of them reaches further down."""
    cells = [p for p in table.parts if p.row < rows]
    if any(p.row + p.rowspan > rows for p in cells):
        return None
    return sorted((p.flat, p.row, p.column, p.rowspan, p.colspan) for p in cells)


def _row_is_cut(table: Table, more: Table) -> bool:
    """Whether the first row of `more` is the rest of the last row of `table`.

    It is not where both hold a number in one column. Else it is where no line closes the row on
    either page, or where an item goes on without a number of its own, neither item nor figure.
    """
    above = {p.columns: p for p in table._ending()}
    below = {p.columns: p for p in more._starting()}
    if above.keys() != below.keys():
        return False
    if any(above[c].is_number and below[c].is_number for c in above):
        return False
    if all(above[c].is_open_below and below[c].is_open_above for c in above):
        return True
    labels = min(table.label_columns(), more.label_columns())
    leaf = max((c for c in above if c[1] <= labels), default=None)
    if leaf is None or not any(p.is_number for p in above.values()):
        return False
    has_figures = any(p.is_number for p in below.values())
    return above[leaf].is_numbered and not below[leaf].is_numbered and not has_figures


def _label_goes_on(above: Part, part: Part, table: Table, more: Table) -> bool:
    """Whether `part` is the rest of `above`, a cell that spans the break.

    No line closes it there; or it is a label beside finer labels, and `part` its rest or blank.
    """
    if above.is_open_below and part.is_open_above:
        return not (above.is_number and part.is_number)
    columns = len(table.xs) - 1
    labels = min(table.label_columns(), more.label_columns())
    if above.is_number or not above.text or part.column + part.colspan > labels:
        return False
    if labels == columns and part.rowspan == 1:
        return False  # no number anywhere: an empty cell may be a value, not a label
    is_group = any(part.column + part.colspan <= p.column < labels for p in more._starting())
    if not is_group and above.rowspan == part.rowspan == 1:
        return False
    if not part.text or part.flat == above.flat or above.is_unclosed:
        return True
    return above.is_numbered and not part.is_numbered
