"""Publishing: a finished database takes the name `zwgk.duckdb` in one step; readers keep theirs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from zwgk_analytics.errors import NoMartsError, UsageError, ZwgkError
from zwgk_analytics.marts.folders import locate
from zwgk_analytics.marts.provenance import Provenance, connect, said_by
from zwgk_analytics.store.files import flush, replace_text
from zwgk_analytics.store.lock import locked

if TYPE_CHECKING:
    import duckdb

NAME = "zwgk.duckdb"
KEPT = 3
_MEMORY = "1200MB"  # with what Python holds, a refresh stays under 2 GB
_POINTER = "zwgk.current"  # names the file where links are not to be had (Windows)


@dataclass(frozen=True, slots=True)
class Kept:
    """One published database that is still there; `rows` is None where it cannot be read.

    `note` says then why not. `stamp` is the id of the refresh that built it.
    """

    stamp: str
    path: Path
    is_current: bool
    provenance: Provenance
    rows: int | None
    note: str | None = None


def building(folder: Path, stamp: str) -> Path:
    """Where a refresh builds its database; no reader looks there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".zwgk_{stamp}.building"


@contextmanager
def cleared(folder: Path) -> Iterator[None]:
    """At its end, whatever building has left in a marts folder is deleted, spilled data too."""
    try:
        yield
    finally:
        for left in folder.glob(".zwgk_*.building*"):
            rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def opened(built: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A writing connection that spills to disk rather than take more than its share of memory.

    At the end everything is in the file, or an error is raised.
    """
    import duckdb

    with duckdb.connect(str(built), config={"memory_limit": _MEMORY}) as con:
        yield con
        # closing does it too, but says nothing when the disk is full and leaves rows in a .wal
        con.execute("CHECKPOINT")


def publish(built: Path, stamp: str, keep: int = KEPT) -> Path:
    """Makes a closed database the one that readers find; `keep` stay, this one included.

    They are this one, the one that was current (to which `rollback` returns), and the newest of
    the others. A process that holds an older one open goes on reading it.

    Returns the published file.
    """
    folder = built.parent
    before = current(folder)
    final = _path(folder, stamp)
    flush(built)
    built.replace(final)
    flush(folder)
    try:
        _point(folder, final)
    except BaseException:
        if current(folder) == before:
            final.unlink()
        raise
    others = sorted(set(_files(folder)) - {final}, key=lambda p: (p == before, p), reverse=True)
    for old in others[max(keep - 1, 0) :]:
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
    raise _none(folder)


def current(folder: Path) -> Path | None:
    """The database to read now; None where nothing was published."""
    try:
        return published(folder)
    except NoMartsError:
        return None


def stamp_of(path: Path) -> str:
    """The id of the refresh that built a published database, from its name."""
    return path.stem.removeprefix("zwgk_")


def kept(marts: str | Path = "data/marts") -> list[Kept]:
    """The published databases that are still there, oldest first; one is current.

    Raises:
        NoMartsError: there are none.
    """
    folder = locate(marts)
    files, now = sorted(_files(folder)), current(folder)
    if not files:
        raise _none(folder)
    return [_look(path, now is not None and path.samefile(now)) for path in files]


def rollback(marts: str | Path = "data/marts", to: str | None = None) -> Kept:
    """Makes older marts the current ones again, in one step; none are deleted.

    The store stays as it is, so that the next refresh publishes what lies under raw as ever; its
    marts then follow those that were returned to.

    Args:
        marts: the folder of `zwgk.duckdb`.
        to: a stamp of `kept`, or its beginning; those that the current ones followed when None.

    Returns:
        What is current now.

    Raises:
        UsageError: no marts of that stamp are kept, or more than one; the message lists them.
        ZwgkError: a refresh is running, or this version cannot read those marts.
    """
    folder = locate(marts)
    kept(folder)  # where there are none, nothing is made
    with locked(folder / "store" / "lock"):
        known = kept(folder)
        chosen = _named(known, to) if to else _before(known)
        if chosen.note:
            raise ZwgkError(chosen.note)
        _point(folder, chosen.path)
    return _look(chosen.path, True)


def _none(folder: Path) -> NoMartsError:
    return NoMartsError(f"{folder}: no marts here; run `zwgk refresh` first, or give their folder")


def _named(known: list[Kept], to: str) -> Kept:
    found = [k for k in known if k.stamp.startswith(to)]
    if len(found) != 1:
        many = "more than one of" if found else "none of"
        raise UsageError(f"--to {to}: {many} the marts that are kept; {_listed(known)}")
    return found[0]


def _before(known: list[Kept]) -> Kept:
    now = next((k for k in known if k.is_current), None)
    if now is None:
        raise UsageError(f"name the marts to return to with --to STAMP; {_listed(known)}")
    # what was current before these were published, be there newer ones that were rolled back
    followed = [k for k in known if k.stamp == now.provenance.follows]
    older = followed or [k for k in known if k.stamp < now.stamp]
    if not older:
        raise UsageError(f"no marts before {now.stamp} are kept; {_listed(known)}")
    return older[-1]


def _listed(known: list[Kept]) -> str:
    return f"there are {', '.join(k.stamp for k in known)}"


def _look(path: Path, is_current: bool) -> Kept:
    stamp = stamp_of(path)
    try:
        with connect(path) as con:
            tables = con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
            ).fetchall()
            counts = [_rows(con, name) for (name,) in tables]
            return Kept(stamp, path, is_current, said_by(con), sum(counts))
    except ZwgkError as error:
        return Kept(stamp, path, is_current, Provenance(), None, str(error))


def _rows(con: "duckdb.DuckDBPyConnection", table: str) -> int:
    found = con.execute(f'SELECT count(*) FROM main."{table}"').fetchall()  # noqa: S608
    return int(found[0][0])


def _path(folder: Path, stamp: str) -> Path:
    return folder / f"zwgk_{stamp}.duckdb"


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("zwgk_*.duckdb"))


def _point(folder: Path, final: Path) -> None:
    link = folder / NAME
    aside = folder / f".{NAME}.new"
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(final.name)
    except (OSError, NotImplementedError):
        replace_text(folder / _POINTER, final.name)
        link.unlink(missing_ok=True)  # one of a time with links would be read before the pointer
        return
    aside.replace(link)
    flush(folder)
