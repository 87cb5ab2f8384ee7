"""Timers of the system: systemd's of the user, else cron's; on Windows the line to type."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, Protocol

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.schedule.command import Job

_CRON_LIMIT: Final = 998  # characters of a command that cron takes
_SECONDS: Final = 30


class Timer(Protocol):
    """One way to run a job every day."""

    def show(self, name: str) -> str | None:
        """What is installed under the name; None if nothing."""

    def install(self, job: Job) -> str:
        """Installs the job, over an earlier one of its name; tells what was done."""

    def remove(self, name: str) -> str | None:
        """Removes what is installed under the name and tells it; None if there is nothing."""


class Systemd:
    """A timer and a service among the units of the user."""

    def __init__(self) -> None:
        home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        self._folder = Path(home) / "systemd" / "user"

    @staticmethod
    def is_there() -> bool:
        """Whether a systemd of this user runs."""
        return bool(shutil.which("systemctl")) and _run(*_SYSTEMCTL, "show-environment")[0] == 0

    def show(self, name: str) -> str | None:
        """The units as they are on the disk."""
        units = [p for p in self._units(name) if p.exists()]
        return "\n".join(f"# {p}\n{p.read_text('utf-8')}" for p in units) or None

    def install(self, job: Job) -> str:
        """Writes the units and starts the timer."""
        self._folder.mkdir(parents=True, exist_ok=True)
        service, timer = self._units(job.name)
        service.write_text(_SERVICE.format(command=_systemd_line(job.words)), encoding="utf-8")
        timer.write_text(_TIMER.format(hour=job.hour, minute=job.minute), encoding="utf-8")
        _must(*_SYSTEMCTL, "daemon-reload")
        _must(*_SYSTEMCTL, "enable", "--now", timer.name)
        return (
            f"systemd timer {timer}, daily at {job.hour:02}:{job.minute:02}; so that it runs while "
            "you are not logged in: loginctl enable-linger"
        )

    def remove(self, name: str) -> str | None:
        """Stops the timer and deletes the units."""
        service, timer = self._units(name)
        if not timer.exists() and not service.exists():
            return None
        _must(*_SYSTEMCTL, "disable", "--now", timer.name)
        service.unlink(missing_ok=True)
        timer.unlink(missing_ok=True)
        _must(*_SYSTEMCTL, "daemon-reload")
        return f"removed {timer}"

    def _units(self, name: str) -> tuple[Path, Path]:
        return self._folder / f"{name}.service", self._folder / f"{name}.timer"


class Cron:
    """One line of the user's crontab; every other line stays as it is, byte by byte."""

    @staticmethod
    def is_there() -> bool:
        """Whether there is a `crontab` command."""
        return shutil.which("crontab") is not None

    def show(self, name: str) -> str | None:
        """The line as it stands in the crontab."""
        return next((line for line in _crontab() if _is_ours(line, name)), None)

    def install(self, job: Job) -> str:
        """Writes the line."""
        if r"\%" in job.line or r"\\" in job.line:
            raise ZwgkError(
                "crontab: a backslash before % or another backslash means one thing to one cron "
                "and another to the next; put the command into a script"
            )
        # cron takes a bare % for the end of the line
        line = f"{job.line} # {job.name}".replace("%", r"\%")
        if len(line.encode("utf-8", "surrogateescape")) > _CRON_LIMIT:
            raise ZwgkError(
                f"crontab: the command is longer than the {_CRON_LIMIT} bytes that cron takes; "
                "use shorter paths, or put it into a script"
            )
        others = [old for old in _crontab() if not _is_ours(old, job.name)]
        _write_crontab([*others, f"{job.minute} {job.hour} * * * {line}"])
        return f"crontab of this user, daily at {job.hour:02}:{job.minute:02}"

    def remove(self, name: str) -> str | None:
        """Takes the line out."""
        lines = _crontab()
        others = [line for line in lines if not _is_ours(line, name)]
        if len(others) == len(lines):
            return None
        _write_crontab(others)
        return "removed from the crontab of this user"


