"""The whole way: raw → facts → store → marts → quality → publish."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.gate import (
    Gate,
    RefreshSummary,
    complete,
    counts_of,
    faults_of,
    finish,
    row_of,
    summary_of,
    take_up,
)
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
from zwgk_analytics.store.discovery import RawFile, discover
from zwgk_analytics.store.files import sha256_of
from zwgk_analytics.store.isolation import Limits, Workers, processors
from zwgk_analytics.store.lock import locked
from zwgk_analytics.store.manifest import Entry
from zwgk_analytics.store.reading import Task
from zwgk_analytics.store.scarcity import told
from zwgk_analytics.store.store import BUNDLE, REFRESHES, Plan, Store, refreshed, task_for
from zwgk_analytics.store.version import build_version

if TYPE_CHECKING:
    import duckdb

LIMITS = Limits()
_SUITES = "suites"
# Documents a segment, and seconds after which none is added: what an interrupted refresh may lose.
_DOCUMENTS = 1000
_SECONDS = 600


def refresh(  # noqa: PLR0913, PLR0917 (one argument an option)
    raw: str | Path = "data/raw",
    marts: str | Path = "data/marts",
    workers: int | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    rules: Path | None = None,
    keep: int = KEPT,
    wait: float = 0.0,
    engine: str = "duckdb",
    duckdb: bool | None = None,
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
        engine: `duckdb`, or `spark` for what one machine does not hold; raw and marts may then lie
            on any path that Spark reads.
        duckdb: whether Spark makes a `zwgk.duckdb` too, beside the marts as Parquet; where marts is
            a folder of this machine when None.

    Raises:
        ZwgkError: nothing was published: no such folder, another refresh runs, no space or memory,
            a newer version made the marts, or they break an expectation of their own.
        BrokenRulesError: nothing was published: `strict`, and a rule is broken.
    """
    if engine == "spark":
        from zwgk_analytics import pipeline_spark  # needs PySpark

        gate = Gate(Path(), rules, strict, keep)
        return pipeline_spark.refresh(raw, marts, gate, progress or show(), wait, duckdb)
    started, raw, marts = datetime.now(UTC).replace(tzinfo=None), Path(raw), Path(marts)
    if not raw.is_dir():
        raise ZwgkError(f"{raw}: no such folder; put documents there, or name another with --raw")
    progress = progress or show()
    with locked(marts / "store" / "lock", wait), told(marts), cleared(marts):
        store = Store(marts / "store")
        take_up(current(marts), store)
        plan = _read_changed(store, raw, workers, progress)
        row = row_of(started, "duckdb", plan.documents, plan.unchanged, len(plan.removed))
        gate = Gate(raw / "registers", rules, strict, keep)
        key = _everything(store, gate, row)
        summary = _unchanged(gate, marts, row, key)
        summary = summary or _publish_marts(store, gate, marts, row, key, progress)
        progress("publish", 1, 1)
        store.log_refresh(row)
    return summary


def _read_changed(store: Store, raw: Path, workers: int | None, progress: Progress) -> Plan:
    progress("look", 0, 1)
    plan = store.plan(discover(raw))
    waiting, done, total = iter(plan.to_read), 0, plan.documents
    progress("read", 0, total)
    with Workers(workers or processors(), LIMITS) as readers:
        for first in waiting:
            entries: dict[str, Entry] = {}
            with store.segment() as segment:
                tasks = _tasks(chain([first], waiting), entries, segment.aside)
                for task, extraction in readers.each(tasks):
                    tables = segment.add(extraction)
                    entries[task.source].note(extraction, segment.name, tables)
                    done += 1
                    progress("read", done, total)
            store.record(entries)
    progress("store", 0, 1)
    store.save()
    store.compact()
    return plan


def _tasks(
    waiting: Iterable[tuple[RawFile, Entry]], entries: dict[str, Entry], aside: Path
) -> Iterator[Task]:
    """The tasks of one segment, as they are asked for; what was taken is in `entries`."""
    until = monotonic() + _SECONDS
    for file, entry in islice(waiting, _DOCUMENTS):
        entries[entry.source] = entry
        if entry.kind != BUNDLE:
            yield task_for(file, entry, aside)
        if monotonic() > until:
            return


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
        finish(con, row)
        counts = counts_of(con)
        ledger.made[EVERYTHING] = Made(key, {VERSION: build_version()})
        ledger.made[_SUITES] = Made(_files_key([suite_folder()]), {})
        ledger.save(con)
    unchanged = ledger.unchanged()
    faults = faults_of(validate(built, unchanged=unchanged if _SUITES in unchanged else ()))
    gate.let_through(marts, faults, counts["errors"])
    progress("publish", 0, 1)
    path = publish(built, row["refresh_id"], gate.keep)
    return summary_of(gate, row, counts, path)


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
        counts = counts_of(con)
        complete(con, row)
    gate.let_through(marts, (), counts["errors"])
    return summary_of(gate, row, counts, path)


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
