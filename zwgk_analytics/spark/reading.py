"""Documents read by Spark: each partition calls what reads documents on one machine.

A document is read from a copy on the executor, in a worker with limits of time and memory, so that
one that hangs or crashes is told of and ends no task.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.spark.files import Files
from zwgk_analytics.store.isolation import Limits, read_each
from zwgk_analytics.store.manifest import Entry
from zwgk_analytics.store.reading import Task, aside_stem
from zwgk_analytics.store.store import BUNDLE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ROWS: Final = 5_000  # of one fact table that are handed over together
ENTRY: Final = pa.schema(
    {
        "source": pa.string(),
        "file": pa.string(),  # the source of the file that was handed over
        "size": pa.int64(),
        "sha256": pa.string(),
        "sidecar_sha256": pa.string(),
        "kind": pa.string(),
        "reason": pa.string(),
        "detail": pa.string(),
        "container": pa.string(),
        "fact": pa.string(),  # the table that the row holds rows of; null where it is an entry
    }
)
_HANDED: Final = ("path", "source", "content", "beside", "told")
_GLOB: Final = re.compile(r"[\\\[\]{}*?,]")  # a name with these in it is no pattern
Row = dict[str, Any]


@lru_cache(maxsize=1)
def schema() -> pa.Schema:
    """An entry of the manifest, or rows of one fact table: a list of structs by its name."""
    facts = [(name, pa.list_(pa.struct(list(of)))) for name, of in SCHEMAS.items()]
    return pa.schema([*ENTRY, *facts])


def handed_over(spark: "SparkSession", files: list[tuple[str, str, str | None]]) -> "DataFrame":
    """A frame of files with their content and that of their sidecars.

    Args:
        spark: the session.
        files: address, source, and the address of the sidecar of each.
    """
    from pyspark.sql.functions import broadcast

    wanted = spark.createDataFrame(files, "path STRING, source STRING, beside STRING")
    found = _binary(spark, [path for path, _, _ in files]).join(broadcast(wanted), "path")
    sidecars = sorted({beside for _, _, beside in files if beside})
    if not sidecars:
        return found.selectExpr(*_HANDED[:-1], "CAST(NULL AS BINARY) AS told")
    told = _binary(spark, sidecars).selectExpr("path AS beside", "content AS told")
    return found.join(broadcast(told), "beside", "left").select(*_HANDED)


def readings(frame: "DataFrame") -> "DataFrame":
    """What the documents of such a frame yield, as rows of `schema`."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return frame.mapInArrow(read_batches, from_arrow_schema(schema()))


def read_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What the documents of a partition yield; runs on the executors."""
    with TemporaryDirectory(prefix="zwgk-") as folder:
        aside = Path(folder) / "aside"
        aside.mkdir()
        entries: dict[str, Entry] = {}
        tasks: list[Task] = []
        for batch in batches:
            for row in batch.to_pylist():
                place = Path(mkdtemp(dir=folder))
                for entry, task in _documents(row, _put(row, place), aside):
                    entries[entry.source] = entry
                    tasks += [task] if task else []
        waiting = dict(entries)
        for task, extraction in read_each(tasks, 1, Limits()):
            entry = waiting.pop(task.source)
            entry.note(extraction, "", [])
            yield _batch(_told(entry, _file_of(task)))
            yield from _facts(extraction, aside)
        for entry in waiting.values():
            yield _batch(_told(entry, entry.source))


def _file_of(task: Task) -> str:
    """The source of the file that a task reads."""
    return task.source.removesuffix(f"/{task.member}") if task.member else task.source


def _binary(spark: "SparkSession", paths: list[str]) -> "DataFrame":
    from pyspark.errors import AnalysisException

    odd = [path for path in paths if _GLOB.search(path)]
    plain = [path for path in paths if path not in set(odd)]
    reader = spark.read.format("binaryFile")
    try:
        frames = [reader.load(plain)] if plain else []
        # of these alone: with others beside them Spark reads the others twice
        frames += [reader.option("__globPaths__", "false").load(odd)] if odd else []
    except AnalysisException as error:
        files = Files(spark)
        there = [path for path in paths if files.exists(path)]
        if len(there) in (0, len(paths)):
            raise error
        return _binary(spark, there)  # what has vanished meanwhile is not handed over
    return reduce(lambda one, other: one.union(other), frames).select("path", "content")


def _put(row: Row, folder: Path) -> Path:
    """The document as a file by its own name, its sidecar beside it."""
    path = folder / PurePosixPath(row["path"]).name
    path.write_bytes(row["content"])
    if row["told"] is not None:
        (folder / PurePosixPath(row["beside"]).name).write_bytes(row["told"])
    return path


def _documents(row: Row, path: Path, aside: Path) -> Iterator[tuple[Entry, Task | None]]:
    """The documents of a file as entries, with the task to read each: itself, or a bundle's."""
    from zwgk_analytics.facts.bundles import members  # loads every reader

    entry = Entry(row["source"], len(row["content"]), sha256=_sha256(row["content"]))
    entry.sidecar_sha256 = _sha256(row["told"]) if row["told"] is not None else None
    try:
        found = members(path)
    except (ReadError, OSError) as error:
        entry.reason = error.code if isinstance(error, ReadError) else "unreadable"
        entry.detail = str(error)
        yield entry, None
        return
    if found is None:
        yield entry, Task(entry.source, path, entry.sha256 or "", entry.size or 0, aside)
        return
    for member in found:
        inner = Entry(f"{entry.source}/{member.name}", member.size, sha256=member.sha256)
        inner.sidecar_sha256, inner.container = member.sidecar_sha256, entry.source
        task = Task(inner.source, path, member.sha256, member.size, aside, member=member.name)
        yield inner, task
    entry.kind = BUNDLE
    yield entry, None


def _told(entry: Entry, file: str) -> Row:
    names = [name for name in ENTRY.names if name not in ("file", "fact")]
    return {name: getattr(entry, name) for name in names} | {"file": file}


def _facts(extraction: Extraction, aside: Path) -> Iterator[pa.RecordBatch]:
    tables = dict(extraction.tables)
    if extraction.reason is None:
        tables["documents"] = extraction.document()
    for name, table in tables.items():
        for start in range(0, table.num_rows, _ROWS):
            yield _of_table(extraction.source, name, table.slice(start, _ROWS))
    for file in sorted(aside.glob(f"[!.]*.{aside_stem(extraction.source)}.parquet")):
        name = file.name.partition(".")[0]
        if extraction.reason is None or name == "problems":
            for batch in pq.ParquetFile(file).iter_batches(_ROWS):
                yield _of_table(extraction.source, name, pa.Table.from_batches([batch]))
        file.unlink()


def _of_table(source: str, name: str, rows: pa.Table) -> pa.RecordBatch:
    structs = rows.select(SCHEMAS[name].names).cast(SCHEMAS[name]).combine_chunks()
    values = pa.StructArray.from_arrays(
        [structs[n].chunk(0) for n in SCHEMAS[name].names], fields=list(SCHEMAS[name])
    )
    told = {"source": source, "fact": name}
    return _batch(
        told, {name: pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)}
    )


def _batch(row: Row, lists: dict[str, pa.Array] | None = None) -> pa.RecordBatch:
    """One row of `schema`."""
    lists = lists or {}
    columns = [
        lists[field.name] if field.name in lists else pa.array([row.get(field.name)], field.type)
        for field in schema()
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
