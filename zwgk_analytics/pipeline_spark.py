"""The whole way on Spark: the same readers, marts, rules and gate, past what one machine holds."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.gate import (
    Gate,
    RefreshSummary,
    counts_of,
    faults_of,
    finish,
    row_of,
    summary_of,
    take_up,
)
from zwgk_analytics.marts.build import build, build_after_rules, describe_written
from zwgk_analytics.marts.changes import write_changes
from zwgk_analytics.marts.provenance import write_provenance
from zwgk_analytics.marts.publish import building, cleared, current, opened, publish, stamp_of
from zwgk_analytics.marts.vocabulary import vocabulary
from zwgk_analytics.progress import Progress
from zwgk_analytics.spark.database import Database
from zwgk_analytics.spark.parquet import Published, copy_marts, write_mart
from zwgk_analytics.spark.session import session
from zwgk_analytics.spark.warehouse import Warehouse
from zwgk_analytics.store.files import local
from zwgk_analytics.store.lock import locked
from zwgk_analytics.store.scarcity import told
from zwgk_analytics.store.store import REFRESHES, Store, refreshed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def refresh(
    raw: str | Path,
    marts: str | Path,
    gate: Gate,
    progress: Progress,
    wait: float,
    duckdb: bool | None,
) -> RefreshSummary:
    """Brings the marts up to what lies under `raw`, as `pipeline.refresh` does, on Spark.

    Raises:
        UsageError: a `zwgk.duckdb` is asked for where no DuckDB can write.
    """
    here = local(marts)
    if duckdb and here is None:
        raise UsageError(f"{marts}: zwgk.duckdb is made on this machine only; leave --duckdb out")
    into = here if duckdb is not False else None
    with _told(marts), ExitStack() as stack:
        if here is not None:
            stack.enter_context(locked(here / "store" / "lock", wait))
            stack.enter_context(told(here))
            stack.enter_context(cleared(here))
        warehouse = Warehouse(session(), raw, marts)
        if not warehouse.files.exists(warehouse.raw):
            raise ZwgkError(
                f"{raw}: no such folder; put documents there, or name another with --raw"
            )
        registers = stack.enter_context(warehouse.registers())
        log = stack.enter_context(warehouse.log())
        before = current(here) if here is not None else None
        take_up(before, log)
        return _refresh(warehouse, replace(gate, registers=registers), log, into, progress)


@contextmanager
def _told(marts: str | Path) -> Iterator[None]:
    """Raises what Spark says as one line."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j", "duckdb"):
            raise
        line = " ".join(str(error).splitlines()[:2])
        raise ZwgkError(f"{marts}: the marts were not built, the old ones stay: {line}") from error


def _refresh(
    warehouse: Warehouse, gate: Gate, log: Store, into: Path | None, progress: Progress
) -> RefreshSummary:
    started = datetime.now(UTC).replace(tzinfo=None)
    progress("look", 0, 1)
    for done, total in warehouse.read_changed():
        progress("read", done, total)
    row = row_of(started, "spark", warehouse.documents, warehouse.unchanged, warehouse.removed)
    parquet = Published(warehouse.files, warehouse.marts)
    before, path = (current(into) if into else None), None
    counts = _build(parquet, warehouse, gate, row, log.refreshes(), before, progress)
    if into is None:
        gate.let_through(warehouse.marts, (), counts["errors"])
    else:
        path = _publish_duckdb(into, before, gate, row, counts, progress)
    parquet.publish()
    log.log_refresh(row)
    progress("publish", 1, 1)
    return summary_of(gate, row, counts, path)


def _build(
    parquet: Published,
    warehouse: Warehouse,
    gate: Gate,
    row: dict[str, Any],
    log: list[dict[str, Any]],
    before: Path | None,
    progress: Progress,
) -> dict[str, int]:
    from zwgk_analytics.quality import assess, load_reviews, own_rules

    database = Database(warehouse.spark, parquet.building)
    db = cast("DuckDBPyConnection", database)  # it stands behind what is used of one
    progress("marts", 0, 1)
    tables = {"manifest": warehouse.manifest_table(), "refreshed": refreshed(row["started_at"])}
    tables["refresh_log"] = pa.Table.from_pylist([*log, row], schema=REFRESHES)
    sources: dict[str, Any] = tables | vocabulary(gate.registers) | warehouse.relations()
    build(db, sources)
    progress("check", 0, 1)
    assess(db, load_reviews(gate.registers), own_rules(gate.rules))
    build_after_rules(db)
    follows = stamp_of(before) if before else None
    write_provenance(db, row, warehouse.manifest_table(), gate.registers, follows)
    finish(db, row)
    counts = counts_of(db)
    database.close()
    return counts


def _publish_duckdb(
    into: Path,
    before: Path | None,
    gate: Gate,
    row: dict[str, Any],
    counts: dict[str, int],
    progress: Progress,
) -> Path:
    """Makes a database of the marts and publishes it as the other engine does."""
    from zwgk_analytics.quality import validate

    built, folder = building(into, row["refresh_id"]), into / "parquet.building"
    with opened(built) as con:
        copy_marts(con, folder)
        write_changes(con, before, row["refresh_id"])
        write_mart(con, "changes", folder)
        describe_written(con)
    gate.let_through(into, faults_of(validate(built)), counts["errors"])
    progress("publish", 0, 1)
    return publish(built, row["refresh_id"], gate.keep)
