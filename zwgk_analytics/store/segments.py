"""Segments: folders of Parquet files with the facts of many documents each."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.store.files import flush
from zwgk_analytics.store.reading import aside_stem

_ROWS_IN_MEMORY = 100_000
_PREFIX = "segment="  # so that DuckDB, Polars and Spark all read the name as a column


class SegmentWriter:
    """One new segment: add extractions, then `close`; until then no reader sees it.

    Rows are gathered until there are many, then written as one row group, so memory is bounded
    and a reader does not meet one group a document.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.aside = folder / f".{name}.new"
        self._final = folder / f"{_PREFIX}{name}"
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, list[pa.Table]] = {table: [] for table in SCHEMAS}
        self._waiting: Counter[str] = Counter()  # how many rows these are
        self.aside.mkdir(parents=True)

    def add(self, extraction: Extraction) -> list[str]:
        """Takes the facts of one document; of one that is not used, only its problems.

        Returns the fact tables that have rows of it, those written aside by its reader included.
        """
        tables = dict(extraction.tables)
        if extraction.reason is None:
            tables["documents"] = extraction.document()
        for table, rows in tables.items():
            self._rows[table].append(rows)
            self._waiting[table] += rows.num_rows
            if self._waiting[table] >= _ROWS_IN_MEMORY:
                self._write(table)
        return sorted({*tables, *self._written_aside(extraction)})

    def _written_aside(self, extraction: Extraction) -> Iterator[str]:
        """The large tables that a reader has written; those of one that failed then are removed."""
        written = f".{aside_stem(extraction.source)}.parquet"
        for name in os.listdir(self.aside):  # noqa: PTH208 (a glob takes ten times as long)
            if name.startswith(".") or not name.endswith(written):
                continue
            table = name.partition(".")[0]
            if extraction.reason is None or table == "problems":
                yield table
            else:
                (self.aside / name).unlink()

    def close(self) -> None:
        """Puts the segment in its place, whole and on the disk."""
        for table in SCHEMAS:
            self._write(table)
        for writer in self._writers.values():
            writer.close()
        for half in self.aside.glob(".*"):  # of a reader that was ended
            half.unlink()
        for file in self.aside.iterdir():
            flush(file)
        self.aside.rename(self._final)
        flush(self._final.parent)

    def discard(self) -> None:
        """Removes what was written so far."""
        for writer in self._writers.values():
            with suppress(OSError):
                writer.close()
        shutil.rmtree(self.aside, ignore_errors=True)

    def _write(self, table: str) -> None:
        rows, self._rows[table], self._waiting[table] = self._rows[table], [], 0
        if not rows:
            return
        if table not in self._writers:
            path = self.aside / f"{table}.parquet"
            self._writers[table] = pq.ParquetWriter(path, SCHEMAS[table], compression="zstd")
        self._writers[table].write_table(pa.concat_tables(rows))


def paths_of(folder: Path, table: str) -> list[Path]:
    """The Parquet files that hold rows of one fact table, over all segments."""
    return sorted(folder.glob(f"{_PREFIX}*/{table}.*parquet"))


def names(folder: Path) -> set[str]:
    """The segments that are there."""
    return {p.name.removeprefix(_PREFIX) for p in folder.glob(f"{_PREFIX}*")}


def size_of(folder: Path, name: str) -> int:
    """Bytes that one segment takes."""
    return sum(f.stat().st_size for f in (folder / f"{_PREFIX}{name}").iterdir())


def remove(folder: Path, name: str) -> None:
    """Deletes one segment."""
    shutil.rmtree(folder / f"{_PREFIX}{name}")


def sweep(folder: Path) -> None:
    """Deletes what an interrupted refresh left half-written."""
    for left in folder.glob(".*.new"):
        # a reader that outlived its refresh may still write there; the next sweep is soon
        shutil.rmtree(left, ignore_errors=True)
