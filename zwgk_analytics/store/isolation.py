"""Documents read in processes of their own: a hang, a crash or a flood ends one document only."""

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.store.reading import Task, read

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Reader = Callable[[Task], Extraction]

_MEGABYTE = 1024 * 1024
_PRELOAD = [
    "pandas",  # pyarrow imports it for any list that it converts
    "polars",
    "zwgk_analytics.store.reading",
    "zwgk_analytics.facts.extract",
    "zwgk_analytics.facts.tables",
    "zwgk_analytics.readers.html",
    "zwgk_analytics.readers.docx",
    "zwgk_analytics.readers.pdf",
    "zwgk_analytics.readers.spreadsheet",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: a base, and more for a larger file."""

    seconds: float = 60.0
    seconds_per_megabyte: float = 60.0  # a scan has some ten pages a megabyte, each 6 s of OCR
    most_seconds: float = 900.0
    memory_megabytes: int = 3072
    memory_per_megabyte: int = 16

    def seconds_for(self, size: int) -> float:
        """Wall-clock seconds that a file of `size` bytes may take."""
        wanted = self.seconds + self.seconds_per_megabyte * size / _MEGABYTE
        return min(wanted, max(self.seconds, self.most_seconds))

    def memory_for(self, size: int) -> int:
        """Bytes of address space that reading a file of `size` bytes may add."""
        return self.memory_megabytes * _MEGABYTE + self.memory_per_megabyte * size


@dataclass(slots=True)
class _Running:
    task: Task
    process: "BaseProcess"
    deadline: float


def read_each(
    tasks: Iterable[Task],
    workers: int,
    limits: Limits | None = None,
    reader: Reader = read,
) -> Iterator[tuple[Task, Extraction]]:
    """Each task with its extraction, as they finish; at most `workers` at a time.

    A document that hangs, crashes or runs out of memory comes back with the reason `timeout`,
    `crashed` or `out_of_memory`. `reader` runs in the worker. When the caller stops early, every
    worker is ended.
    """
    limits = limits or Limits()
    # a reader that is ended cannot clear what it was writing
    with TemporaryDirectory(prefix="zwgk-", ignore_cleanup_errors=True) as scratch:
        yield from _read_each(deque(tasks), workers, limits, reader, scratch)


def _read_each(
    waiting: deque[Task], workers: int, limits: Limits, reader: Reader, scratch: str
) -> Iterator[tuple[Task, Extraction]]:
    context = _context()
    running: dict[Connection, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                task = waiting.popleft()
                connection, started = _start(context, task, limits, reader, scratch)
                running[connection] = started
            yield from _finished(running)
    finally:
        for connection, left in running.items():
            _end(left.process)
            connection.close()


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def _start(
    context: ForkServerContext | SpawnContext,
    task: Task,
    limits: Limits,
    reader: Reader,
    scratch: str,
) -> tuple[Connection, _Running]:
    ours, theirs = context.Pipe(duplex=False)
    seconds = limits.seconds_for(task.size)
    allowance = (seconds, limits.memory_for(task.size), scratch)
    process = context.Process(target=_work, args=(theirs, task, reader, *allowance), daemon=True)
    with _without_main():
        process.start()
    theirs.close()
    return ours, _Running(task, process, time.monotonic() + seconds)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    # else every worker would run the caller's script again to have its `__main__`
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _finished(running: dict[Connection, _Running]) -> Iterator[tuple[Task, Extraction]]:
    soonest = min(r.deadline for r in running.values())
    ready = wait(list(running), timeout=max(0.0, soonest - time.monotonic()))
    late = [c for c, r in running.items() if r.deadline <= time.monotonic() and c not in ready]
    for connection in [c for c in running if c in ready] + late:
        done = running.pop(connection)
        extraction = _timed_out(done) if connection in late else _received(connection, done)
        _end(done.process)
        connection.close()
        yield done.task, extraction


def _received(connection: Connection, done: _Running) -> Extraction:
    try:
        extraction: Extraction = connection.recv()
    except (EOFError, OSError):
        done.process.join(5)
        code = done.process.exitcode
        if code == -9:  # SIGKILL, not by us: the system sends it when memory runs out
            return done.task.failed("killed", "the reader was killed; the next refresh reads again")
        return done.task.failed(
            "crashed",
            f"the reader crashed (exit status {code}), as on a damaged file or one that asks for "
            "more memory than its limit; open the file and save it again",
        )
    return extraction


def _timed_out(done: _Running) -> Extraction:
    return done.task.failed(
        "timeout", "the reader did not finish within its time limit; split the file or save it anew"
    )


def _end(process: "BaseProcess") -> None:
    # the group, for a reader may have started a converter of its own
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()
    process.join()


def _work(
    connection: Connection, task: Task, reader: Reader, seconds: float, memory: int, scratch: str
) -> None:
    _confine(seconds, memory)
    tempfile.tempdir = scratch
    try:
        extraction = reader(task)
    except MemoryError:
        extraction = task.failed(
            "out_of_memory", "the reader ran out of its memory limit; split the file"
        )
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        connection.send(extraction)


def _confine(seconds: float, memory: int) -> None:
    """Bounds this process even when nobody is left to end it."""
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    os.setsid()  # Ctrl-C is for the parent, which ends its workers
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(seconds) + 5)
    ceiling = _address_space() + memory
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def _address_space() -> int:
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return 0
    return int(pages.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
