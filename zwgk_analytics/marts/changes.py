"""The mart `changes`: what each refresh changed in what is known, silent edits of reports included.

Published databases are thrown away after a while; their record of changes is handed on from one to
the next.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.models import models

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from zwgk_analytics.marts.api import Marts

_COMPARED: Final = ("report_versions", "report_cells", "sections", "publications")
_TYPES: Final = {"year": "INTEGER"}


def write_changes(con: "duckdb.DuckDBPyConnection", previous: Path | None, refresh_id: str) -> None:
    """Creates `main.changes`: the record of the previous marts, and what is new against them.

    Args:
        con: the database that a refresh builds, its marts in place.
        previous: the database that was published last; None where there is none.
        refresh_id: of this refresh.
    """
    columns = [column.name for column in models()["changes"].columns]
    typed = ", ".join(f'"{name}" {_TYPES.get(name, "VARCHAR")}' for name in columns)
    con.execute(f"CREATE OR REPLACE TABLE main.changes ({typed})")
    if previous is None:
        return
    con.execute(
        f"ATTACH '{previous.as_posix().replace(chr(39), chr(39) * 2)}' AS previous (READ_ONLY)"
    )
    try:
        _compare(con, refresh_id)
    finally:
        con.execute("DETACH previous")


def changes_since(marts: "Marts", stamp: str | None) -> "pl.DataFrame":
    """The changes of the refreshes after a stamp, of the last that built marts where it is None.

    Raises:
        UsageError: the stamp is none of a refresh, nor the beginning of one.
    """
    known = marts.refreshes()["refresh_id"].sort().to_list()
    if stamp is None:
        return marts.mart("changes", refresh_id=known[-1:])
    if not any(refresh_id.startswith(stamp) for refresh_id in known):
        raise UsageError(
            f"--from {stamp}: no such refresh; the last ones are {', '.join(known[-5:])}"
        )
    return marts.mart("changes", refresh_id=[r for r in known if r[: len(stamp)] > stamp])


def _compare(con: "duckdb.DuckDBPyConnection", refresh_id: str) -> None:
    there = _columns(con, "previous")
    if "changes" in there:
        con.execute("INSERT INTO main.changes BY NAME SELECT * FROM previous.changes")
    here = _columns(con, con.execute("SELECT current_database()").fetchall()[0][0])
    # a mart of an older layout cannot be compared; this refresh records nothing of it
    if all(here[name] <= there.get(name, set()) for name in _COMPARED):
        query = (files("zwgk_analytics.marts") / "compare" / "changes.sql").read_text("utf-8")
        con.execute(query, {"refresh_id": refresh_id})


def _columns(con: "duckdb.DuckDBPyConnection", database: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    query = (
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name = 'main'"
    )
    for table, column in con.execute(query, [database]).fetchall():
        found.setdefault(table, set()).add(column)
    return found
