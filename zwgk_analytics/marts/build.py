"""Marts from the store: every model as a table of one DuckDB database, and its description."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from zwgk_analytics.marts.models import MACROS, Column, Model, models, ordered, read_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Progress = Callable[[str], None]


def build(
    con: "duckdb.DuckDBPyConnection",
    sources: Mapping[str, "str | pa.Table"],
    progress: Progress | None = None,
) -> None:
    """Creates every mart in `main` of an open, writable DuckDB database.

    Args:
        con: the database to build in.
        sources: what the models read, by name (`documents`, `cells`, …): a SELECT over the store
            or an Arrow table. They are temporary views: the published file keeps none of them.
        progress: called with each mart's name before it is built.
    """
    con.execute("SET preserve_insertion_order = false")
    con.execute(read_sql(MACROS).replace("CREATE OR REPLACE MACRO", "CREATE OR REPLACE TEMP MACRO"))
    for name, source in sorted(sources.items(), key=lambda item: isinstance(item[1], str)):
        if isinstance(source, str):
            con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {source}')
        else:
            con.register(name, source)
    for model in ordered():
        if progress:
            progress(model.name)
        con.execute(f'CREATE OR REPLACE TABLE main."{model.name}" AS {model.select}')
        describe(con, model)


def describe(con: "duckdb.DuckDBPyConnection", model: Model) -> None:
    """Puts the labels, units and caveats of a mart into the catalogue of its database."""
    con.execute(f'COMMENT ON TABLE main."{model.name}" IS {_quoted(model.label)}')
    for column in model.columns:
        about = _quoted(_about(column))
        con.execute(f'COMMENT ON COLUMN main."{model.name}"."{column.name}" IS {about}')


def describe_written(con: "duckdb.DuckDBPyConnection") -> None:
    """Describes the marts that other layers have written into the database."""
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for name, model in models().items():
        if model.select is None and name in there:
            describe(con, model)


def _about(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    caveat = f" ({column.caveat})" if column.caveat else ""
    return f"{column.label}{unit}: {column.text}{caveat}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
