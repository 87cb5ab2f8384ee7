"""How charts ask the marts: the SQL beside this module, with parameters for every value."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import polars as pl

from zwgk_analytics.charts.text import FOLDER

Names = str | Iterable[str] | None
Years = int | Iterable[int] | None


class SupportsSql(Protocol):
    """What charts need of the marts."""

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a SELECT over the marts."""


def rows(marts: SupportsSql, query: str, **params: object) -> pl.DataFrame:
    """The rows of one `.sql` file of this package, its `$names` bound to the parameters."""
    return marts.sql((FOLDER / "sql" / f"{query}.sql").read_text(encoding="utf-8"), params)


def scope(agencies: Names, years: Years) -> dict[str, list[Any] | None]:
    """The parameters `$agencies` and `$years`: a list, or None for all."""
    named = [agencies] if isinstance(agencies, str) else agencies
    dated = [years] if isinstance(years, int) else years
    return {
        "agencies": None if named is None else list(named),
        "years": None if dated is None else list(dated),
    }


def refreshed_on(marts: SupportsSql) -> date | None:
    """The day of the refresh that the marts come from; None where none is recorded."""
    day = rows(marts, "refreshed_on").item()
    return day if isinstance(day, date) else None


def absent(marts: SupportsSql, needed: Iterable[str]) -> list[str]:
    """Those of the marts that are not there, as where an older version published them."""
    there = set(marts.sql("SELECT table_name FROM information_schema.tables")["table_name"])
    return [name for name in needed if name not in there]
