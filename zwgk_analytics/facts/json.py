"""An extraction as the JSON object that `zwgk extract` prints."""

from datetime import date
from decimal import Decimal
from typing import Any

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.forms.records import record_kinds

_CELL = ("value", "unit", "state", "raw", "place")
_CLAIM = ("measure", "part", "value", "unit", "qualifier", "text", "place")


def to_json(extraction: Extraction) -> dict[str, Any]:
    """One file's facts under the keys of the contract, ready for `json.dumps`.

    Counts are integers and money keeps its decimals. Logs and tables of figures have many rows:
    of those the object tells how many there are of each kind (`rows`). The rows of ledgers stand
    under `records`, by kind.
    """
    published = extraction.published_on
    return {
        "source": extraction.source,
        "sha256": extraction.sha256,
        "kind": extraction.kind,
        "agency": extraction.agency,
        "year": extraction.year,
        "edition": extraction.edition,
        "title": extraction.title,
        "published_on": published.isoformat() if published else None,
        "url": extraction.url,
        "cells": [_cell(row) for row in extraction.rows("cells")],
        "claims": [_plain(row, _CLAIM) for row in extraction.rows("claims")],
        "problems": [
            {k: row[k] for k in ("code", "message", "place") if row[k] is not None}
            for row in extraction.rows("problems")
        ],
        "records": {
            kind: [_record(row) for row in extraction.rows(kind)]
            for kind in record_kinds()
            if kind in extraction.tables
        },
        "rows": {name: table.num_rows for name, table in extraction.tables.items()},
    }


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    keys = {"table": row["form_table"], "row": row["form_row"], "column": row["form_column"]}
    return keys | _plain(row, _CELL)


def _record(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a ledger as it can be printed, its days as 2024-03-31; blank fields left out."""
    said = {k: v.isoformat() if isinstance(v, date) else _number(v) for k, v in row.items()}
    return {k: v for k, v in said.items() if v is not None and k != "source"}


def _plain(row: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: _number(row[key]) for key in keys}


def _number(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
