"""Charts as files: PNG, SVG, PDF and HTML, Chinese glyphs included, without a network."""

import json
import re
from collections.abc import Iterable, Sequence
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
_TEXT = re.compile(r"<text[^>]*>.*?</text>", re.DOTALL)
_HELP = "install Chromium, or run `make install` for a renderer that needs none"


def save_all(charts: Iterable[tuple["Chart", str | Path]]) -> list[Path]:
    """Writes each chart to its file, the suffix says as what; a browser starts once for all.

    Where nothing can draw pictures each chart is saved as HTML beside its file.

    Raises:
        UsageError: a suffix is none that can be written; nothing is written then.
        RenderError: nothing could draw; the message says why and what was saved instead.
    """
    wanted = [(chart, Path(path)) for chart, path in charts]
    for _, path in wanted:
        _kind(path)
    for kind in FORMATS:
        own = [(chart, path) for chart, path in wanted if _kind(path) == kind]
        for (_, path), content in zip(own, _drawn(own, kind), strict=True):
            path.write_bytes(content)
    return [path for _, path in wanted]


def pictures(charts: Sequence["Chart"], kind: str) -> list[bytes]:
    """The content of each chart's file, of one kind: `png`, `svg`, `pdf` or `html`."""
    if kind == "html":
        return [page(chart).encode() for chart in charts]
    figures = [chart.figure for chart in charts]
    if not figures or kind == "png":
        return renderers.render(figures, kind) if figures else []
    drawn = [svg.decode() for svg in renderers.render(figures, "svg")]
    return [_pdf(svg) if kind == "pdf" else _with_face(svg).encode() for svg in drawn]


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


def _drawn(wanted: Sequence[tuple["Chart", Path]], kind: str) -> list[bytes]:
    charts = [chart for chart, _ in wanted]
    try:
        return pictures(charts, kind)
    except RenderError as error:
        instead = [path.with_suffix(".html") for _, path in wanted]
        for chart, path in zip(charts, instead, strict=True):
            path.write_text(page(chart), encoding="utf-8")
        names = ", ".join(path.name for _, path in wanted)
        saved = ", ".join(str(path) for path in instead)
        raise RenderError(
            f"{names}: cannot be drawn: {error}; saved as {saved}; {_HELP}"
        ) from error


def _pdf(svg: str) -> bytes:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.sans().parent))
    made: bytes = vl_convert.svg_to_pdf(svg)
    return made


def _with_face(svg: str) -> str:
    """The SVG with the glyphs of its text inside, for viewers without a Chinese font."""
    text = unescape("".join(_TEXT.findall(svg)))
    start = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:start]}<style>{_face(text)}</style>{svg[start:]}"


def _face(text: str) -> str:
    basic = "".join(map(chr, range(0x20, 0x7F)))
    return fonts.face("".join(sorted(set(basic + text))))
