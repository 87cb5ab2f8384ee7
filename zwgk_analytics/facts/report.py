"""A document → the facts of one annual report: cells, claims, problems, and who filed it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts import addresses
from zwgk_analytics.facts.alignment import Alignment, CellFact, Problem, align
from zwgk_analytics.facts.claims import read_claims
from zwgk_analytics.facts.dates import parse_date
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.flattened import restore
from zwgk_analytics.facts.identity import Identity, identify
from zwgk_analytics.facts.numbers import convert_money, is_money
from zwgk_analytics.facts.prose import prose_tables
from zwgk_analytics.facts.schema import CELLS, CLAIMS, PROBLEMS
from zwgk_analytics.forms import Table, edition_for, editions
from zwgk_analytics.readers import Document

_CELL_FIELDS = {"form_table": "table", "form_row": "row", "form_column": "column"}
_FEW = 10  # a page with fewer statutory cells and no report's title is no report


def read_report(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """Fills `into` with the annual report that `document` is; kind stays `unknown` if it is none.

    `told` holds what the caller or a sidecar file says (agency, year, title, published_on, url);
    it overrides what the document says. A blank form, or a page without statutory tables, is
    `unknown` with a reason: no cells, never a guess.
    """
    into = read_cells(document, into, told)
    if into.kind == "unknown":
        return into
    claims = read_claims(document, agency=into.agency, year=into.year)
    into.tables["claims"] = _rows(into.source, claims, CLAIMS, {})
    into.tables |= prose_tables(document.paragraphs, into.source, into.agency, into.year)
    return into


def read_cells(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """As `read_report`, without what the prose says: who filed it, cells and problems."""
    found, alignment = identify(document), _aligned(document)
    reported = [c for c in alignment.cells if c.state == "reported"]
    into.title = told.get("title") or found.title
    into.agency = told.get("agency") or found.agency
    into.year = told.get("year") or found.year
    into.published_on = told.get("published_on") or found.published_on
    into.url = told.get("url") or found.url
    if not reported or not (found.is_report or len(reported) >= _FEW):
        return _refuse(into, alignment, found)
    into.kind = "annual_report"
    into.edition = _edition(alignment.cells, into.year, alignment)
    alignment.cells = list(_of_edition(into.edition, alignment))
    _check_identity(into, found, alignment)
    _tell_missing(into.edition, alignment)
    into.tables = {
        "cells": _rows(into.source, alignment.cells, CELLS, _CELL_FIELDS),
        "problems": problem_table(into.source, alignment.problems),
    }
    return into


def _aligned(document: Document) -> Alignment:
    """The statutory tables of a document: those in grids, and what of them stands as plain text."""
    result = align(document)
    known = {(c.table, c.row, c.column) for c in result.cells}
    wanted = _incomplete(result.cells)
    for restored in restore(document, wanted) if wanted else []:
        more = align(replace(document, blocks=(restored.grid,)))
        new = [c for c in more.cells if (c.table, c.row, c.column) not in known]
        if new:
            result.cells += new
            result.problems += [Problem(*note) for note in restored.notes] + more.problems
    return result


def _incomplete(cells: Sequence[CellFact]) -> list[str]:
    """The tables of which the grids lack rows; all tables where they hold none."""
    rows: dict[str, set[str]] = defaultdict(set)
    for cell in cells:
        rows[cell.table].add(cell.row)
    forms = [
        e
        for e in editions().values()
        if not rows or (rows.keys() & set(e.tables) and not e.rows_vary)
    ]
    tables = dict.fromkeys(key for edition in forms for key in edition.tables)
    return [t for t in tables if len(rows[t]) < len(addresses.form_of(rows[t], t).rows)]


def problem_table(source: str, problems: Sequence[Problem]) -> pa.Table:
    """Problems as rows of `facts.schema.PROBLEMS`."""
    return _rows(source, problems, PROBLEMS, {})


def _rows(
    source: str, facts: Sequence[object], schema: pa.Schema, fields: Mapping[str, str]
) -> pa.Table:
    """Facts as rows of a schema, whose columns are their fields, some under another name."""
    names = [name for name in schema.names if name != "source"]
    columns = {name: [getattr(fact, fields.get(name, name)) for fact in facts] for name in names}
    return pa.Table.from_pydict({"source": [source] * len(facts)} | columns, schema=schema)


def _refuse(into: Extraction, alignment: Alignment, found: Identity) -> Extraction:
    titles = ", ".join(f"«{t.title}»" for t in next(iter(editions().values())).tables.values())
    if alignment.cells and not any(c.state == "reported" for c in alignment.cells):
        into.reason, message = "form.blank", "the form's tables are there, but no cell is filled"
    elif found.is_report:
        into.reason = "tables.missing"
        message = f"the title is a report's, but no statutory table was found; expected {titles}"
    else:
        into.reason = "not.recognised"
        message = f"this is no annual report, log or score table; expected tables such as {titles}"
    problems = [Problem(into.reason, message), *alignment.problems]
    into.tables = {"problems": problem_table(into.source, problems)}
    return into


def _of_edition(key: str | None, alignment: Alignment) -> Iterator[CellFact]:
    """The cells in the edition's units of money, without a few that it does not have.

    A table of other figures may have a line that another form has too, and a line of parts (1. to
    3.其他) may print its sum, which only another edition asks for.
    """
    if key is None:
        yield from alignment.cells
        return
    tables = editions()[key].tables
    cells = list(_renamed(tables, alignment.cells))
    others = [c for c in cells if not _has(tables, c) and c.state == "reported"]
    are_few = 0 < len(others) < _FEW
    if are_few:
        read = ", ".join(f"{c.row} = {c.raw}" for c in others)
        message = f"{read}: read by labels of another form than {key}; it is left out"
        alignment.tell("cell.other_form", message, others[0].place)
    for cell in cells:
        if _has(tables, cell):
            yield _in_unit_of(tables[cell.table], cell)
        elif not are_few:
            yield cell


def _has(tables: Mapping[str, Table], cell: CellFact) -> bool:
    """Whether an edition may print a cell: none of another table, nor the sum of its own lines."""
    if cell.table not in tables:
        return False
    rows = [row.key for row in tables[cell.table].rows]
    return cell.row in rows or not any(row.startswith(f"{cell.row}.") for row in rows)


def _renamed(tables: Mapping[str, Table], cells: Sequence[CellFact]) -> Iterator[CellFact]:
    """The cells; 其他 alone, where another edition has three lines of it, as this one's line."""
    seen = {(c.table, c.row) for c in cells}
    rows = {(table.key, row.key) for table in tables.values() for row in table.rows}
    for cell in cells:
        whole = cell.row.rpartition(".")[0]
        is_other = (cell.table, cell.row) not in rows and (cell.table, whole) in rows
        parts = {row for table, row in seen if table == cell.table and row.startswith(f"{whole}.")}
        is_alone = (cell.table, whole) not in seen and parts == {cell.row}
        yield replace(cell, row=whole) if whole and is_other and is_alone else cell


