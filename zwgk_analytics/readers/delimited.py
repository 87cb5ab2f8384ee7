"""Delimited text (CSV, TSV, …) → batches of string columns, streamed: memory stays bounded.

Arrow parses. What real files do to it is handled before (encoding, quotation marks that no writer
escaped) and after (rows with too many or too few fields are told, never shifted).
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.headed import HEAD_ROWS, IsHeader
from zwgk_analytics.readers.quotes import Escaped

CHUNK = _BLOCK = 3 << 20
_SAMPLE = 1 << 20  # bytes that settle encoding and header
_MOST_COLUMNS = 5_000
_MOST_FAULTS = 10_000  # that are told one by one
_DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the data that could not be used as it stands; `row` as a person counts it."""

    code: str
    message: str
    row: int | None = None


@dataclass(slots=True)
class RawTable:
    """A table as printed: `names` of its columns, and batches of `row` (int64) and strings.

    A batch has the column `row` (the row number as a person sees it) and one string column a name,
    called by its position ("0", "1", …) because printed names may repeat or be blank. An empty
    cell is null. `faults` is complete once `batches` is used up. `sheet` or `grid` tells one of
    several tables of a workbook or document. `merged` has, by row and column, what a cell that is
    merged over several rows says of those below its first; they are blank in `batches`. `groups`
    are the rows that one text fills from side to side, `above` the lines above the header.
    """

    media: str
    names: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    faults: list[Fault] = field(default_factory=list)
    sheet: str | None = None
    grid: str | None = None
    merged: dict[int, dict[int, str]] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def where(self) -> str | None:
        """Where in its file the table stands; None where it is all of the file."""
        return f"sheet {self.sheet}" if self.sheet else self.grid


def read_delimited(stream: BinaryIO, is_header: IsHeader) -> RawTable:
    """The table of a delimited text; encoding, delimiter and header row are found.

    Raises:
        ReadError: the text is empty, or one record is larger than a chunk.
    """
    faults: list[Fault] = []
    chunks = utf8_chunks(stream, faults)
    first = next(chunks, b"")
    if not first.strip(b"\0 \t\r\n"):
        raise ReadError("empty", "the file is empty; expected a table with a header row")
    head = _find_head(first, is_header)
    if len(head.names) > _MOST_COLUMNS:
        raise ReadError("too_large", f"{len(head.names):,} columns; at most {_MOST_COLUMNS:,}")
    media = "tsv" if head.delimiter == "\t" else "csv"
    table = RawTable(media, head.names, iter(()), faults, above=head.above)
    table.batches = _batches(chain([first[head.size :]], chunks), head, faults)
    return table


def printed_rows(stream: BinaryIO) -> list[list[str]]:
    """Every row of a small delimited text, titles and notes too: none where it is over a chunk."""
    chunks = list(islice(utf8_chunks(stream, []), 2))
    if len(chunks) != 1:
        return []
    text = chunks[0].decode().lstrip("\ufeff")
    delimiter = _find_head(chunks[0], lambda _: False).delimiter
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # an oversized field: the streaming parse tells of it
        return []


