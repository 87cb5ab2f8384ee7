"""How long agencies take from the date of a document (成文) to its publication (发布)."""

from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "publication_lag"
BANDS = {"negative": theme.RED, "within_year": theme.BLUE, "over_year": theme.ORANGE}


def publication_lag_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Items by days from issue to publication, one row per agency and band of days.

    Columns: agency, position, band (`negative`, `within_year`, `over_year`), days_from, days_to,
    items, share (of the items with both dates), dated_items, median_days, p90_days (of the items
    in the right order; null where there is none), source. From `publications`, repeats left out;
    `years` are years of publication.
    """
    return rows(marts, NAME, **scope(agencies, years))


def publication_lag_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars of shares by band of days, a panel an agency, median and P90 marked by lines."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    order = data.unique("agency").sort("dated_items", "agency", descending=[True, False])
    limit = context.limit(theme.PANELS)
    shown = order["agency"].to_list()[:limit]
    columns = 1 if len(shown) == 1 else 2
    titles = [
        say(f"{NAME}.panel", lang, agency=agency(a, lang, 26), items=n)
        for a, n in order.select("agency", "dated_items").rows()[:limit]
    ]
    figure = theme.panels(titles, columns, 0.34, horizontal_spacing=0.09)
    for index, name in enumerate(shown):
        own = data.filter(pl.col("agency").eq_missing(name)).sort("position")
        _panel(figure, own, theme.place(index, columns), lang)
    figure.update_yaxes(tickformat=".0%", nticks=5)
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang), col=1)
    lowest = -(-len(shown) // columns)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang), row=lowest)
    notes = [say(f"{NAME}.ordered", lang), say(f"{NAME}.spread", lang)]
    notes += left_out(order.height - len(shown), lang)
    plot = 300 if lowest == 1 else 265 * lowest
    title = _title(order, lang)
    return Chart(NAME, figure, data).framed(
        context, title, notes, theme.Frame(plot=plot, top=34, bottom=78)
    )


def _panel(figure: "go.Figure", own: pl.DataFrame, where: dict[str, int], lang: str) -> None:
    figure.add_bar(
        x=own["position"].to_list(),
        y=own["share"].to_list(),
        customdata=own["items"].to_list(),
        marker={"color": [BANDS[band] for band in own["band"]]},
        text=[
            f"{n:,}" if b != "within_year" else "" for b, n in own.select("band", "items").rows()
        ],
        textposition="outside",
        textfont={"size": 11, "color": theme.QUIET},
        cliponaxis=False,
        showlegend=False,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        **where,
    )
    figure.update_xaxes(
        tickvals=own["position"].to_list(),
        ticktext=[_tick(row, lang) for row in own.iter_rows(named=True)],
        tickfont={"size": 11},
        tickangle=0,
        range=[-0.6, own.height - 0.4],
        **where,
    )
    figure.update_yaxes(range=[0, 1.4 * max(own["share"].to_list())], **where)
    for measure, dash, height in (("median", "solid", 1.0), ("p90", "dot", 0.89)):
        days = own[f"{measure}_days"][0]
        if days is not None:
            at = position(own, days)
            figure.add_vline(
                x=at,
                line={"dash": dash, "width": 1.5, "color": theme.INK},
                annotation={
                    "text": say(f"{NAME}.{measure}", lang, days=days),
                    "y": height,
                    "font": {"size": 12},
                    "bgcolor": "rgba(255,255,255,0.8)",
                },
                annotation_position="top left" if at > 0.6 * own.height else "top right",
                **where,
            )


def position(own: pl.DataFrame, days: float) -> float:
    """Where on the axis of bands a number of days stands: as far into its band as into its days."""
    bands = own.filter(pl.col("band") != "negative").select("position", "days_from", "days_to")
    for at, first, last in bands.rows():
        if last is None:
            return float(at) + 0.42  # beside the number on the bar
        if days <= last:
            into = 0.5 if last == first else (days - first + 1) / (last - first + 1)
            return float(at - 0.5 + max(into, 0.0))
    return float(own["position"].max())  # type: ignore[arg-type]


def _tick(row: dict[str, Any], lang: str) -> str:
    if row["band"] != "within_year":
        return say(f"{NAME}.{row['band']}", lang)
    if row["days_to"] == 0:
        return say(f"{NAME}.same_day", lang)
    kind = "days" if row["days_to"] < 100 else "many_days"
    return say(f"{NAME}.{kind}", lang, first=row["days_from"], last=row["days_to"])


def _title(agencies: pl.DataFrame, lang: str) -> str:
    told = agencies.drop_nulls("median_days").sort("median_days", "agency")
    if told.is_empty():
        items = agencies["dated_items"].sum()
        return say(f"{NAME}.unordered", lang, count=agencies.height, items=items)
    names = [agency(name, lang) for name in told["agency"]]
    low, high = told["median_days"][0], told["median_days"][-1]
    if told.height == 1:
        p90 = told["p90_days"][0]
        return say(f"{NAME}.one", lang, agency=names[0], median=low, p90=p90)
    ends = {"fastest": names[0], "low": low, "slowest": names[-1], "high": high}
    return say(f"{NAME}.many", lang, **ends)
