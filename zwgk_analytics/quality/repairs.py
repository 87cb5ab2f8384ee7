"""The likely repair of a broken identity: the one cell whose change mends it and breaks nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import Rule, rules

if TYPE_CHECKING:
    import duckdb

_TRAILING: Final = re.compile("（[^（）]*）$")  # a form's explanation after a label

# The cells of the broken subjects, in the order of the form.
_TERMS: Final = """
SELECT
  findings.agency, reports.year, findings.subject_key, addressed.form_table,
  addressed.years_before, addressed.form_row, addressed.form_column,
  CASE WHEN addressed.side = 'expected' THEN addressed.sign ELSE -addressed.sign END AS sign,
  report_cells.value, NOT addressed.may_be_blank AS is_total, addressed.label,
  addressed.term_label
FROM main.findings
JOIN reports
  ON reports.agency = findings.agency AND CAST(reports.year AS VARCHAR) = findings.period
JOIN addressed
  ON addressed.edition = reports.edition
  AND addressed.form_table || '/' || addressed.subject_key = findings.subject_key
LEFT JOIN report_cells
  ON report_cells.agency = findings.agency
  AND report_cells.year = reports.year - addressed.years_before
  AND report_cells.form_table = addressed.form_table
  AND report_cells.form_row = addressed.form_row
  AND report_cells.form_column = addressed.form_column
  AND (report_cells.edition = addressed.edition OR NOT addressed.same_edition)
WHERE findings.rule = $rule
ORDER BY findings.agency, reports.year, findings.subject_key, addressed.position
"""
# Every subject that one of those cells stands in, with what is missing on its printed side.
_OTHERS: Final = """
, touched AS (
  SELECT
    broken_cells.*, reports.year AS subject_year, reports.edition, addressed.subject_number,
    CASE WHEN addressed.side = 'expected' THEN addressed.sign ELSE -addressed.sign END AS sign
  FROM broken_cells
  JOIN addressed
    ON addressed.form_table = broken_cells.form_table
    AND addressed.form_row = broken_cells.form_row
    AND addressed.form_column = broken_cells.form_column
  JOIN reports
    ON reports.agency = broken_cells.agency
    AND reports.year = broken_cells.year + addressed.years_before
    AND reports.edition = addressed.edition
),

gaps AS (
  SELECT
    subjects.agency, subjects.subject_year, subjects.subject_number,
    addressed.form_table || '/' || addressed.subject_key AS subject_key,
    sum(
      report_cells.value
      * CASE WHEN addressed.side = 'expected' THEN addressed.sign ELSE -addressed.sign END
    ) AS gap,
    bool_or(report_cells.value IS NULL AND NOT addressed.may_be_blank) AS is_unknown
  FROM (SELECT DISTINCT agency, subject_year, edition, subject_number FROM touched) AS subjects
  JOIN addressed
    ON addressed.subject_number = subjects.subject_number
    AND addressed.edition = subjects.edition
  LEFT JOIN report_cells
    ON report_cells.agency = subjects.agency
    AND report_cells.year = subjects.subject_year - addressed.years_before
    AND report_cells.form_table = addressed.form_table
    AND report_cells.form_row = addressed.form_row
    AND report_cells.form_column = addressed.form_column
    AND (report_cells.edition = addressed.edition OR NOT addressed.same_edition)
  GROUP BY
    subjects.agency, subjects.subject_year, subjects.subject_number, addressed.form_table,
    addressed.subject_key
)

SELECT
  touched.agency, touched.year, touched.form_table, touched.form_row, touched.form_column,
  touched.subject_year, gaps.subject_key, touched.sign, gaps.gap
FROM touched
JOIN gaps
  ON gaps.agency = touched.agency
  AND gaps.subject_year = touched.subject_year
  AND gaps.subject_number = touched.subject_number
