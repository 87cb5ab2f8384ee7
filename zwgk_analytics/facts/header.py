"""Header rows of a grid → which column means which line of which statutory table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zwgk_analytics.forms import Vocabulary
from zwgk_analytics.readers import Cell

Slots = Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A run of grid columns under one label of the form.

    `row` is set where the header names the row too (table `review`: 行政复议 over 结果维持).
    """

    column: str
    row: str | None
    first: int
    last: int
    text: str

    def overlap(self, cell: Cell) -> int:
        """How many grid columns the leaf and a cell have in common."""
        return min(self.last, cell.column + cell.colspan - 1) - max(self.first, cell.column) + 1


@dataclass(frozen=True, slots=True)
class Header:
    """The columns in force for the data rows below, left to right."""

    table: str
    leaves: tuple[Leaf, ...]
    width: int  # columns of the grid it was read from

    @property
    def first_column(self) -> int:
        """The first grid column that holds values; row labels stand left of it."""
        return self.leaves[0].first

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the form that it names."""
        return frozenset(leaf.column for leaf in self.leaves)

    @property
    def lines(self) -> frozenset[tuple[str | None, str]]:
        """The lines of the form that it names, each with its column."""
        return frozenset((leaf.row, leaf.column) for leaf in self.leaves)

    @property
    def names_rows(self) -> bool:
        """Whether the header names the rows too, so that the numbers below need no label."""
        return all(leaf.row for leaf in self.leaves)


def read_header(slots: Slots, rows: range, words: Vocabulary) -> Header | None:
    """The header that rows `rows` of a grid print, None when they head no statutory table.

    Of several tables that share a label (总计, 其他) the one with most columns named is meant.
    """
    width = len(slots[0]) if slots else 0
    stacks = [_stack(slots, rows, column) for column in range(width)]
    best = max((_leaves(stacks, table, words) for table in words.lines), key=lambda x: x[0])
    score, table, leaves = best
    return Header(table, tuple(leaves), width) if score else None


def _stack(slots: Slots, rows: range, column: int) -> list[Cell]:
    """The header cells over one column, lowest first, each once."""
    cells: list[Cell] = []
    for row in reversed(rows):
        cell = slots[row][column]
        if cell is not None and cell.text.strip() and cell not in cells:
            cells.append(cell)
    return cells


def _joined(stack: list[Cell], table: str, words: Vocabulary) -> Cell | None:
    """The lowest cell with the whole heading, where its letters are set one below another."""
    for count in range(2, len(stack) + 1):
        text = "".join(c.text for c in reversed(stack[:count]))
        if words.key(table, "column", text):
            return replace(stack[0], text=text)
    return None


def _leaves(stacks: list[list[Cell]], table: str, words: Vocabulary) -> tuple[int, str, list[Leaf]]:
    leaves: list[Leaf] = []
    group: str | None = None
    for column, stack in enumerate(stacks):
        # what spans the table is its title, whatever it reads like: 2015年度
        below = [c for c in stack if len(stacks) == 1 or c.colspan < len(stacks)]
        named = next((c for c in below if words.key(table, "column", c.text)), None)
        named = named or _joined(below, table, words)
        rows = (words.key(table, "row", c.text) for c in stack if c is not named)
        row = next((r for r in rows if r), None)
        # of a heading that was not merged, only the first column holds the text
        group = row or (group if table in words.across else None)
        if named is None:
            continue
        key = words.key(table, "column", named.text) or ""
        row = group if (key, group) not in {(x.column, x.row) for x in leaves} else row
        last = leaves[-1] if leaves else None
        if last and (last.column, last.row, last.last) == (key, row, column - 1):
            leaves[-1] = Leaf(key, row, last.first, column, last.text)
        else:
            leaves.append(Leaf(key, row, column, column, "".join(c.text for c in stack)))
    return len({(leaf.row, leaf.column) for leaf in leaves}), table, leaves
