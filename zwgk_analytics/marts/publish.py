"""Publishing: a finished database takes the name `zwgk.duckdb` in one step; readers keep theirs."""

from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from zwgk_analytics.errors import NoMartsError
from zwgk_analytics.store.files import flush, replace_text

if TYPE_CHECKING:
    import duckdb

NAME = "zwgk.duckdb"
_MEMORY = "900MB"  # with what Python holds, a refresh stays under 2 GB
_POINTER = "zwgk.current"  # names the file where links are not to be had (Windows)
_KEPT = 3


def building(folder: Path, stamp: str) -> Path:
    """Where a refresh builds its database; no reader looks there."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".zwgk_*.building*"):
        rmtree(left) if left.is_dir() else left.unlink()
    return folder / f".zwgk_{stamp}.building"


def opened(built: Path) -> "duckdb.DuckDBPyConnection":
    """A writing connection that spills to disk rather than take more than its share of memory."""
    import duckdb

    return duckdb.connect(str(built), config={"memory_limit": _MEMORY})


def publish(built: Path, stamp: str) -> Path:
    """Makes a closed database the one that readers find; keeps the last three.

    Returns the published file. A process that holds an older one open goes on reading it.
    """
    folder = built.parent
    final = folder / f"zwgk_{stamp}.duckdb"
    flush(built)
    built.replace(final)
    _point(folder, final)
    for old in sorted(folder.glob("zwgk_*.duckdb"))[:-_KEPT]:
        # Windows refuses while a reader holds it; the next refresh tries again
        with suppress(PermissionError):
            old.unlink()
    return final


def published(folder: Path) -> Path:
    """The database to read now, its link resolved.

    Raises:
        NoMartsError: nothing was published there.
    """
    link, pointer = folder / NAME, folder / _POINTER
    if link.exists():
        return link.resolve()
    if pointer.exists():
        return folder / pointer.read_text(encoding="utf-8").strip()
    raise NoMartsError(f"{folder}: no marts here; run `zwgk refresh` first, or give their folder")


def _point(folder: Path, final: Path) -> None:
    link = folder / NAME
    aside = folder / f".{NAME}.new"
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(final.name)
    except (OSError, NotImplementedError):
        replace_text(folder / _POINTER, final.name)
        return
    aside.replace(link)
    flush(folder)
