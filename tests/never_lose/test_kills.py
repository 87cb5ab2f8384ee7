import signal
import time

import pytest

from benchmarks.kills import STEPS, WITHOUT_SUITES, Ground, kills
from tests.documents import report
from tests.never_lose.conftest import process, received


def test_refreshes_killed_at_any_moment_leave_whole_marts_and_need_no_hand(tmp_path):
    told = kills(Ground(tmp_path, WITHOUT_SUITES), count=6, seed=3)
    assert told.failures == []
    assert told.steps.total() == told.found.total() == 6
    assert told.steps.keys() & {"start", *STEPS}, "no refresh was killed while it ran"
    assert told.finished == 1


def test_a_kill_that_loses_something_is_seen(folder, monkeypatch):
    """The checks themselves: marts that are neither state, and a refresh that fails, are told."""
    ground = object.__new__(Ground)
    ground.raw, ground.marts, ground.seconds = folder / "raw", folder / "marts", 0.0
    ground.sums = {"before": "a", "after": "b"}
    monkeypatch.setattr(Ground, "put", lambda self, state: None)
    monkeypatch.setattr(Ground, "kill", lambda self, delay, step: "marts")
    monkeypatch.setattr(Ground, "_finish", lambda self, marts: None)
    told = kills(ground, count=1, seed=1)
    assert told.failures == [
        "kill 1: NEITHER",
        "refresh after kill 1: not what a fresh build is",
    ]


@pytest.mark.parametrize("step", ["marts", "check"])
def test_ctrl_c_ends_with_a_line_and_leaves_nothing(folder, step):
    (folder / "raw" / "乙市2023.html").write_bytes(report("乙市人民政府", received=7))
    running = process(folder)
    while not running.stderr.readline().startswith(step):
        assert running.poll() is None
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    told = running.communicate(timeout=60)[1].splitlines()
    assert running.returncode == 130
    assert [line for line in told if line and not line.startswith(STEPS)] == [
        "zwgk: interrupted; nothing was published, the next refresh goes on from here"
    ]
    assert [p.name for p in (folder / "marts").glob(".*")] == []
    assert received(folder) == [8]
