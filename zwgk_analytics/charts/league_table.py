"""Who ranks where: the latest period of one metric as a table."""

from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years
from zwgk_analytics.charts.ranked import axis_title, is_share, ranked, ranks_of_metric, valued
from zwgk_analytics.charts.text import agency, reason, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "league_table"
_LISTED, _LABELS, _NOTED = 25, 190, 6


def league_table_data(
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    *,
    ranking: str | None = None,
) -> pl.DataFrame:
    """Values and ranks of one metric in the latest period with ranks, one row per agency.

    Columns, source and errors are those of `ranking_trends_data`; a value that could not be
    ranked has no rank and a `reason`.
    """
    every = ranks_of_metric(marts, agencies, years, ranking, unranked=True)
    latest = every.filter(pl.col("rank").is_not_null())["period"].max()
    return every.filter(pl.col("period").is_in([latest]))


def league_table_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars of values with their intervals, best first, and beside them ranks with theirs."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    every = data.filter(pl.col("rank").is_not_null()).sort("rank", "agency")
    listed = every.head(context.limit(_LISTED))
    uncertain = listed.filter(pl.col("rank_low") < pl.col("rank_high")).height > 0
    columns = 2 if uncertain else 1
    figure = theme.panels([""] * columns, columns, 0, shared_yaxes=True, horizontal_spacing=0.06)
    names = [agency(name, lang, 20) for name in listed["agency"]]
    told = [_told(row, lang) for row in listed.iter_rows(named=True)]
    palette = theme.agency_colours(listed["agency"])
    colours = [palette[name] for name in listed["agency"]]
    _bars(figure, listed, names, colours, told, lang)
    notes = [say("ranking_trends.coverage", lang), *left_out(every.height - listed.height, lang)]
    if uncertain:
        _intervals(figure, listed, names, colours, lang)
        _beside(figure, names, told)
        notes.insert(0, say(f"{NAME}.interval_note", lang))
    notes += _unranked(data, lang)
    frame = theme.Frame(
        60 + 30 * listed.height,
        top=8,
        right=theme.Frame.beside(told) - 60 if uncertain else _LABELS,
        left=theme.Frame.beside(names),
    )
    return Chart(NAME, figure, data).framed(context, _league_title(listed, lang), notes, frame)


def _bars(
    figure: "go.Figure",
    listed: pl.DataFrame,
    names: list[str],
    colours: list[str],
    told: list[str],
    lang: str,
) -> None:
    """The values; where ranks have a panel of their own, what is told of them stands beside it."""
    uncertain = sum(1 for _ in figure.select_xaxes()) > 1
    figure.add_bar(
        x=listed["value"].to_list(),
        y=names,
        orientation="h",
        marker={"color": colours, "opacity": 0.75 if uncertain else 1},
        error_x=_ends(listed, "value", "low", "high"),
        text=told,
        textposition="none" if uncertain else "outside",
        cliponaxis=False,
        showlegend=False,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        row=1,
        col=1,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    key = listed["metric"][0]
    figure.update_xaxes(title_text=axis_title(key, lang), rangemode="tozero", row=1, col=1)
    if is_share(key):
        figure.update_xaxes(tickformat=".0%", range=[0, 1], tickvals=[0, 0.5, 1], row=1, col=1)


def _ends(listed: pl.DataFrame, middle: str, low: str, high: str) -> dict[str, Any]:
    """Error bars of a Plotly trace; none where an end is not known."""
    rows = listed.select(middle, low, high).rows()
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if end is None or at is None else end - at for at, _, end in rows],
        "arrayminus": [0 if end is None or at is None else at - end for at, end, _ in rows],
        "color": theme.QUIET,
        "thickness": 1.5,
    }


def _beside(figure: "go.Figure", names: list[str], told: list[str]) -> None:
    for name, text in zip(names, told, strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            y=name,
            yref="y",
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=6,
        )


def _unranked(data: pl.DataFrame, lang: str) -> list[str]:
    """A note on the agencies that have a value but no rank."""
    rows = data.filter(pl.col("rank").is_null()).sort("agency").iter_rows(named=True)
    told = [
        say(
            f"{NAME}.unranked",
            lang,
            agency=agency(row["agency"], lang),
            value="" if row["value"] is None else valued(row["metric"], row["value"], lang),
            n="" if row["n"] is None else say(f"{NAME}.n", lang, n=row["n"]),
            reason=reason(row["reason"], lang),
        )
        for row in rows
    ]
    more = len(told) - _NOTED
    kept = told if more <= 0 else [*told[:_NOTED], say(f"{NAME}.more_unranked", lang, count=more)]
    return [say("common.clause", lang).join(kept)] if kept else []


def _told(row: dict[str, Any], lang: str) -> str:
    value = "" if row["value"] is None else valued(row["metric"], row["value"], lang)
    kind = "tied" if row["ranked_alike"] > 1 else "rank"
    told = f"{value}  {say(f'{NAME}.{kind}', lang, rank=row['rank'])}"
    if row["rank_low"] != row["rank_high"]:
        told += say(f"{NAME}.interval", lang, low=row["rank_low"], high=row["rank_high"])
    if is_share(row["metric"]) and row["n"] is not None:
        told += say(f"{NAME}.n", lang, n=row["n"])
    return told


def _intervals(
    figure: "go.Figure", listed: pl.DataFrame, names: list[str], colours: list[str], lang: str
) -> None:
    figure.add_scatter(
        x=listed["rank"].to_list(),
        y=names,
        mode="markers",
        marker={"color": colours, "size": 11},
        error_x=_ends(listed, "rank", "rank_low", "rank_high"),
        showlegend=False,
        hoverinfo="skip",
        row=1,
        col=2,
    )
    most = max(listed["rank_high"].to_list())
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
