"""How agencies handled applications for disclosure (依申请公开)."""

from typing import TYPE_CHECKING

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, labelled, named, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "application_handling"
_COLUMNS = 3


def application_handling_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Applications closed, one row per agency, year and group of outcomes.

    Columns: agency, year, edition, received, carried_in, carried_out, total, counted (sum of the
    outcomes), basis, position, outcome, requests, share (of basis), exceeds_total, falls_short,
    source. `basis` is the total, or the sum of outcomes where that is larger or no total is
    stated; null where outcomes are missing and no total is stated. From `application_handling`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def application_handling_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked shares of outcomes by year, a panel an agency, n above each bar."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    names = _order(data)
    shown = names[: context.limit(theme.PANELS)]
    columns = min(_COLUMNS, len(shown))
    figure = theme.panels(
        [agency(name, lang, 20) for name in shown], columns, 0.3, horizontal_spacing=0.06
    )
    years = sorted(data["year"].unique().to_list())
    for index, name in enumerate(shown):
        own = data.filter(pl.col("agency") == name)
        _panel(figure, own, theme.place(index, columns), lang, is_first=index == 0)
    figure.update_layout(barmode="stack", bargap=0.2)
    figure.update_yaxes(tickformat=".0%", range=[0, 1.1], tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang), col=1)
    ends = [years[0] - 0.6, years[-1] + 0.6]
    figure.update_xaxes(range=ends, dtick=max(1, -(-len(years) * columns // 18)), tickformat="d")
    lowest = -(-len(shown) // columns)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang), row=lowest)
    breaks = theme.draw_breaks(figure, years, lang)
    notes = [say(f"{NAME}.n", lang), *_doubts(data, lang), *breaks]
    notes += left_out(len(names) - len(shown), lang)
    plot = 320 if lowest == 1 else 230 * lowest
    frame = theme.Frame(plot, top=62)
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


def _panel(
    figure: "go.Figure", own: pl.DataFrame, where: dict[str, int], lang: str, *, is_first: bool
) -> None:
    for outcome in labelled("outcomes"):
        part = own.filter(pl.col("outcome") == outcome).sort("year")
        figure.add_bar(
            x=part["year"].to_list(),
            y=part["share"].to_list(),
            customdata=part.select("requests", "basis").rows(),
            name=named("outcomes", outcome, lang),
            legendgroup=outcome,
            showlegend=is_first,
            marker={"color": theme.OUTCOMES[outcome]},
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
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


def _order(data: pl.DataFrame) -> list[str]:
    """Agencies by how much there is to see: most years, then most applications."""
    size = data.group_by("agency").agg(pl.col("year").n_unique(), pl.col("basis").max())
    order = size.sort("year", "basis", "agency", descending=[True, True, False], nulls_last=True)
    return order["agency"].to_list()


def _doubts(data: pl.DataFrame, lang: str) -> list[str]:
    marks = {
        "exceeds": pl.col("exceeds_total"),
        "short": pl.col("falls_short"),
        "unknown": pl.col("basis").is_null(),
    }
    reports = data.unique(["agency", "year"]).sort("agency", "year")
    found = {
        kind: reports.filter(mark).select("agency", "year").rows() for kind, mark in marks.items()
    }
    return [
        say(f"{NAME}.{kind}", lang, where=_where(which, lang))
        for kind, which in found.items()
        if which
    ]


def _where(reports: list[tuple[str, int]], lang: str) -> str:
    joined = say("common.joiner", lang).join(
        agency(name, lang) + say("common.year", lang, year=year) for name, year in reports[:4]
    )
    if len(reports) <= 4:
        return joined
    return say("common.more_files", lang, files=joined, count=len(reports))


def granted(data: pl.DataFrame) -> pl.DataFrame:
    """Share granted in whole or part, one row per agency and year whose outcomes are both known."""
    part = data.filter(pl.col("outcome").is_in(["granted", "partially_granted"]))
    known = part.group_by("agency", "year").agg(
        pl.col("basis").first(),
        pl.col("received").first(),
        pl.col("edition").first(),
        pl.when(pl.col("requests").count() == 2).then(pl.col("requests").sum()).first(),
    )
    share = (pl.col("requests") / pl.col("basis")).alias("share")
    return known.filter(pl.col("basis") > 0).with_columns(share).sort("agency", "year")


def _title(data: pl.DataFrame, lang: str) -> str:
    names = data["agency"].unique()
    known = granted(data).drop_nulls("share")
    if len(names) == 1:
        return _title_of_one(data, known, lang)
    if not known.is_empty():
        together = known.filter(pl.len().over("year") > 1)
        newest = together.filter(pl.col("year") == pl.col("year").max())
        ends = newest.sort("share", "agency", descending=[True, False])
        if not ends.is_empty():
            return _title_of_many(ends, lang)
    years = {"first": data["year"].min(), "last": data["year"].max()}
    return say(f"{NAME}.plain", lang, who=say("common.agencies", lang, count=len(names)), **years)


def _title_of_many(ends: pl.DataFrame, lang: str) -> str:
    best, worst = ends.row(0, named=True), ends.row(-1, named=True)
    return say(
        f"{NAME}.many",
        lang,
        year=best["year"],
        count=ends.height,
        best=agency(best["agency"], lang),
        high=best["share"],
        best_n=best["basis"],
        worst=agency(worst["agency"], lang),
        low=worst["share"],
        worst_n=worst["basis"],
    )


def _title_of_one(data: pl.DataFrame, known: pl.DataFrame, lang: str) -> str:
    name = agency(data["agency"][0], lang)
    newest = known.filter(pl.col("year") == data["year"].max()).drop_nulls("received")
    if newest.is_empty():
        years = {"first": data["year"].min(), "last": data["year"].max()}
        return say(f"{NAME}.plain", lang, who=name, **years)
    last = newest.row(0, named=True)
    said = {key: last[key] for key in ("year", "received", "basis", "share")} | {"agency": name}
    before = data.filter(pl.col("year") == last["year"] - 1)
    if before.is_empty() or before["received"][0] is None:
        return say(f"{NAME}.one_first", lang, **said)
    return say(
        f"{NAME}.one", lang, **said, change=change(last["received"], before["received"][0], lang)
    )


def change(now: int, before: int, lang: str) -> str:
    """The change from the year before, in words."""
    if now == before:
        return say("common.same", lang)
    if before == 0:
        return say("common.up_from_none", lang)
    way = "up" if now > before else "down"
    by = abs(now - before)
    return say(f"common.{way}", lang, by=by, share=by / before)
