"""A grid → its data rows, each under the header in force. Which number is which comes after."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from zwgk_analytics.facts.header import Header, read_header
from zwgk_analytics.facts.near_headings import mended
from zwgk_analytics.facts.numbers import parse, stated_money_unit
from zwgk_analytics.forms import editions, fold, vocabulary
from zwgk_analytics.forms.model import Axis
from zwgk_analytics.readers import Cell, Grid

Tell = Callable[[str, str, str | None], None]  # code, message, place
_NOTE = re.compile(r"(?:注|备注|说明|填表|填报|审核|负责人|联系人|联系电话|统计时间|数据来源)")
_AXES: tuple[Axis, Axis] = ("row", "column")


@dataclass(slots=True)
class Row:
    """A data row under its header, before its label is settled."""

    table: str
    key: str | None
    label: str
    grid: Grid
    header: Header
    values: list[Cell]
    place: str
    unit: str | None = None  # a unit of money that the row states beside its label

    @property
    def has_text(self) -> bool:
        """Whether anything is printed among its values."""
        return any(c.text.strip() for c in self.values)


def rows_of(grid: Grid, headers: dict[str, Header], tell: Tell) -> Iterator[Row]:
    """The data rows of a grid, top down.

    `headers` holds the last header of each table and lives on from grid to grid: a table may run
    over several. Rows of numbers under no header are told.
    """
    yield from _Walk(grid, headers, tell).rows()


class _Walk:
    """One pass over the rows of a grid."""

    def __init__(self, grid: Grid, headers: dict[str, Header], tell: Tell) -> None:
        self.grid, self.headers, self.tell = grid, headers, tell
        self.slots = grid.slots()
        self.words = vocabulary()
        self.header: Header | None = None
        self.block = range(0)
        self.above: dict[str, str] = {}  # the row read last, by table

    def rows(self) -> Iterator[Row]:
        for number in range(len(self.slots)):
            cells = list(dict.fromkeys(c for c in self.slots[number] if c is not None))
            self._pass_title(cells)
            label = self._label(cells, number)
            goes_on = label is None or self._hangs(cells, number)
            if goes_on and self._is_header(cells, number):
                self._extend_header(number)
            elif (row := self._data_row(cells, label)) is not None:
                yield row

    def _pass_title(self, cells: Sequence[Cell]) -> None:
        """Where tables are joined, the title of the next one ends the header above it."""
        if self.header is not None and len(cells) == 1:
            table = self.words.titles.get(fold(cells[0].text), self.header.table)
            self.header = self.header if table == self.header.table else None

    def _hangs(self, cells: Sequence[Cell], number: int) -> bool:
        """Whether a row is of the header above it, whose first cell reaches down into it."""
        is_next = self.block.stop == number and len(self.block) > 0
        return is_next and bool(cells) and cells[0].row < number

    def _label(self, cells: Sequence[Cell], number: int) -> int | None:
        """Where among the cells the label of a data row stands; None when this is no such row.

        A label of the row's own counts before one that reaches down from a row above.
        """
        found = None
        for index, cell in enumerate(cells):
            state = parse(cell.text).state
            in_values = (index > 0 or self._names_rows()) and self._is_in_values(cell)
            if in_values or (self.header is None and state in {"reported", "dash"}):
                break
            if state == "unreadable" and (tables := self._tables_with_row(cell.text)):
                is_own = found is not None and cell.row < number <= cells[found].row
                if found is None or (not is_own and self._is_closer(tables, cells[found])):
                    found = index
        if found is None:
            return None
        tables = self._tables_with_row(cells[found].text)
        is_under_header = self.header is not None and self.header.table in tables
        return found if is_under_header or _numbers(cells[found + 1 :]) else None

    def _is_closer(self, tables: Sequence[str], label: Cell) -> bool:
        """Whether a label of `tables` is the row's rather than the one before it.

        合计 under the label of a line is a word for the line, not the total of another table.
        """
        known = self.header.table if self.header else None
        return known in tables or known not in self._tables_with_row(label.text)

    def _is_in_values(self, cell: Cell) -> bool:
        return self.header is not None and cell.column >= self.header.first_column

    def _names_rows(self) -> bool:
        return self.header is not None and self.header.names_rows

    def _tables_with_row(self, label: str) -> list[str]:
        return self.words.tables_with("row", label)

    def _is_header(self, cells: Sequence[Cell], number: int) -> bool:
        own = [c for c in cells if c.row == number and c.text.strip()]
        return not _numbers(own) and any(
            self._heads_more(cell) or self.words.tables_with(axis, cell.text)
            for cell in own
            for axis in _AXES
        )

    def _heads_more(self, cell: Cell) -> bool:
        """Whether a cell divides a table that is printed in pieces: 行政诉讼 below 行政复议."""
        table = self.header.table if self.header else ""
        return self._names_rows() and fold(cell.text) in self.words.other[table]

    def _extend_header(self, number: int) -> None:
        is_next = self.block.stop == number and len(self.block) > 0
        corner = self.slots[number][0]  # it may reach down from rows that say nothing by themselves
        top = corner.row if corner is not None else number
        self.block = range(self.block.start if is_next else top, number + 1)
        header = read_header(self.slots, self.block, self.words)
        if header is not None and (found := mended(self.slots, self.block, header)):
            header = self._mend(found)
        if header is not None:
            self.header = header
            self.headers[header.table] = header

    def _mend(self, found: Mapping[Cell, str]) -> Header | None:
        """The header with misprinted headings as the form has them, each of which is told."""
        for cell, label in found.items():
            self.tell(
                "label.near",
                f"the heading «{short(cell.text)}» is read as «{label}», the only one that the "
                "header lacks there and that is spelt alike",
                self.grid.place_of(cell),
            )
        slots = list(self.slots)
        for row in self.block:
            slots[row] = [c and replace(c, text=found.get(c, c.text)) for c in slots[row]]
        return read_header(slots, self.block, self.words)

    def _data_row(self, cells: Sequence[Cell], label: int | None) -> Row | None:
        if label is None:
            return self._unlabelled_row(cells)
        text, rest = cells[label].text, cells[label + 1 :]
        header = self._header_for(text, rest)
        if header is None:
            return None
        key = self.words.key(header.table, "row", text, self.above.get(header.table))
        self.above[header.table] = key or ""
        place = self.grid.place_of(cells[label])
        values = self._values(rest, header)
        units = (stated_money_unit(c.text) for c in rest if c not in values)
        unit = next((u for u in units if u), None)
        return Row(header.table, key, text, self.grid, header, values, place, unit)

    def _unlabelled_row(self, cells: Sequence[Cell]) -> Row | None:
        """A row whose label no vocabulary has, or that has none because the header names it."""
        header = self.header
        if header is None or not cells:
            return None
        texts = [c for c in cells if c.column < header.first_column and c.text.strip()]
        rest = cells[cells.index(texts[-1]) + 1 :] if texts else cells
        values = self._values(rest, header)
        is_blank = not _numbers(values)
        if is_blank and (texts or not header.names_rows or any(_is_note(c) for c in values)):
            return None
        named = [c for c in texts if fold(c.text) not in _units()] or texts
        label = named[-1].text if named else ""
        place = self.grid.place_of(cells[0])
        return Row(header.table, None, label, self.grid, header, values, place)

    def _values(self, cells: Sequence[Cell], header: Header) -> list[Cell]:
        """The cells that may hold values: none are filler and units left of the value columns.

        Nor are labels of lines where the header names these.
        """
        return [
            c
            for c in cells
            if parse(c.text).state == "reported"
            or (
                c.column + c.colspan > header.first_column
                and not (header.names_rows and self._tables_with_row(c.text))
            )
        ]

    def _header_for(self, label: str, rest: Sequence[Cell]) -> Header | None:
        """The header in force for a row of that label: this grid's, or the one it continues."""
        tables = self._tables_with_row(label)
        if self.header and self.header.table in tables:
            return self.header
        earlier = (self.headers.get(t) for t in tables)
        self.header = next((h for h in earlier if h and h.width == len(self.slots[0])), None)
        if self.header is None:
            numbers = _numbers(rest)
            self.tell(
                "header.missing",
                f"the row «{short(label)}» stands under no column labels, so its {len(numbers)} "
                "numbers are left out; expected the header of the table above it",
                self.grid.place_of(numbers[0]),
            )
        return self.header


def _is_note(cell: Cell) -> bool:
    """Whether a cell is a line below the numbers: 注：…, 填表人：…."""
    return _NOTE.match(cell.text.strip()) is not None


@lru_cache(maxsize=1)
def _units() -> frozenset[str]:
    """What editions count in: a cell beside the label, never the label."""
    lines = (x for e in editions().values() for t in e.tables.values() for x in t.rows)
    return frozenset(fold(line.unit) for line in lines if line.unit)


def _numbers(cells: Sequence[Cell]) -> list[Cell]:
    return [c for c in cells if parse(c.text).state == "reported"]


def short(text: str) -> str:
    """A text for a message: no white space, thirty characters at most."""
    bare = "".join(text.split())
    return bare if len(bare) <= 30 else bare[:29] + "…"
