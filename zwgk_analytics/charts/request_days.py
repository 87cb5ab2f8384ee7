"""How many working days requests take: to the reply, or so far, beside the legal terms."""

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, named, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "request_days"
STATES: Final = {
    "on_time": theme.BLUE,
    "late": theme.RED,
    "unclear": "#C9CDD2",
    "running": theme.SKY,
    "overdue": theme.ORANGE,
}
_BANDS: Final = ("0–5", "6–10", "11–15", "16–20", "21–25", "26–30", "31–35", "36–40", "40+")
_TERMS: Final = {20: 3.5, 40: 7.5}  # working days → between which bands


def request_days_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Requests by working days used, one row per agency, band of days and state.

    `position` is null where the days cannot be told.

    Columns: agency, position, days_from, days_to, state (`on_time`, `late`, `unclear` where it
    cannot be told; `running`, `overdue` at the refresh), requests, all_requests, undated (in no
    band), uncertain (used at most so many days), timed, on_time, overdue, median_workdays (of
    those replied to), source. From `requests`, repeats left out; `years` are years of receipt.
    """
    return rows(marts, NAME, **scope(agencies, years))


def request_days_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked bars of requests by band of working days, a panel an agency, the terms as lines."""
    drawn = data.drop_nulls("position")
    if drawn.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    order = data.unique("agency").sort("all_requests", "agency", descending=[True, False])
    limit = context.limit(theme.PANELS)
    named_agencies = [a for a in order["agency"] if a in set(drawn["agency"])]
    shown = named_agencies[:limit]
    columns = 1 if len(shown) == 1 else 2
    titles = [
        say(f"{NAME}.panel", lang, agency=agency(a, lang, 26), requests=n)
        for a, n in order.select("agency", "all_requests").rows()
        if a in shown
    ]
    figure = theme.panels(titles, columns, 0.36, horizontal_spacing=0.09)
    told: set[str] = set()
    for index, name in enumerate(shown):
        own = drawn.filter(pl.col("agency").eq_missing(name))
        told |= _panel(figure, own, theme.place(index, columns), told, lang)
    figure.update_layout(barmode="stack")
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang), col=1)
    lowest = -(-len(shown) // columns)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang), row=lowest)
    plot = 300 if lowest == 1 else 265 * lowest
    frame = theme.Frame(plot=plot, top=66, bottom=78)
    notes = _notes(order, lang) + left_out(order.height - len(shown), lang)
    return Chart(NAME, figure, data).framed(context, _title(order, lang), notes, frame)


def _panel(
    figure: "go.Figure", own: pl.DataFrame, where: dict[str, int], told: set[str], lang: str
) -> set[str]:
    """Draws one panel; the states that it shows, which the legend then has."""
    there = set(own["state"])
    for state, colour in STATES.items():
        if state not in there:
            continue
        part = dict(own.filter(pl.col("state") == state).select("position", "requests").iter_rows())
        figure.add_bar(
            x=list(range(len(_BANDS))),
            y=[part.get(position) for position in range(len(_BANDS))],
            name=named("request_states", state, lang),
            marker={"color": colour},
            legendgroup=state,
            showlegend=state not in told,
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
            **where,
        )
    highest = own.group_by("position").agg(pl.col("requests").sum())["requests"].to_list()
    figure.update_yaxes(**theme.count_axis(highest), **where)
    ticks = {"tickvals": list(range(len(_BANDS))), "ticktext": list(_BANDS)}
    figure.update_xaxes(**ticks, tickfont={"size": 11}, range=[-0.6, len(_BANDS) - 0.4], **where)
    for days, at in _TERMS.items():
        figure.add_vline(x=at, **_line(days, lang), **where)
    return there


def _line(days: int, lang: str) -> dict[str, Any]:
    note = {"text": say(f"{NAME}.term", lang, days=days), "font": {"size": 12}, "y": 1.0}
    return {
        "line": {"dash": "dash", "width": 1.5, "color": theme.INK},
        "annotation": {**note, "bgcolor": "rgba(255,255,255,0.8)"},
        "annotation_position": "top left",
    }


def _notes(order: pl.DataFrame, lang: str) -> list[str]:
    counts = {key: int(order[key].sum()) for key in ("uncertain", "undated")}
    told = [say(f"{NAME}.{key}", lang, count=n) for key, n in counts.items() if n]
    return [say(f"{NAME}.read", lang), *told]


def _title(order: pl.DataFrame, lang: str) -> str:
    timed, on_time, overdue = (int(order[k].sum()) for k in ("timed", "on_time", "overdue"))
    late = say(f"{NAME}.overdue", lang, overdue=overdue) if overdue else ""
    if not timed:
        count = int(order["all_requests"].sum())
        return say(f"{NAME}.untimed", lang, count=count) + late
    who = agency(order["agency"][0], lang) if order.height == 1 else None
    said = {"timed": timed, "on_time": on_time, "share": on_time / timed}
    if who is None:
        return say(f"{NAME}.many", lang, count=order.height, **said) + late
    return say(f"{NAME}.one", lang, agency=who, **said) + late
