"""What the rules need of the forms, as relations: `WITH form_x AS (VALUES …)` ahead of a rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from zwgk_analytics.forms import Edition, Identity, Line, Table, editions
from zwgk_analytics.marts.vocabulary import filed

Row = tuple[str | int | bool, ...]
MONEY = ("元", "万元", "亿元")


def relations(sql: str, rule: str) -> str:
    """The form relations that a rule's SQL names, as common table expressions, comma-ended."""
    used = [name for name in RELATIONS if name in sql]
    return "".join(f"{_values(name, rule)},\n\n" for name in used)


def _values(name: str, rule: str) -> str:
    columns, rows = RELATIONS[name]
    listed = ",\n".join(
        f"    ({', '.join(literal(v) for v in row)})" for row in dict.fromkeys(rows(rule))
    )
    names = ", ".join(columns.split())
    return f"{name} AS (\n  SELECT * FROM (\n    VALUES\n{listed}\n  ) AS listed ({names})\n)"  # noqa: S608


def literal(value: str | int | bool) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def form_tables(_rule: str) -> Iterator[Row]:
    """Every statutory table of every edition, with the number of its cells."""
    for edition, table in _tables():
        yield edition.key, table.key, table.title, len(table.addresses())


def form_lines(_rule: str) -> Iterator[Row]:
    """Every row and column by its key, named as the newest form that has it prints it."""
    seen = set()
    for _, table in _tables():
        for axis, lines in (("row", table.rows), ("column", table.columns)):
            for position, line in enumerate(lines, 1):
                if (where := (table.key, axis, line.key)) not in seen:
                    seen.add(where)
                    yield *where, position, name(line, lines), line.label_en


def form_numbers(_rule: str) -> Iterator[Row]:
    """The cells whose number is no plain count: a change (signed) or money (with decimals)."""
    for edition, table in _tables():
        for row, column in table.addresses():
            is_signed = table.row(row).signed or table.column(column).signed
            is_money = (table.row(row).unit or table.unit_of(column)) in MONEY
            if is_signed or is_money:
                yield edition.key, table.key, row, column, is_signed, is_money


def form_terms(rule: str) -> Iterator[Row]:
    """The terms of a rule's identities: the lines that make up what is expected and printed."""
    for number, (edition, table, identity) in enumerate(_identities(rule), 1):
        axis = axis_of(identity)
        lines = table.rows if axis == "row" else table.columns
        labels = {line.key: name(line, lines) for line in lines}
        form = (identity.kind == "roll_forward", edition.rows_vary)
        for position, term in enumerate(TERMS[identity.kind](table, identity), 1):
            where = (number, edition.key, table.key, axis, position)
            yield (*where, *term, *form, labels[term[0]])


def form_subjects(rule: str) -> Iterator[Row]:
    """The lines that a rule's identities hold on: those of the other axis that meet all terms.

    Where a rule has several identities in one table, the line that each is about is named first.
    """
    found = list(_identities(rule))
    in_table = Counter((edition.key, table.key) for edition, table, _ in found)
    for number, (edition, table, identity) in enumerate(found, 1):
        own, other = table.rows, table.columns
        if axis_of(identity) == "column":
            own, other = other, own
        several = in_table[edition.key, table.key] > 1
        about = [line for line in own if several and line.key == identity.total]
        for line in other:
            if not identity.rows or line.key in identity.rows:
                yield (
                    number,
                    "/".join([*(a.key for a in about), line.key]),
                    line.key,
                    "·".join([*(name(a, own) for a in about), name(line, other)]),
                    ", ".join([*(a.label_en for a in about), line.label_en]),
                )


def form_rolled(_rule: str) -> Iterator[Row]:
    """The lines whose stock an identity rolls forward from year to year."""
    for _, table in _tables():
        for identity in table.identities:
            if identity.kind == "roll_forward":
                yield from ((table.key, line) for line in identity.rows)


def form_measures(_rule: str) -> Iterator[Row]:
    """Every measure with its Chinese name."""
    for row in filed("measures").to_pylist():
        yield row["measure"], row["label_zh"]


def axis_of(identity: Identity) -> str:
    """The axis whose lines are the terms of an identity."""
    return "column" if identity.kind == "roll_forward" else identity.axis


def name(line: Line, lines: Iterable[Line]) -> str:
    """A line's label, with that of its group where another line has the same."""
    repeated = Counter(other.label for other in lines)[line.label] > 1
    return "·".join(line.path[-2:]) if repeated else line.label


Term = tuple[str, str, int, bool, int]  # line, side, sign, may be blank, years before


def _sum(table: Table, identity: Identity) -> Iterator[Term]:
    lines = table.rows if identity.axis == "row" else table.columns
    yield from (
        (line.key, "expected", 1, True, 0) for line in lines if line.role == identity.parts_role
    )
    yield identity.total or "", "actual", 1, False, 0


def _balance(table: Table, identity: Identity) -> Iterator[Term]:
    line_of = table.row if identity.axis == "row" else table.column
    for side, keys in (("expected", identity.left), ("actual", identity.right)):
        yield from ((key, side, 1, line_of(key).role != "total", 0) for key in keys)


def _carry_over(_table: Table, identity: Identity) -> Iterator[Term]:
    yield identity.before or "", "expected", 1, False, 1
    yield identity.now or "", "actual", 1, False, 0


def _roll_forward(_table: Table, identity: Identity) -> Iterator[Term]:
    yield identity.stock or "", "expected", 1, False, 1
    yield from ((key, "expected", 1, True, 0) for key in identity.plus)
    yield from ((key, "expected", -1, True, 0) for key in identity.minus)
    yield identity.stock or "", "actual", 1, False, 0


def _tables() -> Iterator[tuple[Edition, Table]]:
    for edition in editions().values():
        for table in edition.tables.values():
            yield edition, table


def _identities(rule: str) -> Iterator[tuple[Edition, Table, Identity]]:
    for edition, table in _tables():
        for identity in table.identities:
            if identity.rule == rule:
                yield edition, table, identity


TERMS: dict[str, Callable[[Table, Identity], Iterator[Term]]] = {
    "sum": _sum,
    "balance": _balance,
    "carry_over": _carry_over,
    "roll_forward": _roll_forward,
}

RELATIONS: dict[str, tuple[str, Callable[[str], Iterator[Row]]]] = {
    "form_tables": ("edition form_table title cells", form_tables),
    "form_lines": ("form_table axis line position label label_en", form_lines),
    "form_measures": ("measure label_zh", form_measures),
    "form_rolled": ("form_table line", form_rolled),
    "form_numbers": ("edition form_table form_row form_column is_signed is_money", form_numbers),
    "form_terms": (
        "identity edition form_table axis position line side sign may_be_blank years_before "
        "same_edition rows_vary term_label",
        form_terms,
    ),
    "form_subjects": ("identity subject_key line label label_en", form_subjects),
}
