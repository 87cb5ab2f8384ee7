"""The marts that the rules write: every rule, run over the other marts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zwgk_analytics.quality import sql
from zwgk_analytics.quality.near_duplicates import write_near_duplicates
from zwgk_analytics.quality.repairs import write_repairs
from zwgk_analytics.quality.reuse import write_reuse
from zwgk_analytics.quality.review import Review, write_reviews
from zwgk_analytics.quality.rules import OUTCOMES, Rule, rules
from zwgk_analytics.quality.user_rules import checked, user_rules

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def assess(
    con: "duckdb.DuckDBPyConnection",
    reviews: Mapping[str, Review] | None = None,
    own_rules: Path | None = None,
) -> None:
    """Creates `findings`, `rule_results`, `text_reuse` and `near_duplicates` in an open database.

    All other marts must be in place. A finding is a subject that breaks a rule; `rule_results`
    counts the subjects of every rule by outcome, 0 included, so that what passes on nothing shows.

    Args:
        con: the database.
        reviews: what people decided about findings, by finding_id.
        own_rules: a folder of the user's own rules.

    Raises:
        ZwgkError: a rule of the user's does not work; file and line are named.
    """
    write_reuse(con)
    write_near_duplicates(con)
    every = catalogue(own_rules)
    own = {r.id for r in user_rules(own_rules)}
    ready = [checked(con, r, own_rules) if own_rules and r.id in own else r for r in every]
    _create(con, "findings", sql.findings(ready[0]))
    _create(con, "rule_results", sql.results(ready[0]))
    for rule in ready:
        _run(con, rule)
    write_repairs(con)
    write_reviews(con, reviews)


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


def _create(con: "duckdb.DuckDBPyConnection", mart: str, select: str) -> None:
    con.execute(f'CREATE OR REPLACE TABLE main."{mart}" AS {select} LIMIT 0')


def _run(con: "duckdb.DuckDBPyConnection", rule: Rule) -> None:
    """Adds what a rule says of every subject to both marts; its SQL runs once."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE rule_subjects AS {sql.subjects(rule)}")
    con.execute(f"INSERT INTO main.findings {sql.findings(rule, 'rule_subjects')}")
    con.execute(f"INSERT INTO main.rule_results {sql.results(rule, 'rule_subjects')}")
    con.execute("DROP TABLE rule_subjects")
