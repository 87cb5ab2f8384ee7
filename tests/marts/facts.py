"""Marts built from a few literal facts: rows in, rows out."""

from datetime import UTC, datetime
from unittest.mock import patch

import duckdb
import pyarrow as pa

from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.marts.build import build, build_after_rules
from zwgk_analytics.marts.models import models, ordered, reads
from zwgk_analytics.marts.vocabulary import vocabulary
from zwgk_analytics.quality.reuse import SCHEMA as REUSED
from zwgk_analytics.store import manifest
from zwgk_analytics.store.manifest import Entry
from zwgk_analytics.store.store import REFRESHES, RELATIONS, refreshed

COLUMNS = (
    "natural_person",
    "business",
    "research_institution",
    "social_organisation",
    "legal_service",
    "other_organisation",
    "total",
)
NUMBERS = {
    *("value", "score", "full_marks", "weight", "scale", "deduction", "item_marks", "marks"),
}


def marts(
    con=None, entries=(), refreshes=(), findings=(), reuse=(), registers=None, only=(), **facts
):
    """A database of marts over the given rows of `facts.schema` (claims are `claims_read` …).

    `findings` and `reuse` are rows of `findings` and `text_reuse`: what the rules would have found.
    `only` names the marts that a test looks at: with those that they read, no others are built.
    """
    if only:
        wanted = needed(only)
        chosen = tuple(model for model in ordered() if model.name in wanted)
        with patch("zwgk_analytics.marts.build.ordered", lambda: chosen):
            return marts(con, entries, refreshes, findings, reuse, registers, **facts)
    con = con or duckdb.connect()
    tables = {}
    for name, schema in SCHEMAS.items():
        key = RELATIONS.get(name, name)
        rows = [dict.fromkeys(schema.names) | row for row in facts.pop(key, [])]
        tables[key] = pa.Table.from_pylist([_typed(row) for row in rows], schema=schema)
    assert not facts, f"no such facts: {list(facts)}"
    now = datetime.now(UTC).replace(tzinfo=None)
    started = (row["started_at"] for row in refreshes if "started_at" in row)
    small = {
        "manifest": manifest.as_table(Entry(**e) for e in entries),
        "refresh_log": pa.Table.from_pylist(list(refreshes), schema=REFRESHES),
        "refreshed": refreshed(max(started, default=now)),
    }
    build(con, small | vocabulary(registers) | tables)
    names = [c.name for c in models()["findings"].columns]
    con.execute(f"CREATE OR REPLACE TABLE findings ({' VARCHAR, '.join(names)} VARCHAR)")
    for row in findings:
        con.execute(
            f"INSERT INTO findings VALUES ({', '.join('?' * len(names))})",
            [row.get(name) for name in names],
        )
    reused = [dict.fromkeys(REUSED.names) | row for row in reuse]
    con.register("reused", pa.Table.from_pylist(reused, schema=REUSED))
    con.execute("CREATE OR REPLACE TABLE text_reuse AS SELECT * FROM reused")
    build_after_rules(con)
    return con


def needed(names):
    """The marts of these names and all that they read."""
    selects = (models()[name].select for name in names)
    read = {other for select in selects if select for other in reads(select)}
    more = (read & models().keys()) - set(names)
    return needed({*names, *more}) if more else set(names)


def _typed(row):
    from decimal import Decimal

    return {k: Decimal(str(v)) if k in NUMBERS and v is not None else v for k, v in row.items()}


def rows(con, query):
    return con.execute(query).fetchall()


def document(source="a.html", agency="甲市", year=2023, edition="2021", **more):
    base = {"sha256": "ab", "media": "html", "kind": "annual_report"}
    return base | {"source": source, "agency": agency, "year": year, "edition": edition} | more


def cell(table, row, column, value, state=None, source="a.html", unit="件"):
    return {
        "source": source,
        "form_table": table,
        "form_row": row,
        "form_column": column,
        "value": value,
        "unit": unit,
        "state": state or ("blank" if value is None else "reported"),
        "raw": "" if value is None else str(value),
        "place": f"{table} {row} {column}",
    }


def line(row, *values, source="a.html"):
    """A row of the applications table: six applicants, then 总计."""
    pairs = zip(COLUMNS, values, strict=True)
    return [cell("applications", row, c, v, source=source) for c, v in pairs]
