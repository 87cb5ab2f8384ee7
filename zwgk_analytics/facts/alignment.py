"""Grid + vocabulary → cells of the statutory tables, each placed by its labels, never by position.

A grid is walked row by row. Header rows say which column means what; a data row is placed by its
row label under the header in force. Labels that are unknown, and numbers that cannot be placed,
are problems: nothing is dropped in silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from zwgk_analytics.facts import addresses, near_labels
from zwgk_analytics.facts.header import Header, read_header
from zwgk_analytics.facts.numbers import convert_money, is_money, parse, stated_money_unit
from zwgk_analytics.facts.placing import Placed, place_values
from zwgk_analytics.forms import vocabulary
from zwgk_analytics.forms.model import Axis
from zwgk_analytics.readers import Cell, Document, Grid

AXES: tuple[Axis, Axis] = ("row", "column")


@dataclass(frozen=True, slots=True)
class CellFact:
    """One cell of a statutory table, with what was printed and where."""

    table: str
    row: str
    column: str
    value: Decimal | None
    unit: str | None
    state: str
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at: a stable code, the words, the place."""

    code: str
    message: str
    place: str | None = None


@dataclass(slots=True)
class _Row:
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
        return any(c.text.strip() for c in self.values)


@dataclass(slots=True)
class Alignment:
    """The cells of a document's statutory tables, and what did not fit."""

    cells: list[CellFact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, message: str, place: str | None = None) -> None:
        """Adds a problem."""
        self.problems.append(Problem(code, message, place))


def align(document: Document) -> Alignment:
    """Every cell of the statutory tables that the document prints, once each.

    Cells come in the document's order, blanks included (state `blank`). Problems name what was
    found, where, and what was expected.
    """
    result = Alignment()
    rows: list[_Row] = []
    headers: dict[str, Header] = {}
    for grid in document.grids:
        rows += _Walk(grid, headers, result).rows()
    _settle_labels(rows, result)
    for row in {row.header: row for row in rows}.values():
        _tell_order(row, result)
    for row in rows:
        if row.key is not None or row.header.names_rows:
            _read_row(row, result)
    result.cells = _once(result.cells, result)
    return result


