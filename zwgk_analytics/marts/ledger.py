"""What every mart of a database was made of: a refresh builds anew only what is made of other.

Each thing that marts are made of has a content: a key that differs when it differs. A mart is made
of the contents of what it reads; it is built again when one of them is another one, and where the
mart then holds the same as before, what reads it stays as it is.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

SCHEMA = "ledger"
EVERYTHING = "everything"
VERSION = "version"


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that was made: the key of what it holds, and the contents it was made of."""

    content: str
    of: Mapping[str, str]


@dataclass(slots=True)
class Ledger:
    """The contents known so far, against those of the database that the build began from.

    `documents` are the documents of each fact table (source → content): which of them differ
    tells which agencies' rows must be built anew. `touched` are those agencies, None where all
    rows must be (see `marts.partition`).
    """

    contents: dict[str, str]
    documents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    before: dict[str, Made] = field(default_factory=dict)
    documents_before: dict[str, dict[str, str]] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    touched: "list[str | None] | None" = None

    def differing(self, name: str, reads: Iterable[str]) -> set[str]:
        """What `name` is made of and was not, the name itself where it was never made."""
        now = self._of(reads)
        if name not in self.before:
            return {name, *now}
        then = self.before[name].of
        return {n for n in now.keys() | then.keys() if now.get(n) != then.get(n)}

    def keep(self, name: str) -> None:
        """Takes over what was made before."""
        self.made[name] = self.before[name]
        self.contents[name] = self.before[name].content

    def note(self, name: str, reads: Iterable[str], content: str | None = None) -> None:
        """Notes that `name` was made; without a content, it holds what it is made of."""
        of = self._of(reads)
        content = content or key_of(name, *(f"{k}={v}" for k, v in sorted(of.items())))
        self.made[name] = Made(content, of)
        self.contents[name] = content

    def unchanged(self) -> set[str]:
        """The things that hold what they held in the database that the build began from."""
        old = {name: made.content for name, made in self.before.items()}
        return {name for name, made in self.made.items() if old.get(name) == made.content}

    def save(self, con: "duckdb.DuckDBPyConnection") -> None:
        """Writes what was made into the database."""
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        made = [{"name": n, "content": m.content, "of": json.dumps(m.of)} for n, m in _sorted(self)]
        listed = [
            {"name": name, "source": source, "content": content}
            for name, documents in self.documents.items()
            for source, content in documents.items()
        ]
        for table, rows in (("made", made), ("documents", listed)):
            columns = (
                ("name", "content", "of") if table == "made" else ("name", "source", "content")
            )
            schema = pa.schema(dict.fromkeys(columns, pa.string()))
            con.register("ledger_rows", pa.Table.from_pylist(rows, schema=schema))
            con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS FROM ledger_rows")
            con.unregister("ledger_rows")

    def _of(self, reads: Iterable[str]) -> dict[str, str]:
        return {name: self.contents[name] for name in reads if name in self.contents}


def begun(
    con: "duckdb.DuckDBPyConnection",
    contents: Mapping[str, str],
    documents: Mapping[str, Mapping[str, str]],
) -> Ledger:
    """The ledger of a build that goes on from what the database of `con` holds already."""
    ledger = Ledger(dict(contents), documents)
    for name, content, of in _rows(con, "made", "name, content, of"):
        ledger.before[name] = Made(content, json.loads(of))
    for name, source, content in _rows(con, "documents", "name, source, content"):
        ledger.documents_before.setdefault(name, {})[source] = content
    return ledger


def made_of(con: "duckdb.DuckDBPyConnection") -> str | None:
    """The key of everything that the database of `con` was made of; None where it says none."""
    told = [key for name, key in _rows(con, "made", "name, content") if name == EVERYTHING]
    return told[0] if told else None


def made_by(con: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """The version that made the database of `con`, under `VERSION`; empty where it says none."""
    told = [of for name, of in _rows(con, "made", "name, of") if name == EVERYTHING]
    found: dict[str, str] = json.loads(told[0]) if told else {}
    return found


def key_of(*parts: str) -> str:
    """A key that differs when any of the parts does."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def content_of(rows: pa.Table) -> str:
    """The content of a table in memory: its columns, types and rows in their order."""
    digest = hashlib.sha256()
    with pa.ipc.new_stream(_Digesting(digest), rows.schema) as writer:
        writer.write_table(rows.combine_chunks())
    return digest.hexdigest()[:32]


def content_in(con: "duckdb.DuckDBPyConnection", mart: str) -> str:
    """The content of a mart in the database of `con`: its rows in any order."""
    found = con.execute(
        f'SELECT count(*), sum(hash(hash(row))) FROM main."{mart}" AS row'  # noqa: S608
    ).fetchall()
    return "-".join(str(part) for part in found[0])


def _sorted(ledger: Ledger) -> list[tuple[str, Made]]:
    return sorted(ledger.made.items())


def _rows(con: "duckdb.DuckDBPyConnection", table: str, columns: str) -> list[tuple[str, ...]]:
    there = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?",
        [SCHEMA, table],
    ).fetchall()
    if not there:
        return []
    return con.execute(f"SELECT {columns} FROM {SCHEMA}.{table}").fetchall()  # noqa: S608


class _Digesting:
    """A file that only digests what is written."""

    closed = False

    def __init__(self, digest: "hashlib._Hash") -> None:
        self._digest = digest

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""
