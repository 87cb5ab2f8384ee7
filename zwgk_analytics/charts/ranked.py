"""What charts of rankings share: the rows of one metric, and words for its values and periods."""

from typing import Any

import polars as pl

from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, escaped, labelled, measures, metric, number, say
from zwgk_analytics.errors import UsageError


def ranks_of_metric(
    marts: SupportsSql, agencies: Names, years: Years, ranking: str | None
) -> pl.DataFrame:
    """Ranks of one metric and one kind of period, one row per period and agency.

    Without `ranking` the metric is taken that follows most agencies over several periods.

    Raises:
        UsageError: nothing is ranked by that metric; the message names those that are.
    """
    asked = scope(agencies, years)
    known = rows(marts, "ranking_metrics", **asked)
    chosen = known if ranking is None else known.filter(pl.col("metric") == ranking)
    if chosen.is_empty() and not (
        ranking is None or ranking in (*labelled("metrics"), *measures())
    ):
        there = ", ".join(known["metric"].unique(maintain_order=True)) or "none"
        raise UsageError(
            f"ranking={ranking!r}: no such ranking of what was asked; there are {there}"
        )
    name, length = chosen.select("metric", "period_length").row(0) if chosen.height else ("", 0)
    return rows(marts, "rankings", metric=name, period_length=length, **asked)


def period(text: str, lang: str) -> str:
    """A period to print: 2014年, 2014年第1季度, 2014年3月."""
    year, rest = text[:4], text[4:]
    if not year.isdigit() or not rest.lstrip("-Q").isdigit():
        return say("common.year", lang, year=year) if text.isdigit() else escaped(text)
    kind = "quarter" if rest.startswith("Q") else "month"
    values = {"year": int(year), kind: int(rest.lstrip("-Q"))}
    return say(f"common.{kind}", lang, **values)


def valued(key: str, value: float, lang: str) -> str:
    """A value of a metric to print, with its unit."""
    if key == "granted_share":
        return f"{value:.1%}"
    return number(value) + (unit(key) if lang == "zh" else "")


def unit(key: str) -> str:
    """The unit of a ranking's metric."""
    known = measures()
    if key.startswith("score:"):
        return known["score"]["unit"]
    return known[{"volume": "items_published"}.get(key, key)]["unit"]


def axis_title(key: str, lang: str) -> str:
    """The title of an axis of a metric's values."""
    name = metric(key, lang)
    if key == "granted_share" or lang == "en":
        return name
    return say("annual_figures.y", lang, measure=name, unit=unit(key))


def ranked(row: dict[str, Any], lang: str) -> dict[str, object]:
    """What titles say of one rank: metric, period, agency, rank and of how many."""
    of = row["ranked_of"]
    return {
        "metric": metric(row["metric"], lang),
        "period": period(row["period"], lang),
        "agency": agency(row["agency"], lang),
        "rank": row["rank"],
        "of": "" if of is None else say("ranking_trends.of", lang, count=of),
    }
