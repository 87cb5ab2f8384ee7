"""One refresh at a time for a marts folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zwgk_analytics.errors import ZwgkError


class BusyError(ZwgkError):
    """Another refresh holds the marts folder."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file at `path`; the system frees it when the process ends, however it ends.

    Raises:
        BusyError: another process holds it; the message names the process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not _take(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BusyError(
                f"{path.parent.parent}: another refresh (process {holder}) is running; "
                "wait until it is done, or end that process"
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond the text, so that others may read it
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
