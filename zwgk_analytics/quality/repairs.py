"""The likely repair of a broken identity: the one cell whose change mends it and breaks nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import Rule, rules

if TYPE_CHECKING:
    import duckdb

_TRAILING: Final = re.compile("（[^（）]*）$")  # a form's explanation after a label

# A cell of a broken report may stand in an identity of the year before or after.
_NEAR_BREAKS: Final = """
CREATE OR REPLACE TEMP TABLE near_breaks AS
SELECT DISTINCT reports.agency, reports.year, reports.edition
FROM reports
JOIN main.findings
  ON findings.agency = reports.agency
  AND abs(TRY_CAST(findings.period AS INTEGER) - reports.year) <= 1
WHERE list_contains($identities, findings.rule)
"""
_TERMS: Final = """
SELECT
  near_breaks.agency, near_breaks.year, addressed.form_table, addressed.subject_key,
  addressed.years_before, addressed.form_row, addressed.form_column, addressed.sign,
  addressed.side, report_cells.value, addressed.may_be_blank, addressed.label,
  addressed.term_label
FROM near_breaks
JOIN addressed ON addressed.edition = near_breaks.edition
LEFT JOIN report_cells
  ON report_cells.agency = near_breaks.agency
  AND report_cells.year = near_breaks.year - addressed.years_before
  AND report_cells.form_table = addressed.form_table
  AND report_cells.form_row = addressed.form_row
  AND report_cells.form_column = addressed.form_column
  AND (report_cells.edition = addressed.edition OR NOT addressed.same_edition)
ORDER BY near_breaks.agency, near_breaks.year, addressed.subject_key, addressed.position
"""

Cell = tuple[str, int, str, str, str]  # agency, year, table, row, column


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of an identity: `sign` is +1 where it adds to what is expected, −1 to the other."""

    cell: Cell
    sign: int
    value: Decimal | None
    is_total: bool
    label: str


@dataclass(frozen=True, slots=True)
class Subject:
    """An identity on one line of one report; `gap` is expected − printed, None if not known."""

    rule: str
    agency: str
    period: str
    key: str
    terms: tuple[Term, ...]

    @property
    def gap(self) -> Decimal | None:
        """What is missing on the printed side; None where a cell is unknown."""
        if any(t.value is None for t in self.terms if t.is_total):
            return None
        return sum((t.sign * t.value for t in self.terms if t.value is not None), Decimal(0))


def write_repairs(con: "duckdb.DuckDBPyConnection") -> None:
    """Puts the likely repairs into `main.findings`."""
    identities = [rule for rule in rules().values() if rule.sql is None]
    con.execute(_NEAR_BREAKS, {"identities": [rule.id for rule in identities]})
    subjects = [subject for rule in identities for subject in _subjects(con, rule)]
    of_cell: dict[Cell, list[Subject]] = defaultdict(list)
    for subject in subjects:
        for term in subject.terms:
            of_cell[term.cell].append(subject)
    rows = [
        (subject.rule, subject.agency, subject.period, subject.key, told)
        for subject in subjects
        if subject.gap and (told := repair(subject, of_cell))
    ]
    names = ("rule", "agency", "period", "subject_key", "repair")
    table = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema=pa.schema(dict.fromkeys(names, pa.string())),
    )
    con.register("repairs_found", table)
    con.execute(
        "UPDATE main.findings SET repair = found.repair FROM repairs_found AS found "
        "WHERE found.rule = findings.rule AND found.agency = findings.agency "
        "AND found.period = findings.period AND found.subject_key = findings.subject_key"
    )
    con.unregister("repairs_found")


def repair(subject: Subject, of_cell: dict[Cell, list[Subject]]) -> str | None:
    """The repair in words, where exactly one cell explains the break; None otherwise."""
    gap = subject.gap
    if not gap:
        return None
    mends = [t for t in subject.terms if _mends(t, subject, of_cell)]
    twice = [
        t for t in subject.terms if not t.is_total and t.value == abs(gap) and t.sign * gap > 0
    ]
    told = []
    if len(mends) == 1 and mends[0].value is not None:
        value = mends[0].value - gap * mends[0].sign
        told.append(f"“{mends[0].label}”应为{value.normalize():f}（印为{_plain(mends[0].value)}）")
    if len(twice) == 1:
        told.append(f"“{twice[0].label}”的{_plain(abs(gap))}重复计入")
    return "，或".join(told) or None


def _mends(term: Term, subject: Subject, of_cell: dict[Cell, list[Subject]]) -> bool:
    """Whether changing one cell mends its broken identity and every other that it is in."""
    gap = subject.gap
    if term.value is None or gap is None:
        return False
    change = -gap * term.sign
    if term.value + change < 0:
        return False
    others = [s for s in of_cell[term.cell] if s is not subject and s.gap is not None]
    if not others:
        return term.is_total
    signs = {s: next(t.sign for t in s.terms if t.cell == term.cell) for s in others}
    return all((s.gap or 0) + signs[s] * change == 0 for s in others)


def _subjects(con: "duckdb.DuckDBPyConnection", rule: Rule) -> Iterable[Subject]:
    """The subjects of an identity in reports near a break, each with its cells."""
    rows = con.execute(f"{sql.addressed(rule)} {_TERMS}").fetchall()
    grouped: dict[tuple[str, int, str, str], list[Term]] = defaultdict(list)
    for agency, year, table, key, before, row, column, sign, side, value, *rest in rows:
        blank, label, term_label = rest
        cell = (agency, year - before, table, row, column)
        signed = sign if side == "expected" else -sign
        name = _TRAILING.sub("", f"{label}·{term_label}")
        name += f"（{year - before}年）" if before else ""
        grouped[agency, year, table, key].append(Term(cell, signed, value, not blank, name))
    for (agency, year, table, key), terms in grouped.items():
        yield Subject(rule.id, agency, str(year), f"{table}/{key}", tuple(terms))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
