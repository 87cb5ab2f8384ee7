"""Two metrics against each other: who does well by both, by one, by neither."""

from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.ranked import axis_title, is_share, period, valued
from zwgk_analytics.charts.text import agency, metric, say
from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms.metrics import metrics

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "metric_quadrant"
_DRAWN = 40


def metric_quadrant_data(
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    *,
    x: str = "granted_share",
    y: str = "carry_over_rate",
) -> pl.DataFrame:
    """Values of two metrics, one row per agency, of its latest period that has both.

    Columns: agency, period, and for each of x and y: metric, value, low, high, n. From
    `rankings`; x and y are ids of metrics.

    Raises:
        UsageError: there is no such metric, or both are the same.
    """
    for key in (x, y):
        if key not in metrics():
            raise UsageError(f"{key!r}: there is no such metric; there are {', '.join(metrics())}")
    if x == y:
        raise UsageError(f"x and y are both {x}; name two metrics")
    return rows(marts, "metric_pairs", x=x, y=y, **scope(agencies, years))


def metric_quadrant_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A dot with its intervals for each agency; the medians part the plot into four.

    Axes run so that right and up are better.
    """
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    shown = data.sort("x_n", descending=True).head(context.limit(_DRAWN)).sort("agency")
    figure = theme.panels([""], 1, 0)
    palette = theme.agency_colours(shown["agency"])
    for row in shown.iter_rows(named=True):
        figure.add_scatter(**_dot(row, palette[row["agency"]], lang))
    middle = {side: float(shown[side].median()) for side in ("x", "y")}  # type: ignore[arg-type]
    line = {"color": theme.QUIET, "width": 1, "dash": "dash"}
    figure.add_vline(x=middle["x"], line=line)
    figure.add_hline(y=middle["y"], line=line)
    _axes(figure, shown, lang)
    keys = (shown["x_metric"][0], shown["y_metric"][0])
    notes = [say(f"{NAME}.medians", lang), *left_out(data.height - shown.height, lang)]
    notes += [f"{metric(key, lang)}: {metrics()[key].caveat[lang]}" for key in keys]
    frame = theme.Frame(440, top=8, bottom=64)
    return Chart(NAME, figure, data).framed(context, _title(shown, middle, lang), notes, frame)


def is_better(key: str, value: float, than: float) -> bool:
    """Whether one value of a metric is better than another."""
    return value > than if metrics()[key].higher_is_better else value < than


def _dot(row: dict[str, Any], colour: str, lang: str) -> dict[str, Any]:
    told = [
        valued(row[f"{side}_metric"], row[end], lang)
        for side in ("x", "y")
        for end in (side, f"{side}_low", f"{side}_high")
    ]
    return {
        "x": [row["x"]],
        "y": [row["y"]],
        "name": agency(row["agency"], lang),
        "mode": "markers+text",
        "text": [agency(row["agency"], lang)],
        "textposition": "top right",
        "textfont": {"size": 11, "color": colour},
        "marker": {"size": 11, "color": colour},
        "error_x": _ends(row, "x", colour),
        "error_y": _ends(row, "y", colour),
        "customdata": [[period(row["period"], lang), *told]],
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
        "showlegend": False,
    }


def _ends(row: dict[str, Any], side: str, colour: str) -> dict[str, Any]:
    value, low, high = row[side], row[f"{side}_low"], row[f"{side}_high"]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if high is None else high - value],
        "arrayminus": [0 if low is None else value - low],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _axes(figure: "go.Figure", shown: pl.DataFrame, lang: str) -> None:
    for side, update in (("x", figure.update_xaxes), ("y", figure.update_yaxes)):
        key = shown[f"{side}_metric"][0]
        update(title_text=axis_title(key, lang))
        if is_share(key):
            update(tickformat=".0%")
        if not metrics()[key].higher_is_better:
            update(autorange="reversed")


def _title(shown: pl.DataFrame, middle: dict[str, float], lang: str) -> str:
    x, y = shown["x_metric"][0], shown["y_metric"][0]
    both = [
        row["agency"]
        for row in shown.iter_rows(named=True)
        if is_better(x, row["x"], middle["x"]) and is_better(y, row["y"], middle["y"])
    ]
    said = {"x": metric(x, lang), "y": metric(y, lang), "count": shown.height, "both": len(both)}
    if not both:
        return say(f"{NAME}.none", lang, **said)
    return say(f"{NAME}.found", lang, **said, agency=agency(both[0], lang))
