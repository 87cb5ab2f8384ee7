"""Great Expectations over published marts: did every suite hold, and if not, which rules broke."""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from zwgk_analytics.errors import UsageError, ZwgkError

PACKAGE = Path(__file__).parents[1]
# Beside the package in a clone; inside it where it was installed.
PLACES = (PACKAGE / "expectations", PACKAGE.parent / "expectations")


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation after its run: `rule` is None where it is about the mart itself."""

    expectation: str
    rule: str | None
    severity: str
    success: bool
    unexpected: int | None


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """One suite after its run."""

    mart: str
    checked: tuple[Checked, ...]

    @property
    def success(self) -> bool:
        """Whether every expectation of the suite held."""
        return all(c.success for c in self.checked)

    @property
    def broken_rules(self) -> tuple[str, ...]:
        """The ids of the rules that at least one subject breaks."""
        return tuple(c.rule for c in self.checked if c.rule and not c.success)

    @property
    def faults(self) -> tuple[str, ...]:
        """The expectations about the mart itself that do not hold: faults of ours."""
        return tuple(c.expectation for c in self.checked if not c.rule and not c.success)


def suite_folder() -> Path:
    """Where the suites lie.

    Raises:
        ZwgkError: there are none.
    """
    found = next((p for p in PLACES if p.is_dir()), None)
    if found is None:
        raise ZwgkError(f"no expectation suites in {PLACES[0]} or {PLACES[1]}; install again")
    return found


def own_rules(folder: Path | None) -> Path | None:
    """The folder of the user's own rules: the one given, else `rules` beside the suites.

    Raises:
        UsageError: the folder given is not there.
    """
    if folder is not None:
        if not folder.is_dir():
            raise UsageError(f"--rules {folder}: no such folder")
        return folder
    beside = suite_folder() / "rules"
    return beside if beside.is_dir() else None


def validate(
    path: Path, folder: Path | None = None, unchanged: Collection[str] = ()
) -> list[SuiteResult]:
    """The results of all suites of a folder over a closed database of marts, one a suite.

    They run in a process of their own: Great Expectations takes seconds and memory to load, and
    its connections would keep this process on an old database.

    Args:
        path: the database; it is opened read-only.
        folder: the suites, by default those that come with the package.
        unchanged: marts and rules that were found sound as they are: a suite runs where its mart is
            none of them.

    Raises:
        ZwgkError: a suite could not be loaded or run.
    """
    command = [
        sys.executable,
        "-m",
        "zwgk_analytics.quality.run_suites",
        str(path.resolve()),
        str((folder or suite_folder()).resolve()),
        *sorted(unchanged),
    ]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 (our own module, no shell)
        command, capture_output=True, encoding="utf-8", env=environment, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise ZwgkError(f"the expectation suites did not run over {path}: {last[0]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return [SuiteResult(s["mart"], tuple(Checked(**c) for c in s["checked"])) for s in told]