class Schtasks:
    """Windows: nothing is changed; the line that does it is told."""

    def show(self, name: str) -> str | None:
        """The line that shows the task."""
        return subprocess.list2cmdline(["schtasks", "/Query", "/TN", name, "/V", "/FO", "LIST"])

    def install(self, job: Job) -> str:
        """The line that makes the task, or replaces it."""
        at, command = f"{job.hour:02}:{job.minute:02}", subprocess.list2cmdline(job.words)
        line = ["schtasks", "/Create", "/F", "/SC", "DAILY", "/TN", job.name, "/ST", at]
        return subprocess.list2cmdline([*line, "/TR", command])

    def remove(self, name: str) -> str | None:
        """The line that deletes the task."""
        return subprocess.list2cmdline(["schtasks", "/Delete", "/F", "/TN", name])


def timers() -> list[Timer]:
    """The ways that this machine has, the preferred one first.

    Raises:
        ZwgkError: there is none.
    """
    if sys.platform == "win32":
        return [Schtasks()]
    found: list[Timer] = [kind() for kind in (Systemd, Cron) if kind.is_there()]
    if not found:
        raise ZwgkError(
            "no systemd of this user runs and there is no crontab command; install cron, or let "
            "your own scheduler run `zwgk refresh --log` with --raw and --marts"
        )
    return found


def show(name: str) -> str | None:
    """What is installed under a name, wherever it is; None if nothing."""
    return "\n".join(told for timer in timers() if (told := timer.show(name))) or None


def install(job: Job) -> str:
    """Installs a job with the preferred timer and nowhere else; tells what was done."""
    preferred, *others = timers()
    for other in others:
        other.remove(job.name)
    return preferred.install(job)


def remove(name: str) -> str | None:
    """Removes what is installed under a name, wherever it is; None if there is nothing."""
    return "\n".join(told for timer in timers() if (told := timer.remove(name))) or None


_SYSTEMCTL: Final = ("systemctl", "--user")
_SERVICE: Final = """[Unit]
Description=zwgk refresh

[Service]
Type=oneshot
Nice=10
ExecStart={command}
"""
_TIMER: Final = """[Unit]
Description=zwgk refresh, daily

[Timer]
OnCalendar=*-*-* {hour:02}:{minute:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def _systemd_line(words: list[str]) -> str:
    special = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"})
    return " ".join(f'"{word.translate(special)}"' for word in words)


def _is_ours(line: str, name: str) -> bool:
    return line.endswith(f" # {name}") and not line.lstrip().startswith("#")


def _crontab() -> list[str]:
    status, out, told = _run("crontab", "-l")
    if status and "no crontab" not in told.lower():
        # writing now could lose every line of it
        raise ZwgkError(f"crontab -l: {told.strip() or f'status {status}'}; nothing was changed")
    return out.removesuffix("\n").split("\n") if out and status == 0 else []


def _write_crontab(lines: list[str]) -> None:
    _must("crontab", "-", given="".join(f"{line}\n" for line in lines))


def _must(*command: str, given: str = "") -> None:
    status, out, told = _run(*command, given=given)
    if status:
        line = (told or out).strip().replace("\n", "; ")
        raise ZwgkError(f"{' '.join(command)}: {line or f'status {status}'}")


def _run(*command: str, given: str = "") -> tuple[int, str, str]:
    """Exit status, output and errors; bytes that are no UTF-8 pass through as they are."""
    try:
        done = subprocess.run(  # noqa: S603 (fixed programs; paths are words, never shell)
            command,
            input=given.encode("utf-8", "surrogateescape"),
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ZwgkError(f"{' '.join(command)}: no answer within {_SECONDS} s") from error
    out, told = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    return done.returncode, out, told
