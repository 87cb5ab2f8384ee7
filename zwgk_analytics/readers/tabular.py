"""Tables of any format → `RawTable`s: CSV, TSV, XLSX, XLS, JSON, NDJSON, Parquet, each also .gz.

Knows no heading: the caller says by a predicate which row is a header.
"""

import gzip
import io
import json
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.delimited import (
    Fault,
    RawTable,
    numbered,
    printed_rows,
    read_delimited,
    utf8_chunks,
)
from zwgk_analytics.readers.document import Cell, Grid
from zwgk_analytics.readers.headed import Headed, IsHeader, Span, Texts, headed

__all__ = [
    "Fault",
    "IsHeader",
    "RawTable",
    "as_grid",
    "fill_merged",
    "numbered_rows",
    "raw_table",
    "read_tables",
    "sniff_table",
]

_BATCH = 65_536
_MOST_CELLS = 20_000_000  # a full sheet has 1,048,576 rows
_UNZIPPED = 64 << 20  # bytes that a .gz may become whatever its size; more, where it is larger
_MOST_REPEATED = 200  # times its size: text shrinks 5 to 50 times
_LARGEST_JSON = 256 << 20  # an object is read whole; a list of objects or NDJSON is streamed
_TEXT = {"csv", "tsv", "txt", "tab"}
_LINES = {"ndjson", "jsonl"}
_OBJECTS = "SELECT row_number() OVER () AS r, json FROM read_json_objects(getvariable('path'), "
_OBJECT_LIST = _OBJECTS + "format = 'array')"
_OBJECT_LINES = _OBJECTS + "format = 'newline_delimited', ignore_errors = true)"
_IS_OBJECT = "coalesce(json_type(json) = 'OBJECT', false)"


def sniff_table(name: str, head: bytes) -> str | None:
    """The tabular media of a file: xlsx, xls, parquet, json, ndjson or csv; None for others.

    `head` is its beginning, decompressed. Bytes decide before the name.
    """
    suffix = PurePath(name.lower().removesuffix(".gz")).suffix.lstrip(".")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return "xlsx" if b"xl/" in head or suffix in {"xlsx", "xlsm"} else None
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls" if suffix == "xls" else None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<" or head.startswith(b"%PDF"):
        return None
    if suffix in _LINES or (suffix == "json" and start in {b"[", b"{"}):
        return "json" if start == b"[" else _object_or_lines(suffix, head)
    return "csv" if suffix in _TEXT else None


def _object_or_lines(suffix: str, head: bytes) -> str:
    lines = [line.strip() for line in head.split(b"\n") if line.strip()]
    several = len(lines) > 1 and lines[0].endswith(b"}") and lines[1].startswith(b"{")
    return "ndjson" if suffix in _LINES or several else "json"


def read_tables(path: Path, is_header: IsHeader) -> list[RawTable]:
    """The tables of a file, one a sheet (one in all for other formats), streamed in batches.

    A header is the first of the leading rows for which `is_header` holds; a text table without
    one takes its first printed row, a sheet without one is left out (a fault of the first table).

    Raises:
        ReadError: the file is empty, damaged, or not a table that we read.
    """
    with _open(path) as stream:
        head = stream.read(1 << 16)
    if not head.strip(b"\0 \t\r\n"):
        raise ReadError("empty", "the file is empty; expected a table with a header row")
    media = sniff_table(path.name, head)
    if media is None:
        raise ReadError("unsupported", "not a table; expected CSV, TSV, XLSX, JSON or Parquet")
    if media == "csv":
        return [read_delimited(_open(path), is_header)]
    if media in {"xlsx", "xls"}:
        return _sheets(path, media, is_header)
    return [_parquet(path)] if media == "parquet" else [_json(path, media)]


def as_grid(path: Path) -> Grid | None:
    """A small delimited text as one grid of all that it prints; None for other files."""
    with _open(path) as stream:
        head = stream.read(1 << 16)
    if sniff_table(path.name, head) != "csv":
        return None
    with _open(path) as stream:
        rows = printed_rows(stream)
    cells = (Cell(text, y, x) for y, row in enumerate(rows) for x, text in enumerate(row))
    return Grid(tuple(cells), "table 1")


