import os
import subprocess
import sys
import threading
import time

import pytest

from zwgk_analytics.store.lock import BusyError, locked


@pytest.fixture
def path(tmp_path):
    return tmp_path / "marts" / "store" / "lock"


@pytest.fixture
def other(path):
    """Another process that holds the lock until its input ends."""
    code = (
        "import sys; from pathlib import Path; from zwgk_analytics.store.lock import locked\n"
        f"with locked(Path({str(path)!r})): print('held', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert other.stdout.readline() == "held\n"
    with other:
        yield other
        other.kill()


def test_a_second_refresh_is_told_who_holds_the_lock(path, other):
    with pytest.raises(BusyError, match=rf"process {other.pid}\b"), locked(path):
        pass
    other.kill()
    other.communicate()
    with locked(path):
        assert path.read_text() == str(os.getpid())


def test_a_killed_holder_leaves_its_name_but_not_the_lock(path, other):
    other.kill()
    other.wait()
    assert path.read_text() == str(other.pid)
    with locked(path):
        assert path.read_text() == str(os.getpid())


def test_one_that_waits_gets_the_lock_when_it_is_free(path, other):
    threading.Timer(0.3, other.stdin.close).start()
    with locked(path, wait=30):
        assert other.wait(5) == 0


def test_one_that_waited_in_vain_is_told_who_holds_it(path, other):
    started = time.monotonic()
    told = rf"process {other.pid}\b.*--wait SECONDS"
    with pytest.raises(BusyError, match=told), locked(path, wait=0.3):
        pass
    assert time.monotonic() - started >= 0.3
