"""Telling another program how a refresh ended: JSON on its standard input, never a shell."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zwgk_analytics.errors import UsageError

if TYPE_CHECKING:
    import duckdb

SECONDS: Final = 60.0
_TOLD = 20  # findings that the summary quotes; their number is told in full


def words(command: str) -> list[str]:
    """The words of a command as a shell would part them; nothing in them is expanded.

    Raises:
        UsageError: the command is empty, or a quote in it is not closed.
    """
    try:
        parts = shlex.split(command, posix=sys.platform != "win32")
    except ValueError as error:
        raise UsageError(f"--notify {command}: {error}; quote it as on a command line") from error
    if not parts:
        raise UsageError("--notify: give the command to run, such as '/usr/local/bin/tell ops'")
    return parts


def notify(command: str, summary: Mapping[str, Any], seconds: float = SECONDS) -> str | None:
    """Runs `command` with `summary` as JSON on its input; what went wrong, None if nothing.

    The text of documents reaches the command by its input only. It is ended, with whatever it
    has started, after `seconds`.
    """
    parts = words(command)
    try:
        running = subprocess.Popen(  # noqa: S603 (the command is the user's own)
            parts,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return f"--notify {parts[0]}: {error.strerror}; give the path of a program that can run"
    try:
        _, told = running.communicate(json.dumps(summary, ensure_ascii=False).encode(), seconds)
    except subprocess.TimeoutExpired:
        return f"--notify {parts[0]}: it did not end within {seconds:g} s and was stopped"
    finally:
        _close(running)
    if running.returncode:
        last = told.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1][:200]
        return f"--notify {parts[0]}: it ended with status {running.returncode}: {last}"
    return None


def new_errors(before: Path | None, after: Path) -> tuple[int, list[dict[str, Any]]]:
    """How many findings of severity error `after` has that `before` had not, and the first of them.

    Args:
        before: the database published before; None where there was none.
        after: the database published now.
    """
    import duckdb  # slow to import

    with duckdb.connect() as con:
        _attach(con, after, "now")
        con.execute("CREATE TEMP TABLE known (finding_id VARCHAR)")
        if before is not None and before.exists():
            _attach(con, before, "earlier")
            con.execute("INSERT INTO known SELECT finding_id FROM earlier.findings")
        con.execute(
            "CREATE TEMP VIEW fresh AS SELECT rule, agency, period, message, source "
            "FROM now.findings ANTI JOIN known USING (finding_id) "
            "WHERE severity = 'error' ORDER BY rule, agency, period, finding_id"
        )
        number = con.execute("SELECT count(*) FROM fresh").fetchall()[0][0]
        rows = con.execute("SELECT * FROM fresh LIMIT $1", [_TOLD])
        names = [column[0] for column in rows.description or []]
        return int(number), [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _attach(con: "duckdb.DuckDBPyConnection", path: Path, name: str) -> None:
    quoted = path.as_posix().replace("'", "''")
    con.execute(f"ATTACH '{quoted}' AS \"{name}\" (READ_ONLY)")


def _close(running: "subprocess.Popen[bytes]") -> None:
    """Ends a command that still runs or holds its pipes, with whatever it has started."""
    if running.stderr is not None and not running.stderr.closed:
        with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(running.pid, signal.SIGKILL)
        running.kill()
        running.stderr.close()
    running.wait()
    if running.stdin is not None:
        # a command that reads nothing leaves text in the pipe
        with contextlib.suppress(OSError):
            running.stdin.close()
