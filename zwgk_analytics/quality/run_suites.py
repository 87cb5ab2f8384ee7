"""The process that runs Great Expectations: `python -m … DATABASE FOLDER` prints JSON, one line."""

import json
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb_engine
import great_expectations as gx
import yaml
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from sqlalchemy import URL
from sqlalchemy.dialects import registry

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.quality.suites import GX_SEVERITY

_MEMORY = "900MB"  # what does not fit is spilled to disk

SEVERITY = {theirs: ours for ours, theirs in GX_SEVERITY.items()}


class Dialect(duckdb_engine.Dialect):
    """DuckDB as Great Expectations can use it: cached statements come back empty otherwise."""

    supports_statement_cache = False

    def do_begin(self, dbapi_connection: object) -> None:
        """Starts nothing: the database is read-only."""

    def do_commit(self, dbapi_connection: object) -> None:
        """Ends nothing."""

    def do_rollback(self, dbapi_connection: object) -> None:
        """Takes nothing back."""


def main(database: Path, folder: Path, unchanged: Collection[str] = ()) -> list[dict[str, Any]]:
    """Every suite of the folder over the database but those of unchanged marts, as JSON values."""
    registry.register("duckdb.zwgk", __name__, "Dialect")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    folder = folder.resolve()
    os.chdir(database.resolve().parent)  # a path with $ would be read as holding a variable
    source = context.data_sources.add_sql(  # type: ignore[call-arg]
        name="marts",
        connection_string=URL.create("duckdb+zwgk", database=database.name).render_as_string(),
        kwargs={"connect_args": {"read_only": True, "config": {"memory_limit": _MEMORY}}},
    )
    results = []
    for path in sorted(folder.glob("*.yml")):
        if path.stem in unchanged:
            continue
        suite, mart = load(path)
        asset = source.add_table_asset(name=suite.name, table_name=mart)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        outcome = batch.validate(suite, result_format="SUMMARY")
        results.append({"mart": mart, "checked": [_checked(r, path) for r in outcome.results]})
    return results


def load(path: Path) -> tuple[gx.ExpectationSuite, str]:
    """A suite from its file, and the mart that it is about.

    Raises:
        ZwgkError: an expectation was not understood (Great Expectations would drop it unsaid).
    """
    declared = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    suite = gx.ExpectationSuite(**declared)
    loaded, wanted = len(suite.expectations), len(declared["expectations"])
    if loaded != wanted:
        raise ZwgkError(f"{path.name}: {loaded} of {wanted} expectations were understood")
    return suite, declared["meta"]["mart"]


def _checked(result: ExpectationValidationResult, path: Path) -> dict[str, Any]:
    config = result.expectation_config
    if config is None:
        raise ZwgkError(f"{path.name}: a result came back without its expectation")
    if trouble := _trouble(result.exception_info):
        raise ZwgkError(f"{path.name}: {config.type} could not run: {trouble}")
    told = result.result
    return {
        "expectation": f"{config.type}({', '.join(_about(config.kwargs))})",
        "rule": config.meta.get("rule") if config.meta else None,
        "severity": SEVERITY[config.severity.value],
        "success": bool(result.success),
        "unexpected": told.get("observed_value", told.get("unexpected_count")),
    }


def _about(kwargs: dict[str, Any]) -> list[str]:
    columns = kwargs.get("column_list") or [kwargs.get("column")]
    return [str(c) for c in columns if c]


def _trouble(info: dict[str, Any] | None) -> str | None:
    told = [info, *(v for v in (info or {}).values() if isinstance(v, dict))]
    raised = [t for t in told if t and t.get("raised_exception")]
    return " ".join(str(raised[0].get("exception_message")).split()) if raised else None


if __name__ == "__main__":
    # `__main__` and the module of this name would be two modules with two dialects.
    from zwgk_analytics.quality.run_suites import main as run

    try:
        told = run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
        print(json.dumps(told, ensure_ascii=False), flush=True)
        status = 0
    except Exception as error:
        text = " ".join(str(error).split())
        known = isinstance(error, ZwgkError)
        print(text if known else f"{type(error).__name__}: {text}", file=sys.stderr, flush=True)
        status = 1
    # Without the interpreter's own ending, which tells of objects that DuckDB's binding leaks.
    os._exit(status)
