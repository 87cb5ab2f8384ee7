"""By which day an annual report is due, by kind and level of the filer and reporting year."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import yaml

SCHEMA = pa.schema(
    {
        "kind": pa.string(),
        "level": pa.string(),
        "year": pa.int32(),
        "deadline_on": pa.date32(),
        "submit_on": pa.date32(),
        "basis": pa.string(),
    }
)
_LAST_YEAR = 2100


def deadlines() -> pa.Table:
    """One row per kind, level and reporting year that reports are due for: `SCHEMA`.

    `deadline_on` is the last day to publish, `submit_on` the last day to hand it to the superior
    (null where only the publication is fixed).
    """
    return pa.Table.from_pylist(list(_rows()), schema=SCHEMA)


def _rows() -> Iterator[dict[str, Any]]:
    for rule in _rules():
        for year in range(rule["from"], rule.get("to", _LAST_YEAR) + 1):
            for kind in rule["kinds"]:
                for level in rule["levels"]:
                    yield {
                        "kind": kind,
                        "level": level,
                        "year": year,
                        "deadline_on": _day(rule["publish"], year),
                        "submit_on": _day(rule["submit"], year) if "submit" in rule else None,
                        "basis": rule["basis"],
                    }


def _day(month_and_day: str, year: int) -> date:
    month, day = map(int, month_and_day.split("-"))
    return date(year + 1, month, day)


@lru_cache(maxsize=1)
def _rules() -> list[dict[str, Any]]:
    text = (files("zwgk_analytics.forms") / "deadlines.yml").read_text(encoding="utf-8")
    read: list[dict[str, Any]] = yaml.safe_load(text)["deadlines"]
    return read
