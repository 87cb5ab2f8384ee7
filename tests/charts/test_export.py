"""Charts as files: every format, with a browser and without, on a machine without fonts."""

import io
import itertools
import os
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pypdfium2
import pytest
from PIL import Image

from tests import browsers
from tests.charts.test_application_handling import PINGTAN
from zwgk_analytics.charts import draw, fonts, pictures, renderers, save_all
from zwgk_analytics.charts.chart import Chart
from zwgk_analytics.errors import RenderError, UsageError

CHARACTERS = "政务公开申请"
SIZE = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def no_fonts(tmp_path, monkeypatch):
    """A machine without a font: what the system offers is an empty folder."""
    empty, file = tmp_path / "none", tmp_path / "none.conf"
    empty.mkdir()
    file.write_text(f"<fontconfig><dir>{empty}</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(file))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def no_browser(tmp_path, monkeypatch):
    """A machine without a browser: its PATH is an empty folder."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("BROWSER_PATH", raising=False)


@pytest.fixture
def no_wheel(tmp_path, monkeypatch):
    """An installation without the wheel that brings a renderer."""
    monkeypatch.setattr(renderers, "wheel_folder", lambda: tmp_path / "wheel")


@pytest.fixture(params=["browser", "wheel"])
def way(request):
    """Each way to draw; None for a browser where there is none."""
    if request.param == "wheel":
        request.getfixturevalue("no_browser")
        folder = renderers.wheel_folder()
        assert folder.is_dir(), f"{folder}: run `make install`"
        return "wheel"
    request.getfixturevalue("no_wheel")
    return "browser" if browsers.found() else None


def characters():
    """A chart of single characters, each in a square of its own."""
    figure = go.Figure()
    figure.update_layout(
        template="none", width=SIZE * len(CHARACTERS), height=SIZE, margin=dict.fromkeys("tblr", 0)
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    for index, character in enumerate(CHARACTERS):
        figure.add_annotation(
            text=character,
            showarrow=False,
            font={"size": 40, "family": '"Noto Sans SC",sans-serif'},
            xref="paper",
            yref="paper",
            x=(index + 0.5) / len(CHARACTERS),
            y=0.5,
        )
    return Chart("characters", figure, None)


def ink(picture):
    """What is dark in each character's square."""
    pixels = np.asarray(picture.convert("L")) < 128
    return np.split(pixels, len(CHARACTERS), axis=1)


def differ(squares):
    return all((a != b).sum() > 0.2 * a.sum() for a, b in itertools.combinations(squares, 2))


def test_glyphs_are_real_on_a_machine_without_fonts(way, no_fonts):
    if way is None:
        return
    (png,) = pictures([characters()], "png")
    squares = ink(Image.open(io.BytesIO(png)))
    assert all(0.02 < square.mean() < 0.5 for square in squares)
    assert differ(squares)


def test_boxes_would_be_seen(no_browser, tmp_path, monkeypatch):
    latin, file = renderers.wheel_folder() / "kaleido/executable/xdg", tmp_path / "latin.conf"
    file.write_text(f"<fontconfig><dir>{latin}</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(file))
    monkeypatch.setattr(fonts, "known_to_browsers", nullcontext)
    (png,) = pictures([characters()], "png")
    assert not differ(ink(Image.open(io.BytesIO(png))))


def test_pdf_holds_chinese_text_and_real_glyphs(way, no_fonts):
    if way is None:
        return
    (pdf,) = pictures([characters()], "pdf")
    page = pypdfium2.PdfDocument(pdf)[0]
    assert set(page.get_textpage().get_text_range()) >= set(CHARACTERS)
    assert differ(ink(page.render(scale=2).to_pil()))


def test_each_format_of_a_chart(way, marts, tmp_path):
    if way is None:
        return
    marts.add("application_handling", *PINGTAN)
    chart = draw("application_handling", marts)
    paths = save_all([(chart, tmp_path / f"图.{kind}") for kind in ("png", "svg", "pdf", "html")])
    png, svg, pdf, html = (path.read_bytes() for path in paths)
    assert Image.open(io.BytesIO(png)).width == 2 * chart.figure.layout.width
    assert "表式换版" in svg.decode()
    assert b"@font-face" in svg
    found = pypdfium2.PdfDocument(pdf)[0].get_textpage().search("予以公开和部分公开占50.0%")
    assert found.get_next()
    assert f"<title>{chart.title}</title>" in html.decode()


def test_a_figure_is_not_changed_by_saving(no_browser, tmp_path):
    chart = characters()
    before = chart.figure.to_json()
    assert chart.save(str(tmp_path / "a.PNG")) == tmp_path / "a.PNG"
    assert chart.figure.to_json() == before


def test_a_page_brings_its_glyphs_and_loads_nothing(tmp_path):
    page = characters().save(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "font/otf;base64," in page
    assert not re.search(r'<(?:script|link|img)[^>]+(?:src|href)="', page)


def test_a_batch_starts_one_program(no_browser, monkeypatch, tmp_path):
    started = []
    popen = renderers.subprocess.Popen
    monkeypatch.setattr(
        renderers.subprocess, "Popen", lambda *a, **k: started.append(a) or popen(*a, **k)
    )
    saved = save_all([(characters(), tmp_path / f"{i}.png") for i in range(4)])
    assert len({path.read_bytes() for path in saved}) == 1
    assert len(started) == 1


def test_nothing_to_draw_with_gives_html_and_says_so(no_browser, no_wheel, tmp_path):
    with pytest.raises(RenderError) as told:
        characters().save(tmp_path / "a.png")
    assert [path.name for path in tmp_path.glob("a.*")] == ["a.html"]
    assert re.fullmatch(
        r"a\.png: cannot be drawn: no Chromium, Chrome or Edge in BROWSER_PATH or on the PATH; "
        r"no renderer in \S+wheel; saved as \S+a\.html; install Chromium, or run `make install`.*",
        str(told.value),
    )


def test_a_browser_that_fails_is_named(no_browser, no_wheel, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-such-browser"))
    with pytest.raises(RenderError, match="no-such-browser failed: "):
        characters().save(tmp_path / "a.png")


def test_a_browser_that_fails_is_replaced_by_the_wheel(no_browser, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/bin/false")
    assert characters().save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


SAVING = """
from tests.charts.test_export import characters
characters().save("a.png")
"""


def test_a_program_ends_after_its_browser_failed(tmp_path):
    environment = {**os.environ, "BROWSER_PATH": "/bin/false", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SAVING],
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=True,
        stderr=subprocess.PIPE,
    )
    assert done.stderr == b""
    assert (tmp_path / "a.png").exists()


def test_a_renderer_that_is_not_whole_is_told(no_browser, no_wheel, tmp_path):
    (tmp_path / "wheel" / "kaleido" / "executable").mkdir(parents=True)
    with pytest.raises(RenderError, match="is not whole; run `make install` again"):
        characters().save(tmp_path / "a.svg")


def test_unknown_suffix_writes_nothing(tmp_path):
    with pytest.raises(UsageError, match=r"b\.gif: a chart is saved as \.png, .*b\.png"):
        save_all([(characters(), tmp_path / "a.html"), (characters(), tmp_path / "b.gif")])
    assert not list(tmp_path.iterdir())
