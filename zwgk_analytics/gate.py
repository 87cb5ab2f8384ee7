"""What a refresh must pass, and what it tells of itself, whichever engine runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwgk_analytics.agencies.register import load
from zwgk_analytics.errors import BrokenRulesError, ZwgkError
from zwgk_analytics.marts.provenance import connect
from zwgk_analytics.store.store import REFRESHES, Store

if TYPE_CHECKING:
    import duckdb

    from zwgk_analytics.quality import SuiteResult


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What one refresh did: documents by what became of them, findings, and the published file.

    `errors` counts the findings of severity `error` that nobody has waived; `register_faults` are
    the rows of the user's register that were left out, a line each. `path` is None where no
    database was asked for.
    """

    refresh_id: str
    documents_read: int
    documents_unchanged: int
    documents_quarantined: int
    documents_removed: int
    findings: int
    errors: int
    path: Path | None
    register_faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """What marts must pass to be published: the user's decisions and rules, and how strictly.

    `keep` is how many stay once they have passed.
    """

    registers: Path
    rules: Path | None
    strict: bool
    keep: int

    def let_through(self, marts: Path | str, faults: Sequence[str], errors: int) -> None:
        """Raises where the marts may not be published."""
        if faults:
            raise ZwgkError(
                f"{marts}: nothing was published, the old marts stay: the new ones break "
                f"expectations of their own: {'; '.join(faults)}"
            )
        if self.strict and errors:
            raise BrokenRulesError(
                f"{marts}: nothing was published, the old marts stay: {errors} findings of "
                "severity error; a refresh without --strict publishes and lists them"
            )


def take_up(before: Path | None, store: Store) -> None:
    """Refuses marts of a newer version; logs a refresh that ended right after it had published."""
    if before is None:
        return
    with connect(before) as con:
        found = con.sql("SELECT * FROM main.refreshes ORDER BY refresh_id").to_arrow_table()
    known = {row["refresh_id"] for row in store.refreshes()}
    for row in found.to_pylist():
        if row["refresh_id"] not in known:
            store.log_refresh({name: row.get(name) for name in REFRESHES.names})


def row_of(
    started: datetime, engine: str, documents: int, unchanged: int, removed: int
) -> dict[str, Any]:
    """The row of a refresh in the mart `refreshes`, before it has finished."""
    return {
        "refresh_id": f"{started:%Y%m%dT%H%M%S%f}",
        "started_at": started,
        "finished_at": None,
        "engine": engine,
        "documents_read": documents,
        "documents_unchanged": unchanged,
        "documents_quarantined": None,
        "documents_removed": removed,
    }


def complete(con: "duckdb.DuckDBPyConnection", row: dict[str, Any]) -> None:
    """Tells in the row of a refresh what is known at its end."""
    row["documents_quarantined"] = _one(con, "SELECT count(*) FROM quarantine")
    row["finished_at"] = datetime.now(UTC).replace(tzinfo=None)


def finish(con: "duckdb.DuckDBPyConnection", row: dict[str, Any]) -> None:
    """Completes the row of a refresh, there and in its mart."""
    complete(con, row)
    con.execute(
        "UPDATE refreshes SET finished_at = $finished_at, "
        "documents_quarantined = $documents_quarantined WHERE refresh_id = $refresh_id",
        {k: row[k] for k in ("finished_at", "documents_quarantined", "refresh_id")},
    )


def summary_of(
    gate: Gate, row: dict[str, Any], counts: dict[str, int], path: Path | None
) -> RefreshSummary:
    """What a refresh did, and where its database is."""
    documents = {k: v for k, v in row.items() if k.startswith("documents_")}
    faults = tuple(str(fault) for fault in load(gate.registers).faults)
    return RefreshSummary(
        row["refresh_id"], **documents, **counts, path=path, register_faults=faults
    )


def faults_of(results: "list[SuiteResult]") -> tuple[str, ...]:
    """What the suites find wrong with the marts themselves."""
    return tuple(f"{suite.mart}: {fault}" for suite in results for fault in suite.faults)


def counts_of(con: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    """The findings, and those of severity error that nobody has waived."""
    return {
        "findings": _one(con, "SELECT count(*) FROM findings"),
        "errors": _one(
            con,
            "SELECT count(*) FROM findings WHERE severity = 'error' AND review_state <> 'waived'",
        ),
    }


def _one(con: "duckdb.DuckDBPyConnection", query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
