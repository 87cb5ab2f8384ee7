"""The marts that the rules write: every rule, run over the other marts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zwgk_analytics.marts.ledger import SCHEMA, Ledger, content_in, key_of
from zwgk_analytics.marts.models import reads
from zwgk_analytics.marts.partition import Units, among, cut, in_parts
from zwgk_analytics.quality import sql
from zwgk_analytics.quality.form_relations import literal
from zwgk_analytics.quality.near_duplicates import write_near_duplicates
from zwgk_analytics.quality.repairs import write_repairs
from zwgk_analytics.quality.reuse import write_reuse
from zwgk_analytics.quality.review import Review, write_reviews
from zwgk_analytics.quality.rules import OUTCOMES, Rule, rules
from zwgk_analytics.quality.user_rules import checked, user_rules

if TYPE_CHECKING:
    import duckdb
    import polars as pl

_FINDINGS = "findings"
_COUNTS = f"{SCHEMA}.rule_counts"


def assess(
    con: "duckdb.DuckDBPyConnection",
    reviews: Mapping[str, Review] | None = None,
    own_rules: Path | None = None,
    ledger: Ledger | None = None,
) -> None:
    """Creates `findings`, `rule_results`, `text_reuse` and `near_duplicates` in an open database.

    All other marts must be in place. A finding is a subject that breaks a rule; `rule_results`
    counts the subjects of every rule by outcome, 0 included, so that what passes on nothing shows.
    With a ledger, what is there of rules whose marts hold what they held stays.

    Args:
        con: the database.
        reviews: what people decided about findings, by finding_id.
        own_rules: a folder of the user's own rules.
        ledger: what the marts in the database are made of.

    Raises:
        ZwgkError: a rule of the user's does not work; file and line are named.
    """
    write_reuse(con, ledger)
    write_near_duplicates(con, ledger)
    every = catalogue(own_rules)
    own = {r.id for r in user_rules(own_rules)}
    ready = [checked(con, r, own_rules) if own_rules and r.id in own else r for r in every]
    if ledger and _FINDINGS in ledger.before:
        _forget(con, f"rule NOT IN ({', '.join(literal(rule.id) for rule in ready)})")
    else:
        _create(con, ready[0], ledger)
    ran = [rule for rule in ready if _run(con, rule, rule.id in own, ledger)]
    if any(rule.sql is None for rule in ran):
        write_repairs(con)
    write_reviews(con, reviews)
    if ledger:
        for mart in (_FINDINGS, "rule_results"):
            ledger.note(mart, [f"rule {rule.id}" for rule in ready], content_in(con, mart))


def catalogue(own_rules: Path | None = None) -> list[Rule]:
    """Every rule in the order of ids, the user's own after those of the package."""
    return [*rules().values(), *user_rules(own_rules)]


def summary(con: "duckdb.DuckDBPyConnection", own_rules: Path | None = None) -> "pl.DataFrame":
    """What each rule could assess: one row per rule, in the order of ids.

    Columns: rule, title, severity, holds, broken, not_assessable (subjects), basis.
    """
    import polars as pl

    rows = con.execute("SELECT rule, outcome, subjects FROM main.rule_results").fetchall()
    counted = {(rule, outcome): subjects for rule, outcome, subjects in rows}
    return pl.DataFrame(
        [
            {"rule": rule.id, "title": rule.title, "severity": rule.severity}
            | {outcome: counted[rule.id, outcome] for outcome in OUTCOMES}
            | {"basis": rule.basis}
            for rule in _in_results(catalogue(own_rules), counted)
        ]
    )


def _in_results(every: Sequence[Rule], counted: Mapping[tuple[str, str], int]) -> list[Rule]:
    ran = {rule for rule, _ in counted}
    return [rule for rule in every if rule.id in ran]


def _create(con: "duckdb.DuckDBPyConnection", first: Rule, ledger: Ledger | None) -> None:
    for mart, select in ((_FINDINGS, sql.findings(first)), ("rule_results", sql.results(first))):
        con.execute(f'CREATE OR REPLACE TABLE main."{mart}" AS {select} LIMIT 0')
    if ledger is None:
        return
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    con.execute(
        f"CREATE OR REPLACE TABLE {_COUNTS} "
        "(rule VARCHAR, agency VARCHAR, outcome VARCHAR, items BIGINT)"
    )


def _forget(con: "duckdb.DuckDBPyConnection", which: str, by_agency: str = "TRUE") -> None:
    """Takes out what some rules say, of some agencies."""
    con.execute(f"DELETE FROM main.findings WHERE {which} AND {by_agency}")  # noqa: S608
    con.execute(f"DELETE FROM {_COUNTS} WHERE {which} AND {by_agency}")  # noqa: S608
    con.execute(f"DELETE FROM main.rule_results WHERE {which}")  # noqa: S608


def _run(con: "duckdb.DuckDBPyConnection", rule: Rule, is_own: bool, ledger: Ledger | None) -> bool:
    """Puts what a rule says of every subject into both marts; whether it had to run.

    A user's SQL may read what is no mart: it runs every time.
    """
    name, text = f"rule {rule.id}", f"text of {rule.id}"
    used, differing = {text}, {name}
    if ledger:
        used |= reads(sql.subjects(rule)) if not is_own else set()
        ledger.contents[text] = key_of(repr(rule))
        differing = ledger.differing(name, used)
        if not differing and not is_own:
            ledger.keep(name)
            return False

    def make(units: Units | None) -> None:
        with cut(con, rule.by_agency, units):
            con.execute(f"CREATE OR REPLACE TEMP TABLE rule_subjects AS {sql.subjects(rule)}")
        if ledger:
            _forget(con, f"rule = {literal(rule.id)}", among("agency", units))
        con.execute(f"INSERT INTO main.findings {sql.findings(rule, 'rule_subjects')}")
        counted = _counted(con, rule) if ledger else "rule_subjects"
        con.execute(f"INSERT INTO main.rule_results {sql.results(rule, counted)}")

    def empty() -> None:
        _forget(con, f"rule = {literal(rule.id)}")

    in_parts(con, ledger, rule.by_agency, differing, make, empty)
    con.execute("DROP TABLE rule_subjects")
    if ledger:
        ledger.note(name, used)
    return True


def _counted(con: "duckdb.DuckDBPyConnection", rule: Rule) -> str:
    """A relation of a rule's subjects, counted by agency so that those of one can be anew."""
    of_rule = literal(rule.id)
    con.execute(
        f"INSERT INTO {_COUNTS} SELECT {of_rule}, agency, outcome, sum(items) "  # noqa: S608
        "FROM rule_subjects GROUP BY agency, outcome"
    )
    return f"(SELECT * FROM {_COUNTS} WHERE rule = {of_rule})"  # noqa: S608
