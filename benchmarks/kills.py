"""Refreshes killed (SIGKILL) at random moments: are the published marts whole, does the next run?

`python -m benchmarks.kills --count 200`. Two states of a small raw folder take turns, so that every
refresh has something to read and something to publish; nothing is put right between two kills.
After each, the marts must open and be those of the one state or of the other, whole; every few
kills, and at the end, a refresh that is left alone must publish what a fresh build publishes.

A part of the kills waits for a step first (`publish` lasts milliseconds of many seconds).
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import zwgk_analytics as zwgk

RAW = Path(__file__).parents[1] / "data" / "raw"
COMMAND = ("-m", "zwgk_analytics.cli", "refresh")
WITHOUT_SUITES = (
    "-c",
    "from zwgk_analytics import cli, quality; quality.validate = lambda path, **_: []; cli.main()",
    "refresh",
)
STATES = {
    "before": ("pingtan_2020", "pingtan_2021", "pingtan_2022"),
    "after": ("pingtan_2021", "pingtan_2022", "pingtan_2024", "pingtan_2016"),
}
STEPS = ("look", "read", "store", "marts", "check", "publish")
_AIMED = ("store", "marts", "publish", "publish")  # steps that some kills wait for
_AFTER = {"publish": 0.1}  # seconds after such a step within which the kill comes
_OF_THE_RUN = ("changes", "provenance", "refreshes")  # marts that tell of refreshes, not of raw


@dataclass
class Told:
    """What a series of kills came to; `failures` is empty where nothing was lost."""

    steps: Counter[str] = field(default_factory=Counter)  # the last one that began before a kill
    found: Counter[str] = field(default_factory=Counter)  # whose marts readers found afterwards
    finished: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class Ground:
    """A folder with `raw` and `marts` in it, and what whole marts look like in each state."""

    def __init__(self, folder: Path, command: tuple[str, ...] = COMMAND) -> None:
        self.raw, self.marts, self._command = folder / "raw", folder / "marts", command
        self._told = folder / "told.txt"
        self.sums = {}
        for state in ("after", "before"):
            self.put(state)
            fresh = folder / f"fresh_{state}"
            started = time.monotonic()
            self._finish(fresh)
            self.seconds = time.monotonic() - started
            self.sums[state] = checksum(fresh)
        shutil.copytree(fresh, self.marts, symlinks=True)

    def put(self, state: str) -> None:
        """Makes raw hold the files of a state, those of both rewritten too."""
        shutil.rmtree(self.raw, ignore_errors=True)
        self.raw.mkdir(parents=True)
        for name in STATES[state]:
            for path in (RAW / "reports").glob(f"{name}.*"):
                shutil.copy(path, self.raw)
        log = "标题,发布日期\n甲市人民政府关于公布目录的通知,2023-03-02\n"
        (self.raw / "log.csv").write_text(log * (1 + (state == "after")), encoding="utf-8")

    def kill(self, delay: float, step: str | None) -> str:
        """Starts a refresh and kills it `delay` seconds later, or after `step`; its last step."""
        running = self._start(self.marts)
        until = time.monotonic() + 10 * self.seconds + 30
        while step and step not in self._steps() and running.poll() is None:
            if time.monotonic() > until:
                break
            time.sleep(0.001)
        time.sleep(delay)
        is_over = running.poll() is not None
        running.kill()
        running.wait()
        return "ended by itself" if is_over else (["start", *self._steps()][-1])

    def finish(self, state: str) -> str | None:
        """Lets a refresh run; what is wrong with it or with its marts, None if nothing."""
        try:
            self._finish(self.marts)
        except RuntimeError as error:
            return str(error)
        left = [p.name for p in self.marts.glob(".*")]
        left += [p.name for p in self.marts.glob("store/segments/.*")]
        if left:
            return f"left behind: {left}"
        return None if checksum(self.marts) == self.sums[state] else "not what a fresh build is"

    def found(self) -> str:
        """Whose marts a reader finds now."""
        now = checksum(self.marts)
        return next((state for state, known in self.sums.items() if known == now), "NEITHER")

    def _finish(self, marts: Path) -> None:
        running = self._start(marts)
        if running.wait(600):
            raise RuntimeError(f"a refresh ended with {running.returncode}: {self._text()}")

    def _start(self, marts: Path) -> "subprocess.Popen[bytes]":
        paths = ["--raw", str(self.raw), "--marts", str(marts), "--workers", "2"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        with self._told.open("wb") as told:
            return subprocess.Popen(
                [sys.executable, *self._command, *paths],
                stdout=subprocess.DEVNULL,
                stderr=told,
                env=environment,
            )

    def _text(self) -> str:
        return self._told.read_text("utf-8", errors="replace")

    def _steps(self) -> list[str]:
        return [w for line in self._text().splitlines() for w in line.split()[:1] if w in STEPS]


def checksum(folder: Path) -> str:
    """The MD5 of all rows of all marts that tell of what lies under raw."""
    with zwgk.open_marts(folder) as marts:
        names = [n for n in marts.catalogue()["mart"] if n not in _OF_THE_RUN]
        rows = " UNION ALL ".join(
            f"SELECT '{name}' || CAST(t AS VARCHAR) AS row_ FROM main.\"{name}\" AS t"
            for name in names
        )
        query = f"SELECT md5(string_agg(row_, '|' ORDER BY row_)) FROM ({rows})"
        return str(marts.sql(query)[0, 0])


def kills(ground: Ground, count: int, seed: int, every: int = 9) -> Told:
    """Kills `count` refreshes; after every so many, an odd number, one is left alone.

    The number is odd so that the states take turns there too.
    """
    chance, told, states = random.Random(seed), Told(seconds=ground.seconds), tuple(STATES)
    for number in range(1, count + 1):
        state = states[number % 2]
        ground.put(state)
        step = chance.choice(_AIMED) if number % 4 == 0 else None
        length = _AFTER.get(step, ground.seconds / 4) if step else ground.seconds
        told.steps[ground.kill(chance.uniform(0, length), step)] += 1
        try:
            found = ground.found()
        except Exception as error:  # whatever a reader meets is what we are here for
            found = f"{type(error).__name__}: {error}"
        told.found[found] += 1
        if found not in ground.sums:
            told.failures.append(f"kill {number}: {found}")
        if number % 20 == 0:
            print(f"{number}: {told}", file=sys.stderr, flush=True)
        if number % every == 0 or number == count:
            wrong = ground.finish(state)
            told.finished += 1
            told.failures += [f"refresh after kill {number}: {wrong}"] if wrong else []
    return told


def main() -> None:
    """Prints where the kills struck and what readers found; 1 where something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--without-suites", action="store_true", help="Leave out the suites, which only read."
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = WITHOUT_SUITES if given.without_suites else COMMAND
        told = kills(Ground(Path(folder), command), given.count, given.seed)
    print(f"{given.count} kills of refreshes of {told.seconds:.1f} s")
    print("struck in:", ", ".join(f"{step} {n}" for step, n in told.steps.most_common()))
    print("readers found the marts of:", ", ".join(f"{k} {n}" for k, n in told.found.items()))
    print(f"refreshes left alone: {told.finished}; failures: {len(told.failures)}")
    for failure in told.failures:
        print(f"  {failure}")
    sys.exit(bool(told.failures))


if __name__ == "__main__":
    main()
