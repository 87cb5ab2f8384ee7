"""Ledgers (台账) and lists that stand as tables in a document (DOCX, HTML, PDF …) → their rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.headings import header_of, recognise
from zwgk_analytics.facts.tables import Known, fill
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers import Cell, Document, Paragraph
from zwgk_analytics.readers.headed import IsHeader, Span, headed
from zwgk_analytics.readers.tabular import RawTable, raw_table, read_tables

_SHEETS: Final = {"xlsx", "xls"}  # read by their sheets


def read_ledgers(
    document: Document,
    into: Extraction,
    told: Mapping[str, Any],
    kinds: Collection[str] | None = None,
) -> Extraction:
    """Fills `into` with the rows of a document whose tables are headed like those of `kinds`.

    They are ledgers when None. `into` stays as it is where no table is one.
    """
    if document.media in _SHEETS:
        return into
    known = _known(_tables(document, header_of(told)), told, kinds or record_kinds())
    return fill(into, known, told) if known else into


def add_ledgers(
    document: Document, path: Path, into: Extraction, told: Mapping[str, Any]
) -> Extraction:
    """Adds to the scores of `into` the records of ledgers that stand beside them."""
    is_header = header_of(told)
    is_book = document.media in _SHEETS
    tables = read_tables(path, is_header) if is_book else _tables(document, is_header)
    known = _known(tables, told, record_kinds())
    if known:
        found = fill(Extraction(into.source, into.sha256, into.media), known, told)
        problems = [into.tables["problems"], found.tables.pop("problems")]
        into.tables |= found.tables | {"problems": pa.concat_tables(problems)}
    return into


def _known(
    tables: Iterable[RawTable], told: Mapping[str, Any], kinds: Collection[str]
) -> list[Known]:
    read = ((table, recognise(table, told)) for table in tables)
    return [(table, columns) for table, columns in read if columns.kind in kinds]


def _tables(document: Document, is_header: IsHeader) -> Iterator[RawTable]:
    """The tables with a header, each with the lines of text above it."""
    above: list[tuple[str, ...]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append((block.text,))
            continue
        lines = [[""] * block.n_columns for _ in range(block.n_rows)]
        for cell in block.cells:
            lines[cell.row][cell.column] = cell.text.strip()
        for found in headed(lines, map(_span, block.cells), is_header):
            table = raw_table(document.media, lines, found, grid=block.place)
            table.above = (*above, *found.above)
            yield table


def _span(cell: Cell) -> Span:
    bottom, right = cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1
    return Span(cell.row, cell.column, bottom, right)
