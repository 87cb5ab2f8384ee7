"""What lies under the raw folder: every file that may be a document, as stat sees it."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zwgk_analytics.facts.extract import sidecar_of

_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}  # line breaks, terminal codes, marks that turn a text round

# `registers/` holds lists of who must file, not documents
OTHER_FOLDERS = {"registers"}


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file under raw; size and time cover its sidecar too, so that either change shows.

    `member` is the name of one document in it where the file is a bundle.
    """

    source: str
    path: Path
    sidecar: Path | None
    size: int
    changed_ns: int
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A name under raw that is not read, and why."""

    source: str
    reason: str
    detail: str


def discover(raw: Path) -> Iterator[RawFile | Skipped]:
    """Every document below `raw`, folder by folder in the order of names.

    Hidden files, README files, office lock files, sidecars, `registers/` and a folder of marts
    are no documents.
    A link is never followed: what it leads to inside of raw is found by its own name. A folder
    that cannot be opened is told; what vanishes meanwhile is as if it had never been there.
    """
    closed: list[OSError] = []
    for folder, names, files in os.walk(raw, onerror=closed.append):
        here = Path(folder)
        names[:] = sorted(n for n in names if is_read(n) and not _is_other(here / n, raw))
        linked = [here / n for n in names if (here / n).is_symlink()]
        paths = [here / n for n in sorted(files) if is_read(n)]
        beside = {path: sidecar_of(path) for path in paths if path.suffix != ".yml"}
        sidecars = set(beside.values())
        for path in linked + [p for p in paths if p not in sidecars]:
            try:
                yield _look(raw, path, beside.get(path))
            except FileNotFoundError:
                continue
    for error in closed:
        yield Skipped(
            _source(raw, Path(error.filename)),
            "unreadable",
            f"the folder cannot be opened: {error.strerror}; let the user of the refresh read it",
        )


def is_read(name: str) -> bool:
    """Whether a file or folder of that name may be or hold a document."""
    return not name.startswith((".", "~$")) and not name.lower().startswith("readme")


def _is_other(folder: Path, raw: Path) -> bool:
    is_register = folder.parent == raw and folder.name in OTHER_FOLDERS
    return is_register or (folder / "store" / "lock").exists()


def _look(raw: Path, path: Path, sidecar: Path | None) -> RawFile | Skipped:
    source = _source(raw, path)
    if path.is_symlink():
        return Skipped(source, "link", "links are not followed; put a copy in its place")
    if not stat.S_ISREG(path.lstat().st_mode):
        return Skipped(source, "special", "this is no regular file; put a copy in its place")
    stats = [p.stat() for p in (path, sidecar) if p is not None]
    return RawFile(
        source=source,
        path=path,
        sidecar=sidecar,
        size=sum(s.st_size for s in stats),
        # a replaced file may keep its old mtime, never its ctime
        changed_ns=max(max(s.st_mtime_ns, s.st_ctime_ns) for s in stats),
    )


def _source(raw: Path, path: Path) -> str:
    """The path below raw on one line: what cannot be shown is written as Python writes it."""
    name = os.fsencode(path.relative_to(raw).as_posix()).decode("utf-8", "backslashreplace")
    return on_one_line(name)


def on_one_line(name: str) -> str:
    """A name without line breaks and signs that cannot be seen: they are written as escapes."""
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in _UNSEEN else c
        for c in name
    )
