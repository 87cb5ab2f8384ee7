"""What was kept of the limits for meetings and their topics."""

import polars as pl

from zwgk_analytics.charts import share_bars, theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import named, say

NAME = "meeting_checks"
_COLOURS = {
    "not_kept": theme.RULE_OUTCOMES["broken"],
    "unknown": theme.RULE_OUTCOMES["not_assessable"],
    "kept": theme.RULE_OUTCOMES["holds"],
}


def meeting_checks_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Checks of topics and meetings, one row per check and outcome that is met.

    Columns: check_name, position, outcome (`kept`, `not_kept`, `unknown`), subjects (topics;
    meetings for `topics` and `minutes`), share (of the check's subjects), source (files). From
    `meetings` and `meeting_sessions`; `agencies` are those whose meetings they are, `years` those
    of the meetings.
    """
    return rows(marts, NAME, **scope(agencies, years))


def meeting_checks_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked bars of what was kept, was not, and cannot be told; a bar a check."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    checks = data.group_by("check_name", "position").agg(pl.col("subjects").sum()).sort("position")
    names = [named("meeting_checks", check, lang) for check in checks["check_name"]]
    figure = theme.panels([""], 1, 0)
    for outcome, colour in _COLOURS.items():
        own = checks.select("check_name").join(
            data.filter(pl.col("outcome") == outcome), "check_name", "left", maintain_order="left"
        )
        share_bars.add_share(
            figure,
            names,
            own["share"].to_list(),
            counts=own["subjects"].to_list(),
            name=named("meeting_outcomes", outcome, lang),
            colour=colour,
            hover=say(f"{NAME}.hover", lang),
        )
    beside = [_count(told, lang) for told in _counts(data, checks)]
    share_bars.finish(figure, names, beside, say(f"{NAME}.x", lang))
    frame = theme.Frame(40 + 30 * checks.height, top=40, right=170, left=theme.Frame.beside(names))
    notes = [say(f"{NAME}.read", lang), say(f"{NAME}.limits", lang)]
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


def _counts(data: pl.DataFrame, checks: pl.DataFrame) -> list[dict[str, int]]:
    """How many subjects of each check kept it, of how many that can be told."""
    found = {(c, o): n for c, o, n in data.select("check_name", "outcome", "subjects").rows()}
    each = []
    for check in checks["check_name"]:
        kept, broken = (found.get((check, outcome), 0) for outcome in ("kept", "not_kept"))
        each.append({"kept": kept, "told": kept + broken})
    return each


def _count(told: dict[str, int], lang: str) -> str:
    if not told["told"]:
        return named("meeting_outcomes", "unknown", lang)
    return say(f"{NAME}.count", lang, **told)


def _title(data: pl.DataFrame, lang: str) -> str:
    broken = data.filter(pl.col("outcome") == "not_kept").sort(
        "subjects", "position", descending=[True, False]
    )
    told = data.filter(pl.col("outcome") != "unknown")
    if told.is_empty():
        return say(f"{NAME}.untold", lang)
    if broken.is_empty():
        return say(f"{NAME}.clean", lang, checks=told["check_name"].n_unique())
    top = broken.row(0, named=True)
    return say(
        f"{NAME}.broken",
        lang,
        checks=told["check_name"].n_unique(),
        broken=broken["check_name"].n_unique(),
        check=named("meeting_checks", top["check_name"], lang),
        most=top["subjects"],
    )
