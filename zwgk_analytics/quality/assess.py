"""The marts `findings` and `rule_results`: every rule, run over the other marts."""

from typing import TYPE_CHECKING

from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import OUTCOMES, rules

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def assess(con: "duckdb.DuckDBPyConnection") -> None:
    """Creates `main.findings` and `main.rule_results` in an open, writable database of marts.

    All other marts must be in place. A finding is a subject that breaks a rule; `rule_results`
    counts the subjects of every rule by outcome, 0 included, so that what passes on nothing shows.
    """
    _create(con, "findings", [sql.findings(rule) for rule in rules().values()])
    _create(con, "rule_results", [sql.results(rule) for rule in rules().values()])


def summary(con: "duckdb.DuckDBPyConnection") -> "pl.DataFrame":
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
            for rule in rules().values()
        ]
    )


def _create(con: "duckdb.DuckDBPyConnection", mart: str, selects: list[str]) -> None:
    con.execute(f'CREATE OR REPLACE TABLE main."{mart}" AS {selects[0]} LIMIT 0')
    for select in selects:
        con.execute(f'INSERT INTO main."{mart}" {select}')
