"""The whole way: raw → facts → store → marts → quality → publish."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zwgk_analytics.agencies.register import load
from zwgk_analytics.errors import BrokenRulesError, ReadError, ZwgkError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.marts.api import Marts, open_marts
from zwgk_analytics.marts.begin import begin
from zwgk_analytics.marts.build import build, build_after_rules, describe_written
from zwgk_analytics.marts.changes import write_changes
from zwgk_analytics.marts.ledger import EVERYTHING, VERSION, Ledger, Made, begun, key_of, made_of
from zwgk_analytics.marts.partition import ITEMS
from zwgk_analytics.marts.provenance import connect, write_provenance
from zwgk_analytics.marts.publish import (
    KEPT,
    building,
    cleared,
    current,
    opened,
    publish,
    stamp_of,
)
from zwgk_analytics.marts.vocabulary import vocabulary
from zwgk_analytics.progress import Progress, show
from zwgk_analytics.store.discovery import discover
from zwgk_analytics.store.files import sha256_of
from zwgk_analytics.store.isolation import Limits, read_each
from zwgk_analytics.store.lock import locked
from zwgk_analytics.store.reading import Task
from zwgk_analytics.store.scarcity import told
from zwgk_analytics.store.store import BUNDLE, REFRESHES, Plan, Store, refreshed, task_for
from zwgk_analytics.store.version import build_version

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from zwgk_analytics.quality import SuiteResult

LIMITS = Limits()
_SUITES = "suites"
_BATCH = 1000  # documents a segment: what an interrupted refresh may lose


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What one refresh did: documents by what became of them, findings, and the published file.

    `errors` counts the findings of severity `error` that nobody has waived; `register_faults` are
    the rows of the user's register that were left out, a line each.
    """

    refresh_id: str
    documents_read: int
    documents_unchanged: int
    documents_quarantined: int
    documents_removed: int
    findings: int
    errors: int
    path: Path
    register_faults: tuple[str, ...] = ()


def refresh(
    raw: str | Path = "data/raw",
    marts: str | Path = "data/marts",
    workers: int | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    rules: Path | None = None,
    keep: int = KEPT,
    wait: float = 0.0,
) -> RefreshSummary:
    """Brings the marts up to what lies under `raw`; one summary.

    Only new or changed files are read, and only marts and rules that they concern are made anew.
    Where nothing at all has changed, the published marts stay. A file that cannot be used is
    quarantined with the reason and the rest goes on. Readers of the old marts are neither blocked
    nor disturbed.

    Args:
        raw: the folder of documents.
        marts: the folder of `zwgk.duckdb` and of the store.
        workers: documents read at a time; the number of processors when None.
        strict: publish nothing when a rule of severity `error` is broken and not waived.
        progress: called as `progress(step, done, total)`; a bar or lines when None.
        rules: a folder of rules of your own; `expectations/rules` when None.
        keep: how many published marts stay, the new ones included, for `rollback`.
        wait: seconds to wait for another refresh that runs.

    Raises:
        ZwgkError: nothing was published: no such folder, another refresh runs, no space or memory,
            a newer version made the marts, or they break an expectation of their own.
        BrokenRulesError: nothing was published: `strict`, and a rule is broken.
    """
    started, raw, marts = datetime.now(UTC).replace(tzinfo=None), Path(raw), Path(marts)
    if not raw.is_dir():
        raise ZwgkError(f"{raw}: no such folder; put documents there, or name another with --raw")
    progress = progress or show()
    with locked(marts / "store" / "lock", wait), told(marts), cleared(marts):
        store = Store(marts / "store")
        _take_up(current(marts), store)
        plan = _read_changed(store, raw, workers, progress)
        row = _row(started, plan)
        gate = Gate(raw / "registers", rules, strict, keep)
        key = _everything(store, gate, row)
        summary = _unchanged(gate, marts, row, key)
        summary = summary or _publish_marts(store, gate, marts, row, key, progress)
        progress("publish", 1, 1)
        store.log_refresh(row)
    return summary


def _take_up(before: Path | None, store: Store) -> None:
    """Refuses marts of a newer version; logs a refresh that ended right after it had published."""
    if before is None:
        return
    with connect(before) as con:
        found = con.sql("SELECT * FROM main.refreshes ORDER BY refresh_id").to_arrow_table()
    known = {row["refresh_id"] for row in store.refreshes()}
    for row in found.to_pylist():
        if row["refresh_id"] not in known:
            store.log_refresh({name: row.get(name) for name in REFRESHES.names})


