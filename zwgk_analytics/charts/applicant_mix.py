"""Who asks: kinds of applicants among the applications received."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.application_handling import where_told
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import Parts, by_size, stacked
from zwgk_analytics.charts.text import agency, named, say

NAME = "applicant_mix"
PARTS = Parts(
    NAME,
    "applicant",
    "applicants",
    {
        "natural_person": theme.BLUE,
        "business": theme.ORANGE,
        "research_institution": theme.GREEN,
        "social_organisation": theme.PINK,
        "legal_service": theme.SKY,
        "other_organisation": theme.GREY,
    },
)


def applicant_mix_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Applications received by kind of applicant, one row per agency, year and kind.

    Columns: agency, year, edition, applicant, requests (null where the cell is not filled), total
    (as printed), basis (what shares are of; null where kinds are missing and no total is stated),
    share, differs (the kinds do not add up to the total), source. From `report_cells`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def applicant_mix_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked shares of kinds of applicants by year, a panel an agency, n above each bar."""
    if data["requests"].sum() == 0:
        return empty(NAME, data, context)
    lang = context.lang
    figure, frame, notes = stacked(data, PARTS, context)
    reports = data.unique(["agency", "year"]).sort("agency", "year")
    doubts = {"differs": pl.col("differs"), "unknown": pl.col("basis").is_null()}
    told = [say(f"{NAME}.n", lang)]
    for kind, doubt in doubts.items():
        found = reports.filter(doubt).select("agency", "year").rows()
        told += [say(f"{NAME}.{kind}", lang, where=where_told(found, lang))] if found else []
    return Chart(NAME, figure, data).framed(context, _title(data, lang), told + notes, frame)


def _title(data: pl.DataFrame, lang: str) -> str:
    known = data.filter(pl.col("basis") > 0)
    name = by_size(known, "basis")[0]
    own = known.filter(pl.col("agency") == name)
    last = own.filter(pl.col("year") == own["year"].max())
    top = last.sort("requests", "applicant", descending=[True, False], nulls_last=True)
    first = top.row(0, named=True)
    return say(
        f"{NAME}.found",
        lang,
        agency=agency(name, lang),
        year=first["year"],
        basis=first["basis"],
        applicant=named("applicants", first["applicant"], lang),
        share=first["share"],
    )
