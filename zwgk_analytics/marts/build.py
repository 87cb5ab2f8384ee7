"""Marts from the store: every model as a table of one DuckDB database, and its description."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from zwgk_analytics.agencies.names import Met, resolve
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.marts.ledger import Ledger, content_in, content_of, key_of
from zwgk_analytics.marts.log_relations import word_macros
from zwgk_analytics.marts.models import (
    MACROS,
    Column,
    Model,
    after_rules,
    models,
    ordered,
    read_sql,
    reads,
)
from zwgk_analytics.marts.partition import (
    LOGGED,
    Units,
    among,
    cut,
    in_parts,
    touched,
    whole,
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
_NAMED = {"documents", "items", "scores", "figures", "registered"} | {
    f"{kind}_read" for kind in record_kinds()
}


def build(
    con: "duckdb.DuckDBPyConnection",
    sources: Mapping[str, "str | pa.Table"],
    progress: Progress | None = None,
    ledger: Ledger | None = None,
) -> None:
    """Creates the marts in `main` of an open, writable DuckDB database.

    Those that read what the rules find come later, by `build_after_rules`. With a ledger, marts
    that are in the database already and are made of the same contents stay.

    Args:
        con: the database to build in.
        sources: what the models read, by name (`documents`, `cells`, …): a SELECT over the store
            or an Arrow table. They are temporary views: the published file keeps none of them.
        progress: called with each mart's name before it is built.
        ledger: what the marts in the database are made of, and the contents of SELECTs.
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
    if ledger:
        tables = {n: s for n, s in sources.items() if not isinstance(s, str)}
        ledger.contents |= {n: content_of(t) for n, t in tables.items() if n not in ledger.contents}
        of_names = [ledger.contents[n] for n in sorted(_NAMED) if n in ledger.contents]
        ledger.contents["resolved_names"] = key_of(*of_names)
    if not ledger or ledger.differing("agency_names", ["resolved_names"]):
        con.register("resolved_names", _resolved(con))
    for model in ordered():
        if model.name not in after_rules():
            _create(con, model, progress, ledger, sources)


def build_after_rules(
    con: "duckdb.DuckDBPyConnection",
    progress: Progress | None = None,
    ledger: Ledger | None = None,
) -> None:
    """Creates the marts that read findings, on the connection that `build` was called with."""
    for model in ordered():
        if model.name in after_rules():
            _create(con, model, progress, ledger, {})


def _resolved(con: "duckdb.DuckDBPyConnection") -> "pa.Table":
    met = [Met(*row) for row in con.execute(_MET).fetchall()]
    return resolve(con.sql("SELECT * FROM registered").to_arrow_table(), met)


def _create(
    con: "duckdb.DuckDBPyConnection",
    model: Model,
    progress: Progress | None,
    ledger: Ledger | None,
    sources: Mapping[str, "str | pa.Table"],
) -> None:
    used = _used(model.select or "")
    differing = ledger.differing(model.name, used) if ledger else {model.name}
    if ledger and not differing:
        ledger.keep(model.name)
        return
    if progress:
        progress(model.name)
    if ledger and model.name == LOGGED:
        ledger.touched = touched(con, ledger) if differing <= {*model.by_agency} else None

    def empty() -> None:
        con.execute(f'CREATE OR REPLACE TABLE main."{model.name}" AS {model.select} LIMIT 0')
        describe(con, model)

    def make(units: Units | None) -> None:
        if units is None:
            con.execute(f'CREATE OR REPLACE TABLE main."{model.name}" AS {model.select}')
            describe(con, model)
            return
        table = whole(con, model.name)
        con.execute(f"DELETE FROM {table} WHERE {among('agency', units)}")  # noqa: S608
        with cut(con, model.by_agency, units, str(sources.get("items"))):
            con.execute(f"INSERT INTO {table} {model.select}")

    in_parts(con, ledger, model.by_agency, differing, make, empty)
    if ledger:
        ledger.note(model.name, used, _content(con, model, ledger))


def _content(con: "duckdb.DuckDBPyConnection", model: Model, ledger: Ledger) -> str | None:
    """What a mart holds; None, for what it is made of, where its rows may be millions."""
    if not model.by_agency:
        return content_in(con, model.name)
    return ledger.before[model.name].content if ledger.touched == [] else None


def _used(select: str) -> frozenset[str]:
    """What a SELECT reads, the words in its macros included."""
    words = {"topics": "topic_word(", "log_words": "says_"}
    return reads(select) | {name for name, macro in words.items() if macro in select}


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
