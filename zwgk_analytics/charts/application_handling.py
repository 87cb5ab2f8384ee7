"""How agencies handled applications for disclosure (依申请公开)."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import Parts, stacked
from zwgk_analytics.charts.text import agency, say

NAME = "application_handling"
PARTS = Parts(NAME, "outcome", "outcomes", theme.OUTCOMES)


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
    figure, frame, notes = stacked(data, PARTS, context)
    notes = [say(f"{NAME}.n", lang), *_doubts(data, lang), *notes]
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


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
        say(f"{NAME}.{kind}", lang, where=where_told(which, lang))
        for kind, which in found.items()
        if which
    ]


def where_told(reports: list[tuple[str, int]], lang: str) -> str:
    """The reports that a note speaks of: the first four, and how many there are."""
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
