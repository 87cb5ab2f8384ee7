"""A tabular file → its facts: log, scores, figures, ledger, names of channels, by its headings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from zwgk_analytics.facts.channels import channels, told_channels
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.figures import figures
from zwgk_analytics.facts.headings import Columns, header_of, recognise
from zwgk_analytics.facts.logs import items
from zwgk_analytics.facts.records import records
from zwgk_analytics.facts.schema import PROBLEMS
from zwgk_analytics.facts.scores import scores
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers.tabular import RawTable, fill_merged, read_tables, sniff_table

Known = tuple[RawTable, Columns]
Reader = Callable[[RawTable, Columns, str, Mapping[str, Any]], tuple[pa.Table, pa.Table]]

_READERS: Final[dict[str, tuple[str, Reader]]] = {
    "publication_log": ("items", items),
    "assessment": ("scores", scores),
    "annual_figures": ("figures", figures),
    "channels": ("channels", channels),
    **{kind: (kind, records) for kind in record_kinds()},
}
_UNKNOWN: Final = "table.unknown"


def looks_tabular(name: str, head: bytes) -> bool:
    """Whether a file is a table by its name and first bytes: CSV, TSV, JSON, NDJSON, Parquet.

    A workbook may as well be a report and a .txt may be prose: both are False, and can be given
    to `extract_table` once they are known to be no report.
    """
    lower = name.lower()
    if lower.endswith(".gz") or head.startswith(b"\x1f\x8b"):
        return sniff_table(lower.removesuffix(".gz"), b"{") is not None
    return sniff_table(lower, head) not in {None, "xlsx", "xls"} and not lower.endswith(".txt")


def extract_table(path: Path, source: str, sha256: str, sidecar: Mapping[str, Any]) -> Extraction:
    """The facts of one tabular file; its kind is `unknown`, with a reason, where none is known.

    Args:
        path: the file.
        source: the name that the facts carry.
        sha256: of its content.
        sidecar: `columns` (printed heading → field), `kind`, `agency`, `year`, `scheme`,
            `period`, `title`, `url`, `channels` (code → name): what the file does not say
            itself, or says otherwise.

    Raises:
        ReadError: the file is empty, damaged, or no table.
    """
    tables = read_tables(path, header_of(sidecar))
    into = Extraction(source, sha256, tables[0].media if tables else path.suffix.lstrip("."))
    into.agency, into.year = sidecar.get("agency"), sidecar.get("year")
    into.title, into.url = sidecar.get("title"), sidecar.get("url")
    read = [(table, recognise(table, sidecar)) for table in tables]
    known = [(table, columns) for table, columns in read if columns.kind]
    if not known:
        return _unknown(into, read[0][1].reason if read else None)
    into = fill(into, known, sidecar)
    unknown = [_told(source, table, columns) for table, columns in read if not columns.kind]
    into.tables["problems"] = pa.concat_tables([*unknown, into.tables["problems"]])
    if sidecar.get("channels"):
        into.tables.setdefault("channels", told_channels(source, sidecar["channels"]))
    return into


def fill(into: Extraction, known: Sequence[Known], sidecar: Mapping[str, Any]) -> Extraction:
    """Fills `into` with the rows of tables whose kind is known; its kind is the first table's."""
    into.kind, into.reason = known[0][1].kind or into.kind, None
    tables: dict[str, list[pa.Table]] = {}
    for table, columns in known:
        name, reader = _READERS[columns.kind or ""]
        if columns.kind == "publication_log":
            fill_merged(table)
        found, faults = reader(table, columns, into.source, sidecar)
        tables.setdefault(name, []).append(found)
        told = [_told(into.source, table, columns), faults]
        tables.setdefault("problems", []).extend(told)
    into.tables = {name: pa.concat_tables(rows) for name, rows in tables.items()}
    name, _ = _READERS[into.kind]
    if "agency" in into.tables[name].schema.names:
        into.agency = into.agency or _only_agency(into.tables[name])
    return into


def _unknown(into: Extraction, reason: str | None) -> Extraction:
    into.reason = _UNKNOWN
    expected = "no sheet has a header row that we know; a sidecar NAME.yml can map columns"
    into.tables["problems"] = _problem_rows(into.source, [(_UNKNOWN, reason or expected, None)])
    return into


def _told(source: str, table: RawTable, columns: Columns) -> pa.Table:
    """What is said of a table as a whole, and the rows that its reader could not use."""
    place, ledger = table.where, record_kinds().get(columns.kind or "")
    is_private = columns.kind is None or (ledger is not None and ledger.holds_persons)
    rows = [("column.unused", f"the column {n} is not used", place) for n in columns.unused]
    rows += [("column.alike", said, place) for said in _alike(table, columns)]
    if columns.kind is None:
        rows.append((_UNKNOWN, columns.reason or "", place))
    where = f"{place}, row" if place else "row"
    for fault in table.faults:
        message = fault.message.partition(":")[0] if is_private else fault.message
        rows.append((fault.code, message, f"{where} {fault.row}" if fault.row else place))
    return _problem_rows(source, rows)


def _alike(table: RawTable, columns: Columns) -> Iterator[str]:
    """How the headings that are not listed are read."""
    ledger = record_kinds().get(columns.kind or "")
    labels = {column.key: column.label for column in ledger.columns} if ledger else {}
    for field in columns.fields:
        if field in columns.alike:
            heading = table.names[columns.fields[field]]
            yield f"the column {heading} is read as {labels.get(field, field)}, by its words"


def _problem_rows(source: str, rows: list[tuple[str, str, str | None]]) -> pa.Table:
    told = [{"source": source, "code": c, "message": m, "place": p} for c, m, p in rows]
    return pa.Table.from_pylist(told, schema=PROBLEMS)


def _only_agency(rows: pa.Table) -> str | None:
    """The agency of all rows, None where they name several: mostly the first ones do already."""
    found: set[str | None] = set()
    for part in rows["agency"].chunks:
        found |= {*pc.unique(part).to_pylist()}
        if len(found) > 1:
            return None
    return next(iter(found), None)
