"""The notebooks run on the repository's own data, and show charts with Chinese titles."""

import ast
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import zwgk_analytics as zwgk
from tests import browsers

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = (
    "01_publication_volume",
    "02_application_handling",
    "03_ranking_trends",
    "04_quality_gaps",
    "05_document_series",
    "06_agency_profile",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLOTLY = "application/vnd.plotly.v1+json"
SOURCE = re.compile(r"(reports|logs|figures)/\S")
CHART = re.compile(r"charts\.(draw|explore)\(")
SECONDS = 60


@pytest.fixture(scope="module")
def workspace(sample):
    """A folder beside the sample's marts, as a notebook's is."""
    folder = sample.parents[1] / "notebooks"
    folder.mkdir(exist_ok=True)
    return folder


def notebook(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(name):
    return [cell.source for cell in notebook(name).cells if cell.cell_type == "code"]


def traced(book):
    """What the cells under the last heading print."""
    start = max(i for i, cell in enumerate(book.cells) if cell.source.startswith("## "))
    outputs = [out for cell in book.cells[start:] for out in cell.get("outputs", [])]
    return "".join(out.get("data", {}).get("text/plain", "") for out in outputs)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_its_charts_have_chinese_titles(name, workspace, monkeypatch):
    monkeypatch.setenv("PLOTLY_RENDERER", "plotly_mimetype")
    book = notebook(name)
    started = time.monotonic()
    client = NotebookClient(
        book, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": workspace}}
    )
    client.execute()
    outputs = [out for cell in book.cells for out in cell.get("outputs", [])]
    charts = [out.data[PLOTLY] for out in outputs if PLOTLY in out.get("data", {})]
    titles = [chart["layout"]["title"]["text"] for chart in charts]
    assert len(titles) == sum(bool(CHART.search(source)) for source in code(name)) >= 2
    assert all(CHINESE.search(title) and "没有可用数据" not in title for title in titles), titles
    assert all(chart["data"] for chart in charts)
    assert not [out for out in outputs if out.output_type == "error"]
    assert SOURCE.search(traced(book)), "it ends at a file under the raw folder"
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("name", NAMES)
def test_it_is_stripped_short_and_in_chinese(name):
    book = notebook(name)
    assert len(book.cells) <= 11
    for cell in book.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell.cell_type == "code" or CHINESE.search(cell.source)
    assert book.cells[0].source.splitlines()[0].endswith("？"), "it opens with a question"


@pytest.mark.parametrize("name", NAMES)
def test_it_uses_the_public_api_only(name):
    tree = ast.parse("\n".join(code(name)))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import zwgk_analytics as zwgk"]
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert not [node.attr for node in asked if node.attr.startswith("_")]
    of_package = {n.attr for n in asked if isinstance(n.value, ast.Name) and n.value.id == "zwgk"}
    assert of_package <= set(zwgk.__all__)


def test_pages_made_of_notebooks_show_charts_offline(workspace, monkeypatch):
    """As `make notebooks` makes them."""
    monkeypatch.setenv("PLOTLY_RENDERER", "plotly_mimetype+notebook")
    monkeypatch.setenv("ZWGK_PICKERS", "off")
    shutil.copy(FOLDER / "06_agency_profile.ipynb", workspace)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html"]
    subprocess.run([*command, str(workspace / "06_agency_profile.ipynb")], check=True, timeout=120)
    page = workspace / "06_agency_profile.html"
    assert page.stat().st_size > 4_000_000, "plotly.js is inside"
    executable = browsers.found()
    if executable is None:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        tab = context.new_page()
        tab.goto(page.as_uri(), wait_until="domcontentloaded")
        tab.wait_for_function("document.querySelectorAll('.gtitle').length >= 3", timeout=60_000)
        titles = tab.locator(".js-plotly-plot .gtitle").all_text_contents()
        words = tab.inner_text("body")
        browser.close()
    assert all(CHINESE.search(title) for title in titles), titles
    assert "HBox(" not in words