class _Gunzipped(gzip.GzipFile):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._most = max(_UNZIPPED, _MOST_REPEATED * path.stat().st_size)

    def read(self, size: int | None = -1) -> bytes:
        try:
            data = super().read(self._most + 1 if size is None or size < 0 else size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            message = f"the compressed file is incomplete ({error}); fetch it again"
            raise ReadError("truncated", message) from error
        if self.tell() > self._most:
            message = f"the file unzips to over {_MOST_REPEATED} times its size; unzip and check it"
            raise ReadError("too_large", message)
        return data


def _open(path: Path) -> BinaryIO:
    """The bytes of a file, decompressed where it starts like a gzip."""
    stream = path.open("rb")
    if stream.read(2) == b"\x1f\x8b":
        stream.close()
        return cast(BinaryIO, _Gunzipped(path))
    stream.seek(0)
    return stream


def _sheets(path: Path, media: str, is_header: IsHeader) -> list[RawTable]:
    from zwgk_analytics.readers.workbook import load

    with _open(path) as stream:
        sheets = load(stream.read(), _MOST_CELLS).sheets
    used = [s for s in sheets if s.rows and not s.is_hidden]
    tables, faults = [], []
    for sheet in used:
        spans = [Span(*first, *last) for first, last in sheet.merged]
        found = headed(sheet.rows, spans, is_header)
        tables += [
            raw_table(media, sheet.rows, t, sheet=sheet.name if used[1:] else None) for t in found
        ]
        if not found:
            message = f"the sheet {sheet.name} has no header row that we know: it is not used"
            faults.append(Fault("sheet.unused", message))
    for table in tables[:1]:
        table.faults += faults
    return tables


def raw_table(
    media: str,
    rows: Texts,
    found: Headed,
    sheet: str | None = None,
    grid: str | None = None,
) -> RawTable:
    """One of the tables that `headed` finds among rows, its rows counted from 1."""
    return RawTable(
        media,
        found.names,
        _row_batches(rows, found.start, found.stop, len(found.names)),
        sheet=sheet,
        grid=grid,
        merged={row + 1: said for row, said in found.merged.items()},
        groups={row + 1: text for row, text in found.groups.items()},
        above=found.above,
    )


def _row_batches(rows: Texts, start: int, stop: int, width: int) -> Iterator[pa.RecordBatch]:
    for first in range(start, stop, _BATCH):
        part = rows[first : min(first + _BATCH, stop)]
        columns = [
            [(row[i] or None) if i < len(row) else None for row in part] for i in range(width)
        ]
        yield numbered_rows(columns, np.arange(first + 1, first + len(part) + 1))


def fill_merged(table: RawTable) -> None:
    """Writes what cells merged over several rows say into each of these rows of the batches."""
    if table.merged:
        table.batches = iter([_filled(batch, table) for batch in table.batches])


def _filled(batch: pa.RecordBatch, table: RawTable) -> pa.RecordBatch:
    rows = batch.to_pylist()
    for row in rows:
        said = {str(column): text for column, text in table.merged.get(row["row"], {}).items()}
        row.update({name: text for name, text in said.items() if row.get(name) is None})
    return pa.RecordBatch.from_pylist(rows, schema=batch.schema)


def numbered_rows(
    columns: Iterable[Sequence[str | None]], rows: Sequence[int] | npt.NDArray[np.int64]
) -> pa.RecordBatch:
    """A batch of a `RawTable` from its columns and the number of each row."""
    arrays = [pa.array(column, type=pa.string()) for column in columns]
    names = [str(i) for i in range(len(arrays))]
    return numbered(pa.RecordBatch.from_arrays(arrays, names=names), np.asarray(rows, np.int64))


def _parquet(path: Path) -> RawTable:
    import pyarrow.parquet as pq

    try:
        with _open(path) as stream:
            zipped = isinstance(stream, gzip.GzipFile)
            file = pq.ParquetFile(io.BytesIO(stream.read()) if zipped else path)
    except pa.ArrowInvalid as error:
        raise ReadError("damaged", f"the Parquet file cannot be opened: {error}") from error

    def batches() -> Iterator[pa.RecordBatch]:
        first = 1
        for batch in file.iter_batches(_BATCH):
            columns = map(_as_text, batch.columns)
            yield numbered_rows(columns, np.arange(first, first + len(batch)))
            first += len(batch)

    return RawTable("parquet", tuple(file.schema_arrow.names), batches())


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_nested(column.type):
        values = (None if v is None else str(v) for v in column.to_pylist())
        return pa.array(values, type=pa.string())
    if pa.types.is_floating(column.type):  # 2021.0, as columns with gaps come, is 2021
        whole = column.cast(pa.int64(), safe=False)
        column = whole if whole.cast(column.type).equals(column) else column
    return column.cast(pa.string())


def _json(path: Path, media: str) -> RawTable:
    """Objects as rows, counted from 1; their keys as columns. DuckDB streams them."""
    import duckdb

    faults: list[Fault] = []
    folder = tempfile.TemporaryDirectory()
    plain = Path(folder.name, "objects.json")
    with _open(path) as stream, plain.open("wb") as copy:
        copy.writelines(utf8_chunks(stream, faults))
    lines = media == "ndjson" or _lift_list(plain)
    db = duckdb.connect()
    db.execute("SET VARIABLE path = ?", [str(plain)])
    try:
        rows = db.sql(_OBJECT_LINES if lines else _OBJECT_LIST)
        bad = rows.filter(f"NOT {_IS_OBJECT}").project("r").order("r").fetchall()
        rows = rows.filter(_IS_OBJECT)
        keys = rows.project("r, unnest(json_keys(json)) AS k").aggregate("k, min(r) AS r", "k")
        names = tuple(k for k, _ in keys.order("r, k").fetchall())
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise ReadError("damaged", f"the JSON cannot be read: {reason}") from error
    faults += [Fault("row.damaged", "not a JSON object; it is not used", r) for (r,) in bad]

    def batches() -> Iterator[pa.RecordBatch]:
        # of an object such as {"id": 7, "name": "通知公告"} the name counts
        values = (
            f"nullif(coalesce(json ->> '{path}.name', json ->> '{path}'), '')"
            for path in map(_json_path, names)
        )
        with folder:  # the copy goes when the last batch has been read
            for batch in rows.project(", ".join(["r", *values])).to_arrow_reader(_BATCH):
                yield numbered_rows(batch.columns[1:], batch.column(0).to_numpy())

    return RawTable(media, names, batches(), faults)


def _json_path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"').replace("'", "''") + '"'


def _lift_list(plain: Path) -> bool:
    """Puts the list of objects inside an object in its place, several that are alike as one.

    False: it was a list already.
    """
    with plain.open("rb") as file:
        if file.read(64).lstrip().startswith(b"["):
            return False
    if plain.stat().st_size > _LARGEST_JSON:
        raise ReadError("too_large", "a JSON object over 256 MB; give its list alone, or NDJSON")
    try:
        lists = list(_lists(json.loads(plain.read_bytes())))
    except (ValueError, RecursionError) as error:
        raise ReadError("damaged", f"the JSON cannot be read: {error}") from error
    if not lists or not _are_alike(lists):
        raise ReadError("unsupported", f"JSON with {len(lists)} lists of objects; expected one")
    with plain.open("w", encoding="utf-8") as file:
        entries = chain.from_iterable(lists)
        file.writelines(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    return True


def _are_alike(lists: Sequence[Sequence[dict[str, Any]]]) -> bool:
    """Whether lists are pages or groups of one: most keys of their objects are the same."""
    keys = [{*chain.from_iterable(one)} for one in lists]
    return 2 * len(set.intersection(*keys)) > len(set.union(*keys))


def _lists(value: object) -> Iterator[list[Any]]:
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _lists(inner)
