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
    subjects = [s for rule in rules().values() if rule.sql is None for s in _subjects(con, rule)]
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
    """The subjects of an identity in reports that break any identity, with their cells."""
    rows = con.execute(
        f"{sql.terms(rule)} SELECT agency, year, form_table, subject_key, "  # noqa: S608
        "years_before, form_row, form_column, sign, side, value, may_be_blank, label, term_label "
        "FROM terms WHERE agency IN (SELECT agency FROM main.findings) "
        "ORDER BY agency, year, form_table, subject_key, position"
    ).fetchall()
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