class _Walk:
    """One pass over the rows of a grid. `headers` lives on: a table may run over several grids."""

    def __init__(self, grid: Grid, headers: dict[str, Header], result: Alignment) -> None:
        self.grid, self.headers, self.result = grid, headers, result
        self.slots = grid.slots()
        self.words = vocabulary()
        self.header: Header | None = None
        self.block = range(0)
        self.above: dict[str, str] = {}  # the row read last, by table

    def rows(self) -> Iterator[_Row]:
        for number in range(len(self.slots)):
            cells = list(dict.fromkeys(c for c in self.slots[number] if c is not None))
            label = self._label(cells)
            if label is None and self._is_header(cells, number):
                self._extend_header(number)
            elif (row := self._data_row(cells, label)) is not None:
                yield row

    def _label(self, cells: Sequence[Cell]) -> int | None:
        """Where among the cells the label of a data row stands; None when this is no such row."""
        found = None
        for index, cell in enumerate(cells):
            state = parse(cell.text).state
            in_values = index > 0 and self._is_in_values(cell)
            if in_values or (self.header is None and state in {"reported", "dash"}):
                break
            if state == "unreadable" and self._tables_with_row(cell.text):
                found = index
        if found is None:
            return None
        tables = self._tables_with_row(cells[found].text)
        is_under_header = self.header is not None and self.header.table in tables
        return found if is_under_header or _numbers(cells[found + 1 :]) else None

    def _is_in_values(self, cell: Cell) -> bool:
        return self.header is not None and cell.column >= self.header.first_column

    def _tables_with_row(self, label: str) -> list[str]:
        return [t for t in self.words.lines if self.words.key(t, "row", label)]

    def _is_header(self, cells: Sequence[Cell], number: int) -> bool:
        own = [c for c in cells if c.row == number and c.text.strip()]
        return not _numbers(own) and any(
            self.words.key(table, axis, cell.text)
            for cell in own
            for table in self.words.lines
            for axis in AXES
        )

    def _extend_header(self, number: int) -> None:
        is_next = self.block.stop == number and len(self.block) > 0
        self.block = range(self.block.start if is_next else number, number + 1)
        header = read_header(self.slots, self.block, self.words)
        if header is not None:
            self.header = header
            self.headers[header.table] = header

    def _data_row(self, cells: Sequence[Cell], label: int | None) -> _Row | None:
        if label is None:
            return self._unlabelled_row(cells)
        text, rest = cells[label].text, cells[label + 1 :]
        header = self._header_for(text, rest)
        if header is None:
            return None
        key = self.words.key(header.table, "row", text, self.above.get(header.table))
        self.above[header.table] = key or ""
        place = self.grid.place_of(cells[label])
        values = _values(rest, header)
        units = (stated_money_unit(c.text) for c in rest if c not in values)
        unit = next((u for u in units if u), None)
        return _Row(header.table, key, text, self.grid, header, values, place, unit)

    def _unlabelled_row(self, cells: Sequence[Cell]) -> _Row | None:
        """A row whose label no vocabulary has, or that has none because the header names it."""
        header = self.header
        if header is None or not cells:
            return None
        texts = [c for c in cells if c.column < header.first_column and c.text.strip()]
        values = _values(cells[cells.index(texts[-1]) + 1 :] if texts else cells, header)
        if not _numbers(values) and not (header.names_rows and not texts):
            return None
        label = texts[-1].text if texts else ""
        place = self.grid.place_of(cells[0])
        return _Row(header.table, None, label, self.grid, header, values, place)

    def _header_for(self, label: str, rest: Sequence[Cell]) -> Header | None:
        """The header in force for a row of that label: this grid's, or the one it continues."""
        tables = self._tables_with_row(label)
        if self.header and self.header.table in tables:
            return self.header
        earlier = (self.headers.get(t) for t in tables)
        self.header = next((h for h in earlier if h and h.width == len(self.slots[0])), None)
        if self.header is None:
            numbers = _numbers(rest)
            self.result.tell(
                "header.missing",
                f"the row «{_short(label)}» stands under no column labels, so its {len(numbers)} "
                "numbers are left out; expected the header of the table above it",
                self.grid.place_of(numbers[0]),
            )
        return self.header


def _numbers(cells: Sequence[Cell]) -> list[Cell]:
    return [c for c in cells if parse(c.text).state == "reported"]


def _values(cells: Sequence[Cell], header: Header) -> list[Cell]:
    """The cells that may hold values: filler and units left of the value columns are none."""
    return [
        c
        for c in cells
        if c.column + c.colspan > header.first_column or parse(c.text).state == "reported"
    ]


def _tell_order(row: _Row, result: Alignment) -> None:
    """Tells columns in another order than the form's: so filed, or a header that lost a span."""
    keys = [leaf.column for leaf in row.header.leaves]
    form = addresses.form_of({row.key} if row.key else set(), row.table)
    order = [c.key for c in form.columns if c.key in keys]
    if not row.header.names_rows and [k for k in keys if k in order] != order:
        labels = ", ".join(_short(leaf.text) for leaf in row.header.leaves)
        result.tell(
            "column.order",
            f"the columns of «{form.title}» stand in another order than in the form ({labels}); "
            "check that each heading stands over its numbers",
            row.place,
        )


def _settle_labels(rows: list[_Row], result: Alignment) -> None:
    """Gives each row of unknown label the line that spelling and position agree on, or tells."""
    for index, row in enumerate(rows):
        if row.key is not None or row.header.names_rows:
            continue
        form = addresses.form_of({r.key for r in rows if r.key and r.table == row.table}, row.table)
        row.key = near_labels.nearest(
            row.label, _neighbour(rows[:index][::-1], row), _neighbour(rows[index + 1 :], row), form
        )
        if row.key is not None:
            result.tell(
                "label.near",
                f"the row label «{_short(row.label)}» is read as «{form.row(row.key).label}», "
                "the only line of the form between its neighbours that is spelt alike",
                row.place,
            )
        else:
            numbers = ", ".join(c.text.strip() for c in row.values if c.text.strip())
            result.tell(
                "label.unknown",
                f"the row label «{_short(row.label)}» is in no table of labels; its numbers "
                f"({numbers}) are left out; expected a line of «{form.title}»",
                row.place,
            )


