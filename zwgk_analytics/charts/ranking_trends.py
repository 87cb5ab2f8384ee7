"""How ranks move: one metric over its periods."""

from typing import Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years
from zwgk_analytics.charts.ranked import period, ranked, ranks_of_metric, valued
from zwgk_analytics.charts.text import agency, say, wrapped

NAME = "ranking_trends"
_FOLLOWED, _PERIODS = 10, 16
_WIDTH = 0.6  # of a period, that its intervals take


def ranking_trends_data(
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    *,
    ranking: str | None = None,
) -> pl.DataFrame:
    """Ranks of one metric, one row per period and agency that has one.

    Columns: metric, period, agency, value, n, low, high, rank, rank_low, rank_high, ranked_of,
    change, reason, ranked_alike (how many share the rank). From `rankings`; without `ranking` the
    metric that follows most agencies over periods is taken, and of each metric one kind of period.

    Raises:
        UsageError: nothing is ranked by that metric; the message names those that are.
    """
    return ranks_of_metric(marts, agencies, years, ranking)


def ranking_trends_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A bump chart: lines of ranks over periods, the rank in each dot, ties beside each other."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    names = _by_periods(data)
    followed = _followed(names) if context.agencies is None else names["agency"].to_list()
    seen = data.filter(pl.col("agency").is_in(followed))
    every = seen["period"].unique().sort().to_list()
    periods = every[-_PERIODS:]
    shown = placed(seen.filter(pl.col("period").is_in(periods)))
    colours = theme.agency_colours(followed)
    figure = theme.panels([""], 1, 0)
    for name in shown["agency"].unique().sort():
        own = _every_period(shown.filter(pl.col("agency") == name), periods)
        figure.add_scatter(**_line(own, agency(name, lang), colours[name], lang))
    for span in _spans(shown, periods, colours):
        figure.add_shape(span)
    labels = _end_labels(shown, colours, lang)
    for label in labels:
        figure.add_annotation(**label)
    axis = [period(p, lang) for p in periods]
    order = {"type": "category", "categoryorder": "array", "categoryarray": axis}
    figure.update_xaxes(**order, showgrid=False, title_text=say(f"{NAME}.x", lang))
    figure.update_xaxes(tickangle=0 if len(axis) < 10 else -45, range=[-0.5, len(axis) - 0.5])
    spans = shown.select(
        low=pl.col("slot") - pl.col("rank") + pl.min_horizontal("rank", "rank_low"),
        high=pl.col("slot") - pl.col("rank") + pl.max_horizontal("rank", "rank_high"),
    )
    lowest = max(*spans["high"].to_list(), *(label["y"] for label in labels))
    edges = [lowest + 0.7, min(spans["low"].to_list()) - 0.7]
    figure.update_yaxes(range=edges, showticklabels=False, showgrid=False)
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang))
    notes = [say(f"{NAME}.gaps", lang), say(f"{NAME}.coverage", lang)]
    if shown.filter(pl.col("rank_low") < pl.col("rank_high")).height:
        notes.insert(0, say(f"{NAME}.intervals", lang))
    if len(every) > len(periods):
        notes.append(say(f"{NAME}.latest", lang, count=len(periods), of=len(every)))
    notes += left_out(names.height - len(followed), lang)
    plot = int(min(620, max(180, 34 * (edges[0] - edges[1]))))
    frame = theme.Frame(
        plot, top=12, bottom=76, right=theme.Frame.beside(label["text"] for label in labels)
    )
    return Chart(NAME, figure, data).framed(context, _trend_title(shown, lang), notes, frame)


def placed(ranks: pl.DataFrame) -> pl.DataFrame:
    """The ranks with a `slot` to draw each at: its rank, or the next free place below a tie."""
    ordered = ranks.sort("period", "rank", "agency")
    parts = [
        own.with_columns(pl.Series("slot", theme.spread(own["rank"].to_list(), 1)))
        for own in ordered.partition_by("period", maintain_order=True)
    ]
    return pl.concat(parts)


def _by_periods(data: pl.DataFrame) -> pl.DataFrame:
    """One row per agency: agency, periods, rank (newest); those with most periods first."""
    each = data.sort("period").group_by("agency").agg(pl.len().alias("periods"), pl.last("rank"))
    return each.sort("periods", "rank", "agency", descending=[True, False, False])


