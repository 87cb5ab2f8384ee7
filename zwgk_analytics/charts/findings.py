"""What the quality rules found: by rule, and by agency and rule."""

import math

import polars as pl

from zwgk_analytics.charts import share_bars, theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, named, say

BY_RULE, HEATMAP = "findings_by_rule", "findings_heatmap"
_AGENCIES = 20


def findings_by_rule_data(marts: SupportsSql) -> pl.DataFrame:
    """Subjects that a rule was held against, one row per rule and outcome.

    Columns: rule, outcome (`holds`, `broken`, `not_assessable`), subjects, share (of the rule's
    subjects; null where it has none). From `rule_results`.
    """
    return rows(marts, BY_RULE)


def findings_by_rule_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked bars of outcomes, a bar a rule, most often broken first."""
    if data.is_empty():
        return empty(BY_RULE, data, context)
    lang = context.lang
    order = by_broken(data)
    names = [named("rules", rule, lang) for rule in order["rule"]]
    figure = theme.panels([""], 1, 0)
    for outcome, colour in theme.RULE_OUTCOMES.items():
        part = order.select("rule").join(data.filter(pl.col("outcome") == outcome), "rule", "left")
        share_bars.add_share(
            figure,
            names,
            part["share"].to_list(),
            counts=part["subjects"].to_list(),
            name=named("rule_outcomes", outcome, lang),
            colour=colour,
            hover=say(f"{BY_RULE}.hover", lang),
        )
    told = order.select("broken", "subjects").iter_rows(named=True)
    beside = [say(f"{BY_RULE}.count", lang, **row) for row in told]
    share_bars.finish(figure, names, beside, say(f"{BY_RULE}.x", lang))
    notes = [say(f"{BY_RULE}.unassessed", lang)]
    title = _rule_title(order, lang)
    frame = theme.Frame(40 + 30 * order.height, top=40, right=200, left=theme.Frame.beside(names))
    return Chart(BY_RULE, figure, data).framed(context, title, notes, frame)


def findings_heatmap_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Findings, one row per agency and rule that has any.

    Columns: agency (null where a finding names none), rule, severity, findings, source (files).
    From `findings`; `years` are taken from the period that a finding concerns.
    """
    return rows(marts, HEATMAP, **scope(agencies, years))


def findings_heatmap_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A grid of agencies and rules, the number of findings in each cell, blank where none."""
    if data.is_empty():
        return empty(HEATMAP, data, context)
    lang = context.lang
    agencies, rules = _by_findings(data, "agency"), _by_findings(data, "rule")
    shown = agencies[: context.limit(_AGENCIES)]
    names = [agency(name, lang, 20) for name in shown]
    found = {(a, r): n for a, r, n in _cells(data).rows()}
    counts = [[found.get((a, r)) for r in rules] for a in shown]
    figure = theme.panels([""], 1, 0)
    figure.add_heatmap(
        z=[[None if n is None else math.log10(n) for n in line] for line in counts],
        text=[["" if n is None else f"{n:,}" for n in line] for line in counts],
        x=[named("rules", str(rule), lang) for rule in rules],
        y=names,
        colorscale=[list(shade) for shade in theme.SHADES],
        zmin=0,
        zmax=max(1.0, math.log10(max(found.values()))),
        **theme.CELLS,
        hovertemplate=say(f"{HEATMAP}.hover", lang) + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(tickangle=-40 if len(rules) > 6 else 0, showgrid=False)
    figure.update_xaxes(title_text=say(f"{HEATMAP}.x", lang))
    notes = [say(f"{HEATMAP}.blank", lang), *left_out(len(agencies) - len(shown), lang)]
    title = _heatmap_title(data, agencies[0], data["agency"].drop_nulls().n_unique(), lang)
    frame = theme.Frame(
        30 + 32 * len(shown),
        top=12,
        bottom=130 if len(rules) > 6 else 58,
        left=theme.Frame.beside(names),
    )
    return Chart(HEATMAP, figure, data).framed(context, title, notes, frame)


def by_broken(data: pl.DataFrame) -> pl.DataFrame:
    """One row per rule: rule, broken, subjects; most often broken first."""
    broken = pl.col("subjects").filter(pl.col("outcome") == "broken").sum().alias("broken")
    each = data.group_by("rule").agg(broken, pl.col("subjects").sum())
    return each.sort("broken", "subjects", "rule", descending=[True, True, False])


def _cells(data: pl.DataFrame) -> pl.DataFrame:
    return data.group_by("agency", "rule").agg(pl.col("findings").sum())


def _by_findings(data: pl.DataFrame, column: str) -> list[str | None]:
    totals = data.group_by(column).agg(pl.col("findings").sum())
    return totals.sort("findings", column, descending=[True, False], nulls_last=True)[
        column
    ].to_list()


def _rule_title(order: pl.DataFrame, lang: str) -> str:
    broken = order.filter(pl.col("broken") > 0)
    if broken.is_empty():
        return say(f"{BY_RULE}.clean", lang, rules=order.height)
    return say(
        f"{BY_RULE}.broken",
        lang,
        rules=order.height,
        broken=broken.height,
        findings=broken["broken"].sum(),
        rule=named("rules", broken["rule"][0], lang),
        most=broken["broken"][0],
    )


def _heatmap_title(data: pl.DataFrame, top: str | None, agencies: int, lang: str) -> str:
    own = _cells(data).filter(pl.col("agency").eq_missing(top))
    main = str(own.sort("findings", "rule", descending=[True, False])["rule"][0])
    return say(
        f"{HEATMAP}.found",
        lang,
        agencies=agencies,
        findings=data["findings"].sum(),
        agency=agency(top, lang),
        most=own["findings"].sum(),
        rule=named("rules", main, lang),
    )
