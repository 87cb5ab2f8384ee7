"""Stacked shares by year, a panel an agency: how outcomes and applicants are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import Context
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.text import agency, named, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """What a whole is made of: the chart's name, the column that tells parts, their colours."""

    chart: str
    column: str
    labels: str
    colours: Mapping[str, str]


def stacked(
    data: pl.DataFrame, parts: Parts, context: Context
) -> tuple["go.Figure", theme.Frame, list[str]]:
    """The figure, the room that it needs, and notes on form breaks and agencies left out.

    `data` has agency, year, the column of the parts, requests, share and basis (n above a bar).
    """
    lang = context.lang
    names = by_size(data, "basis")
    shown = names[: context.limit(theme.PANELS)]
    columns = min(_COLUMNS, len(shown))
    titles = [agency(name, lang, 20) for name in shown]
    figure = theme.panels(titles, columns, 0.3, horizontal_spacing=0.06)
    years = sorted(data["year"].unique().to_list())
    for index, name in enumerate(shown):
        own = data.filter(pl.col("agency") == name)
        _panel(figure, own, parts, theme.place(index, columns), lang, is_first=index == 0)
    figure.update_layout(barmode="stack", bargap=0.2)
    figure.update_yaxes(tickformat=".0%", range=[0, 1.1], tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(title_text=say(f"{parts.chart}.y", lang), col=1)
    ends = [years[0] - 0.6, years[-1] + 0.6]
    figure.update_xaxes(range=ends, dtick=max(1, -(-len(years) * columns // 18)), tickformat="d")
    lowest = -(-len(shown) // columns)
    figure.update_xaxes(title_text=say(f"{parts.chart}.x", lang), row=lowest)
    notes = theme.draw_breaks(figure, years, lang) + left_out(len(names) - len(shown), lang)
    return figure, theme.Frame(320 if lowest == 1 else 230 * lowest, top=62), notes


def by_size(data: pl.DataFrame, column: str) -> list[str]:
    """Agencies by how much there is to see: most years, then the largest value of a column."""
    size = data.group_by("agency").agg(pl.col("year").n_unique(), pl.col(column).max())
    order = size.sort("year", column, "agency", descending=[True, True, False], nulls_last=True)
    return order["agency"].to_list()


def newest(data: pl.DataFrame) -> pl.DataFrame:
    """The rows of each agency's newest year."""
    return data.filter(pl.col("year") == pl.col("year").max().over("agency"))


def _panel(
    figure: "go.Figure",
    own: pl.DataFrame,
    parts: Parts,
    where: dict[str, int],
    lang: str,
    *,
    is_first: bool,
) -> None:
    for key, colour in parts.colours.items():
        part = own.filter(pl.col(parts.column) == key).sort("year")
        figure.add_bar(
            x=part["year"].to_list(),
            y=part["share"].to_list(),
            customdata=part.select("requests", "basis").rows(),
            name=named(parts.labels, key, lang),
            legendgroup=key,
            showlegend=is_first,
            marker={"color": colour},
            hovertemplate=say(f"{parts.chart}.hover", lang) + "<extra></extra>",
            **where,
        )
    tops = own.unique("year").drop_nulls("basis").sort("year")
    figure.add_scatter(
        x=tops["year"].to_list(),
        y=[1.0] * tops.height,
        text=[f"{n:,}" for n in tops["basis"]],
        mode="text",
        textposition="top center",
        textfont={"size": 11, "color": theme.QUIET},
        name="n",
        showlegend=False,
        hoverinfo="skip",
        **where,
    )
