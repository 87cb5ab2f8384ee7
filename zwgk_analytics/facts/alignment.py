"""Grid + vocabulary → cells of the statutory tables, each placed by its labels, never by position.

A grid is walked row by row. Header rows say which column means what; a data row is placed by its
row label under the header in force. Labels that are unknown, and numbers that cannot be placed,
are problems: nothing is dropped in silence.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from zwgk_analytics.facts import addresses, near_labels
from zwgk_analytics.facts.grid_rows import Row, rows_of, short
from zwgk_analytics.facts.header import Header
from zwgk_analytics.facts.numbers import LARGEST, convert_money, is_money, parse, stated_money_unit
from zwgk_analytics.facts.placing import Placed, place_values
from zwgk_analytics.facts.upright import halves, upright
from zwgk_analytics.readers import Document


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
    rows: list[Row] = []
    headers: dict[str, Header] = {}
    for grid in document.grids:
        for part in halves(upright(grid)):
            rows += rows_of(part, headers, result.tell)
    _settle_labels(rows, result)
    first_of = {row.header: row for row in rows}
    for header, row in first_of.items():
        _tell_order(row, result)
        _tell_lacking(row, {*header.lines, *_beside(header, first_of)}, result)
    _tell_shifted(rows, result)
    for row in rows:
        if row.key is not None or row.header.names_rows:
            _read_row(row, result)
    result.cells = _once(result.cells, result)
    return result


def _tell_order(row: Row, result: Alignment) -> None:
    """Tells columns in another order than the form's: so filed, or a header that lost a span."""
    keys = [leaf.column for leaf in row.header.leaves]
    form = addresses.form_of({row.key} if row.key else set(), row.table)
    order = [c.key for c in form.columns if c.key in keys]
    if not row.header.names_rows and [k for k in keys if k in order] != order:
        labels = ", ".join(short(leaf.text) for leaf in row.header.leaves)
        result.tell(
            "column.order",
            f"the columns of «{form.title}» stand in another order than in the form ({labels}); "
            "check that each heading stands over its numbers",
            row.place,
        )


def _beside(header: Header, others: Iterable[Header]) -> Iterator[tuple[str | None, str]]:
    """What other headers of the table name, none of it twice: a table printed in pieces."""
    for other in others:
        if other.table == header.table and not other.lines & header.lines:
            yield from other.lines


def _tell_lacking(row: Row, named: Collection[tuple[str | None, str]], result: Alignment) -> None:
    """Tells the columns that a header over several lines of the form names for only some of them.

    Where a heading was lost its numbers may stand under the one beside it.
    """
    if not row.header.names_rows:
        return
    columns = {leaf.column for leaf in row.header.leaves}
    form = addresses.form_of({leaf.row for leaf in row.header.leaves if leaf.row}, row.table)
    lacking = [
        f"{line.label} / {column.label}"
        for line in form.rows
        for column in form.columns
        if column.key in columns and (line.key, column.key) not in named
    ]
    if lacking:
        result.tell(
            "header.lacking",
            f"«{form.title}» has no heading for {', '.join(lacking)}; check that each heading "
            "stands over its numbers",
            row.place,
        )


def _tell_shifted(rows: Sequence[Row], result: Alignment) -> None:
    """Tells rows whose numbers begin in another column than those of the rows beside them."""
    starts: dict[Header, Counter[int]] = defaultdict(Counter)
    for row in rows:
        if row.values:
            starts[row.header][row.values[0].column] += 1
    for row in rows:
        usual = starts[row.header].most_common(1)
        if row.has_text and row.values[0].column < usual[0][0]:
            result.tell(
                "row.shifted",
                f"the numbers of «{short(row.label)}» begin further left than those of the other "
                "rows; check that they are its own",
                row.place,
            )


def _settle_labels(rows: list[Row], result: Alignment) -> None:
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
                f"the row label «{short(row.label)}» is read as «{form.row(row.key).label}», "
                "the only line of the form between its neighbours that is spelt alike",
                row.place,
            )
        else:
            numbers = ", ".join(c.text.strip() for c in row.values if c.text.strip())
            result.tell(
                "label.unknown",
                f"the row label «{short(row.label)}» is in no table of labels; its numbers "
                f"({numbers}) are left out; expected a line of «{form.title}»",
                row.place,
            )


def _neighbour(rows: Sequence[Row], row: Row) -> str | None:
    return next((r.key for r in rows if r.table == row.table and r.key), None)


def _read_row(row: Row, result: Alignment) -> None:
    leaves = row.header.leaves
    placed, left_over = place_values(row.values, leaves)
    if len(row.values) < len(leaves) and row.has_text:
        result.tell(
            "row.short",
            f"the row «{short(row.label)}» has {len(row.values)} cells under {len(leaves)} column "
            "labels; which are missing is unknown, so its numbers are unreadable",
            row.place,
        )
    is_doubtful = bool(left_over) and not addresses.names_all(row.table, row.header.columns)
    for one in placed:
        result.cells += _fact(row, replace(one, is_certain=False) if is_doubtful else one, result)
    for cell in left_over:
        result.tell(
            "cell.unplaced",
            f"«{short(cell.text)}» stands under no column label and is left out",
            row.grid.place_of(cell),
        )


def _fact(row: Row, placed: Placed, result: Alignment) -> list[CellFact]:
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
        result.tell("cell.unreadable", f"«{short(cell.text)}» is no number", place)
    value, unit = None, address.unit
    if state == "reported" and printed.number is not None:
        value, unit = _in_form_unit(
            printed.number, [printed.unit, row.unit, stated_money_unit(leaf.text)], address
        )
    if value is not None and abs(value) >= LARGEST:
        result.tell("cell.unreadable", f"«{short(cell.text)}» is too large", place)
        value, state = None, "unreadable"
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
