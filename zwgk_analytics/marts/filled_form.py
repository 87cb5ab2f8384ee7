"""The annual report's form filled from the marts: what the ledger of requests gives, no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms import Edition, edition_for
from zwgk_analytics.forms.crosswalk import measured_cells

if TYPE_CHECKING:
    from zwgk_analytics.marts.api import Marts

Address = tuple[str, str, str]  # table, row, column

_LEDGER: Final = """
SELECT
  form_table, form_row, form_column, value, unplaced, reason, is_covered, ledger_from, ledger_to
FROM requests_table
WHERE agency = $agency AND year = $year
"""
_FIGURES: Final = """
SELECT measure, value, unit, source
FROM annual_figures
WHERE agency = $agency AND year = $year AND comparable AND value IS NOT NULL
"""
_WHOLE: Final = "`year: {year}` in the ledger's sidecar says that it is all of that year's"
_WHY: Final = {
    "opening": "the ledger starts on {ledger_from}: what was carried in is not known; " + _WHOLE,
    "unstated": "no row of {year} says anything of 复议 or 诉讼; write 无 where there was none",
    "unplaced": "some requests lack kind of applicant, outcome or a date (mart requests_table)",
    "covered": "the ledger reaches from {ledger_from} to {ledger_to} only; " + _WHOLE,
    "ledger": "the ledger gives no such row",
    "figures": "nothing in the marts states it",
}


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form of an agency and year: texts by cell, why others are blank, sources of table 2.

    `blanks` maps each cell that is left blank to the reason, in words.
    """

    agency: str
    year: int
    edition: Edition
    values: dict[Address, str]
    blanks: dict[Address, str]
    sources: tuple[str, ...]

    def told(self) -> Iterator[str]:
        """A line for each table, reason and set of columns: which cells are blank, and why."""
        by_row: dict[tuple[str, str, str], list[str]] = {}
        for (table, row, column), why in self.blanks.items():
            label = self.edition.tables[table].column(column).label
            by_row.setdefault((table, why, row), []).append(label)
        groups: dict[tuple[str, str, str], list[str]] = {}
        for (table, why, row), columns in by_row.items():
            label = self.edition.tables[table].row(row).label
            groups.setdefault((table, why, "｜".join(columns)), []).append(label)
        for (table, why, printed), rows in groups.items():
            title = self.edition.tables[table].title
            yield f"left blank in {title}: {'｜'.join(rows)} [{printed}]: {why}"


def filled_form(marts: "Marts", year: int, agency: str | None = None) -> FilledForm:
    """The form of the year: tables 3 and 4 from the ledger, table 2 from known figures.

    Args:
        marts: as `open_marts()` gives them.
        year: the reporting year.
        agency: by any name that the register knows; the only one with a ledger of the year when
            None.

    Raises:
        UsageError: no form of that year, or no ledger of that agency and year; what there is is
            listed.
    """
    edition = edition_for(year)
    if edition is None or "applications" not in edition.tables:
        raise UsageError(f"{year}: no form of that year has the tables of requests; from 2019 on")
    named = _named(marts, year, agency)
    scope = {"agency": named, "year": year}
    ledger = {_address(row): row for row in marts.sql(_LEDGER, scope).iter_rows(named=True)}
    figures = {row["measure"]: row for row in marts.sql(_FIGURES, scope).iter_rows(named=True)}
    form = FilledForm(named, year, edition, {}, {}, _sources(figures, edition))
    measures = measured_cells(edition.key)
    for table in edition.tables.values():
        for row, column in table.addresses():
            address = (table.key, row, column)
            if table.key == "proactive":
                unit = table.row(row).unit or table.unit_of(column)
                said, why = _of_figure(figures.get(measures.get(address, "")), unit)
            else:
                said, why = _of_ledger(ledger.get(address), year)
            if said is None:
                form.blanks[address] = why
            else:
                form.values[address] = said
    return form


def _named(marts: "Marts", year: int, agency: str | None) -> str:
    query = "SELECT DISTINCT agency, year FROM requests_table WHERE agency IS NOT NULL ORDER BY ALL"
    there = marts.sql(query).rows()
    of_year: list[str] = [name for name, own in there if own == year]
    asked = of_year if agency is None else marts.canonical(agency)
    named = asked[0] if len(asked) == 1 else None
    if named is not None and named in of_year:
        return named
    listed = "、".join(f"{name} {own}" for name, own in there) or "none"
    if named is None and of_year:
        raise UsageError(f"{year}: several agencies have a ledger; name one by --agency: {listed}")
    raise UsageError(f"{named or 'the marts'}: no ledger of requests of {year}; there is {listed}")


def _of_ledger(row: Mapping[str, Any] | None, year: int) -> tuple[str | None, str]:
    if row is None:
        return None, _WHY["ledger"]
    reason: str | None = row["reason"] if row["is_covered"] else "covered"
    if reason is None:
        return str(row["value"]), ""
    return None, _WHY[reason].format(year=year, **row)


def _of_figure(row: Mapping[str, Any] | None, unit: str | None) -> tuple[str | None, str]:
    if row is None or row["unit"] != unit:
        return None, _WHY["figures"]
    value: Decimal = row["value"]
    return f"{value.normalize():f}", ""


def _sources(figures: Mapping[str, Mapping[str, Any]], edition: Edition) -> tuple[str, ...]:
    used = {m for (table, _, _), m in measured_cells(edition.key).items() if table == "proactive"}
    return tuple(sorted({figures[m]["source"] for m in used & figures.keys()}))


def _address(row: Mapping[str, Any]) -> Address:
    return row["form_table"], row["form_row"], row["form_column"]
