"""The suites as files, and Great Expectations agreeing with the findings."""

import json
from datetime import date

import pytest
import yaml

from tests.conftest import ROOT
from tests.quality.literal import add, add_item, real_marts
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.models import models
from zwgk_analytics.quality import assess, rules, suites, validate
from zwgk_analytics.quality.suites import text

ABOUT = {"reports", "findings", "rule_results"} | {rule.mart for rule in rules().values()}


def test_the_files_are_as_generated():
    written = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "expectations").glob("*.yml")}
    assert written == {f"{mart}.yml": text(suite) for mart, suite in suites().items()}


def test_one_suite_a_mart_and_every_rule_in_the_suite_of_its_mart():
    assert suites().keys() == models().keys()
    placed = {
        e["meta"]["rule"]: mart
        for mart, suite in suites().items()
        for e in suite["expectations"]
        if "meta" in e
    }
    assert placed == {rule.id: rule.mart for rule in rules().values()}


def test_a_suite_survives_its_file():
    for suite in suites().values():
        assert yaml.safe_load(text(suite)) == suite
        assert json.loads(json.dumps(suite)) == suite


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marts")
    con = real_marts(str(folder / "zwgk.duckdb"))
    add_item(con, title="{甲}:乙", issued_on=date(2023, 5, 2), published_on=date(2023, 5, 1))
    assess(con)
    found = con.execute("SELECT rule, count(*) FROM findings GROUP BY rule").fetchall()
    for _ in range(2):
        add(con, "sections", section="other", heading="六、其他", characters=1)
    con.close()
    return folder / "zwgk.duckdb", dict(found)


def files_of(folder, suites_by_mart):
    for mart, suite in suites_by_mart.items():
        (folder / f"{mart}.yml").write_text(text(suite), encoding="utf-8")
    return folder


def test_a_suite_fails_exactly_where_there_are_findings(database, tmp_path):
    path, found = database
    folder = files_of(tmp_path, {mart: suites()[mart] for mart in ABOUT})
    results = {r.mart: r for r in validate(path, folder)}
    checked = {c.rule: c for r in results.values() for c in r.checked if c.rule}
    assert checked.keys() == rules().keys()
    assert {rule: c.unexpected for rule, c in checked.items() if not c.success} == found
    assert {c.severity for c in checked.values()} == {"error", "warning", "info"}
    assert results["report_cells"].broken_rules == (
        "applications.outcomes", "cells.blank", "proactive.roll_forward",
    )  # fmt: skip
    assert results["findings"].success
    # a row that stands twice is no agency's fault, and told apart
    assert results["sections"].broken_rules == ()
    assert results["sections"].faults == (
        "expect_compound_columns_to_be_unique(agency, year, section)",
    )


def test_an_expectation_that_nobody_understands_is_told(database, tmp_path):
    suite = {
        "name": "reports",
        "meta": {"mart": "reports"},
        "expectations": [{"type": "expect_luck", "kwargs": {}}],
    }
    with pytest.raises(ZwgkError, match=r"reports\.yml"):
        validate(database[0], files_of(tmp_path, {"reports": suite}))
