"""The Arrow schemas of ledgers, derived from their forms: a new kind is a file, no code."""

from typing import Final

import pyarrow as pa

from zwgk_analytics.forms.records import RecordKind, record_kinds

_NUMBER: Final = pa.decimal128(20, 6)
_TYPES: Final = {
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": _NUMBER,
    "yes_no": pa.bool_(),
}


def schema_of(kind: RecordKind) -> pa.Schema:
    """The schema of one kind: source, place, then its columns; personal ones have none."""
    fields = {"source": pa.string(), "place": pa.string()}
    for column in kind.columns:
        if column.type == "personal":
            continue
        fields[column.key] = _TYPES.get(column.type, pa.string())
        if column.time:
            fields[column.time] = pa.string()
    return pa.schema(fields)


def record_schemas() -> dict[str, pa.Schema]:
    """The schema of every kind of ledger by its key."""
    return {key: schema_of(kind) for key, kind in record_kinds().items()}
