"""Charts as files: PNG, SVG, PDF and HTML, Chinese glyphs included, without a network."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from zwgk_analytics.charts import fonts, renderers
from zwgk_analytics.charts.text import FOLDER
from zwgk_analytics.errors import RenderError, UsageError

if TYPE_CHECKING:
    from zwgk_analytics.charts.chart import Chart

FORMATS = ("png", "svg", "pdf", "html")
_DRAWN_AS = {"png": "png", "svg": "svg", "pdf": "svg"}
_TEXT = re.compile(r"<text[^>]*>.*?</text>", re.DOTALL)
_HELP = "install Chromium, or run `make install` for a renderer that needs none"


def save_all(charts: Iterable[tuple["Chart", str | Path]], scale: float = 2) -> list[Path]:
    """Writes each chart to its file, the suffix says as what; a browser starts once for all.

    A PNG has `scale` times the chart's pixels. Where nothing can draw pictures each chart is saved
    as HTML beside its file.

    Raises:
        UsageError: a suffix is none that can be written; nothing is written then.
        RenderError: nothing could draw; the message says why and what was saved instead.
    """
    wanted = [(chart, Path(path)) for chart, path in charts]
    kinds = [(chart, _kind(path)) for chart, path in wanted]
    try:
        contents = _contents(kinds, scale)
    except RenderError as error:
        raise RenderError(_saved_as_pages(wanted, error)) from error
    for (_, path), content in zip(wanted, contents, strict=True):
        path.write_bytes(content)
    return [path for _, path in wanted]


def pictures(charts: Iterable["Chart"], kind: str, scale: float = 2) -> list[bytes]:
    """The content of each chart's file, all of one kind: `png`, `svg`, `pdf` or `html`.

    Raises:
        RenderError: nothing on this machine can draw; the message says why.
    """
    return _contents([(chart, kind) for chart in charts], scale)


def page(chart: "Chart") -> str:
    """A page of its own that shows the chart, with plotly.js and the glyphs inside."""
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    body = chart.figure.to_html(
        full_html=False, include_plotlyjs=True, config={"displaylogo": False}
    )
    shown = json.loads(chart.figure.to_json())
    return template.substitute(
        lang=chart.lang,
        title=chart.title,
        face=_face(unescape(json.dumps(shown, ensure_ascii=False) + chart.title)),
        body=body,
    )


def _kind(path: Path) -> str:
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise UsageError(f"{path.name}: a chart is saved as {known}; name the file {path.stem}.png")
    return kind


def _contents(wanted: Sequence[tuple["Chart", str]], scale: float) -> list[bytes]:
    jobs = [(chart.figure, _DRAWN_AS[kind]) for chart, kind in wanted if kind in _DRAWN_AS]
    drawn = iter(renderers.render(jobs, scale) if jobs else ())
    made: dict[str, Callable[[bytes], bytes]] = {"png": bytes, "svg": _with_face, "pdf": _pdf}
    return [
        page(chart).encode() if kind == "html" else made[kind](next(drawn))
        for chart, kind in wanted
    ]


def _saved_as_pages(wanted: Sequence[tuple["Chart", Path]], error: RenderError) -> str:
    pages = {path.with_suffix(".html"): chart for chart, path in wanted}
    for path, chart in pages.items():
        path.write_text(page(chart), encoding="utf-8")
    names = ", ".join(path.name for _, path in wanted)
    saved = ", ".join(str(path) for path in pages)
    return f"{names}: cannot be drawn: {error}; saved as {saved}; {_HELP}"


def _pdf(svg: bytes) -> bytes:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.sans().parent))
    made: bytes = vl_convert.svg_to_pdf(svg.decode())
    return made


def _with_face(drawn: bytes) -> bytes:
    """The SVG with the glyphs of its text inside, for viewers without a Chinese font."""
    svg = drawn.decode()
    text = unescape("".join(_TEXT.findall(svg)))
    start = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:start]}<style>{_face(text)}</style>{svg[start:]}".encode()


def _face(text: str) -> str:
    basic = "".join(map(chr, range(0x20, 0x7F)))
    return fonts.face("".join(sorted(set(basic + text))))
