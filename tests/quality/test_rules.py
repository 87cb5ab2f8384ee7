"""The catalogue itself: complete, well-formed, and SQL that both engines take."""

import pytest
import sqlglot
from sqlglot import ErrorLevel

from tests.quality.literal import marts
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.models import models
from zwgk_analytics.quality import assess, rules, sql
from zwgk_analytics.quality.rules import parse

SEVERITY = {
    "applications.applicants": "error",
    "applications.balance": "error",
    "applications.carry_over": "error",
    "applications.outcomes": "error",
    "assessments.total": "warning",
    "cells.blank": "warning",
    "proactive.roll_forward": "warning",
    "proactive.type": "error",
    "interpretation.late": "warning",
    "inspections.score": "warning",
    "rectifications.overdue": "warning",
    "rectifications.reopened": "warning",
    "rectifications.unanswered": "warning",
    "meetings.comments": "warning",
    "meetings.feedback": "warning",
    "meetings.follow_up": "warning",
    "meetings.legal_review": "warning",
    "meetings.minutes": "warning",
    "meetings.published": "warning",
    "meetings.report_length": "info",
    "meetings.submission": "info",
    "meetings.topics": "info",
    "service_items.cancelled_offered": "error",
    "service_items.elements": "warning",
    "service_items.outside_hall": "info",
    "publication.stale": "warning",
    "publication.date_order": "error",
    "publication.duplicate": "warning",
    "publication.missing_field": "warning",
    "review.sum": "error",
    "applications.other_high": "warning",
    "claims.parts": "warning",
    "claims.ledger": "error",
    "claims.percentage": "warning",
    "claims.table": "error",
    "claims.volume": "warning",
    "publication.late": "warning",
    "publication.number_format": "warning",
    "publication.number_gap": "info",
    "publication.privacy": "error",
    "publication.url_date": "info",
    "report.late": "warning",
    "report.missing": "error",
    "report.parent_children": "warning",
    "statistics.cumulative": "warning",
    "statistics.cumulative_fall": "warning",
    "statistics.sums": "warning",
    "requests.correction": "warning",
    "requests.on_time": "warning",
    "requests.order": "error",
    "requests.running_overdue": "warning",
    "text.reused": "warning",
    "text.too_long": "info",
    "text.wrong_year": "warning",
}


def test_the_catalogue_has_the_rules_of_the_contract():
    assert {rule.id: rule.severity for rule in rules().values()} == SEVERITY
    assert all(rule.mart in models() for rule in rules().values())


def test_every_rule_runs_over_empty_marts_and_says_that_it_assessed_nothing():
    con = marts()
    assess(con)
    assert con.execute("SELECT count(*) FROM findings").fetchone() == (0,)
    counted = con.execute("SELECT rule, outcome, subjects FROM rule_results").fetchall()
    assert len(counted) == 3 * len(SEVERITY)
    assert {subjects for _, _, subjects in counted} == {0}


def test_marts_have_the_columns_that_their_headers_describe():
    con = marts()
    assess(con)
    for mart in ("findings", "rule_results"):
        columns = [c[0] for c in con.execute(f"DESCRIBE {mart}").fetchall()]
        assert columns == [c.name for c in models()[mart].columns]


@pytest.mark.parametrize("rule", SEVERITY)
def test_sql_carries_to_spark(rule):
    for select in (sql.findings(rules()[rule]), sql.results(rules()[rule])):
        spark = sqlglot.transpile(
            select, read="duckdb", write="spark", identify=True, unsupported_level=ErrorLevel.RAISE
        )
        assert sqlglot.parse_one(spark[0], read="spark")


GOOD = """
id: a.b
title: 甲
title_en: a
mart: reports
subject: 每份报告
severity: error
basis: 条例
not_assessable: 无
message: {zh: "{actual}", en: "{actual}"}
sql: SELECT 1
"""


def test_a_rule_is_read_from_its_file():
    assert parse(GOOD, "a.yml").sql == "SELECT 1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: error", "severity: grave", "a.yml: severity 'grave' is none of error, warning"),
        ("basis: 条例", "", "a.yml: not a rule: .*'basis'"),
        ("basis: 条例", "base: 条例", "a.yml: not a rule: .*'base'"),
        ("sql: SELECT 1", "", "a.yml: give either `sql` or `identity: true`"),
        ("id: a.b", "id: [", "a.yml: not a rule"),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_its_file(old, new, said):
    with pytest.raises(ZwgkError, match=said):
        parse(GOOD.replace(old, new), "a.yml")


def test_a_quote_in_a_message_stays_a_quote():
    con = marts()
    said = con.execute(f"SELECT {sql.message('its {x}, {y}')} FROM (SELECT 1 AS x, 'b' AS y)")
    assert said.fetchone() == ("its 1, b",)
    said = con.execute("SELECT " + sql.message("it's {x}") + " FROM (SELECT 1 AS x)")
    assert said.fetchone() == ("it's 1",)
