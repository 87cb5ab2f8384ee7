"""Every chart by name: what it shows, and one call that draws it from the marts."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from zwgk_analytics.charts import (
    annual_figures,
    applicant_mix,
    application_flow,
    application_handling,
    carry_over,
    claimed_volume,
    coverage_calendar,
    disputes,
    document_series,
    findings,
    inspection_problems,
    league_table,
    meeting_checks,
    metric_quadrant,
    publication_by_agency,
    publication_lag,
    publication_volume,
    ranking_trends,
    rate_funnel,
    rectification_closing,
    refusal_reasons,
    request_days,
    service_completeness,
    text_reuse,
)
from zwgk_analytics.charts.chart import Chart, Context, nothing
from zwgk_analytics.charts.query import Names, SupportsSql, Years, absent, refreshed_on, scope
from zwgk_analytics.charts.text import say
from zwgk_analytics.errors import UsageError


@dataclass(frozen=True, slots=True)
class Entry:
    """A chart of the catalogue: its Chinese title and description, its pair of functions."""

    name: str
    title: str
    description: str
    data: Callable[..., pl.DataFrame]
    chart: Callable[..., Chart]

    @property
    def options(self) -> tuple[str, ...]:
        """What the data function takes beside the marts: agencies, years and its own options."""
        return tuple(inspect.signature(self.data).parameters)[1:]


_PAIRS: dict[str, tuple[Callable[..., pl.DataFrame], Callable[..., Chart]]] = {
    "publication_volume": (
        publication_volume.publication_volume_data,
        publication_volume.publication_volume_chart,
    ),
    "publication_categories": (
        publication_volume.publication_categories_data,
        publication_volume.publication_categories_chart,
    ),
    "publication_by_agency": (
        publication_by_agency.publication_by_agency_data,
        publication_by_agency.publication_by_agency_chart,
    ),
    "publication_lag": (
        publication_lag.publication_lag_data,
        publication_lag.publication_lag_chart,
    ),
    "document_series": (
        document_series.document_series_data,
        document_series.document_series_chart,
    ),
    "claimed_volume": (claimed_volume.claimed_volume_data, claimed_volume.claimed_volume_chart),
    "application_flow": (
        application_flow.application_flow_data,
        application_flow.application_flow_chart,
    ),
    "application_handling": (
        application_handling.application_handling_data,
        application_handling.application_handling_chart,
    ),
    "refusal_reasons": (
        refusal_reasons.refusal_reasons_data,
        refusal_reasons.refusal_reasons_chart,
    ),
    "request_days": (request_days.request_days_data, request_days.request_days_chart),
    "applicant_mix": (applicant_mix.applicant_mix_data, applicant_mix.applicant_mix_chart),
    "carry_over_waterfall": (
        carry_over.carry_over_waterfall_data,
        carry_over.carry_over_waterfall_chart,
    ),
    "disputes_funnel": (disputes.disputes_funnel_data, disputes.disputes_funnel_chart),
    "annual_figures": (
        annual_figures.annual_figures_data,
        annual_figures.annual_figures_chart,
    ),
    "ranking_trends": (ranking_trends.ranking_trends_data, ranking_trends.ranking_trends_chart),
    "league_table": (league_table.league_table_data, league_table.league_table_chart),
    "rate_funnel": (rate_funnel.rate_funnel_data, rate_funnel.rate_funnel_chart),
    "metric_quadrant": (
        metric_quadrant.metric_quadrant_data,
        metric_quadrant.metric_quadrant_chart,
    ),
    "coverage_calendar": (
        coverage_calendar.coverage_calendar_data,
        coverage_calendar.coverage_calendar_chart,
    ),
    "text_reuse": (text_reuse.text_reuse_data, text_reuse.text_reuse_chart),
    "inspection_problems": (
        inspection_problems.inspection_problems_data,
        inspection_problems.inspection_problems_chart,
    ),
    "rectification_closing": (
        rectification_closing.rectification_closing_data,
        rectification_closing.rectification_closing_chart,
    ),
    "service_completeness": (
        service_completeness.service_completeness_data,
        service_completeness.service_completeness_chart,
    ),
    "meeting_checks": (meeting_checks.meeting_checks_data, meeting_checks.meeting_checks_chart),
    "findings_by_rule": (findings.findings_by_rule_data, findings.findings_by_rule_chart),
    "findings_heatmap": (findings.findings_heatmap_data, findings.findings_heatmap_chart),
}


def catalogue(lang: str = "zh") -> dict[str, Entry]:
    """Every chart by its name, with title, description and the options that `draw` takes."""
    return {
        name: Entry(name, say(f"{name}.name", lang), say(f"{name}.about", lang), *pair)
        for name, pair in _PAIRS.items()
    }


def draw(
    name: str,
    marts: SupportsSql,
    agencies: Names = None,
    years: Years = None,
    lang: str = "zh",
    **options: object,
) -> Chart:
    """One chart of the catalogue, drawn from the marts.

    Args:
        name: a name of `catalogue()`.
        marts: as `open_marts()` gives them.
        agencies: one agency or several, as the marts name them; all without.
        years: one year or several; all without.
        lang: "zh" or "en".
        options: what the chart takes beside (`ranking`, `measure`); see `Entry.options`.

    Raises:
        UsageError: there is no such chart, or it does not take that option.
    """
    entry = catalogue(lang).get(name)
    if entry is None:
        raise UsageError(f"{name!r}: there is no such chart; there are {', '.join(_PAIRS)}")
    asked = {**scope(agencies, years), **options}
    given = {key: value for key, value in asked.items() if value is not None}
    for key in given.keys() - set(entry.options):
        takes = ", ".join(entry.options) or "nothing"
        raise UsageError(f"{name}: this chart cannot be drawn by {key}; it takes {takes}")
    limits = scope(agencies, years)
    context = Context(lang, refreshed_on(marts), limits["agencies"], limits["years"])
    missing = absent(marts, re.findall(r"\w+", say(f"{name}.mart", "en")))
    if missing:
        reason = say("empty.marts", lang, names=say("common.joiner", lang).join(missing))
        return nothing(name, pl.DataFrame(), context, reason)
    drawn_by = inspect.signature(entry.chart).parameters
    style = {key: value for key, value in options.items() if key in drawn_by}
    return entry.chart(entry.data(marts, **given), context, **style)