def _in_unit_of(table: Table, cell: CellFact) -> CellFact:
    """A sum of money in the unit that the edition prints it in: 元 in 2008, 万元 in 2014."""
    unit = next((line.unit for line in table.rows if line.key == cell.row), None)
    if cell.value is None or unit == cell.unit or not (is_money(unit) and is_money(cell.unit)):
        return cell
    return replace(cell, value=convert_money(cell.value, cell.unit or "", unit or ""), unit=unit)


def _edition(cells: Sequence[CellFact], year: int | None, alignment: Alignment) -> str | None:
    """The edition whose own cells the page prints; the year decides only where both have them."""
    votes: Counter[str] = Counter()
    for cell in cells:
        address = addresses.address(cell.table, cell.row, cell.column)
        if address and len(address.editions) == 1:
            votes.update(address.editions)
    by_year = edition_for(year) if year else None
    if not votes:
        return by_year.key if by_year else None
    edition = votes.most_common(1)[0][0]
    if len(votes) > 1:
        mixed = ", ".join(f"{n} cells of {e}" for e, n in votes.most_common())
        alignment.tell("edition.mixed", f"the page mixes form editions: {mixed}")
    if by_year and year and not editions()[edition].is_usual(year):
        alignment.tell(
            "edition.year",
            f"the form is the {edition} edition; for {year} the {by_year.key} edition "
            f"({by_year.authority}) was due",
        )
    return edition


def _check_identity(into: Extraction, found: Identity, alignment: Alignment) -> None:
    for name, what in (("agency", "who filed it"), ("year", "the reporting year")):
        if getattr(into, name) is None:
            alignment.tell(
                f"{name}.unknown",
                f"the document does not say {what}; give --{name} or a sidecar file with {name}:",
            )
    if found.period_year and into.year and found.period_year != into.year:
        alignment.tell(
            "year.conflict",
            f"the title is of {into.year}, but the figures are said to be of {found.period_year}",
        )


def _tell_missing(edition: str | None, alignment: Alignment) -> None:
    """Tells the lines of the form that the document does not print: a table at a time."""
    if edition is None:
        return
    seen = {(c.table, c.row) for c in alignment.cells}
    for table in editions()[edition].tables.values():
        missing = [row.label for row in table.rows if (table.key, row.key) not in seen]
        if len(missing) == len(table.rows):
            alignment.tell("table.missing", f"no table «{table.title}» was found")
            continue
        if missing and not editions()[edition].rows_vary:
            labels = "; ".join(missing)
            alignment.tell("row.missing", f"«{table.title}» lacks the lines: {labels}")
        columns = [table.column(key).label for key in _missing_columns(table, alignment.cells)]
        if columns:
            labels = "; ".join(columns)
            alignment.tell("column.missing", f"«{table.title}» lacks the columns: {labels}")


def _missing_columns(table: Table, cells: Sequence[CellFact]) -> list[str]:
    """Columns of which no cell was found, though rows that have them were."""
    seen = {(c.row, c.column) for c in cells if c.table == table.key}
    rows = {row for row, _ in seen}
    wanted = dict.fromkeys(column for row, column in table.addresses() if row in rows)
    return [key for key in wanted if key not in {column for _, column in seen}]


def as_date(value: object) -> date | None:
    """A date of a sidecar file, whichever way YAML read it; None when it is none."""
    return value if isinstance(value, date) else parse_date(str(value)) if value else None
