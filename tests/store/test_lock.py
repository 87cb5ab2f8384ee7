import os
import subprocess
import sys

import pytest

from zwgk_analytics.store.lock import BusyError, locked


def test_a_second_refresh_is_told_who_holds_the_lock(tmp_path):
    path = tmp_path / "marts" / "store" / "lock"
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
    with pytest.raises(BusyError, match=rf"process {other.pid}\b"), locked(path):
        pass
    other.kill()
    other.communicate()
    with locked(path):
        assert path.read_text() == str(os.getpid())
