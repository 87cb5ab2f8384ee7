"""A briefing as one web page that needs no network: plotly.js, glyphs and data inside."""

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from zwgk_analytics.briefing.images import untitled
from zwgk_analytics.briefing.layout import plain_table, plain_values
from zwgk_analytics.briefing.model import Briefing, Picture
from zwgk_analytics.briefing.words import FOLDER, say
from zwgk_analytics.charts import fonts

_CONFIG = {"displayModeBar": False, "responsive": False}


def write(briefing: Briefing) -> bytes:
    """The page in UTF-8; every text is escaped, plotly.js is there once and only for charts."""
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(_text("briefing.html"))
    pictures = briefing.pictures
    plots = {p.title: _plot(p, index) for index, p in enumerate(pictures)}
    plain = {p.title: plain_table(p.plain, plain_values(p.plain)) for p in pictures if p.plain}
    page = template.render(
        briefing=briefing,
        plots=plots,
        tables=plain,
        data_title=say("html.data"),
        look=Markup(_text("briefing.js")),  # noqa: S704 (a file of this package)
    )
    face = fonts.face("".join(sorted(set(page))))
    return page.replace("<style>", f"<style>\n{face}", 1).encode()


def _plot(picture: Picture, index: int) -> Markup:
    """The chart's own page part; Plotly escapes what it writes between the script's tags."""
    figure = untitled(picture.chart.figure)
    figure.update_layout(width=None, autosize=True)
    drawn = figure.to_html(
        full_html=False,
        include_plotlyjs=index == 0,
        config=_CONFIG,
        div_id=f"plot-{index + 1}",
        default_width="100%",
        default_height=f"{figure.layout.height}px",
    )
    return Markup(drawn)  # noqa: S704


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
