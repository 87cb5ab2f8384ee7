"""Files that are whole or not there: written aside, flushed to the disk, then moved into place."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def local(path: str | Path) -> Path | None:
    """The path on this machine; None where it names another file system (hdfs://, s3a://, …)."""
    if isinstance(path, Path):
        return path
    scheme, mark, rest = path.partition("://")
    if mark and scheme != "file":
        return None
    return Path(rest if mark else path.removeprefix("file:"))


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Puts what `write` writes at `path`, in one step; a crash leaves the old file."""
    aside = path.with_name(f".{path.name}.new")
    write(aside)
    flush(aside)
    aside.replace(path)
    flush(path.parent)


def replace_text(path: Path, text: str) -> None:
    """Puts `text` at `path`, in one step."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Puts `data` at `path`, in one step."""
    replace_file(path, lambda aside: _write(aside, data))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def flush(path: Path) -> None:
    """Returns once a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        # some file systems and Windows cannot flush a folder or a handle opened for reading
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
