import json
import sys
import time

import pytest

import zwgk_analytics as zwgk
from tests.documents import report
from tests.test_pipeline import broken
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.publish import published
from zwgk_analytics.notify import new_errors, notify, words


def script(folder, text):
    """A command that runs a Python script of ours."""
    path = folder / "tell it.py"
    path.write_text(text, encoding="utf-8")
    return f"'{sys.executable}' '{path}'"


def test_the_summary_arrives_as_json_and_nothing_passes_a_shell(tmp_path):
    out = tmp_path / "out.json"
    command = script(
        tmp_path,
        "import json, sys\n"
        f"json.dump([sys.argv[1:], json.load(sys.stdin)], open({str(out)!r}, 'w'))",
    )
    told = {"event": "failure", "error": "`touch x`; $(id) 甲市"}
    assert notify(f"{command} '$HOME' ; touch x", told) is None
    assert json.loads(out.read_text()) == [["$HOME", ";", "touch", "x"], told]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import sys; sys.exit('no route\\nto ops')", "it ended with status 1: to ops"),
        ("import time; time.sleep(60)", "it did not end within 0.5 s and was stopped"),
    ],
)
def test_a_command_that_fails_is_told(tmp_path, text, expected):
    started = time.monotonic()
    told = notify(script(tmp_path, text), {"pad": "x" * 200_000}, seconds=0.5)
    assert told == f"--notify {sys.executable}: {expected}"
    assert time.monotonic() - started < 10


def test_a_command_that_reads_nothing_does_no_harm(tmp_path):
    assert notify(script(tmp_path, "pass"), {"pad": "x" * 1_000_000}) is None


def test_what_a_command_left_running_does_not_hold_the_refresh(tmp_path):
    text = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)'])"
    )
    started = time.monotonic()
    told = notify(script(tmp_path, text), {}, seconds=1)
    assert told is None or "within 1 s" in told
    assert time.monotonic() - started < 10


def test_a_command_that_is_not_there_is_told():
    assert notify("/nowhere/tell ops", {}) == (
        "--notify /nowhere/tell: No such file or directory; give the path of a program that can run"
    )


@pytest.mark.parametrize("command", ["", "  ", "tell 'ops"])
def test_a_command_that_is_none_is_refused(command):
    with pytest.raises(UsageError, match="--notify"):
        words(command)


@pytest.fixture
def no_suites(monkeypatch):
    """Great Expectations takes seconds to load, and is not what is tested here."""
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


def test_only_errors_that_were_not_there_before_are_new(tmp_path, no_suites):
    raw, marts = tmp_path / "raw", tmp_path / "marts"
    raw.mkdir()
    (raw / "good.html").write_bytes(report(agency="乙市人民政府"))
    zwgk.refresh(raw, marts, progress=lambda *step: None)
    first = published(marts)
    (raw / "bad.html").write_bytes(broken())
    zwgk.refresh(raw, marts, progress=lambda *step: None)
    second = published(marts)
    number, rows = new_errors(first, second)
    assert number == len(rows) > 0
    balance = [r for r in rows if r["rule"] == "applications.balance"]
    assert [(r["agency"], r["period"]) for r in balance] == [("甲市人民政府", "2023")]
    assert new_errors(None, second) == (number, rows)
    assert new_errors(second, second) == (0, [])
