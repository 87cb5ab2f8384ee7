"""The metrics as declared: each complete, and each over quantities that the marts count."""

from datetime import date

import pytest

from tests.marts.facts import cell, document, line, marts, rows
from zwgk_analytics.forms.metrics import INTERVALS, metrics, reasons

METRICS = {
    "on_time_share", "granted_share", "granted_share_processed", "granted_share_decided",
    "released_share", "carry_over_rate", "correction_rate", "findings_per_report", "volume",
    "applications_received",
}  # fmt: skip


def test_the_metrics_are_those_that_charts_and_readers_know():
    assert set(metrics()) >= METRICS


@pytest.mark.parametrize("metric", metrics().values(), ids=lambda m: m.id)
def test_a_metric_is_complete(metric):
    sides = {side for side, _, _ in metric.terms}
    assert metric.interval in INTERVALS[metric.kind]
    assert ("denominator" in sides) == (metric.kind != "count")
    assert ("variance" in sides) == (metric.interval in {"spread", "tank"})
    assert {side: sign for side, _, sign in metric.terms if sign > 0}.keys() == sides
    assert set(metric.label) == set(metric.caveat) == {"zh", "en"}
    assert metric.minimum_n >= 1


def test_every_reason_speaks_both_languages():
    assert all(set(words) == {"zh", "en"} for words in reasons().values())


def test_every_quantity_of_a_report_or_log_is_counted_by_the_marts():
    """A name that no mart counts would leave its metric empty and nobody would know."""
    lines = ("received", "carried_in", "granted", "partially_granted", "denied.state_secret",
             "not_processed.petition", "total", "carried_out")  # fmt: skip
    facts = [c for row in lines for c in line(row, 1, 0, 0, 0, 0, 0, 1)]
    channels = ("reconsideration", "litigation_direct", "litigation_after_review")
    results = ("upheld", "corrected", "other", "pending", "total")
    facts += [cell("review", channel, result, 1) for channel in channels for result in results]
    base = {"source": "l.csv", "agency": "甲市"}
    items = [
        base | {"place": f"row {m}", "title": f"t{m}", "issued_on": date(2023, m, 1),
                "published_on": date(2023, m, 2)}
        for m in (3, 4)
    ]  # fmt: skip
    numbered = {"series": "甲府", "series_year": 2023}
    items += [
        base | numbered | {"place": f"row {n + 9}", "title": f"d{n}", "serial": n}
        for n in range(1, 7)
    ]
    con = marts(documents=[document()], cells=facts, items=items)
    counted = {q for (q,) in rows(con, "SELECT DISTINCT quantity FROM metric_quantities")}
    assert {q for m in metrics().values() for _, q, _ in m.terms} - counted == set()
