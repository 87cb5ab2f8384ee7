"""The one command that every timer runs, with nothing left to a shell or a working folder."""

import hashlib
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from zwgk_analytics.errors import UsageError
from zwgk_analytics.notify import words


@dataclass(frozen=True, slots=True)
class Job:
    """A daily refresh of one marts folder at `hour`:`minute` of the machine's own time."""

    hour: int
    minute: int
    raw: Path
    marts: Path
    strict: bool = False
    notify: str | None = None

    @property
    def name(self) -> str:
        """What the timer is called: the same for the same marts folder."""
        return name_of(self.marts)

    @property
    def words(self) -> list[str]:
        """The command, its program and every path absolute."""
        # sys.executable is not resolved: its link is what makes it this environment's Python
        program = [str(Path(os.path.abspath(sys.executable))), "-P", "-X", "utf8"]  # noqa: PTH100
        folders = ["--raw", str(self.raw), "--marts", str(self.marts)]
        flags = ["--strict"] if self.strict else []
        told = ["--notify", self.notify] if self.notify else []
        return [*program, "-m", "zwgk_analytics.cli", "refresh", "--log", *folders, *flags, *told]

    @property
    def line(self) -> str:
        """The command as a POSIX shell reads it."""
        return shlex.join(self.words)


def name_of(marts: Path) -> str:
    """The timer's name for one marts folder."""
    digest = hashlib.sha256(str(marts.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return f"zwgk-refresh-{digest[:8]}"


def job(at: str, raw: Path, marts: Path, strict: bool = False, notify: str | None = None) -> Job:
    """A job from what a user gave.

    Raises:
        UsageError: `at` is no HH:MM, there is no raw folder, or a name holds a line break.
    """
    hour, _, minute = at.partition(":")
    numbers = (hour, minute)
    is_time = all(n.isascii() and n.isdigit() and len(n) in (1, 2) for n in numbers)
    if not is_time or int(hour) > 23 or int(minute) > 59:
        raise UsageError(f"--at {at}: no time of day; give HH:MM, such as 02:30")
    if not raw.is_dir():
        raise UsageError(f"--raw {raw}: no such folder; the refresh would fail every night")
    if notify is not None:
        words(notify)
    new = Job(int(hour), int(minute), raw.resolve(), marts.resolve(), strict, notify)
    if any(sign in word for word in new.words for sign in "\r\n\0"):
        raise UsageError("a path or --notify holds a line break, which no timer can carry")
    return new