def extract_each(
    files: Sequence[Path], agency: str | None = None, year: int | None = None
) -> Iterator[Extraction]:
    """The extraction of each document in the order given, each read in a process of its own.

    A ZIP bundle gives one for each document that it holds.
    """
    tasks = [
        Task(source, path, "", size, agency=agency, year=year, member=member)
        for path in files
        for source, size, member in _documents_of(path)
    ]
    early: dict[int, Extraction] = {}
    waiting = deque(id(task) for task in tasks)
    for task, extraction in read_each(tasks, _processors(), LIMITS):
        early[id(task)] = extraction
        while waiting and waiting[0] in early:
            yield early.pop(waiting.popleft())


def _documents_of(path: Path) -> list[tuple[str, int, str | None]]:
    """The documents in a file by source, size and name inside: itself, or those of a bundle."""
    from zwgk_analytics.facts.bundles import members  # loads every reader

    try:
        found = members(path)
    except (ReadError, OSError):
        found = None  # reading it as a document tells what is wrong with it
    if found is None:
        return [(path.name, _size(path), None)]
    return [(f"{path.name}/{m.name}", m.size, m.name) for m in found]


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What a check found: each rule with what it could assess, the findings by rule, faults."""

    rules: "pl.DataFrame"
    findings: "pl.DataFrame"
    faults: tuple[str, ...]


def check(marts: str | Path = "data/marts", rules: Path | None = None) -> CheckSummary:
    """The rules and suites run anew over the published marts, which stay as they are.

    `rules` is a folder of rules of your own, `expectations/rules` when None.
    """
    import duckdb

    from zwgk_analytics.quality import assess, own_rules, reviews_of, summary, validate

    own = own_rules(rules)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "zwgk.duckdb"
        with open_marts(marts) as opened:
            copyfile(opened.path, copy)
        with duckdb.connect(str(copy)) as con:
            assess(con, reviews_of(con), own)
            counted = summary(con, own)
        faults = _faults(validate(copy))
        with Marts(copy) as opened:
            query = "SELECT * FROM findings ORDER BY rule, agency, period, finding_id"
            return CheckSummary(counted, opened.sql(query), faults)


def _read_changed(store: Store, raw: Path, workers: int | None, progress: Progress) -> Plan:
    progress("look", 0, 1)
    plan = store.plan(discover(raw))
    waiting, done, total = iter(plan.to_read), 0, plan.documents
    progress("read", 0, total)
    while batch := list(islice(waiting, _BATCH)):
        with store.segment() as segment:
            entries = {entry.source: entry for _, entry in batch}
            tasks = [
                task_for(file, entry, segment.aside)
                for file, entry in batch
                if entry.kind != BUNDLE
            ]
            for task, extraction in read_each(tasks, workers or _processors(), LIMITS):
                tables = segment.add(extraction)
                entries[task.source].note(extraction, segment.name, tables)
                done += 1
                progress("read", done, total)
        store.record(entries)
    progress("store", 0, 1)
    store.save()
    store.compact()
    return plan


@dataclass(frozen=True, slots=True)
class Gate:
    """What marts must pass to be published: the user's decisions and rules, and how strictly.

    `keep` is how many stay once they have passed.
    """

    registers: Path
    rules: Path | None
    strict: bool
    keep: int

    def let_through(self, marts: Path, faults: Sequence[str], errors: int) -> None:
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


def _publish_marts(
    store: Store, gate: Gate, marts: Path, row: dict[str, Any], key: str, progress: Progress
) -> RefreshSummary:
    from zwgk_analytics.quality import assess, load_reviews, own_rules, validate
    from zwgk_analytics.quality.validate import suite_folder

    built, before = building(marts, row["refresh_id"]), current(marts)
    progress("marts", 0, 1)
    begin(built, before)
    with opened(built) as con:
        ledger = _ledger(con, store)
        build(con, _sources(store, row, gate.registers), ledger=ledger)
        progress("check", 0, 1)
        assess(con, load_reviews(gate.registers), own_rules(gate.rules), ledger)
        build_after_rules(con, ledger=ledger)
        write_changes(con, before, row["refresh_id"])
        follows = stamp_of(before) if before else None
        write_provenance(con, row, store.manifest_table(), gate.registers, follows)
        describe_written(con)
        _finish(con, row)
        counts = _counts(con)
        ledger.made[EVERYTHING] = Made(key, {VERSION: build_version()})
        ledger.made[_SUITES] = Made(_files_key([suite_folder()]), {})
        ledger.save(con)
    unchanged = ledger.unchanged()
    faults = _faults(validate(built, unchanged=unchanged if _SUITES in unchanged else ()))
    gate.let_through(marts, faults, counts["errors"])
    progress("publish", 0, 1)
    path = publish(built, row["refresh_id"], gate.keep)
    return _summary(gate, row, counts, path)


def _summary(gate: Gate, row: dict[str, Any], counts: dict[str, int], path: Path) -> RefreshSummary:
    documents = {k: v for k, v in row.items() if k.startswith("documents_")}
    faults = tuple(str(fault) for fault in load(gate.registers).faults)
    return RefreshSummary(
        row["refresh_id"], **documents, **counts, path=path, register_faults=faults
    )


def _unchanged(gate: Gate, marts: Path, row: dict[str, Any], key: str) -> RefreshSummary | None:
    """What a refresh did that found nothing new; None where the published marts are not of `key`.

    The mart `refreshes` gets its row with the next marts that are built.
    """
    path = current(marts)
    if path is None:
        return None
    with connect(path) as con:
        if made_of(con) != key:
            return None
        counts = _counts(con)
        row["documents_quarantined"] = _one(con, "SELECT count(*) FROM quarantine")
    row["finished_at"] = datetime.now(UTC).replace(tzinfo=None)
    gate.let_through(marts, (), counts["errors"])
    return _summary(gate, row, counts, path)


def _everything(store: Store, gate: Gate, row: dict[str, Any]) -> str:
    """A key of all that marts are made of: it differs when one of them may."""
    from zwgk_analytics.quality import own_rules
    from zwgk_analytics.quality.validate import suite_folder

    own = own_rules(gate.rules)
    files = _files_key([gate.registers, suite_folder(), *([own] if own else [])])
    today = row["started_at"].date().isoformat()
    return key_of(build_version(), today, row["engine"], store.key(), files)


def _files_key(folders: Sequence[Path]) -> str:
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    return key_of(*(f"{p}={sha256_of(p)}" for p in files))


def _ledger(con: "duckdb.DuckDBPyConnection", store: Store) -> Ledger:
    documents = store.documents()
    contents = {
        name: key_of(*(f"{source}={key}" for source, key in sorted(listed.items())))
        for name, listed in documents.items()
    }
    return begun(con, contents, {ITEMS: documents[ITEMS]})


def _sources(store: Store, row: dict[str, Any], registers: Path) -> dict[str, str | pa.Table]:
    log = pa.Table.from_pylist([*store.refreshes(), row], schema=REFRESHES)
    small = {"manifest": store.manifest_table(), "refresh_log": log}
    small |= {"refreshed": refreshed(row["started_at"])}
    return small | vocabulary(registers) | store.relations()


def _row(started: datetime, plan: Plan) -> dict[str, Any]:
    return {
        "refresh_id": f"{started:%Y%m%dT%H%M%S%f}",
        "started_at": started,
        "finished_at": None,
        "engine": "duckdb",
        "documents_read": plan.documents,
        "documents_unchanged": plan.unchanged,
        "documents_quarantined": None,
        "documents_removed": len(plan.removed),
    }


def _finish(con: "duckdb.DuckDBPyConnection", row: dict[str, Any]) -> None:
    row["documents_quarantined"] = _one(con, "SELECT count(*) FROM quarantine")
    row["finished_at"] = datetime.now(UTC).replace(tzinfo=None)
    con.execute(
        "UPDATE refreshes SET finished_at = $finished_at, "
        "documents_quarantined = $documents_quarantined WHERE refresh_id = $refresh_id",
        {k: row[k] for k in ("finished_at", "documents_quarantined", "refresh_id")},
    )


def _faults(results: "list[SuiteResult]") -> tuple[str, ...]:
    return tuple(f"{suite.mart}: {fault}" for suite in results for fault in suite.faults)


def _counts(con: "duckdb.DuckDBPyConnection") -> dict[str, int]:
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


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
