"""Want of space or memory, told in one line: every write goes aside first, so what was stays."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from zwgk_analytics.errors import ZwgkError

NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ADDRESSES: Final = 3 << 30  # bytes; with less, libraries abort or hang where no thread can start
_INTERRUPTED: Final = "Query interrupted"  # how the engine passes on a Ctrl-C while a query runs
_STAYS: Final = "nothing was published, the old marts stay"


@contextmanager
def told(marts: Path) -> Iterator[None]:
    """Raises what a refresh of `marts` lacks, or what the engine refused, as a `ZwgkError`."""
    import duckdb  # slow to import

    _refuse_narrow()
    try:
        yield
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        raise _memory(marts) from error
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        if str(error) != _INTERRUPTED:
            raise
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        if any(os.strerror(number) in line for number in NO_SPACE):
            raise _space(marts) from error
        raise ZwgkError(f"{marts}: the marts were not built, the old ones stay: {line}") from error
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise _memory(marts) from error
        if error.errno not in NO_SPACE:
            raise
        raise _space(marts) from error


def _refuse_narrow() -> None:
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < _ADDRESSES:
        raise ZwgkError(
            f"this process may take {allowed >> 20} MB of addresses (ulimit -v), a refresh needs "
            f"{_ADDRESSES >> 20}; raise the limit, or limit its memory by a cgroup instead"
        )


def _space(marts: Path) -> ZwgkError:
    return ZwgkError(f"{marts}: no space left on the disk; {_STAYS}; free some and refresh again")


def _memory(marts: Path) -> ZwgkError:
    return ZwgkError(
        f"{marts}: out of memory; {_STAYS}; end other programs, or refresh with fewer --workers"
    )
