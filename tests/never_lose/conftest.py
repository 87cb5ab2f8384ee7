import os
import shutil
import subprocess
import sys

import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report


@pytest.fixture(scope="session")
def first(tmp_path_factory):
    """A folder with raw files and the marts of their first refresh."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "raw" / "registers").mkdir(parents=True)
    (folder / "raw" / "甲市2023.html").write_bytes(report())
    (folder / "raw" / "log.csv").write_text(LOG, encoding="utf-8")
    (folder / "raw" / "empty.html").write_bytes(b"")
    (folder / "raw" / "registers" / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
        refresh(folder)
    return folder


@pytest.fixture
def folder(first, tmp_path):
    """A copy of it that a test may change."""
    shutil.copytree(first, tmp_path / "data", symlinks=True)
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def no_suites(monkeypatch):
    """The suites take seconds to load and write nothing."""
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


def refresh(folder, **more):
    raw, marts = folder / "raw", folder / "marts"
    return zwgk.refresh(raw, marts, workers=1, progress=lambda *step: None, **more)


def received(folder):
    with zwgk.open_marts(folder / "marts") as marts:
        return marts.application_handling()["received"].to_list()


def process(folder, before="", **options):
    """A refresh in a process of its own, without suites; `before` is code that it runs first."""
    code = (
        f"{before}\nfrom zwgk_analytics import cli, quality\n"
        "quality.validate = lambda path: []\ncli.main()"
    )
    paths = ["--raw", str(folder / "raw"), "--marts", str(folder / "marts"), "--workers", "1"]
    return subprocess.Popen(
        [sys.executable, "-c", code, "refresh", *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        **options,
    )
