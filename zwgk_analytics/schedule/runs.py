"""Runs that failed, kept beside the store: the marts know only of those that were published."""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from zwgk_analytics.marts.folders import locate
from zwgk_analytics.store.files import replace_text
from zwgk_analytics.store.lock import BusyError, locked
from zwgk_analytics.store.store import Store

_KEPT: Final = 100
_LAST: Final = 5
ENDED_MIDWAY: Final = "it ended without a word: killed, out of memory, or the machine went down"


def failures(marts: Path) -> list[dict[str, Any]]:
    """The runs that failed, oldest first: `started_at`, `failed_at` (UTC, ISO) and `error`."""
    path = _log(marts)
    if not path.exists():
        return []
    # the disk may have been full while a line was written
    rows = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        with suppress(ValueError):
            rows.append(json.loads(line))
    return rows


def finished(marts: Path, published: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The runs that did not fail, oldest first: rows of the mart `refreshes`, and those beside it.

    A run that finds nothing new leaves the marts as they are: only the store's log knows of it.
    """
    rows = {row["refresh_id"]: row for row in Store(locate(marts) / "store").refreshes()}
    rows |= {row["refresh_id"]: row for row in published}
    return [rows[refresh_id] for refresh_id in sorted(rows)]


def last_runs(marts: Path, published: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each of the last runs, oldest first; `published` are rows of `refreshes`."""
    there = {row["refresh_id"] for row in published}
    runs = [(_stamp(row["finished_at"]), _how(row, there)) for row in finished(marts, published)]
    runs += [(row["failed_at"], f"failed: {row['error']}") for row in failures(locate(marts))]
    return [f"run {at} UTC {how}" for at, how in sorted(runs)[-_LAST:]]


def _how(row: Mapping[str, Any], published: Collection[str]) -> str:
    if row["refresh_id"] in published:
        return "published"
    if row["documents_read"] or row["documents_removed"]:
        return "published, then rolled back"
    return "found nothing new"


def note_failure(marts: Path, started: datetime, error: str) -> None:
    """Adds one failed run to the last hundred; a marts folder that is not there stays so."""
    if not marts.is_dir():
        return
    row = {"started_at": _stamp(started), "failed_at": _stamp(datetime.now(UTC)), "error": error}
    _log(marts).parent.mkdir(exist_ok=True)
    rows = [*failures(marts), row][-_KEPT:]
    replace_text(_log(marts), "".join(f"{json.dumps(r, ensure_ascii=False)}\n" for r in rows))


@contextmanager
def recorded(marts: Path) -> Iterator[None]:
    """Notes how a refresh fails, and first those before it that left no word."""
    started = datetime.now(UTC)
    _note_silent(marts)
    mine = marts / "store" / f"run.{os.getpid()}"
    # without a marts folder there may be a slip of the pen: nothing is made for it
    held = locked(mine) if marts.is_dir() else nullcontext()
    try:
        with held:
            yield
    except BaseException as error:
        text = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
        with suppress(OSError):  # a full disk: the error itself is what must be told
            note_failure(marts, started, text or type(error).__name__)
        raise
    finally:
        mine.unlink(missing_ok=True)


def _note_silent(marts: Path) -> None:
    for mark in marts.glob("store/run.*"):
        try:
            begun = datetime.fromtimestamp(mark.stat().st_mtime, UTC)
            with locked(mark):
                note_failure(marts, begun, ENDED_MIDWAY)
            mark.unlink(missing_ok=True)
        except (BusyError, FileNotFoundError):
            continue  # that one is running, or another run has just noted it


def _log(marts: Path) -> Path:
    return marts / "store" / "failed_runs.jsonl"


def _stamp(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
