"""What published marts say of themselves: who built them, when, with what, from which files.

`schema_version` of the mart `provenance` is how a tool of any age knows marts that it cannot read,
so that column keeps its name and its place in every version.
"""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.store.files import sha256_of
from zwgk_analytics.store.version import SCHEMA_VERSION, UPDATE, reader_version

if TYPE_CHECKING:
    import duckdb

_INPUTS = pa.schema(
    {
        "source": pa.string(),
        "sha256": pa.string(),
        "sidecar_sha256": pa.string(),
        "size": pa.int64(),
        "kind": pa.string(),
        "reader_version": pa.string(),
        "is_used": pa.bool_(),
    }
)
_PROVENANCE = pa.schema(
    {
        "refresh_id": pa.string(),
        "follows": pa.string(),
        "started_at": pa.timestamp("us"),
        "tool_version": pa.string(),
        "schema_version": pa.int32(),
        "reader_version": pa.string(),
        "engine": pa.string(),
        "engine_version": pa.string(),
        "python_version": pa.string(),
        "inputs": pa.int64(),
        "inputs_sha256": pa.string(),
    }
)
_PACKAGES = {"duckdb": "duckdb", "spark": "pyspark"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """One published database by its own words: the columns of the mart `provenance`.

    Marts of a version that did not tell have `schema_version` 0 and None elsewhere.
    """

    refresh_id: str | None = None
    follows: str | None = None
    started_at: datetime | None = None
    tool_version: str | None = None
    schema_version: int = 0
    reader_version: str | None = None
    engine: str | None = None
    engine_version: str | None = None
    python_version: str | None = None
    inputs: int | None = None
    inputs_sha256: str | None = None

    def __str__(self) -> str:
        if self.refresh_id is None:
            return "built by a version of zwgk that did not tell"
        return (
            f"built by zwgk {self.tool_version} (schema {self.schema_version}, {self.engine} "
            f"{self.engine_version}, Python {self.python_version}) from {self.inputs} inputs, "
            f"sha256 {(self.inputs_sha256 or '')[:12]}"
        )


def write_provenance(
    con: "duckdb.DuckDBPyConnection",
    refresh: Mapping[str, Any],
    manifest: pa.Table,
    registers: Path,
    follows: str | None,
) -> None:
    """Creates `main.provenance` and `main.inputs`, once `main.quarantine` is there.

    Args:
        con: the database that a refresh builds.
        refresh: its row of the mart `refreshes`.
        manifest: every document, as `store.manifest.SCHEMA`.
        registers: the folder of the user's own lists, below raw.
        follows: the refresh whose marts are current until these are published.
    """
    unused = {source for (source,) in con.execute("SELECT source FROM quarantine").fetchall()}
    inputs = _inputs(manifest, registers)
    for told in inputs:
        told["is_used"] = told["source"] not in unused
    row = {
        "refresh_id": refresh["refresh_id"],
        "follows": follows,
        "started_at": refresh["started_at"],
        "tool_version": version("zwgk-analytics"),
        "schema_version": SCHEMA_VERSION,
        "reader_version": reader_version(),
        "engine": refresh["engine"],
        "engine_version": version(_PACKAGES[refresh["engine"]]),
        "python_version": platform.python_version(),
        "inputs": len(inputs),
        "inputs_sha256": _digest(inputs),
    }
    tables = {
        "inputs": pa.Table.from_pylist(inputs, schema=_INPUTS),
        "provenance": pa.Table.from_pylist([row], schema=_PROVENANCE),
    }
    for name, table in tables.items():
        con.register("written", table)
        con.execute(f'CREATE OR REPLACE TABLE main."{name}" AS SELECT * FROM written')  # noqa: S608
        con.unregister("written")


def connect(path: Path) -> "duckdb.DuckDBPyConnection":
    """A connection to published marts, for reading only.

    Raises:
        ZwgkError: no database that this version can read.
    """
    import duckdb  # slow to import

    try:
        con = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise ZwgkError(
            f"{path}: these marts cannot be opened ({line}); if a newer zwgk made them, {UPDATE}; "
            "else go back to older ones with `zwgk rollback`"
        ) from error
    try:
        _refuse_newer(path, said_by(con))
    except ZwgkError:
        con.close()
        raise
    return con


def said_by(con: "duckdb.DuckDBPyConnection") -> Provenance:
    """What the database of an open connection says of itself."""
    names = Provenance.__dataclass_fields__.keys()
    query = (
        "SELECT column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND table_name = 'provenance' AND NOT internal"
    )
    there = [name for (name,) in con.execute(query).fetchall() if name in names]
    if not there:
        return Provenance()
    rows = con.execute(f"SELECT {', '.join(there)} FROM main.provenance").fetchall()  # noqa: S608
    return Provenance(**dict(zip(there, rows[0], strict=True)))


def _refuse_newer(path: Path, said: Provenance) -> None:
    if said.schema_version > SCHEMA_VERSION:
        raise ZwgkError(
            f"{path}: these marts have schema {said.schema_version} (zwgk {said.tool_version}); "
            f"this is zwgk {version('zwgk-analytics')}, which knows schemas up to "
            f"{SCHEMA_VERSION}; {UPDATE}"
        )


def _inputs(manifest: pa.Table, registers: Path) -> list[dict[str, Any]]:
    rows = manifest.to_pylist() + [_register(path, registers) for path in _files(registers)]
    return sorted(rows, key=lambda row: str(row["source"]))


def _files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")]


def _register(path: Path, registers: Path) -> dict[str, Any]:
    name = path.relative_to(registers.parent).as_posix()
    return {
        "source": name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "sha256": sha256_of(path),
        "size": path.stat().st_size,
        "kind": "register",
    }


def _digest(inputs: list[dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    for row in inputs:
        sums = (row.get(name) or "-" for name in ("sha256", "sidecar_sha256"))
        digest.update(f"{' '.join(sums)} {row['source']}\n".encode())
    return digest.hexdigest()