def _neighbour(rows: Sequence[_Row], row: _Row) -> str | None:
    return next((r.key for r in rows if r.table == row.table and r.key), None)


def _read_row(row: _Row, result: Alignment) -> None:
    leaves = row.header.leaves
    placed, left_over = place_values(row.values, leaves)
    if len(row.values) < len(leaves) and row.has_text:
        result.tell(
            "row.short",
            f"the row «{_short(row.label)}» has {len(row.values)} cells under {len(leaves)} column "
            "labels; which are missing is unknown, so its numbers are unreadable",
            row.place,
        )
    is_doubtful = bool(left_over) and not addresses.names_all(row.table, row.header.columns)
    for one in placed:
        certain = one.is_certain and not is_doubtful
        result.cells += _fact(row, replace(one, is_certain=certain), result)
    for cell in left_over:
        result.tell(
            "cell.unplaced",
            f"«{_short(cell.text)}» stands under no column label and is left out",
            row.grid.place_of(cell),
        )


def _fact(row: _Row, placed: Placed, result: Alignment) -> list[CellFact]:
    """The fact of one placed cell: none when the form has no such cell and nothing is printed."""
    leaf, cell = placed.leaf, placed.cell
    row_key, place = leaf.row or row.key or "", row.grid.place_of(cell)
    printed = parse(cell.text)
    address = addresses.address(row.table, row_key, leaf.column)
    if address is None:
        if printed.state == "reported":
            result.tell(
                "cell.off_form",
                f"{cell.text.strip()} stands at {row_key} / {leaf.column}, where no edition of the "
                "form has a cell; it is left out",
                place,
            )
        return []
    state = printed.state if placed.is_certain or printed.state != "reported" else "unreadable"
    if printed.state == "unreadable":
        result.tell("cell.unreadable", f"«{_short(cell.text)}» is no number", place)
    value, unit = None, address.unit
    if state == "reported" and printed.number is not None:
        value, unit = _in_form_unit(
            printed.number, [printed.unit, row.unit, stated_money_unit(leaf.text)], address
        )
    return [CellFact(row.table, row_key, leaf.column, value, unit, state, cell.text.strip(), place)]


def _in_form_unit(
    number: Decimal, stated: Sequence[str | None], address: addresses.Address
) -> tuple[Decimal, str | None]:
    """The number in the unit of the form; unit None where one must be stated and none is."""
    if address.unit is None or not is_money(address.unit):
        return number, address.unit
    unit = next((u for u in stated if is_money(u)), None)
    if unit is None:
        return number, None if address.unit_must_be_stated else address.unit
    return convert_money(number, unit, address.unit), address.unit


def _once(cells: list[CellFact], result: Alignment) -> list[CellFact]:
    """Each address once: a repeat that agrees is dropped, one that does not makes it unreadable."""
    kept: dict[tuple[str, str, str], CellFact] = {}
    for cell in cells:
        address = (cell.table, cell.row, cell.column)
        first = kept.setdefault(address, cell)
        if first is cell or first.value == cell.value or cell.state == "blank":
            continue
        if first.state == "blank":
            kept[address] = cell
            continue
        result.tell(
            "cell.conflict",
            f"{'/'.join(address)} is printed twice: {first.raw} ({first.place}) and {cell.raw}; "
            "neither is used",
            cell.place,
        )
        raw = f"{first.raw} | {cell.raw}"
        kept[address] = CellFact(*address, None, cell.unit, "unreadable", raw, first.place)
    return list(kept.values())


def _short(text: str) -> str:
    bare = "".join(text.split())
    return bare if len(bare) <= 30 else bare[:29] + "…"
