"""The store of a refresh on Spark: which documents were read, and their facts as Parquet.

Under `store/spark` of the marts: `manifest_<stamp>`, of which the newest whole one counts, and
`facts/<table>/segment=<stamp>`. Facts count when that manifest names their segment: what an
interrupted refresh leaves counts for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.spark.files import Files, address
from zwgk_analytics.spark.listing import Listed, listed
from zwgk_analytics.spark.reading import ENTRY, handed_over, readings
from zwgk_analytics.store import manifest
from zwgk_analytics.store.discovery import Skipped
from zwgk_analytics.store.files import local
from zwgk_analytics.store.manifest import Entry
from zwgk_analytics.store.store import BUNDLE, OUTSIDE, RELATIONS, Store
from zwgk_analytics.store.version import reader_version

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BATCH: Final = 50_000  # files a segment: what an interrupted refresh may lose
_WHILE_READING: Final = {
    # documents are large rows: few at a time
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
    "spark.sql.parquet.enableVectorizedReader": "false",
    # a file that vanishes or cannot be opened is told of, and ends nothing
    "spark.sql.files.ignoreMissingFiles": "true",
    "spark.sql.files.ignoreCorruptFiles": "true",
}
_KEPT_BACK: Final = (
    "Spark did not hand this file over: it cannot be opened, is larger than 2 GB, or has a name "
    "that begins with _, holds a colon or is no text; rename or split it"
)


class Warehouse:
    """The facts under one marts folder, read from one raw folder, both on any path of Spark's."""

    def __init__(self, spark: "SparkSession", raw: str | Path, marts: str | Path) -> None:
        self.spark, self.files = spark, Files(spark)
        self.raw, self.marts = address(raw), address(marts)
        self._folder = f"{self.marts}/store/spark"
        self.entries = self._load()
        self.documents = self.unchanged = self.removed = 0

    def read_changed(self) -> Iterator[tuple[int, int]]:
        """Reads what is new or changed; yields how many files of how many are done."""
        before = set(self.entries)
        to_read, stay = self._planned(listed(self.files, self.raw, self.marts))
        self.entries = stay
        yield 0, len(to_read)
        waiting = iter(to_read)
        done = 0
        while batch := list(islice(waiting, _BATCH)):
            self._read(batch)
            done += len(batch)
            yield done, len(to_read)
        self.removed = len(before - set(self.entries))
        self._save()

    def relations(self) -> "dict[str, DataFrame]":
        """Every fact table by the name that the models use, its live rows."""
        live = self.spark.createDataFrame(self.manifest_table()).select("source", "segment")
        return {
            RELATIONS.get(t, t): self._facts(t).join(live, ["source", "segment"]) for t in SCHEMAS
        }

    def manifest_table(self) -> pa.Table:
        """One row per document, used or not: `store.manifest.SCHEMA`."""
        return manifest.as_table(self.entries.values())

    @contextmanager
    def registers(self) -> Iterator[Path]:
        """The user's own lists on this machine."""
        here = local(self.raw)
        if here is not None:
            yield here / "registers"
            return
        with TemporaryDirectory() as folder:
            if self.files.exists(f"{self.raw}/registers"):
                self.files.fetch(f"{self.raw}/registers", Path(folder) / "registers")
            yield Path(folder) / "registers"

    @contextmanager
    def log(self) -> Iterator[Store]:
        """The store of this machine's engine, for its log of refreshes."""
        here = local(self.marts)
        if here is not None:
            yield Store(here / "store")
            return
        path = f"{self.marts}/store/refreshes.jsonl"
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "refreshes.jsonl"
            if self.files.exists(path):
                self.files.fetch(path, copy)
            yield Store(Path(folder))
            if copy.exists():
                self.files.send(copy, path)

    def _planned(self, found: Iterable[Listed | Skipped]) -> tuple[list[Listed], dict[str, Entry]]:
        """The files to read, and the entries that stay as they are or tell of what is not read."""
        inside = defaultdict(list)
        for entry in self.entries.values():
            if entry.container:
                inside[entry.container].append(entry)
        to_read: list[Listed] = []
        stay: dict[str, Entry] = {}
        for item in found:
            if isinstance(item, Skipped):
                stay[item.source] = Entry(item.source, reason=item.reason, detail=item.detail)
            elif (old := self.entries.get(item.source)) and _is_same(old, item):
                stay |= {e.source: e for e in (old, *inside[item.source])}
                self.unchanged += len(inside[item.source]) or 1
            else:
                to_read.append(item)
        return to_read, stay

    def _read(self, batch: list[Listed]) -> None:
        segment = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        aside = f"{self._folder}/reading_{segment}"
        files = [(f.address, f.source, f.sidecar) for f in batch if _is_text(f.address)]
        if not files:
            self._note(batch, [], segment)
            return
        frame = handed_over(self.spark, files)
        with self._set(_WHILE_READING):
            readings(frame).write.parquet(aside)
            found = self.spark.read.parquet(aside)
            told = found.where("fact IS NULL").select(*ENTRY.names).toArrow().to_pylist()
            tables = found.where("fact IS NOT NULL").select("fact").distinct().collect()
            for (table,) in tables:
                rows = found.where(found.fact == table).selectExpr(f"inline(`{table}`)")
                rows.write.parquet(f"{self._folder}/facts/{table}/segment={segment}")
        self.files.delete(aside)
        self._note(batch, told, segment)

    def _note(self, batch: list[Listed], told: list[dict[str, Any]], segment: str) -> None:
        files = {file.source: file for file in batch}
        came = {row["file"] for row in told}
        for row in told:
            entry = Entry(**{k: v for k, v in row.items() if k not in ("file", "fact")})
            if entry.source in files:
                entry.size = files[entry.source].size
                entry.changed_ns = files[entry.source].changed_ns
            entry.segment = segment if entry.kind != BUNDLE else None
            entry.reader_version = reader_version()
            self.documents += entry.kind != BUNDLE
            self.entries[entry.source] = entry
        for source, file in files.items():
            if source not in came:
                self.entries[source] = Entry(source, reason="unreadable", detail=_KEPT_BACK)
                self.entries[source].size = file.size
                self.documents += 1

    def _facts(self, table: str) -> "DataFrame":
        from pyspark.sql.pandas.types import from_arrow_schema

        path = f"{self._folder}/facts/{table}"
        schema = from_arrow_schema(SCHEMAS[table].append(pa.field("segment", pa.string())))
        if not self.files.exists(path):
            return self.spark.createDataFrame([], schema)
        return self.spark.read.schema(schema).parquet(path)

    def _load(self) -> dict[str, Entry]:
        """The entries of the newest manifest that was written to its end."""
        for name in reversed(self.files.names(self._folder)):
            if name.startswith("manifest_") and self.files.exists(
                f"{self._folder}/{name}/_SUCCESS"
            ):
                table = self.spark.read.parquet(f"{self._folder}/{name}").toArrow()
                return {row["source"]: Entry(**row) for row in table.to_pylist()}
        return {}

    def _save(self) -> None:
        """Writes the manifest, then drops older ones and the segments that it does not name."""
        name = f"manifest_{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        table = self.spark.createDataFrame(self.manifest_table())
        table.coalesce(1).write.parquet(f"{self._folder}/{name}")
        for old in self.files.names(self._folder):
            if old not in (name, "facts"):
                self.files.delete(f"{self._folder}/{old}")
        live = {f"segment={entry.segment}" for entry in self.entries.values()}
        for table_name in self.files.names(f"{self._folder}/facts"):
            folder = f"{self._folder}/facts/{table_name}"
            for segment in self.files.names(folder):
                if segment.startswith("segment=") and segment not in live:
                    self.files.delete(f"{folder}/{segment}")

    @contextmanager
    def _set(self, settings: Mapping[str, str]) -> Iterator[None]:
        before = {name: self.spark.conf.get(name) or "" for name in settings}
        for name, value in settings.items():
            self.spark.conf.set(name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                self.spark.conf.set(name, value)


def _is_text(name: str) -> bool:
    """Whether a name of this machine is one of Java's: any bytes are one here."""
    return name == name.encode("utf-8", "replace").decode("utf-8")


def _is_same(old: Entry, now: Listed) -> bool:
    stat = (old.size, old.changed_ns, old.reader_version)
    return stat == (now.size, now.changed_ns, reader_version()) and old.reason not in OUTSIDE
