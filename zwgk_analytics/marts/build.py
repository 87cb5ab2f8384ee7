"""Marts from the store: every model as a table of one DuckDB database, and its description."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from zwgk_analytics.agencies.names import Met, resolve
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.marts.log_relations import word_macros
from zwgk_analytics.marts.models import (
    MACROS,
    Column,
    Model,
    after_rules,
    models,
    ordered,
    read_sql,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Progress = Callable[[str], None]

_LEDGERS = "".join(
    f"  UNION ALL\n  SELECT agency, '{kind}' FROM {kind}_read\n"  # noqa: S608 (our own names)
    for kind, ledger in record_kinds().items()
    if "agency" in {column.key for column in ledger.columns}
)
_MET = f"""
SELECT
  printed,
  count(*) AS occurrences,
  string_agg(DISTINCT source_kind, ', ' ORDER BY source_kind) AS source_kinds
FROM (
  SELECT agency AS printed, 'annual_report' AS source_kind FROM documents
  WHERE kind = 'annual_report'
  UNION ALL
  SELECT agency, 'publication_log' FROM items
  UNION ALL
  SELECT agency, 'assessment' FROM scores
  UNION ALL
  SELECT agency, 'annual_figures' FROM figures
{_LEDGERS})
WHERE printed IS NOT NULL
GROUP BY printed
"""  # noqa: S608


def build(
    con: "duckdb.DuckDBPyConnection",
    sources: Mapping[str, "str | pa.Table"],
    progress: Progress | None = None,
) -> None:
    """Creates the marts in `main` of an open, writable DuckDB database.

    Those that read what the rules find come later, by `build_after_rules`.

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
    for macro in word_macros(sources):
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
    con.register("resolved_names", _resolved(con))
    for model in ordered():
        if model.name not in after_rules():
            _create(con, model, progress)


def build_after_rules(con: "duckdb.DuckDBPyConnection", progress: Progress | None = None) -> None:
    """Creates the marts that read findings, on the connection that `build` was called with."""
    for model in ordered():
        if model.name in after_rules():
            _create(con, model, progress)


def _resolved(con: "duckdb.DuckDBPyConnection") -> "pa.Table":
    met = [Met(*row) for row in con.execute(_MET).fetchall()]
    return resolve(con.sql("SELECT * FROM registered").to_arrow_table(), met)


def _create(con: "duckdb.DuckDBPyConnection", model: Model, progress: Progress | None) -> None:
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
