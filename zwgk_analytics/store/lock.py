"""One refresh at a time for a marts folder."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zwgk_analytics.errors import ZwgkError


class BusyError(ZwgkError):
    """Another refresh holds the marts folder."""


_PAUSE = 0.2  # seconds between two looks at a lock that is waited for


@contextmanager
def locked(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock file at `path`; the system frees it when the process ends, however it ends.

    Args:
        path: of the lock file, in a folder of the marts folder.
        wait: seconds to wait for another process that holds it.

    Raises:
        BusyError: another process holds it still; the message names the process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not _take_within(file.fileno(), wait):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BusyError(
                f"{path.parent.parent}: another refresh (process {holder}) is running; "
                "wait until it is done (`--wait SECONDS` does), or end that process"
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def _take_within(handle: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not _take(handle):
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)
    return True


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
