"""One refresh over a folder of hostile files beside good ones: it ends, and tells each of them."""

import os
import re
import socket
import threading
import zipfile
from pathlib import Path

import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from tests.hostile.files import READ, hostile_files
from zwgk_analytics import pipeline
from zwgk_analytics.cli import main
from zwgk_analytics.marts.export import write
from zwgk_analytics.store import store
from zwgk_analytics.store.isolation import Limits

QUICK = Limits(seconds=30, seconds_per_megabyte=0, memory_megabytes=2048, memory_per_megabyte=0)
EVIL = "=cmd|'/c calc'!A0<script>alert(1)</script>县人民政府"
GOOD = {"甲市人民政府": 8, "乙市人民政府": 7, "丙市人民政府": 6}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """A folder that was refreshed, and the reasons by source; what may be said is in `allowed`."""
    folder = tmp_path_factory.mktemp("hostile")
    raw, scratch = folder / "raw", folder / "tmp"
    allowed = fill(raw)
    scratch.mkdir()
    real = store.sha256_of

    def guarded(path):
        if path.name == "locked.html":  # modes do not bind every user
            raise PermissionError(13, "Permission denied")
        return real(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        patch.setattr("tempfile.tempdir", None)
        patch.setattr(pipeline, "LIMITS", QUICK)
        patch.setattr(store, "sha256_of", guarded)
        patch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
        before = listing(folder)
        ended = threading.Event()
        changing = threading.Thread(target=rewrite, args=(raw / "changing.html", ended))
        changing.start()
        try:
            zwgk.refresh(raw, folder / "marts", progress=lambda *_: None)
        finally:
            ended.set()
            changing.join()
        written = {p for p in listing(folder) - before if not p.startswith("marts")}
        zwgk.refresh(raw, folder / "marts", progress=lambda *_: None)
    return folder, allowed, written


def fill(raw):
    """Writes the good and the hostile files; the reasons that may be told, by source."""
    raw.mkdir()
    (raw / "good.html").write_bytes(report(received=8))
    (raw / "log.csv").write_text(LOG, encoding="utf-8")
    (raw / "changing.html").write_bytes(report("乙市人民政府", received=7))
    with zipfile.ZipFile(raw / "climbing.zip", "w") as bundle:
        bundle.writestr("../../丙市.html", report("丙市人民政府", received=6))
    (raw / "evil.html").write_bytes(report("己市人民政府"))
    (raw / "evil.yml").write_text(f'agency: "{EVIL}"\ntitle: "{EVIL}"\n', encoding="utf-8")
    allowed = {}
    for name, data, reasons in hostile_files():
        if reasons != READ:
            allowed[name] = reasons.split()
        (raw / name).write_bytes(data)
    (raw / "a directory.pdf").mkdir()
    (raw / "a directory.pdf" / "empty.html").write_bytes(b"")
    (raw / "two\nlines\x1b[2J.html").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(raw) + b"/\xff.html")).write_bytes(b"")
    Path(os.fsdecode(os.fsencode(raw) + b"/\xfe.html")).write_bytes(b"")
    (raw / "locked.html").write_bytes(report("戊市人民政府"))
    (raw / "out.html").symlink_to("/etc/hostname")
    os.mkfifo(raw / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(raw)  # the address of a socket must be short
        listening.bind("socket.csv")
        os.chdir(here)
    return allowed | {
        "a directory.pdf/empty.html": ["empty"],
        "two\\nlines\\x1b[2J.html": ["empty"],
        "\\xff.html": ["empty"],
        "\\xfe.html": ["empty"],
        "locked.html": ["unreadable"],
        "out.html": ["link"],
        "pipe.csv": ["special"],
        "socket.csv": ["special"],
    }


def rewrite(path, ended):
    """Rewrites a file without end, half of it at a time."""
    data = path.read_bytes()
    while not ended.wait(0.005):
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            file.write(data[len(data) // 2 :])


def listing(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def test_the_good_documents_are_in_the_marts(refreshed):
    folder, _, _ = refreshed
    with zwgk.open_marts(folder / "marts") as opened:
        found = opened.application_handling().select("agency", "received").rows()
        assert len(opened.publications()) == 3
    assert {agency: n for agency, n in found if agency in GOOD} == GOOD


def test_every_bad_one_is_told_with_a_reason(refreshed):
    folder, allowed, _ = refreshed
    with zwgk.open_marts(folder / "marts") as opened:
        told = {r["source"]: r for r in opened.quarantine().iter_rows(named=True)}
    whole = {name.partition(".zip/")[0] + ".zip" if ".zip/" in name else name for name in told}
    assert whole == set(allowed)
    for source, row in told.items():
        name = source.partition("/a.html")[0]
        assert row["reason"] in allowed[name], (source, row["reason"], row["detail"])
        assert len(row["detail"]) > 20
        assert "\n" not in row["detail"]


def test_nothing_is_written_outside_of_the_marts(refreshed):
    _, _, written = refreshed
    # that of the server which workers are forked from goes when the program ends
    assert {p for p in written if "pymp-" not in p} == set()


def test_a_number_too_large_is_no_number(refreshed):
    folder, _, _ = refreshed
    with zwgk.open_marts(folder / "marts") as opened:
        cell = opened.trace("丁市人民政府", 2023, "applications", "granted", "natural_person")
    assert (cell.value, cell.state) == (None, "unreadable")


def test_a_hostile_name_is_text_in_every_export_and_no_page_asks_the_network(refreshed, tmp_path):
    folder, _, _ = refreshed
    with zwgk.open_marts(folder / "marts") as opened:
        assert EVIL in opened.reports()["agency"].to_list()
        table = write(opened.reports(), tmp_path / "reports.csv").read_text("utf-8-sig")
    assert f"'{EVIL}" in table
    assert not re.search(r'(?:^|,)"?=', table, re.MULTILINE)
    page = tmp_path / "chart.html"
    asked = ["--agency", EVIL, "--marts", str(folder / "marts"), "--to", str(page)]
    with pytest.raises(SystemExit) as left:
        main(["chart", "application_handling", *asked])
    assert not left.value.code
    shown = page.read_text("utf-8")
    assert "<script>alert(1)" not in shown
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=.?(?:https?:)?//", shown)
