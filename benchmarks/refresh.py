"""What a refresh costs, the first one and those after it, as the input grows tenfold.

    python -m benchmarks.refresh [--most 100] [--without-suites]

At 1× there are 100 reports and 100,000 items in logs, at 10× and 100× so many times more. Each
refresh runs in a process of its own: the first one, one with nothing new, one with one new report,
one with one new log of 10,000 rows. What the marts hold is held against what was generated.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import generate

_REPORTS, _ITEMS = 100, 100_000


def grown(times: int, more: list[str]) -> None:
    """Prints a line for each refresh at one size."""
    with tempfile.TemporaryDirectory() as name:
        raw, marts = Path(name, "raw"), Path(name, "marts")
        truth = generate.reports(raw / "reports", times * _REPORTS)
        items = generate.logs(raw / "logs", times * _ITEMS, files=10 * times).items
        print(f"{times}×: {truth.reports:,} reports, {items:,} items", flush=True)
        _tell("first", _measured(raw, marts, more))
        _tell("nothing new", _measured(raw, marts, more))
        unit = generate.agency(9_000)
        (raw / "reports" / "new.html").write_bytes(generate.report(unit, 2024, 7, random.Random(1)))
        _tell("one report", _measured(raw, marts, more))
        fresh = Path(name, "fresh")
        generate.logs(fresh, 10_000, files=1, seed=11)
        (fresh / "log_0000.csv").rename(raw / "logs" / "new.csv")
        found = _measured(raw, marts, more)
        _tell("one log", found)
        expected = [truth.received + 7, items + 10_000]
        if found["holds"] != expected:
            sys.exit(f"the marts hold {found['holds']}, generated were {expected}")


def _tell(what: str, found: dict[str, Any]) -> None:
    print(
        f"  {what:<12}{found['seconds']:>8.1f} s{found['cpu']:>8.1f} s CPU"
        f"{found['peak']:>7} MB{found['size']:>7} MB of marts",
        flush=True,
    )


def _measured(raw: Path, marts: Path, more: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.refresh", "--one", str(raw), str(marts), *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def one(raw: Path, marts: Path, without_suites: bool) -> dict[str, Any]:
    """One refresh in this process: seconds, CPU seconds and peak memory, children included."""
    import zwgk_analytics as zwgk
    from zwgk_analytics import quality

    if without_suites:
        quality.validate = lambda *_, **__: []
    start = time.perf_counter()
    done = zwgk.refresh(raw, marts, progress=lambda *_: None)
    seconds = time.perf_counter() - start
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    with zwgk.open_marts(marts) as opened:
        received = "SELECT CAST(sum(received) AS BIGINT) FROM application_handling"
        holds = [opened.sql(q).item() for q in (received, "SELECT count(*) FROM publications")]
    return {
        "seconds": seconds,
        "cpu": sum(u.ru_utime + u.ru_stime for u in used),
        "peak": max(u.ru_maxrss for u in used) // 1024,
        "size": done.path.stat().st_size // 2**20,
        "holds": holds,
    }


def main() -> None:
    """Measures 1×, 10× and, where asked for, 100×."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10)
    parser.add_argument("--without-suites", action="store_true")
    parser.add_argument("--one", nargs=2, type=Path)
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(one(*wanted.one, wanted.without_suites)))
        return
    more = ["--without-suites"] if wanted.without_suites else []
    for times in (1, 10, 100):
        if times <= wanted.most:
            grown(times, more)


if __name__ == "__main__":
    main()
