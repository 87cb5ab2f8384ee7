"""`zwgk lab`: JupyterLab in a copy of the notebooks, looked at with a real browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests import browsers
from zwgk_analytics import lab
from zwgk_analytics.errors import NoMartsError

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "build" / "jupyterlab.png"
TOKEN = "a-token-of-this-test"
SECONDS, CHARTS = 120, 3
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'


@pytest.fixture
def published(tmp_path):
    marts = tmp_path / "elsewhere" / "marts"
    marts.mkdir(parents=True)
    (marts / "zwgk.duckdb").touch()
    return marts


def test_copies_find_the_marts(published, tmp_path):
    copies = lab.prepare(tmp_path / "lab", published)
    assert [copy.name for copy in copies] == sorted(p.name for p in ROOT.glob("notebooks/*.ipynb"))
    assert (tmp_path / "lab" / "data" / "marts").resolve() == published.resolve()


def test_marts_above_need_no_link(tmp_path):
    (tmp_path / "data" / "marts").mkdir(parents=True)
    (tmp_path / "data" / "marts" / "zwgk.duckdb").touch()
    lab.prepare(tmp_path / "lab", tmp_path / "data" / "marts")
    assert not (tmp_path / "lab" / "data").exists()


def test_other_marts_are_linked_anew(published, tmp_path):
    lab.prepare(tmp_path / "lab", published)
    other = tmp_path / "other"
    other.mkdir()
    (other / "zwgk.duckdb").touch()
    lab.prepare(tmp_path / "lab", other)
    assert (tmp_path / "lab" / "data" / "marts").resolve() == other.resolve()


def test_a_notebook_that_was_changed_is_kept(published, tmp_path):
    first, *_ = lab.prepare(tmp_path / "lab", published)
    first.write_text("mine")
    lab.prepare(tmp_path / "lab", published)
    assert first.read_text() == "mine"


def test_without_marts_it_says_what_to_do(tmp_path):
    with pytest.raises(NoMartsError, match="run `zwgk refresh` first"):
        lab.prepare(tmp_path / "lab", tmp_path / "none")


@pytest.fixture
def server(sample, tmp_path):
    """JupyterLab as `zwgk lab` starts it, over the sample data; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "zwgk_analytics.cli", "lab", "--marts", str(sample)]
    options = ["--no-browser", f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    home = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "jupyter")}
    with (tmp_path / "lab.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--", *options],
            cwd=tmp_path,
            env={**os.environ, **home},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", tmp_path / "lab.log", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def wait_for(address, log, process):
    for _ in range(SECONDS):
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(1)
    pytest.fail(log.read_text())


def test_jupyterlab_shows_the_charts(server):
    executable = browsers.found()
    if executable is None:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 5000})  # all cells in sight
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(f"{server}/lab/tree/01_publication_volume.ipynb?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook", timeout=SECONDS * 1000)
        try:
            run_all(page, server)
            titles, pickers = shown(page)
        finally:
            PICTURE.parent.mkdir(exist_ok=True)
            page.screenshot(path=PICTURE)
            browser.close()
    assert all("公开" in title or "发布" in title for title in titles), titles
    assert pickers == {"机关", "年度"}
    assert errors == []


def run_all(page, server):
    """Run ▸ Run All Cells, once the notebook has its kernel: before, the lab asks for one."""
    for _ in range(SECONDS):
        with urllib.request.urlopen(f"{server}/api/sessions?token={TOKEN}", timeout=5) as answer:
            sessions = json.load(answer)
        if any(session["kernel"]["connections"] for session in sessions):
            break
        page.wait_for_timeout(1000)
    page.wait_for_selector(IDLE, timeout=SECONDS * 1000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('li[data-command="runmenu:run-all"]').click()


def shown(page):
    """Titles of charts and labels of pickers, once the last cell has run."""
    page.wait_for_function(
        f"document.querySelectorAll('.js-plotly-plot .gtitle').length >= {CHARTS}",
        timeout=SECONDS * 1000,
    )
    page.wait_for_selector(IDLE, timeout=SECONDS * 1000)
    titles = page.locator(".js-plotly-plot .gtitle").all_text_contents()
    pickers = page.locator(".widget-dropdown .widget-label").all_text_contents()
    return set(titles), set(pickers)
