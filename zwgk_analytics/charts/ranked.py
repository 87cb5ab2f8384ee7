"""What charts of rankings share: the rows of one metric, and words for its values and periods."""

from typing import Any

import polars as pl

from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, escaped, measures, metric, number, say
from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms.metrics import metrics


def ranks_of_metric(
    marts: SupportsSql,
    agencies: Names,
    years: Years,
    ranking: str | None,
    unranked: bool = False,
) -> pl.DataFrame:
    """Ranks of one metric and one kind of period, one row per period and agency.

    Without `ranking` the metric is taken that follows most agencies over several periods. With
    `unranked` values that have no rank come too.

    Raises:
        UsageError: nothing is ranked by that metric; the message names those that are.
    """
    asked = scope(agencies, years)
    known = rows(marts, "ranking_metrics", **asked)
    chosen = known if ranking is None else known.filter(pl.col("metric") == ranking)
    if chosen.is_empty() and ranking is not None and ranking not in metrics():
        there = ", ".join(known["metric"].unique(maintain_order=True)) or "none"
        raise UsageError(
            f"ranking={ranking!r}: no such ranking of what was asked; there are {there}"
        )
    name, kind = chosen.select("metric", "period_kind").row(0) if chosen.height else ("", "")
    return rows(marts, "rankings", metric=name, period_kind=kind, unranked=unranked, **asked)


def period(text: str, lang: str) -> str:
    """A period to print: 2014年, 2014年第1季度, 2014年上半年, 2014年3月."""
    year, rest = text[:4], text[4:]
    if not year.isdigit() or not rest.lstrip("-QH").isdigit():
        return say("common.year", lang, year=year) if text.isdigit() else escaped(text)
    part = int(rest.lstrip("-QH"))
    if rest in {"H1", "H2"}:
        return say(f"common.half_{part}", lang, year=int(year))
    kind = "quarter" if rest.startswith("Q") else "month"
    return say(f"common.{kind}", lang, **{"year": int(year), kind: part})


def is_share(key: str) -> bool:
    """Whether a metric is a share, printed in percent."""
    return key in metrics() and metrics()[key].kind == "share"


def valued(key: str, value: float, lang: str) -> str:
    """A value of a metric to print, with its unit."""
    if is_share(key):
        return f"{value:.1%}"
    return number(value) + (unit(key) if lang == "zh" else "")


def unit(key: str) -> str:
    """The unit of a ranking's metric."""
    if key in metrics():
        return metrics()[key].unit or ""
    return measures()["score"]["unit"]


def axis_title(key: str, lang: str) -> str:
    """The title of an axis of a metric's values."""
    name = metric(key, lang)
    if is_share(key) or lang == "en":
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