def _followed(names: pl.DataFrame) -> list[str]:
    """The agencies to draw when none is named: those ranked at least half as often as the first."""
    often = names.filter(pl.col("periods") * 2 >= pl.col("periods").max())
    return often["agency"].to_list()[:_FOLLOWED]


def _every_period(own: pl.DataFrame, periods: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"period": periods}).join(own, on="period", how="left").sort("period")


def _line(every: pl.DataFrame, label: str, colour: str, lang: str) -> dict[str, Any]:
    return {
        "x": [period(p, lang) for p in every["period"]],
        "y": every["slot"].to_list(),
        "name": label,
        "customdata": [_hover(row, label, lang) for row in every.iter_rows(named=True)],
        "mode": "lines+markers+text",
        "connectgaps": False,
        "line": {"color": colour, "width": 2},
        "marker": {"color": colour, "size": 20, "line": {"color": "white", "width": 1}},
        "text": ["" if rank is None else str(rank) for rank in every["rank"]],
        "textfont": {"color": "white", "size": 10},
        "textposition": "middle center",
        "showlegend": False,
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
    }


def _spans(
    shown: pl.DataFrame, periods: list[str], colours: dict[str | None, str]
) -> list[dict[str, Any]]:
    """Bars from the best to the worst rank that is possible, those of one period side by side."""
    names = shown["agency"].unique().sort().to_list()
    beside = [_WIDTH * ((i + 0.5) / len(names) - 0.5) for i in range(len(names))]
    bars = []
    for row in shown.filter(pl.col("rank_low") < pl.col("rank_high")).iter_rows(named=True):
        at = periods.index(row["period"]) + beside[names.index(row["agency"])]
        ends = [row["slot"] - row["rank"] + row[end] for end in ("rank_low", "rank_high")]
        line = {"color": colours[row["agency"]], "width": 4}
        bar = {"type": "line", "x0": at, "x1": at, "y0": ends[0], "y1": ends[1]}
        bars.append(bar | {"line": line, "opacity": 0.45, "layer": "below"})
    return bars


def _end_labels(
    shown: pl.DataFrame, colours: dict[str | None, str], lang: str
) -> list[dict[str, Any]]:
    """The name of each line, to stand at the right edge, apart from each other."""
    newest = shown["period"].max()
    ends = shown.sort("period").group_by("agency", maintain_order=True).last()
    ends = ends.sort("slot", "agency")
    places = theme.spread(ends["slot"].to_list(), 1)
    labels = []
    for at, (name, last) in zip(places, ends.select("agency", "period").rows(), strict=True):
        text = agency(name, lang)
        if last != newest:
            text = say(f"{NAME}.until", lang, agency=text, period=period(last, lang))
        labels.append(
            {
                "x": 1,
                "xref": "x domain",
                "y": at,
                "text": "<br>".join(wrapped(text, 20)),
                "showarrow": False,
                "align": "left",
                "xanchor": "left",
                "xshift": 2,
                "font": {"color": colours[name], "size": 12},
            }
        )
    return labels


def _hover(row: dict[str, Any], label: str, lang: str) -> list[Any]:
    if row["rank"] is None:
        return [label, "", "", ""]
    value = "" if row["value"] is None else valued(row["metric"], row["value"], lang)
    return [label, row["rank"], "?" if row["ranked_of"] is None else row["ranked_of"], value]


def _trend_title(shown: pl.DataFrame, lang: str) -> str:
    newest, first = str(shown["period"].max()), str(shown["period"].min())
    best = shown.filter(pl.col("period") == newest).sort("rank", "agency").row(0, named=True)
    said = ranked(best, lang)
    ends = _moves(shown, first, newest)
    if ends.is_empty():
        return say(f"{NAME}.top", lang, **said)
    name, before, now = ends.select("agency", "rank", "rank_now").row(0)
    moved = {"riser": agency(name, lang), "from_rank": before, "to_rank": now}
    return say(f"{NAME}.risen", lang, **said, first=period(first, lang), **moved)


def _moves(shown: pl.DataFrame, first: str, newest: str) -> pl.DataFrame:
    """Agencies that rank better in the newest period than in the first, most ranks gained first."""
    now = shown.filter(pl.col("period") == newest).select("agency", rank_now="rank")
    both = shown.filter(pl.col("period") == first).join(now, on="agency")
    gained = both.with_columns(gained=pl.col("rank") - pl.col("rank_now"))
    return gained.filter(pl.col("gained") > 0).sort("gained", "agency", descending=[True, False])
