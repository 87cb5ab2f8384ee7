"""The store: the facts of every document that was read, and which file each came from."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.record_schema import record_schemas
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.store import manifest, segments
from zwgk_analytics.store.discovery import RawFile, Skipped
from zwgk_analytics.store.files import replace_text, sha256_of
from zwgk_analytics.store.manifest import Entry
from zwgk_analytics.store.reading import Task
from zwgk_analytics.store.segments import SegmentWriter
from zwgk_analytics.store.version import reader_version

# Reasons that lie outside of the document: read again by the next refresh.
OUTSIDE = {"no_space", "killed"}
# Reasons that may be gone at the next try: read again once the file was touched.
_PASSING = {"timeout", "crashed", "out_of_memory", "failed", "changed", *OUTSIDE}
BUNDLE = "bundle"
_SMALL = 64 * 1024 * 1024  # bytes; larger segments are not rewritten
_MANY = 8
RELATIONS = {  # the plain names are marts
    "claims": "claims_read",
    "sections": "sections_read",
    "prose_figures": "prose_figures_read",
    **{kind: f"{kind}_read" for kind in record_schemas()},
}

REFRESHES = pa.schema(
    {
        "refresh_id": pa.string(),
        "started_at": pa.timestamp("us"),
        "finished_at": pa.timestamp("us"),
        "engine": pa.string(),
        "documents_read": pa.int64(),
        "documents_unchanged": pa.int64(),
        "documents_quarantined": pa.int64(),
        "documents_removed": pa.int64(),
    }
)


@dataclass(slots=True)
class Plan:
    """What a refresh has to do: files to read, how many stay, which sources are gone."""

    to_read: list[tuple[RawFile, Entry]] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """How many documents are to be read; a bundle is none, what it holds is."""
        return sum(entry.kind != BUNDLE for _, entry in self.to_read)


class Store:
    """The facts under one marts folder. Only the holder of its lock may write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._segments = folder / "segments"
        self._manifest = folder / "manifest.parquet"
        self._log = folder / "refreshes.jsonl"
        self.entries = manifest.load(self._manifest)

    def plan(self, found: Iterable[RawFile | Skipped]) -> Plan:
        """Compares what is under raw with what the store holds; hashes only what looks changed.

        Entries of files that are gone, or that are not read, are settled here.
        """
        plan, seen = Plan(), set()
        inside = self._inside()
        for item in found:
            seen.add(item.source)
            if isinstance(item, Skipped):
                self.entries[item.source] = Entry(
                    item.source, reason=item.reason, detail=item.detail
                )
                continue
            new = self._new_entry(item)
            if new is None:
                within = inside[item.source]
                seen.update(within)
                plan.unchanged += len(within) or 1
            elif new.reason is None:
                seen.update(self._plan_reading(plan, item, new))
        plan.removed = [source for source in self.entries if source not in seen]
        for source in plan.removed:
            del self.entries[source]
        return plan

    def _inside(self) -> defaultdict[str, list[str]]:
        """The sources of the documents in each bundle."""
        inside = defaultdict(list)
        for entry in self.entries.values():
            if entry.container:
                inside[entry.container].append(entry.source)
        return inside

    def _plan_reading(self, plan: Plan, file: RawFile, new: Entry) -> Iterator[str]:
        """Plans a changed file, or each changed document of a bundle; the sources of the latter."""
        from zwgk_analytics.facts.bundles import members  # loads every reader

        try:
            found = members(file.path)
        except (ReadError, OSError) as error:
            new.reason = error.code if isinstance(error, ReadError) else "unreadable"
            new.detail = str(error)
            self.entries[file.source] = new
            return
        for member in found or ():
            source = f"{file.source}/{member.name}"
            inner = Entry(source, member.size, container=file.source, sha256=member.sha256)
            inner.sidecar_sha256, inner.reader_version = member.sidecar_sha256, reader_version()
            old = self.entries.get(source)
            if old and _content(old) == _content(inner) and old.reason not in _PASSING:
                plan.unchanged += 1
            else:
                within = replace(file, source=source, size=member.size, member=member.name)
                plan.to_read.append((within, inner))
            yield source
        if found is not None:
            new.kind = BUNDLE
        # a bundle comes after its documents: once it is recorded, so are they
        plan.to_read.append((file, new))

    def _new_entry(self, file: RawFile) -> Entry | None:
        old = self.entries.get(file.source)
        new = Entry(file.source, file.size, file.changed_ns, reader_version=reader_version())
        if old and _stat(old) == _stat(new) and old.reason not in OUTSIDE:
            return None
        try:
            new.sha256 = sha256_of(file.path)
            new.sidecar_sha256 = sha256_of(file.sidecar) if file.sidecar else None
        except OSError as error:
            new.reason, new.detail = "unreadable", f"the file cannot be opened: {error.strerror}"
            self.entries[file.source] = new
            return new
        if old and _content(old) == _content(new) and old.reason not in _PASSING:
            old.size, old.changed_ns = new.size, new.changed_ns
            return None
        return new

    @contextmanager
    def segment(self) -> Iterator[SegmentWriter]:
        """A new segment to write; on an error or Ctrl-C nothing of it stays."""
        writer = SegmentWriter(self._segments, f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.discard()
            raise

    def record(self, entries: dict[str, Entry]) -> None:
        """Takes the entries of documents whose facts are in a finished segment."""
        self.entries |= entries
        self.save()

    def save(self) -> None:
        """Makes the manifest on the disk say what this store knows, then drops dead segments."""
        self.folder.mkdir(parents=True, exist_ok=True)
        manifest.save(self._manifest, self.entries.values())
        segments.sweep(self._segments)
        live = {entry.segment for entry in self.entries.values()}
        for name in segments.names(self._segments) - live:
            segments.remove(self._segments, name)

    def compact(self) -> None:
        """Merges small segments into one when there are many; dead rows go on the way."""
        small = {
            name
            for name in segments.names(self._segments)
            if segments.size_of(self._segments, name) < _SMALL
        }
        if len(small) < _MANY:
            return
        with self.segment() as writer:
            for table in SCHEMAS:
                self._copy_live(table, small, writer.aside)
        for entry in self.entries.values():
            if entry.segment in small:
                entry.segment = writer.name
        self.save()

    def _copy_live(self, table: str, small: set[str], into: Path) -> None:
        import duckdb  # slow to import

        with duckdb.connect() as con:
            con.register("manifest", self.manifest_table())
            con.register("small", pa.table({"segment": sorted(small)}))
            target = into / f"{table}.parquet"
            con.execute(
                f"COPY (SELECT * FROM ({self.relation(table)}) WHERE source IN ("  # noqa: S608
                "SELECT source FROM manifest JOIN small USING (segment))) "
                f"TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)"
            )

    def manifest_table(self) -> pa.Table:
        """One row per document, used or not: `store.manifest.SCHEMA`."""
        return manifest.as_table(self.entries.values())

    def relation(self, table: str) -> str:
        """A SELECT of the live rows of one fact table; it reads a relation `manifest`."""
        columns = ", ".join(f'facts."{name}"' for name in SCHEMAS[table].names)
        paths = segments.paths_of(self._segments, table)
        if not paths:
            return _no_rows(SCHEMAS[table])
        listed = ", ".join(f"'{_quoted(path)}'" for path in paths)
        return (
            f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = true, "  # noqa: S608
            "hive_types = {'segment': VARCHAR}) AS facts "
            "JOIN manifest ON manifest.source = facts.source AND manifest.segment = facts.segment"
        )

    def documents(self) -> dict[str, dict[str, str]]:
        """The documents that each fact table has rows of, by the name that the models use.

        The value of a document differs when its facts may.
        """
        found: dict[str, dict[str, str]] = {RELATIONS.get(t, t): {} for t in SCHEMAS}
        for entry in self.entries.values():
            key = "/".join(str(part) for part in (*_content(entry), entry.reason))
            for table in entry.tables or ():
                found[RELATIONS.get(table, table)][entry.source] = key
        return found

    def key(self) -> str:
        """A key of every document, used or not: it differs when one of them does."""
        lines = [
            "|".join(str(part) for part in (e.source, *_content(e), e.reason, e.detail))
            for e in self.entries.values()
        ]
        return hashlib.sha256("\0".join(sorted(lines)).encode()).hexdigest()

    def relations(self) -> dict[str, str]:
        """Every fact table by the name that the models use (see `RELATIONS`)."""
        return {RELATIONS.get(table, table): self.relation(table) for table in SCHEMAS}

    def refreshes(self) -> list[dict[str, Any]]:
        """The refreshes so far, oldest first: rows of `REFRESHES`."""
        if not self._log.exists():
            return []
        rows = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        for row in rows:
            row |= {k: datetime.fromisoformat(row[k]) for k in ("started_at", "finished_at")}
        return rows

    def log_refresh(self, row: dict[str, Any]) -> None:
        """Adds one finished refresh."""
        lines = [json.dumps(r, default=datetime.isoformat) for r in [*self.refreshes(), row]]
        text = "".join(f"{line}\n" for line in lines)
        replace_text(self._log, text)


def refreshed(started: datetime) -> pa.Table:
    """The one row of `refreshed`: the day of the refresh that builds the marts."""
    return pa.table({"refreshed_on": pa.array([started.date()], pa.date32())})


def task_for(file: RawFile, entry: Entry, aside: Path) -> Task:
    """The task to read one file of a plan."""
    sha256 = entry.sha256 or ""
    return Task(file.source, file.path, sha256, file.size, aside, member=file.member)


def _stat(entry: Entry) -> tuple[int | None, int | None, str | None]:
    return entry.size, entry.changed_ns, entry.reader_version


def _content(entry: Entry) -> tuple[str | None, str | None, str | None]:
    return entry.sha256, entry.sidecar_sha256, entry.reader_version


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")


def _no_rows(schema: pa.Schema) -> str:
    types = {
        pa.int32(): "INTEGER",
        pa.int64(): "BIGINT",
        pa.bool_(): "BOOLEAN",
        pa.date32(): "DATE",
        pa.decimal128(20, 6): "DECIMAL(20, 6)",
    }
    columns = (
        f'CAST(NULL AS {types.get(field.type, "VARCHAR")}) AS "{field.name}"' for field in schema
    )
    return f"SELECT {', '.join(columns)} LIMIT 0"
