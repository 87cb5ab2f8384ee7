"""The editions, read from their files: one YAML an edition, nothing of a form in code."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from zwgk_analytics.forms.model import Edition, Identity, Line, Section, Table

T = TypeVar("T")
FOLDER = files("zwgk_analytics.forms")


@lru_cache(maxsize=1)
def editions() -> dict[str, Edition]:
    """Every edition by its key, newest first."""
    folder = FOLDER / "editions"
    read = [
        _edition(yaml.load(f.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        for f in folder.iterdir()
        if f.name.endswith(".yml")
    ]
    return {e.key: e for e in sorted(read, key=lambda e: -e.first_year)}


def edition_for(year: int) -> Edition | None:
    """The edition that reports on `year` had to use."""
    return next((e for e in editions().values() if e.covers(year)), None)


def _edition(raw: dict[str, Any]) -> Edition:
    years = raw["years"]
    tables = {key: _table(key, body) for key, body in raw["tables"].items()}
    return Edition(
        key=raw["edition"],
        authority=raw["authority"],
        first_year=years["from"],
        last_year=years.get("to"),
        met_until=years.get("met_until"),
        rows_vary=raw.get("rows_vary", False),
        tables=tables,
    )


def _table(key: str, raw: dict[str, Any]) -> Table:
    return Table(
        key=key,
        title=raw["title"],
        layout=raw["layout"],
        rows=_each(Line, raw["rows"]),
        columns=_each(Line, raw["columns"]),
        corner=raw.get("corner"),
        unit=raw.get("unit"),
        unit_heading=raw.get("unit_heading"),
        sections=_each(Section, raw.get("sections", [])),
        identities=_each(Identity, raw.get("identities", [])),
    )


def _each(make: Callable[..., T], rows: list[dict[str, Any]]) -> tuple[T, ...]:
    return tuple(make(**{k: _frozen(v) for k, v in row.items()}) for row in rows)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