WHERE NOT gaps.is_unknown AND gaps.gap IS NOT NULL
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
    """A broken identity on one line of one report."""

    rule: str
    agency: str
    year: int
    key: str
    terms: tuple[Term, ...]

    @property
    def gap(self) -> Decimal | None:
        """What is missing on the printed side; None where a cell is unknown."""
        if any(t.value is None for t in self.terms if t.is_total):
            return None
        return sum((t.sign * t.value for t in self.terms if t.value is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Other:
    """Another subject that a cell stands in, with the cell's sign there and what is missing."""

    rule: str
    year: int
    key: str
    sign: int
    gap: Decimal


def write_repairs(con: "duckdb.DuckDBPyConnection") -> None:
    """Puts the likely repairs into `main.findings`."""
    identities = [rule for rule in rules().values() if rule.sql is None]
    subjects = [subject for rule in identities for subject in _subjects(con, rule)]
    others = _others(con, identities, {t.cell for s in subjects for t in s.terms})
    names = ("rule", "agency", "period", "subject_key", "repair")
    rows = [
        dict(zip(names, (s.rule, s.agency, str(s.year), s.key, told), strict=True))
        for s in subjects
        if (told := repair(s, others))
    ]
    table = pa.Table.from_pylist(rows, schema=pa.schema(dict.fromkeys(names, pa.string())))
    con.register("repairs_found", table)
    con.execute("UPDATE main.findings SET repair = NULL WHERE repair IS NOT NULL")
    con.execute(
        "UPDATE main.findings SET repair = found.repair FROM repairs_found AS found "
        "WHERE found.rule = findings.rule AND found.agency = findings.agency "
        "AND found.period = findings.period AND found.subject_key = findings.subject_key"
    )
    con.unregister("repairs_found")


def repair(subject: Subject, others: Mapping[Cell, Sequence[Other]]) -> str | None:
    """The repair in words, where exactly one cell explains the break; None otherwise."""
    gap = subject.gap
    if not gap:
        return None
    mends = [t for t in subject.terms if _mends(t, subject, gap, others.get(t.cell, ()))]
    twice = [
        t for t in subject.terms if not t.is_total and t.value == abs(gap) and t.sign * gap > 0
    ]
    told = []
    if len(mends) == 1 and mends[0].value is not None:
        value = mends[0].value - gap * mends[0].sign
        told.append(f"“{mends[0].label}”应为{_plain(value)}（印为{_plain(mends[0].value)}）")
    if len(twice) == 1:
        told.append(f"“{twice[0].label}”的{_plain(abs(gap))}重复计入")
    return "，或".join(told) or None


def _mends(term: Term, subject: Subject, gap: Decimal, others: Sequence[Other]) -> bool:
    """Whether changing one cell mends its broken identity and every other that it is in."""
    change = -gap * term.sign
    if term.value is None or term.value + change < 0:
        return False
    own = (subject.rule, subject.year, subject.key)
    elsewhere = [o for o in others if (o.rule, o.year, o.key) != own]
    if not elsewhere:
        return term.is_total
    return all(o.gap + o.sign * change == 0 for o in elsewhere)


def _subjects(con: "duckdb.DuckDBPyConnection", rule: Rule) -> Iterator[Subject]:
    """The broken subjects of an identity, each with its cells."""
    rows = con.execute(f"{sql.addressed(rule)} {_TERMS}", {"rule": rule.id}).fetchall()
    grouped: dict[tuple[str, int, str], list[Term]] = defaultdict(list)
    for agency, year, key, table, before, row, column, sign, value, is_total, *labels in rows:
        cell = (agency, year - before, table, row, column)
        name = _TRAILING.sub("", "·".join(labels)) + (f"（{year - before}年）" if before else "")
        grouped[agency, year, key].append(Term(cell, sign, value, is_total, name))
    for (agency, year, key), terms in grouped.items():
        yield Subject(rule.id, agency, year, key, tuple(terms))


def _others(
    con: "duckdb.DuckDBPyConnection", identities: Sequence[Rule], cells: set[Cell]
) -> dict[Cell, list[Other]]:
    """Every subject of the identities that one of the cells stands in, by cell."""
    names = ("agency", "year", "form_table", "form_row", "form_column")
    kinds = dict.fromkeys(names, pa.string()) | {"year": pa.int32()}
    rows = [dict(zip(names, cell, strict=True)) for cell in sorted(cells)]
    con.register("broken_cells", pa.Table.from_pylist(rows, schema=pa.schema(kinds)))
    found: dict[Cell, list[Other]] = defaultdict(list)
    for rule in identities:
        for *cell, year, key, sign, gap in con.execute(sql.addressed(rule) + _OTHERS).fetchall():
            agency, cell_year, table, row, column = cell
            other = Other(rule.id, year, key, sign, gap)
            found[agency, cell_year, table, row, column].append(other)
    con.unregister("broken_cells")
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
