"""The manifest: which documents the store holds, as they were when they were read."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.store.files import replace_file
from zwgk_analytics.store.reading import detail_of
from zwgk_analytics.store.version import SCHEMA_VERSION, UPDATE

SCHEMA = pa.schema(
    {
        "source": pa.string(),
        "size": pa.int64(),
        "changed_ns": pa.int64(),
        "sha256": pa.string(),
        "sidecar_sha256": pa.string(),
        "reader_version": pa.string(),
        "kind": pa.string(),
        "segment": pa.string(),
        "reason": pa.string(),
        "detail": pa.string(),
        "container": pa.string(),
        "tables": pa.list_(pa.string()),
    }
)
_MARK = b"schema_version"


@dataclass(slots=True)
class Entry:
    """One document: its file as stat and hash saw it, and where its facts are.

    `reason` and `detail` are set when the document is not used; `segment` is None when there are
    no facts of it. `container` is the source of the bundle that holds it; `tables` are the fact
    tables that have rows of it.
    """

    source: str
    size: int | None = None
    changed_ns: int | None = None
    sha256: str | None = None
    sidecar_sha256: str | None = None
    reader_version: str | None = None
    kind: str | None = None
    segment: str | None = None
    reason: str | None = None
    detail: str | None = None
    container: str | None = None
    tables: list[str] | None = None

    def note(self, extraction: Extraction, segment: str, tables: list[str]) -> None:
        """Takes what the reader found: where its facts are, or why it is not used."""
        self.kind, self.reason = extraction.kind, extraction.reason
        self.detail, self.segment, self.tables = detail_of(extraction), segment, tables


def as_table(entries: Iterable[Entry]) -> pa.Table:
    """The entries as rows of `SCHEMA`."""
    listed = list(entries)
    columns = {name: [getattr(entry, name) for entry in listed] for name in SCHEMA.names}
    return pa.Table.from_pydict(columns, schema=SCHEMA)


def load(path: Path) -> dict[str, Entry]:
    """The entries by source; none where there is no manifest yet, or one of an older layout.

    Documents without an entry are read again from raw.

    Raises:
        ZwgkError: a newer version wrote it.
    """
    if not path.exists():
        return {}
    table = pq.read_table(path)
    found = int((table.schema.metadata or {}).get(_MARK, b"0"))
    if found > SCHEMA_VERSION:
        raise ZwgkError(
            f"{path.parent}: this store has schema {found}; this zwgk knows schemas up to "
            f"{SCHEMA_VERSION} and leaves it alone; {UPDATE}"
        )
    if found < SCHEMA_VERSION or table.schema.names != SCHEMA.names:
        return {}
    return {row["source"]: Entry(**row) for row in table.to_pylist()}


def save(path: Path, entries: Iterable[Entry]) -> None:
    """Replaces the manifest in one step."""
    marked = as_table(entries).replace_schema_metadata({_MARK: str(SCHEMA_VERSION)})
    replace_file(path, partial(pq.write_table, marked))