def utf8_chunks(stream: BinaryIO, faults: list[Fault]) -> Iterator[bytes]:
    """The stream as UTF-8 in whole lines, from UTF-8, GB18030 or (with its mark) UTF-16.

    The encoding is settled by the first chunk that is not plain ASCII; bytes that it cannot decode
    become U+FFFD and one fault that counts them.
    """
    encoding, damaged = None, 0
    for chunk in _whole_lines(stream):
        encoding = encoding or (None if chunk.isascii() else _encoding(chunk))
        if encoding is None or (encoding == "utf-8" and _is_utf8(chunk)):
            yield chunk
        else:
            text = chunk.decode(encoding, "replace")
            damaged += text.count("\ufffd")
            yield text.encode()
    if damaged:
        faults.append(
            Fault("encoding.damaged", f"{damaged} characters are not {encoding}; they read as �")
        )


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Chunks cut behind a newline (a comma where there is none): never inside a character."""
    data = stream.read(CHUNK)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data, stream = b"", _recoded(data, stream)
    rest = data.removeprefix(codecs.BOM_UTF8)
    while data := stream.read(CHUNK):
        rest += data
        cut = (rest.rfind(b"\n") + 1) or (rest.rfind(b",") + 1)
        if not cut and len(rest) > CHUNK:
            raise ReadError("too_large", f"no line or field ends in {len(rest) >> 20} MB; cut it")
        yield rest[:cut]
        rest = rest[cut:]
    yield rest if rest.endswith(b"\n") else rest + b"\n"


def _recoded(start: bytes, stream: BinaryIO) -> BinaryIO:
    """UTF-16 as UTF-8. Spreadsheets save "Unicode text" so: tables that fit in memory."""
    return io.BytesIO((start + stream.read()).decode("utf-16", "replace").encode())


def _encoding(chunk: bytes) -> str:
    """UTF-8 where at most one in twenty characters fails: GB18030 decodes nearly any UTF-8."""
    if _is_utf8(chunk):
        return "utf-8"
    texts = {e: chunk[:_SAMPLE].decode(e, "replace") for e in ("utf-8", "gb18030")}
    errors = {e: text.count("\ufffd") for e, text in texts.items()}
    printed = len(texts["utf-8"]) - len(texts["utf-8"].encode("ascii", "ignore"))
    is_utf8 = errors["utf-8"] * 21 <= printed
    return "utf-8" if is_utf8 else min(errors, key=lambda e: errors[e])


def _is_utf8(chunk: bytes) -> bool:
    offsets = pa.py_buffer(np.array([0, len(chunk)], dtype=np.int32))
    one = pa.Array.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(chunk)])
    try:
        one.cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Head:
    delimiter: str
    names: tuple[str, ...]
    row: int  # of the header, 1-based
    size: int  # bytes up to the first data row
    above: tuple[tuple[str, ...], ...] = ()


def _find_head(first: bytes, is_header: IsHeader) -> _Head:
    text = first[:_SAMPLE].decode("utf-8", "ignore")
    found = [_head(text, delimiter, is_header) for delimiter in _DELIMITERS]
    known = [h for h in found if is_header(h.names)]
    return max(known or found, key=lambda h: len(h.names))


def _head(text: str, delimiter: str, is_header: IsHeader) -> _Head:
    """The header row under one delimiter: the first that is known, else the first printed."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, delimiter=delimiter)
    rows = []
    try:
        for row in islice(reader, 5 * HEAD_ROWS):
            rows.append((row, reader.line_num))  # noqa: PERF401 - rows before an error still count
    except csv.Error:
        pass  # an oversized field below the header: the streaming parse tells of it
    printed = [i for i, (row, _) in enumerate(rows) if any(c.strip() for c in row)] or [0]
    known = (i for i in printed if i < min(HEAD_ROWS, len(rows)) and is_header(rows[i][0]))
    at = next(known, printed[0])
    names, line = rows[at] if rows else ([], 0)
    width = _width(names, [row for row, _ in rows[at + 1 :] if row])
    names = (names + [""] * width)[:width]
    size = len("".join(lines[:line]).encode())
    above = tuple(tuple(row) for row, _ in rows[:at])
    return _Head(delimiter, tuple(n.strip().lstrip("\ufeff") for n in names), at + 1, size, above)


def _width(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Fields a row: the header's, or more where rows end in a delimiter that it lacks."""
    usual = Counter(map(len, rows)).most_common(1)
    width = usual[0][0] if usual else 0
    surplus = (c for r in rows if len(r) == width for c in r[len(names) :])
    return width if width > len(names) and not any(surplus) else len(names)


def _batches(chunks: Iterator[bytes], head: _Head, faults: list[Fault]) -> Iterator[pa.RecordBatch]:
    import pyarrow.csv as pc

    skipped: list[int] = []

    def skip(row: pc.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text.strip(f" {head.delimiter}\r\n") and len(faults) < _MOST_FAULTS:
            faults.append(_ragged(head, row.number, row.actual_columns, row.text))
        return "skip"

    names = [str(i) for i in range(len(head.names))]
    options = {
        "read_options": pc.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
        "parse_options": pc.ParseOptions(
            delimiter=head.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        "convert_options": pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,  # decoded above
        ),
    }
    source = pa.PythonFile(Escaped(chunks, head.delimiter, len(head.names)), mode="r")
    read = 0
    try:
        for batch in pc.open_csv(source, **options):
            yield numbered(batch, head.row + _row_numbers(read, len(batch), skipped))
            read += len(batch)
        if len(faults) == _MOST_FAULTS:
            skips = (
                f"{len(skipped):,} rows have more or fewer fields than the header and are not used"
            )
            faults.append(Fault("row.ragged", f"{skips}; the first of them are told"))
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return
        message = f"after row {head.row + read + len(skipped)} no row ends: {error}"
        raise ReadError("damaged", f"{message}; look for a quotation mark without end") from error


def _ragged(head: _Head, number: int, found: int, text: str) -> Fault:
    start = " ".join(text[:60].split())
    wanted = f"the header has {len(head.names)} columns, this row has {found} fields"
    return Fault("row.ragged", f"{wanted}; it is not used: {start}", head.row + number)


def _row_numbers(read: int, size: int, skipped: list[int]) -> npt.NDArray[np.int64]:
    """Numbers (1-based, skipped rows counted) of accepted rows `read`..`read + size`."""
    accepted = np.arange(read + 1, read + size + 1, dtype=np.int64)
    before = np.asarray(skipped, dtype=np.int64) - np.arange(len(skipped))
    return accepted + np.searchsorted(before, accepted, side="right")


def numbered(batch: pa.RecordBatch, rows: npt.NDArray[np.int64]) -> pa.RecordBatch:
    """The batch with its `row` column in front, rows without any value dropped."""
    from pyarrow import compute

    full = reduce(compute.or_, [column.is_valid() for column in batch.columns])
    names = ["row", *batch.schema.names]
    # by its buffer: pa.array on an ndarray imports pandas
    count = pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)])
    whole = pa.RecordBatch.from_arrays([count, *batch.columns], names=names)
    return whole if compute.all(full).as_py() else whole.filter(full)
