"""Where applications come from and where they go: 收到 → 结果."""

from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.application_handling import where_told
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, named, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "application_flow"
COLOURS = {
    "received": "#4D5B6A",
    "carried_in": "#9AA5B1",
    **theme.OUTCOMES,
    "carried_out": "#9AA5B1",
}
_GRANTED = ("granted", "partially_granted")


def application_flow_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Applications by strand, one row per agency, year and strand.

    Columns: agency, year, edition, side (`in` or `out`), position, strand (`received`,
    `carried_in`; the groups of outcomes, `carried_out`), requests (null where the table is not
    filled), source. From `application_handling`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def application_flow_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A Sankey of the newest year: what came in on the left, what became of it on the right."""
    newest = data.filter(pl.col("year") == pl.col("year").max())
    if newest["requests"].sum() == 0:
        return empty(NAME, data, context)
    lang = context.lang
    sums = newest.group_by("side", "position", "strand").agg(pl.col("requests").drop_nulls().sum())
    drawn = sums.filter(pl.col("requests") > 0).sort("position")
    figure = _sankey(drawn, lang)
    title = _title(newest, lang)
    frame = theme.Frame(70 + 40 * drawn.filter(side="out").height, bottom=24, left=theme.SIDE)
    return Chart(NAME, figure, data).framed(context, title, _notes(newest, data, lang), frame)


def _sankey(drawn: pl.DataFrame, lang: str) -> "go.Figure":
    import plotly.graph_objects as go  # slow to import

    coming, going = (_sum(drawn.filter(side=side)) for side in ("in", "out"))
    due = drawn.height
    labels = [
        _label(row, coming if row["side"] == "in" else going, lang)
        for row in drawn.iter_rows(named=True)
    ]
    colours = [COLOURS[strand] for strand in drawn["strand"]]
    inward = [side == "in" for side in drawn["side"]]
    node = {
        "label": [*labels, say(f"{NAME}.due", lang, requests=max(coming, going))],
        "color": [*colours, theme.INK],
        "x": [*(0.001 if into else 0.999 for into in inward), 0.42],
        "y": [*_middles(drawn), 0.5],
        "pad": 18,
        "thickness": 16,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }
    link = {
        "source": [index if into else due for index, into in enumerate(inward)],
        "target": [due if into else index for index, into in enumerate(inward)],
        "value": drawn["requests"].to_list(),
        "color": [_pale(colour) for colour in colours],
        "hovertemplate": "%{value:,}<extra></extra>",
    }
    return go.Figure(go.Sankey(node=node, link=link, arrangement="fixed", valueformat=","))


def _middles(drawn: pl.DataFrame) -> list[float]:
    """How far down each node's middle stands, nodes of a side below each other in their order."""
    places: list[float] = []
    for side in ("in", "out"):
        own = drawn.filter(side=side)["requests"].to_list()
        gap = 0.06
        scale = (1 - gap * (len(own) - 1)) / sum(own) if own else 0
        above = 0.0
        for requests in own:
            places.append(min(max(above + requests * scale / 2, 0.001), 0.999))
            above += requests * scale + gap
    return places


def _label(row: dict[str, Any], whole: int, lang: str) -> str:
    name = named("strands", row["strand"], lang)
    share = row["requests"] / whole
    return say(f"{NAME}.strand", lang, name=name, requests=row["requests"], share=share)


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"


def _notes(newest: pl.DataFrame, data: pl.DataFrame, lang: str) -> list[str]:
    notes = [say(f"{NAME}.read", lang)]
    reports = (
        newest.group_by("agency", "year")
        .agg(
            pl.col("requests").is_null().any().alias("unfilled"),
            pl.col("requests").filter(pl.col("side") == "in").sum().alias("coming"),
            pl.col("requests").filter(pl.col("side") == "out").sum().alias("going"),
        )
        .sort("agency", "year")
    )
    doubts = {
        "unfilled": pl.col("unfilled"),
        "unbalanced": ~pl.col("unfilled") & (pl.col("coming") != pl.col("going")),
    }
    for kind, doubt in doubts.items():
        found = reports.filter(doubt).select("agency", "year").rows()
        if found:
            notes.append(say(f"{NAME}.{kind}", lang, where=where_told(found, lang)))
    years = data["year"].n_unique()
    if years > 1:
        notes.append(say(f"{NAME}.one_year", lang, count=years, year=newest["year"][0]))
    return notes


def _title(newest: pl.DataFrame, lang: str) -> str:
    names = newest["agency"].unique()
    count = say("common.agencies", lang, count=len(names))
    who = agency(names[0], lang) if len(names) == 1 else count
    coming = _sum(newest.filter(side="in"))
    said = {"who": who, "year": newest["year"][0], "coming": coming}
    granted = _sum(newest.filter(pl.col("strand").is_in(_GRANTED)))
    outcomes = newest.filter(pl.col("side") == "out", pl.col("strand") != "carried_out")
    closed = _sum(outcomes)
    if outcomes["requests"].null_count() or not closed:
        return say(f"{NAME}.plain", lang, **said)
    return say(f"{NAME}.found", lang, **said, granted=granted, share=granted / closed)


def _sum(strands: pl.DataFrame) -> int:
    """The applications of strands that are filled."""
    return int(strands["requests"].drop_nulls().sum())
