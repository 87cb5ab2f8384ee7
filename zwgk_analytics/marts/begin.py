"""What a build begins from: a copy of the marts that were published last, or nothing."""

from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from zwgk_analytics.marts.ledger import VERSION, made_by
from zwgk_analytics.marts.provenance import connect
from zwgk_analytics.store.version import build_version

if TYPE_CHECKING:
    import duckdb

_FREE = 0.5  # share of a file's blocks that may hold nothing


def begin(built: Path, before: Path | None) -> None:
    """Puts a copy of the published marts at `built`, where this very version has made them.

    A file that would be half empty is not copied: the build then begins from nothing, and what it
    makes is as small as can be.
    """
    if before is None:
        return
    with connect(before) as con:
        if made_by(con) != {VERSION: build_version()} or _free(con) > _FREE:
            return
    copyfile(before, built)


def _free(con: "duckdb.DuckDBPyConnection") -> float:
    found = con.execute("SELECT free_blocks, total_blocks FROM pragma_database_size()").fetchall()
    free, blocks = (sum(int(row[i]) for row in found) for i in (0, 1))
    return free / blocks if blocks else 0.0
