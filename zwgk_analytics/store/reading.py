"""One document read into facts of the schemas, small enough to hand over or written aside."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.store.scarcity import NO_SPACE

LARGE = 50_000  # rows; more are written aside by the worker instead of passing through memory


@dataclass(frozen=True, slots=True)
class Task:
    """A document to read.

    `aside` is the folder where a large table of facts may be written, None where every table is
    wanted in memory; `agency` and `year` are those of the caller, over what the document says.
    `member` is the document to read where the file is a bundle.
    """

    source: str
    path: Path
    sha256: str
    size: int
    aside: Path | None = None
    agency: str | None = None
    year: int | None = None
    member: str | None = None

    def failed(self, reason: str, detail: str) -> Extraction:
        """The extraction of a document that could not be read."""
        problem = {"source": self.source, "code": reason, "message": detail, "place": None}
        return Extraction(
            source=self.source,
            sha256=self.sha256,
            media=self.path.suffix.lower().lstrip("."),
            reason=reason,
            tables={"problems": pa.Table.from_pylist([problem], schema=SCHEMAS["problems"])},
        )


def read(task: Task) -> Extraction:
    """The facts of one document; a failure of our own comes back as the reason `failed`.

    Where the disk was full it is `no_space`; where the file was written to meanwhile, so that half
    of it may have been read, `changed`.
    """
    from zwgk_analytics.facts.bundles import extract_member  # loads every reader
    from zwgk_analytics.facts.extract import extract

    said: dict[str, Any] = {"source": task.source, "agency": task.agency, "year": task.year}
    try:
        before = _stamp(task.path)
        if task.member is None:
            found = extract(task.path, **said)
        else:
            found = extract_member(task.path, task.member, **said)
        is_other = "" not in (task.sha256, found.sha256) and task.sha256 != found.sha256
        if is_other or _stamp(task.path) != before:
            told = "the file was changed while it was read; the next refresh reads it again"
            return task.failed("changed", told)
        return settle(found, task)
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, it concerns this document only
        reason = "no_space" if getattr(error, "errno", None) in NO_SPACE else "failed"
        return task.failed(reason, f"{type(error).__name__}: {error}")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def settle(extraction: Extraction, task: Task) -> Extraction:
    """The extraction as the store takes it: typed tables, large ones written aside.

    A document that must not be used keeps its problems and loses its facts.
    """
    if extraction.kind == "unknown" and extraction.reason is None:
        extraction.reason = "unknown"
    kept = {}
    for name, table in extraction.tables.items():
        if table.num_rows == 0 or (extraction.reason and name != "problems"):
            continue
        typed = table.select(SCHEMAS[name].names).cast(SCHEMAS[name])
        if task.aside is not None and typed.num_rows > LARGE:
            aside = task.aside / f"{name}.{aside_stem(task.source)}.parquet"
            half = aside.with_name(f".{aside.name}")  # no reader of segments looks at it
            pq.write_table(typed, half)
            half.replace(aside)
        else:
            kept[name] = typed
    extraction.tables = kept
    return extraction


def aside_stem(source: str) -> str:
    """What the files written aside for one document have in their names: two may be the same."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def detail_of(extraction: Extraction) -> str | None:
    """In words, why a document is not used: the problem of the same code."""
    if extraction.reason is None:
        return None
    messages = {p["code"]: p["message"] for p in reversed(extraction.rows("problems"))}
    found: str | None = messages.get(extraction.reason)
    return found or "no report, log or table of figures was recognised in it"
