"""A refresh that is watched: recorded when it fails, logged when scheduled, told to a command."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

from zwgk_analytics import pipeline
from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.gate import RefreshSummary
from zwgk_analytics.marts.publish import KEPT, current
from zwgk_analytics.notify import new_errors, notify, words
from zwgk_analytics.progress import show
from zwgk_analytics.schedule.runs import recorded
from zwgk_analytics.store.files import local
from zwgk_analytics.store.scarcity import told

_BYTES: Final = 1 << 20  # a log file; older ones are refresh.log.1 to refresh.log.5
_OLDER: Final = 5


class Watch:
    """Where a refresh tells what it does: a log file or the terminal, and a command at its end.

    Args:
        marts: the marts folder; the log is `logs/refresh.log` in it.
        to_log: write there, rotated, in place of the terminal.
        command: run at the end with a summary as JSON on its standard input.
    """

    def __init__(self, marts: str | Path, to_log: bool = False, command: str | None = None) -> None:
        if command is not None:
            words(command)  # a command that cannot run is told before the work
        self.marts, self.command = marts, command
        self._here = local(marts)
        if to_log and self._here is None:
            raise UsageError(f"--log: {marts} is no folder of this machine; keep what is printed")
        self._log = _logger(self._here) if to_log and self._here else None

    def refresh(
        self,
        raw: str | Path,
        workers: int | None,
        strict: bool = False,
        rules: Path | None = None,
        keep: int = KEPT,
        wait: float = 0.0,
        engine: str = "duckdb",
        duckdb: bool | None = None,
    ) -> RefreshSummary:
        """Refreshes as `pipeline.refresh`, which see; a failure is noted, told and raised."""
        run = {"started_at": _now(), "raw": str(raw), "marts": str(self.marts)}
        before = current(self._here) if self._here else None
        try:
            with self._kept_account():
                progress = self._step if self._log else show()
                run_it = pipeline.refresh
                if engine != "duckdb":
                    run_it = partial(run_it, engine=engine, duckdb=duckdb)
                done = run_it(raw, self.marts, workers, strict, progress, rules, keep, wait)
        except Exception as error:
            self._say(f"failed: {_line(error)}", logging.ERROR)
            self._notify(run | {"event": "failure", "error": _line(error)})
            raise
        self._say(describe(done))
        self._tell_success(run, done, before)
        return done

    @contextmanager
    def _kept_account(self) -> Iterator[None]:
        if self._here is None:
            yield
            return
        with told(self._here), recorded(self._here):
            yield

    def _tell_success(
        self, run: Mapping[str, Any], done: RefreshSummary, before: Path | None
    ) -> None:
        if self.command is None:
            return
        number, first = new_errors(before, done.path) if done.path else (None, [])
        event = "new_errors" if number else "success"
        found = {"new_errors": number, "new_error_findings": first}
        where = str(done.path or self.marts)
        self._notify({**run, **asdict(done), "event": event, "path": where, **found})

    def _notify(self, summary: Mapping[str, Any]) -> None:
        if self.command is None:
            return
        if trouble := notify(self.command, {**summary, "finished_at": _now()}):
            self._say(trouble, logging.WARNING)
            print(f"zwgk: {trouble}", file=sys.stderr)

    def _say(self, line: str, level: int = logging.INFO) -> None:
        if self._log is not None:
            self._log.log(level, line)

    def _step(self, step: str, done: int, total: int) -> None:
        if done == 0:
            self._say(f"{step} ({total})" if total > 1 else step)


def describe(done: RefreshSummary) -> str:
    """One line of what a refresh did."""
    return (
        f"{done.documents_read} read, {done.documents_unchanged} unchanged, "
        f"{done.documents_removed} removed, {done.documents_quarantined} quarantined; "
        f"{done.findings} findings, {done.errors} of them errors"
    )


def _logger(marts: Path) -> logging.Logger:
    path = marts / "logs" / "refresh.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8")
    handler.setFormatter(
        logging.Formatter(
            "%(asctime)s %(process)d %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"
        )
    )
    log = logging.Logger("zwgk.refresh", logging.INFO)  # our own: no other handler sees it
    log.addHandler(handler)
    return log


def _line(error: Exception) -> str:
    return str(error) if isinstance(error, ZwgkError) else f"{type(error).__name__}: {error}"


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
