"""Which cells the forms have, over all editions: address → unit and the editions that print it."""

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from zwgk_analytics.forms import Table, editions


@dataclass(frozen=True, slots=True)
class Address:
    """A cell of a form: its unit, and the editions that have it."""

    unit: str | None
    unit_must_be_stated: bool
    signed: bool
    editions: frozenset[str]


@lru_cache(maxsize=1)
def _all() -> dict[tuple[str, str, str], Address]:
    found: dict[tuple[str, str, str], Address] = {}
    for edition in editions().values():
        for table in edition.tables.values():
            for row, column in table.addresses():
                line = table.column(column)
                before = found.get((table.key, row, column))
                among = (before.editions if before else frozenset()) | {edition.key}
                unit = before.unit if before else line.unit or table.row(row).unit or table.unit
                found[table.key, row, column] = Address(
                    unit, line.unit_must_be_stated, line.signed, among
                )
    return found


def address(table: str, row: str, column: str) -> Address | None:
    """The form's cell at that address; None where no edition has one."""
    return _all().get((table, row, column))


def form_of(rows: Set[str], table: str) -> Table:
    """The table of the edition whose lines agree best with the rows seen."""
    forms = [e.tables[table] for e in editions().values() if table in e.tables]
    return max(forms, key=lambda form: len(rows & {line.key for line in form.rows}))


def names_all(table: str, columns: Set[str]) -> bool:
    """Whether a header that names those columns names all of a table, or of a section of it.

    Where it does not, a number that stands under no label may belong to a column that is named.
    """
    forms = [e.tables[table] for e in editions().values() if table in e.tables]
    wholes = [s.columns for form in forms for s in form.sections]
    wholes += [tuple(c.key for c in form.columns) for form in forms]
    return any(columns == set(whole) for whole in wholes)
