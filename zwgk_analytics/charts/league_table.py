"""Who ranks where: the latest period of one metric as a table."""

from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years
from zwgk_analytics.charts.ranked import axis_title, ranked, ranks_of_metric, valued
from zwgk_analytics.charts.text import agency, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "league_table"
_LISTED, _LABELS = 25, 190


def league_table_data(
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    *,
    ranking: str | None = None,
) -> pl.DataFrame:
    """Ranks of one metric in its latest period, one row per agency.

    Columns, source and errors are those of `ranking_trends_data`.
    """
    every = ranks_of_metric(marts, agencies, years, ranking)
    return every.filter(pl.col("period") == pl.col("period").max())


def league_table_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars of values, best first, and beside them ranks with their intervals where known."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    listed = data.sort("rank", "agency").head(context.limit(_LISTED))
    uncertain = listed.filter(pl.col("rank_low") < pl.col("rank_high")).height > 0
    columns = 2 if uncertain else 1
    figure = theme.panels([""] * columns, columns, 0, shared_yaxes=True, horizontal_spacing=0.16)
    names = [agency(name, lang, 20) for name in listed["agency"]]
    told = [_told(row, lang) for row in listed.iter_rows(named=True)]
    palette = theme.agency_colours(listed["agency"])
    colours = [palette[name] for name in listed["agency"]]
    figure.add_bar(
        x=listed["value"].to_list(),
        y=names,
        orientation="h",
        marker={"color": colours},
        text=told,
        textposition="outside",
        cliponaxis=False,
        showlegend=False,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        row=1,
        col=1,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    key = listed["metric"][0]
    figure.update_xaxes(title_text=axis_title(key, lang), rangemode="tozero", row=1, col=1)
    if key == "granted_share":
        figure.update_xaxes(tickformat=".0%", range=[0, 1], tickvals=[0, 0.5, 1], row=1, col=1)
    notes = [say("ranking_trends.coverage", lang), *left_out(data.height - listed.height, lang)]
    if uncertain:
        _intervals(figure, listed, names, colours, lang)
        notes.insert(0, say(f"{NAME}.interval_note", lang))
    title = _league_title(listed, lang)
    frame = theme.Frame(
        60 + 30 * listed.height,
        top=8,
        right=40 if uncertain else _LABELS,
        left=theme.Frame.beside(names),
    )
    return Chart(NAME, figure, data).framed(context, title, notes, frame)


def _told(row: dict[str, Any], lang: str) -> str:
    value = "" if row["value"] is None else valued(row["metric"], row["value"], lang)
    kind = "tied" if row["ranked_alike"] > 1 else "rank"
    told = f"{value}  {say(f'{NAME}.{kind}', lang, rank=row['rank'])}"
    if row["rank_low"] != row["rank_high"]:
        told += say(f"{NAME}.interval", lang, low=row["rank_low"], high=row["rank_high"])
    if row["metric"] == "granted_share" and row["n"] is not None:
        told += say(f"{NAME}.n", lang, n=row["n"])
    return told


def _intervals(
    figure: "go.Figure", listed: pl.DataFrame, names: list[str], colours: list[str], lang: str
) -> None:
    known = listed.select("rank", "rank_low", "rank_high").rows()
    figure.add_scatter(
        x=[rank for rank, _, _ in known],
        y=names,
        mode="markers",
        marker={"color": colours, "size": 11},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - rank for rank, _, high in known],
            "arrayminus": [rank - low for rank, low, _ in known],
            "color": theme.QUIET,
            "thickness": 1.5,
        },
        showlegend=False,
        hoverinfo="skip",
        row=1,
        col=2,
    )
    most = max(high for _, _, high in known)
    figure.update_xaxes(
        title_text=say(f"{NAME}.ranks", lang),
        range=[0.5, most + 0.5],
        dtick=max(1, most // 8),
        row=1,
        col=2,
    )


def _league_title(listed: pl.DataFrame, lang: str) -> str:
    best = listed.row(0, named=True)
    said = ranked(best, lang)
    if best["value"] is None or best["rank"] != 1:
        return say("ranking_trends.top", lang, **said)
    said["value"] = valued(best["metric"], best["value"], lang)
    within = listed.filter(pl.col("rank_low") == 1).height
    if within > 1:
        return say(f"{NAME}.unclear", lang, **said, within=within)
    return say(f"{NAME}.clear", lang, **said)
