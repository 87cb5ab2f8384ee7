"""Shares against what they are of: whom chance alone does not explain."""

from math import sqrt
from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.ranked import axis_title, period, valued
from zwgk_analytics.charts.text import agency, metric, say
from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms.metrics import metrics

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "rate_funnel"
LIMITS = {"limit_95": 1.959964, "limit_998": 3.090232}
_STEPS, _LABELLED = 60, 12


def rate_funnel_data(
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    *,
    ranking: str = "granted_share",
) -> pl.DataFrame:
    """Shares of one metric, one row per agency, in the period that has most agencies.

    Columns: metric, period, agency, value, n, low, high, rank, rank_low, rank_high, pooled (the
    share of all agencies together), outside (0 within the 95 % limits, 95 or 99.8 beyond them).
    From `rankings`; a share lies beyond the limits of its n where chance alone would put it
    there less often than that (score test against the pooled share).

    Raises:
        UsageError: that metric is no share, or is one of an estimated whole.
    """
    shares = [m.id for m in metrics().values() if m.interval == "wilson"]
    if ranking not in shares:
        there = ", ".join(shares)
        raise UsageError(f"ranking={ranking!r}: no share to draw a funnel of; there are {there}")
    data = rows(marts, "metric_units", metric=ranking, **scope(agencies, years))
    outside = [_outside(*row) for row in data.select("value", "n", "pooled").rows()]
    return data.with_columns(pl.Series("outside", outside, dtype=pl.Float64))


def rate_funnel_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A dot for each agency, the pooled share as a line, limits of chance as a funnel round it."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang, key = context.lang, data["metric"][0]
    figure = theme.panels([""], 1, 0)
    _limits(figure, data, lang)
    _dots(figure, data, lang)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang), type="log")
    figure.update_yaxes(title_text=axis_title(key, lang), tickformat=".0%", range=_range(data))
    notes = [say(f"{NAME}.limits", lang), metrics()[key].caveat[lang]]
    frame = theme.Frame(420, top=34, bottom=64)
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


def limit(pooled: float, n: float, z: float) -> tuple[float, float]:
    """The ends between which a share of n lies by chance alone, within 0 and 1."""
    half = z * sqrt(pooled * (1 - pooled) / n)
    return max(pooled - half, 0.0), min(pooled + half, 1.0)


def _outside(value: float, n: float, pooled: float) -> float:
    away = abs(value - pooled)
    error = sqrt(pooled * (1 - pooled) / n)
    if away <= LIMITS["limit_95"] * error:
        return 0.0
    return 95.0 if away <= LIMITS["limit_998"] * error else 99.8


def _limits(figure: "go.Figure", data: pl.DataFrame, lang: str) -> None:
    least, most = data["n"].min(), data["n"].max()
    first, last = float(least) * 0.8, float(most) * 1.25  # type: ignore[arg-type]
    steps = [first * (last / first) ** (i / _STEPS) for i in range(_STEPS + 1)]
    pooled = data["pooled"][0]
    for name, dash in (("limit_95", "dash"), ("limit_998", "dot")):
        ends = [limit(pooled, n, LIMITS[name]) for n in steps]
        figure.add_scatter(
            x=[*steps, None, *steps],
            y=[low for low, _ in ends] + [None] + [high for _, high in ends],
            mode="lines",
            name=say(f"{NAME}.{name}", lang),
            line={"color": theme.QUIET, "width": 1.2, "dash": dash},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[first, last],
        y=[pooled, pooled],
        mode="lines",
        name=say(f"{NAME}.pooled", lang, value=valued(data["metric"][0], pooled, lang)),
        line={"color": theme.INK, "width": 1.2},
        hoverinfo="skip",
    )


def _range(data: pl.DataFrame) -> list[float]:
    """The part of the axis that holds every dot and the 95 % limits of the smallest n."""
    pooled, least = data.select("pooled", "n").sort("n").row(0)
    ends = [*limit(pooled, least, LIMITS["limit_95"]), *data["value"]]
    room = 0.12 * (max(ends) - min(ends))
    return [min(ends) - room, max(ends) + room]


def _dots(figure: "go.Figure", data: pl.DataFrame, lang: str) -> None:
    named = set(_named(data)["agency"])
    figure.add_scatter(
        x=data["n"].to_list(),
        y=data["value"].to_list(),
        mode="markers+text",
        text=[agency(a, lang) if a in named else "" for a in data["agency"]],
        textposition="top center",
        textfont={"size": 11},
        marker={
            "size": 10,
            "color": [theme.RED if out else theme.BLUE for out in data["outside"]],
            "line": {"color": "white", "width": 1},
        },
        customdata=[_hover(row, lang) for row in data.iter_rows(named=True)],
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        showlegend=False,
    )


def _named(data: pl.DataFrame) -> pl.DataFrame:
    """The agencies that get a name on the chart: all of a few, else those furthest outside."""
    return data.sort("outside", "n", descending=True).head(_LABELLED)


def _hover(row: dict[str, Any], lang: str) -> list[Any]:
    ends = (valued(row["metric"], row[end], lang) for end in ("low", "high"))
    return [agency(row["agency"], lang), valued(row["metric"], row["value"], lang), *ends]


def _title(data: pl.DataFrame, lang: str) -> str:
    said = {
        "metric": metric(data["metric"][0], lang),
        "period": period(data["period"][0], lang),
        "count": data.height,
        "outside": data.filter(pl.col("outside") > 0).height,
    }
    return say(f"{NAME}.{'found' if said['outside'] else 'none'}", lang, **said)
