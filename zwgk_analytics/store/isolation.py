"""Documents read in workers apart: a hang, a crash or a flood ends one document only.

A worker reads many documents in turn. One that fails in a worker which has read others before is
read once more in a fresh one, so that no document pays for another.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
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

# Reasons that an earlier document of the same worker may have caused.
_PERHAPS_OTHERS = {"crashed", "killed", "out_of_memory"}

_MEGABYTE = 1024 * 1024
_DOCUMENTS = 500  # that a worker reads before another takes its place
_RESIDENT = 512 * _MEGABYTE  # that a worker may hold when it goes on to the next document
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
class _Worker:
    process: "BaseProcess"
    connection: Connection
    task: Task
    deadline: float
    documents: int = 0


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
    with Workers(workers, limits, reader) as pool:
        yield from pool.each(tasks)


class Workers:
    """Workers that read documents, at most `count` at a time, until the end of a `with`."""

    def __init__(self, count: int, limits: Limits | None = None, reader: Reader = read) -> None:
        self.busy: dict[Connection, _Worker] = {}
        self.idle: list[_Worker] = []
        self._count, self._limits, self._context = count, limits or Limits(), _context()
        # a reader that is ended cannot clear what it was writing
        self._scratch = TemporaryDirectory(prefix="zwgk-", ignore_cleanup_errors=True)
        self._work = reader, self._scratch.name

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [*self.busy.values(), *self.idle]:
            _end(worker)
        self._scratch.cleanup()

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Extraction]]:
        """Each task with its extraction, as they finish; a task is taken when a worker is free."""
        waiting, done = iter(tasks), list[tuple[Task, Extraction]]()
        while True:
            for task in islice(waiting, self._count - len(self.busy)):
                self.give(task)
            yield from done  # what the caller does with them, it does while the workers read
            if not self.busy:
                return
            done = list(self.finished())

    def give(self, task: Task) -> None:
        """Has a document read by a worker that waits, else by a fresh one."""
        seconds = self._limits.seconds_for(task.size)
        order = (task, seconds, self._limits.memory_for(task.size))
        while self.idle:
            worker = self.idle.pop()
            try:
                worker.connection.send(order)
                break
            except OSError:  # it ended while it waited
                _end(worker)
        else:
            worker = self._started(task)
            worker.connection.send(order)
        worker.task, worker.deadline = task, time.monotonic() + seconds
        worker.documents += 1
        self.busy[worker.connection] = worker

    def finished(self) -> Iterator[tuple[Task, Extraction]]:
        """The documents that are done, or whose time is up."""
        soonest = min(worker.deadline for worker in self.busy.values())
        ready = wait(list(self.busy), timeout=max(0.0, soonest - time.monotonic()))
        late = [c for c, w in self.busy.items() if w.deadline <= time.monotonic()]
        for connection in [c for c in self.busy if c in ready or c in late]:
            worker = self.busy.pop(connection)
            extraction, goes_on = _received(worker) if connection in ready else _timed_out(worker)
            if goes_on and worker.documents < _DOCUMENTS:
                self.idle.append(worker)
            else:
                _end(worker)
            if extraction.reason in _PERHAPS_OTHERS and worker.documents > 1:
                self.give_fresh(worker.task)
            else:
                yield worker.task, extraction

    def give_fresh(self, task: Task) -> None:
        """Has a document read by a worker that has read no other."""
        waiting, self.idle = self.idle, []
        self.give(task)
        self.idle = waiting

    def _started(self, task: Task) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, *self._work), daemon=True)
        with _without_main():
            process.start()
        theirs.close()
        return _Worker(process, ours, task, 0.0)


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    # else every worker would run the caller's script again to have its `__main__`
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _received(worker: _Worker) -> tuple[Extraction, bool]:
    """What a worker sends, and whether it can go on."""
    try:
        told: tuple[Extraction, bool] = worker.connection.recv()
    except (EOFError, OSError):
        worker.process.join(5)
        code = worker.process.exitcode
        return _crashed(worker.task, code), False
    return told


def _crashed(task: Task, code: int | None) -> Extraction:
    if code == -9:  # SIGKILL, not by us: the system sends it when memory runs out
        return task.failed("killed", "the reader was killed; the next refresh reads again")
    return task.failed(
        "crashed",
        f"the reader crashed (exit status {code}), as on a damaged file or one that asks for "
        "more memory than its limit; open the file and save it again",
    )


def _timed_out(worker: _Worker) -> tuple[Extraction, bool]:
    told = "the reader did not finish within its time limit; split the file or save it anew"
    return worker.task.failed("timeout", told), False


def _end(worker: _Worker) -> None:
    # the group, for a reader may have started a converter of its own
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(worker.process.pid or 0, signal.SIGKILL)
    worker.process.kill()
    worker.process.join()
    worker.connection.close()


def _work(connection: Connection, reader: Reader, scratch: str) -> None:
    tempfile.tempdir = scratch
    if sys.platform != "win32":
        os.setsid()  # Ctrl-C is for the parent, which ends its workers
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # whoever asked may be gone
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            task, seconds, memory = connection.recv()
            _confine(seconds, memory)
            try:
                extraction, has_room = reader(task), True
            except MemoryError:
                told = "the reader ran out of its memory limit; split the file"
                extraction, has_room = task.failed("out_of_memory", told), False
            if sys.platform != "win32":
                signal.alarm(0)
            connection.send((extraction, has_room and _pages(1) < _RESIDENT))


def _confine(seconds: float, memory: int) -> None:
    """Bounds this process for one document, even when nobody is left to end it."""
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    signal.alarm(int(seconds) + 5)
    ceiling = _pages(0) + memory
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def _pages(field: int) -> int:
    """Bytes of this process: its address space (0) or what of it is resident (1)."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return 0
    return int(pages.read_text().split()[field]) * os.sysconf("SC_PAGE_SIZE")


def processors() -> int:
    """How many documents this process may read at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
