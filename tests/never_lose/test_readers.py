import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter

import zwgk_analytics as zwgk
from tests.documents import report
from tests.never_lose.conftest import received, refresh

THREADS = 10  # in each of two processes


def read(folder, stop, seen, errors):
    """Opens, asks twice with a pause between, closes; once more after it was told to stop."""
    is_last = False
    while not is_last:
        is_last = stop.is_set()
        try:
            with zwgk.open_marts(folder / "marts") as marts:
                first = marts.sql("SELECT refresh_id FROM provenance")[0, 0]
                asked = marts.application_handling()["received"].to_list()
                time.sleep(0.05)
                again = marts.sql("SELECT max(refresh_id) FROM refreshes")[0, 0]
                seen[(first, again, str(asked))] += 1
        except Exception as error:  # whatever a reader meets must be told
            errors.append(f"{type(error).__name__}: {error}")
        stop.wait(0.8)


def main(folder):
    """A process of readers; it stops when its input ends, and prints what they saw."""
    stop, seen, errors = threading.Event(), Counter(), []
    threads = [
        threading.Thread(target=read, args=(folder, stop, seen, errors)) for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    while not seen and not errors:
        time.sleep(0.05)
    print("reading", flush=True)
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps({"seen": [[*key, n] for key, n in seen.items()], "errors": errors}))


def test_twenty_readers_see_no_error_and_no_mixture_while_marts_are_replaced(folder):
    code = f"from pathlib import Path; from {__name__} import main; main(Path({str(folder)!r}))"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout.readline() == "reading\n"
    with zwgk.open_marts(folder / "marts") as marts:
        known = {marts.origin.refresh_id: str(received(folder))}
    for number in (11, 12):
        (folder / "raw" / "甲市2023.html").write_bytes(report(received=number))
        done = refresh(folder, keep=1)  # the old file is gone at once: the hardest case
        assert received(folder) == [number]
        known[done.refresh_id] = str([number])
        time.sleep(0.5)
    told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert [error for one in told for error in one["errors"]] == []
    seen = [row for one in told for row in one["seen"]]
    assert {first: asked for first, _, asked, _ in seen} == known
    assert all(first == again and known[first] == asked for first, again, asked, _ in seen)
    assert len(list((folder / "marts").glob("zwgk_*.duckdb"))) == 1
