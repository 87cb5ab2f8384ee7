"""Ledgers (台账) that stand as tables in a document (DOCX, HTML, PDF …) → their records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.headings import header_of, recognise
from zwgk_analytics.facts.tables import Known, fill
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers import Document, Grid
from zwgk_analytics.readers.tabular import HEAD_ROWS, IsHeader, RawTable, numbered_rows

_SHEETS: Final = {"xlsx", "xls"}  # read by their sheets


def read_ledgers(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """Fills `into` with the records of a document whose tables are headed like a ledger.

    `into` stays as it is where no table is one. A heading that is printed again is no
    record.
    """
    if document.media in _SHEETS:
        return into
    is_header = header_of(told)
    tables = [t for grid in document.grids if (t := _table(grid, document.media, is_header))]
    read: list[Known] = [(table, recognise(table.names, told)) for table in tables]
    known = [(t, c) for t, c in read if c.kind in record_kinds()]
    return fill(into, known, told) if known else into


def _table(grid: Grid, media: str, is_header: IsHeader) -> RawTable | None:
    lines = [[""] * grid.n_columns for _ in range(grid.n_rows)]
    for cell in grid.cells:
        lines[cell.row][cell.column] = cell.text.strip()
    at = next((i for i, line in enumerate(lines[:HEAD_ROWS]) if is_header(line)), None)
    if at is None:
        return None
    merged = _merged(grid, at)
    return RawTable(media, tuple(lines[at]), _batches(lines, at), grid=grid.place, merged=merged)


def _merged(grid: Grid, at: int) -> dict[int, dict[int, str]]:
    said: dict[int, dict[int, str]] = {}
    for cell in grid.cells:
        if cell.row > at and cell.text.strip():
            for row in range(cell.row + 1, cell.row + cell.rowspan):
                said.setdefault(row + 1, {})[cell.column] = cell.text.strip()
    return said


def _batches(lines: Sequence[Sequence[str]], at: int) -> Iterator[pa.RecordBatch]:
    rows = [i for i in range(at + 1, len(lines)) if lines[i] != lines[at]]
    if rows:
        columns = [[lines[i][c] or None for i in rows] for c in range(len(lines[at]))]
        yield numbered_rows(columns, [i + 1 for i in rows])
