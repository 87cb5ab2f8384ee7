import os
import subprocess
import sys
import time

import pytest

from tests.store.readers import misbehaving
from zwgk_analytics.store.isolation import Limits, read_each
from zwgk_analytics.store.reading import Task

QUICK = Limits(seconds=3, memory_megabytes=512)


def tasks(folder, *names):
    for name in names:
        (folder / name).write_text("7")
    return [Task(name, folder / name, "ab", 1) for name in names]


def read(folder, *names, workers=2):
    done = read_each(tasks(folder, *names), workers, QUICK, misbehaving)
    return {task.source: extraction for task, extraction in done}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hangs", "timeout"),
        ("crashes", "crashed"),
        ("exits", "crashed"),
        ("floods", "out_of_memory"),
    ],
)
def test_a_bad_document_is_named_and_the_rest_goes_on(tmp_path, name, reason):
    found = read(tmp_path, "a", name, "b")
    assert [found[n].reason for n in ("a", name, "b")] == [None, reason, None]
    assert found[name].rows("problems")[0]["code"] == reason
    assert found["a"].rows("cells")[0]["value"] == 7


def test_a_hang_takes_its_time_limit_not_more(tmp_path):
    read(tmp_path, "warm")  # starts the server that workers are forked from
    started = time.monotonic()
    read(tmp_path, "hangs")
    assert 3 <= time.monotonic() - started < 8


def test_no_worker_is_left_when_the_caller_stops(tmp_path):
    reading = read_each(tasks(tmp_path, "a", "hangs", "b"), 3, QUICK, misbehaving)
    next(reading)
    before = children()
    reading.close()
    assert before
    assert not children()


def children():
    import multiprocessing

    return multiprocessing.active_children()


def test_a_script_without_a_main_guard_is_not_run_again_in_workers(tmp_path):
    script = tmp_path / "script.py"
    (tmp_path / "a").write_text("7")
    script.write_text(
        "print('once')\n"
        "from pathlib import Path\n"
        "from tests.store.readers import misbehaving\n"
        "from zwgk_analytics.store.isolation import read_each\n"
        "from zwgk_analytics.store.reading import Task\n"
        f"task = Task('a', Path({str(tmp_path / 'a')!r}), 'ab', 1)\n"
        "print([e.reason for _, e in read_each([task], 1, reader=misbehaving)])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.split("\n")[:2] == ["once", "[None]"], done.stderr


def test_larger_files_get_more():
    limits = Limits(seconds=10, seconds_per_megabyte=2, memory_megabytes=1, memory_per_megabyte=3)
    assert limits.seconds_for(5 * 1024 * 1024) == 20
    assert limits.memory_for(100) == 1024 * 1024 + 300
