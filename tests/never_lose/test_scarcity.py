import errno
import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.documents import report
from tests.never_lose.conftest import process, received, refresh
from zwgk_analytics import cli
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts import publish
from zwgk_analytics.store.discovery import discover
from zwgk_analytics.store.isolation import read_each
from zwgk_analytics.store.reading import Task, read
from zwgk_analytics.store.scarcity import told
from zwgk_analytics.store.store import Store

NO_SPACE = (
    "no space left on the disk; nothing was published, the old marts stay; "
    "free some and refresh again"
)


@pytest.fixture
def small_disk(first, tmp_path):
    """The folder on a disk of 32 MB, a tmpfs; None where this user may not mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    try:
        is_mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        print("no tmpfs can be mounted here: only the limit of file sizes is tested")
        yield None
        return
    try:
        shutil.copytree(first, disk / "data", symlinks=True)
        yield disk / "data"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def run(capsys, folder):
    with pytest.raises(SystemExit) as ended:
        cli.main(["refresh", "--raw", str(folder / "raw"), "--marts", str(folder / "marts")])
    return ended.value.code or 0, capsys.readouterr().err.splitlines()[-1]


def fill(disk, kilobytes):
    """Leaves so much free."""
    state = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(state.f_bavail * state.f_frsize - kilobytes * 1024))


def test_a_full_disk_is_told_in_a_line_and_leaves_the_old_marts(small_disk, capsys):
    if small_disk is None:
        return
    (small_disk / "raw" / "乙市2023.html").write_bytes(report("乙市人民政府", received=7))
    # the disk fills up with the lock, the segment, the first marts, the closing of the database
    for kilobytes in (0, 8, 200, 1500):
        fill(small_disk, kilobytes)
        assert run(capsys, small_disk) == (1, f"zwgk: {small_disk / 'marts'}: {NO_SPACE}")
        assert received(small_disk) == [8]
        assert list((small_disk / "marts").glob(".*")) == []
        (small_disk / "filler").unlink()
    assert run(capsys, small_disk)[0] == 0
    assert sorted(received(small_disk)) == [7, 8]


def test_a_limit_of_file_sizes_is_told_as_a_full_disk_is(folder):
    (folder / "raw" / "乙市2023.html").write_bytes(report("乙市人民政府", received=7))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))"
    running = process(folder, limit)
    err = running.communicate(timeout=120)[1]
    assert running.returncode == 1
    assert err.splitlines()[-1] == f"zwgk: {folder / 'marts'}: {NO_SPACE}"
    assert received(folder) == [8]


def test_a_process_that_may_take_too_little_memory_is_told_at_once(folder):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, -1))"
    running = process(folder, limit)
    err = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert err.splitlines() == [
        "zwgk: this process may take 1024 MB of addresses (ulimit -v), a refresh needs 3072; "
        "raise the limit, or limit its memory by a cgroup instead"
    ]
    assert received(folder) == [8]


def test_an_engine_out_of_memory_is_told_and_the_next_refresh_runs(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(publish, "_MEMORY", "2MB")
        with pytest.raises(ZwgkError, match="out of memory; nothing was published"):
            refresh(folder)
    assert list((folder / "marts").glob(".*")) == []
    assert received(folder) == [8]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "out of memory; nothing was published"),
        (OSError(errno.ENOMEM, "x"), "out of memory; nothing was published"),
        (OSError(errno.ENOSPC, "x"), "no space left on the disk; nothing was published"),
        (OSError(errno.EDQUOT, "x"), "no space left on the disk; nothing was published"),
    ],
)
def test_what_the_system_lacks_is_told(tmp_path, error, line):
    with pytest.raises(ZwgkError, match=line), told(tmp_path):
        raise error


def test_another_error_of_the_system_stays_what_it_is(tmp_path):
    with pytest.raises(PermissionError), told(tmp_path):
        raise PermissionError(errno.EACCES, "x")


@pytest.mark.parametrize("reason", ["no_space", "killed"])
def test_a_document_that_met_want_elsewhere_is_read_again_by_itself(folder, reason):
    store = Store(folder / "marts" / "store")
    store.entries["甲市2023.html"].reason = reason
    store.save()
    plan = Store(folder / "marts" / "store").plan(discover(folder / "raw"))
    assert [entry.source for _, entry in plan.to_read] == ["甲市2023.html"]


def test_a_reader_that_meets_a_full_disk_says_so(tmp_path, monkeypatch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("zwgk_analytics.facts.extract.extract", full)
    met = read(Task("a.html", tmp_path / "a.html", "", 1))
    assert met.reason == "no_space"
    assert met.rows("problems")[0]["message"] == "OSError: [Errno 28] No space left on device"


def kill_yourself(task):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_reader_that_the_system_kills_is_no_fault_of_the_document(tmp_path):
    task = Task("a.html", tmp_path / "a.html", "", 1)
    [(_, met)] = read_each([task], 1, reader=kill_yourself)
    assert met.reason == "killed"


if sys.platform == "win32":
    del test_a_limit_of_file_sizes_is_told_as_a_full_disk_is
    del test_a_process_that_may_take_too_little_memory_is_told_at_once
