import logging
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import zwgk_analytics as zwgk
from tests.documents import report
from tests.test_cli import run
from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.schedule import runs, timers
from zwgk_analytics.schedule.command import job, name_of
from zwgk_analytics.schedule.watched import Watch

CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
  test -e "$CRON_FILE" && exec cat "$CRON_FILE"
  echo "no crontab for $(id -un)" >&2; exit 1
fi
exec cat > "$CRON_FILE"
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$SYSTEMCTL_CALLS"
test "$2" != show-environment || test -n "$SYSTEMD_RUNS"
"""
MESSY = b"# my jobs\n\nMAILTO=ops\n5 4 * * * echo \xff 50\\% \r\n@daily /bin/true # zwgk-refresh\n"


@pytest.fixture(autouse=True)
def no_suites(monkeypatch):
    """Great Expectations takes seconds to load, and is not what is tested here."""
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


@pytest.fixture
def data(tmp_path):
    """A raw and a marts folder whose names try every quoting."""
    folder = tmp_path / 'it\'s 50% "甲" x'
    (folder / "raw").mkdir(parents=True)
    return folder


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with a crontab command and a systemctl that only note what they are told."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for tool in ("cat", "id", "sh"):
        (programs / tool).symlink_to(shutil.which(tool))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("CRON_FILE", str(tmp_path / "crontab"))
    monkeypatch.setenv("SYSTEMCTL_CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def a_job(data, at="02:30", **more):
    return job(at, data / "raw", data / "marts", **more)


def test_cron_gets_one_line_and_keeps_every_other(machine, data):
    crontab = machine / "crontab"
    crontab.write_bytes(MESSY)
    new = a_job(data)
    assert timers.install(new) == "crontab of this user, daily at 02:30"
    assert timers.install(a_job(data, "03:05")) == "crontab of this user, daily at 03:05"
    before, line = crontab.read_bytes()[: len(MESSY)], crontab.read_bytes()[len(MESSY) :]
    assert before == MESSY
    assert line.startswith(b"5 3 * * * ")
    assert line.count(b"\n") == 1
    assert timers.show(new.name) + "\n" == line.decode()
    assert timers.remove(new.name) == "removed from the crontab of this user"
    assert crontab.read_bytes() == MESSY
    assert timers.remove(new.name) is None
    assert timers.show(new.name) is None


def test_the_first_line_of_a_user_without_a_crontab(machine, data):
    timers.install(a_job(data))
    assert (machine / "crontab").read_text().startswith("30 2 * * * ")


def test_what_cron_runs_is_the_command_word_by_word(machine, data):
    new = a_job(data, strict=True, notify="/usr/bin/tell 'night\\shift' 100% $HOME")
    timers.install(new)
    line = (machine / "crontab").read_text().removesuffix("\n")
    seen = line.split(" ", 5)[5].replace(r"\%", "%")  # as cron hands it to the shell
    assert shlex.split(seen, comments=True) == new.words
    shell = subprocess.run(
        ["/bin/sh", "-c", seen.replace(shlex.quote(sys.executable), "printf '%s\\n'", 1)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout.splitlines() == new.words[1:]
    assert all(Path(new.words[i]).is_absolute() for i in (0, 9, 11))
    assert new.words[8:12] == ["--raw", str(data / "raw"), "--marts", str(data / "marts")]


def test_each_marts_folder_has_a_timer_of_its_own(machine, data):
    other = job("04:00", data / "raw", data / "other")
    timers.install(a_job(data))
    timers.install(other)
    timers.remove(other.name)
    [line] = (machine / "crontab").read_text().splitlines()
    assert line.endswith(f" # {a_job(data).name}")


def test_a_crontab_that_cannot_be_read_is_not_written(machine, data):
    (machine / "bin" / "crontab").write_text(
        f'#!/bin/sh\necho "$@" >> {machine}/asked\necho "you are not allowed" >&2; exit 1\n'
    )
    with pytest.raises(ZwgkError, match="crontab -l: you are not allowed; nothing was changed"):
        timers.install(a_job(data))
    assert (machine / "asked").read_text() == "-l\n"


def test_a_line_that_cron_would_cut_is_refused(machine, data):
    with pytest.raises(ZwgkError, match="longer than the 998 bytes"):
        timers.install(a_job(data, notify="/bin/tell " + "x" * 900))
    assert not (machine / "crontab").exists()


@pytest.mark.parametrize("word", ["5\\\\%", "a\\\\\\\\b"])
def test_a_backslash_that_crons_read_in_different_ways_is_refused(machine, data, word):
    with pytest.raises(ZwgkError, match="a backslash before % or another backslash"):
        timers.install(a_job(data, notify=f"/bin/tell {word}"))


def test_a_running_systemd_gets_the_timer_and_cron_loses_its_line(machine, data, monkeypatch):
    timers.install(a_job(data))
    monkeypatch.setenv("SYSTEMD_RUNS", "1")
    new = a_job(data, "23:05")
    assert "systemd timer" in timers.install(new)
    assert (machine / "crontab").read_text() == ""
    units = machine / "config" / "systemd" / "user"
    assert sorted(p.name for p in units.iterdir()) == [f"{new.name}.service", f"{new.name}.timer"]
    timer = (units / f"{new.name}.timer").read_text()
    assert "OnCalendar=*-*-* 23:05:00\nPersistent=true\n" in timer
    assert str(units / f"{new.name}.timer") in timers.show(new.name)
    calls = (machine / "calls").read_text().splitlines()
    assert f"--user enable --now {new.name}.timer" in calls
    assert timers.remove(new.name) == f"removed {units / new.name}.timer"
    assert list(units.iterdir()) == []
    assert f"--user disable --now {new.name}.timer" in (machine / "calls").read_text()
    assert timers.remove(new.name) is None


def test_systemd_reads_the_command_word_by_word(machine, data, monkeypatch):
    monkeypatch.setenv("SYSTEMD_RUNS", "1")
    new = a_job(data, notify="/bin/tell 'night\\shift' $HOME")
    timers.install(new)
    unit = (machine / "config/systemd/user" / f"{new.name}.service").read_text()
    [line] = [li for li in unit.splitlines() if li.startswith("ExecStart=")]
    plain = line.removeprefix("ExecStart=").replace("%%", "%").replace("$$", "$")
    assert [w.replace("\\\\", "\\").replace('\\"', '"') for w in plain[1:-1].split('" "')] == (
        new.words
    )
    assert r"it's 50%% \"甲\" x/raw" in line
    assert r"/bin/tell 'night\\shift' $$HOME" in line


def test_systemd_itself_accepts_the_units(machine, data, monkeypatch, tmp_path):
    analyze = next((p for p in ("/usr/bin/systemd-analyze",) if Path(p).exists()), None)
    monkeypatch.setenv("SYSTEMD_RUNS", "1")
    new = a_job(data)
    timers.install(new)
    units = machine / "config/systemd/user"
    if analyze is None:
        print("systemd-analyze is not here: the units are held against their text only")
        return
    told = subprocess.run(
        [analyze, "--user", "verify", units / f"{new.name}.timer"],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert new.name not in told.stderr, told.stderr


def test_windows_gets_the_line_to_type(data, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    new = job("02:05", data / "raw", Path("/marts one"))
    line = timers.install(new)
    assert line.startswith(f"schtasks /Create /F /SC DAILY /TN {new.name} /ST 02:05 /TR ")
    assert '\\"' in line
    assert timers.remove(new.name) == f"schtasks /Delete /F /TN {new.name}"
    assert timers.show(new.name) == f"schtasks /Query /TN {new.name} /V /FO LIST"


def test_a_machine_without_any_timer_is_told_what_to_do(tmp_path, data, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ZwgkError, match="install cron, or let your own scheduler run"):
        timers.install(a_job(data))


@pytest.mark.parametrize("at", ["24:00", "2", "02:60", "-1:00", "02:3O", "２:00", ":", "02:30:00"])
def test_a_time_that_is_none_is_refused(data, at):
    with pytest.raises(UsageError, match="no time of day; give HH:MM"):
        a_job(data, at)


def test_a_job_that_could_only_fail_is_refused(data):
    with pytest.raises(UsageError, match="no such folder"):
        job("02:30", data / "nowhere", data / "marts")
    (data / "a\nb").mkdir()
    with pytest.raises(UsageError, match="line break"):
        job("02:30", data / "a\nb", data / "marts")


def test_the_command_line_shows_installs_and_removes(capsys, machine, data):
    folders = ("--raw", data / "raw", "--marts", data / "marts")
    told = f"{data / 'marts'}: no scheduled refresh; `zwgk schedule install` makes one\n"
    assert run(capsys, "schedule", "show", *folders) == (0, told, "")
    assert run(capsys, "schedule", "install", "--at", "1:05", *folders)[:2] == (
        0,
        "crontab of this user, daily at 01:05\n",
    )
    assert run(capsys, "schedule", "show", *folders)[1].startswith("5 1 * * * ")
    assert run(capsys, "schedule", "remove", *folders)[1].startswith("removed")
    assert run(capsys, "schedule", "remove", *folders)[:2] == (0, told)
    assert run(capsys, "schedule", "install", "--at", "25:00", *folders)[0] == 2


# what a scheduled run leaves behind


def test_a_scheduled_run_is_logged_and_silent(capsys, data):
    (data / "raw" / "a.html").write_bytes(report())
    options = ("--raw", data / "raw", "--marts", data / "marts", "--log")
    assert run(capsys, "refresh", *options) == (0, "", "")
    lines = (data / "marts" / "logs" / "refresh.log").read_text("utf-8").splitlines()
    steps = [line.split(" INFO ")[1] for line in lines]
    assert steps[:6] == ["look", "read", "store", "marts", "check", "publish"]
    assert steps[6].startswith("1 read, 0 unchanged, 0 removed, 0 quarantined; ")


def test_the_log_is_rotated(data, monkeypatch):
    monkeypatch.setattr("zwgk_analytics.schedule.watched._BYTES", 2000)
    for _ in range(8):
        watch = Watch(data / "marts", to_log=True)
        for number in range(20):
            watch._say(f"line {number} " + "x" * 50, logging.INFO)
    logs = {p.name: p.stat().st_size for p in (data / "marts" / "logs").iterdir()}
    assert logs.keys() == {"refresh.log", *(f"refresh.log.{i}" for i in range(1, 6))}
    assert max(logs.values()) <= 2000


def test_a_failed_run_is_kept_logged_told_and_exits_with_1(capsys, tmp_path):
    marts = tmp_path / "marts"
    out = tmp_path / "told.json"
    code, _, err = run(
        capsys, "refresh", "--raw", tmp_path / "gone", "--marts", marts, "--log",
        "--notify", f"/bin/sh -c 'cat > {out}'",
    )  # fmt: skip
    assert code == 1
    assert "no such folder" in err
    [failed] = runs.failures(marts)
    assert failed["error"].startswith(f"{tmp_path / 'gone'}: no such folder")
    assert "ERROR failed: " in (marts / "logs" / "refresh.log").read_text()
    assert '"event": "failure"' in out.read_text()
    assert not list((marts / "store").glob("run.*"))
    code, told, err = run(capsys, "status", "--marts", marts)
    assert (code, told.splitlines()) == (
        1,
        [f"run {failed['failed_at']} UTC failed: {failed['error']}"],
    )


def test_a_slip_of_the_pen_makes_no_folders(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "refresh")[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_status_tells_runs_of_both_ends_in_order(capsys, data):
    (data / "raw" / "a.html").write_bytes(report())
    options = ("--raw", data / "raw", "--marts", data / "marts")
    (data / "marts").mkdir()
    runs.note_failure(data / "marts", datetime(2030, 1, 1), "the disk is full")
    assert run(capsys, "refresh", *options)[0] == 0
    runs.note_failure(data / "marts", datetime(2030, 1, 1), "the disk is full again")
    lines = run(capsys, "status", "--marts", data / "marts")[1].splitlines()
    told = [line.split(" UTC ")[1] for line in lines if line.startswith("run ")]
    assert told == ["failed: the disk is full", "published", "failed: the disk is full again"]


def test_a_command_that_fails_does_not_fail_the_refresh(capsys, data):
    (data / "raw" / "a.html").write_bytes(report())
    options = ("--raw", data / "raw", "--marts", data / "marts", "--log")
    code, out, err = run(capsys, "refresh", *options, "--notify", "/nowhere/tell")
    assert (code, out) == (0, "")
    assert err.startswith("zwgk: --notify /nowhere/tell: No such file or directory")
    assert "WARNING --notify /nowhere/tell" in (data / "marts/logs/refresh.log").read_text()


def test_a_run_that_was_killed_is_told_by_the_next(tmp_path):
    marts = tmp_path / "marts"
    marts.mkdir()
    code = (
        "import os, sys; from pathlib import Path; from zwgk_analytics.schedule.runs import *\n"
        f"with recorded(Path({str(marts)!r})): print('on', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes)
    assert other.stdout.readline() == "on\n"
    with runs.recorded(marts):
        pass
    assert runs.failures(marts) == []  # it runs: nothing to tell
    other.kill()
    other.communicate()
    with runs.recorded(marts):
        pass
    assert [f["error"] for f in runs.failures(marts)] == [runs.ENDED_MIDWAY]
    with runs.recorded(marts):
        pass
    assert len(runs.failures(marts)) == 1


def test_only_the_last_hundred_failures_are_kept(tmp_path):
    for number in range(103):
        runs.note_failure(tmp_path, datetime(2030, 1, 1), str(number))
    (tmp_path / "store" / "failed_runs.jsonl").open("a").write('{"half a li')
    assert [f["error"] for f in runs.failures(tmp_path)] == [str(n) for n in range(3, 103)]


# the real cron


def test_cron_itself_runs_the_refresh(data):
    """Waits for the next full minute; only where a crontab is there and holds nothing."""
    if not (shutil.which("crontab") and shutil.which("cron") and os.getuid() == 0):
        print("no cron here, or no right to start one: the fake one has to do")
        return
    user = pwd.getpwuid(os.getuid()).pw_name
    if subprocess.run(["crontab", "-l"], capture_output=True, check=False).returncode == 0:
        print(f"{user} has a crontab, which a test must not touch")
        return
    (data / "raw" / "a.html").write_bytes(report())
    cron = timers.Cron()
    daemon = subprocess.Popen(["cron", "-f"], stderr=subprocess.PIPE)  # ends if one runs already
    soon = datetime.now().astimezone() + timedelta(seconds=65)
    new = a_job(data, f"{soon:%H:%M}")
    try:
        cron.install(new)
        assert new.name in cron.show(new.name)
        told = _told(data / "marts" / "logs" / "refresh.log", seconds=150)
        assert "1 read, 0 unchanged, 0 removed, 0 quarantined" in told
    finally:
        cron.remove(new.name)
        subprocess.run(["crontab", "-r"], check=True)
        daemon.terminate()
        daemon.communicate()
    with zwgk.open_marts(data / "marts") as opened:
        assert opened.reports()["agency"].to_list() == ["甲市人民政府"]


def _told(log, seconds):
    """The log of a run once it has ended."""
    until, told = time.monotonic() + seconds, "cron ran nothing"
    while time.monotonic() < until and " read, " not in told and "failed" not in told:
        time.sleep(0.2)
        told = log.read_text("utf-8") if log.exists() else told
    return told


def test_the_name_follows_the_marts_folder(data, monkeypatch):
    monkeypatch.chdir(data)
    assert name_of(Path("marts")) == name_of(data / "marts") != name_of(data / "raw")
