"""Every finding on eight real reports, each looked at against the published page; none beside."""

import pytest

from tests.quality.literal import real_marts
from zwgk_analytics.quality import assess, rules, summary

PINGTAN, SHANGHAI = "平潭综合实验区", "上海市人民政府办公厅"
KNOWN = {
    ("applications.outcomes", PINGTAN, "2020", "自然人（natural_person）", "26", "20"),
    ("applications.outcomes", PINGTAN, "2020", "总计（total）", "27", "21"),
    # 0 published in all by 2019, none newly published in 2020, and yet 7 in all
    ("proactive.roll_forward", PINGTAN, "2020", "规章（regulations）", "0", "7"),
    (
        "proactive.roll_forward",
        PINGTAN,
        "2023",
        "行政规范性文件（normative_documents）",
        "643",
        "470",
    ),
    (
        "proactive.roll_forward",
        PINGTAN,
        "2024",
        "行政规范性文件（normative_documents）",
        "499",
        "440",
    ),
    (
        "cells.blank",
        SHANGHAI,
        "2019",
        "三、收到和处理政府信息公开申请情况（applications）",
        "0",
        "126",
    ),
    ("cells.blank", SHANGHAI, "2019", "四、政府信息公开行政复议、行政诉讼情况（review）", "0", "9"),
}


@pytest.fixture(scope="module")
def con():
    con = real_marts()
    assess(con)
    return con


def test_known_findings_and_no_other(con):
    found = con.execute("SELECT rule, agency, period, subject, expected, actual FROM findings")
    assert set(found.fetchall()) == KNOWN


def test_findings_say_what_is_wrong_and_lead_to_the_cells(con):
    said = con.execute(
        "SELECT message, message_en, source, place, severity FROM findings "
        "WHERE rule = 'applications.outcomes' AND subject_key = 'applications/total'"
    ).fetchone()
    assert said[0] == "“总计”列：（七）总计印为21，各项之和为27（差6）"
    assert (
        said[1] == "all applicants: the total is printed as 21, its parts sum to 27 (difference 6)"
    )
    assert said[2] == f"{PINGTAN}_2020.html#{said[3]}"
    assert {"total × total", "granted × total"} < set(said[3].split("; "))
    assert said[4] == "error"


def test_a_finding_over_two_years_names_both_documents(con):
    message, source = con.execute(
        "SELECT message, source FROM findings "
        "WHERE rule = 'proactive.roll_forward' AND period = '2023'"
    ).fetchone()
    assert "698 + 77 − 132 = 643" in message
    assert source == (
        f"{PINGTAN}_2023.html#normative_documents × in_force; normative_documents × issued; "
        f"normative_documents × repealed; {PINGTAN}_2022.html#normative_documents × in_force"
    )


def test_shanghai_leaves_totals_blank_which_is_not_assessable(con):
    # it has 23 rows and the others 23 (2019 edition) or 25; all of those are assessable
    table = {r["rule"]: r for r in summary(con).to_dicts()}
    assert table["applications.applicants"]["broken"] == 0
    assert table["applications.applicants"]["not_assessable"] == 19
    assert table["applications.applicants"]["holds"] == 3 * 23 + 5 * 25 - 19


def test_summary_has_every_rule_with_its_counts(con):
    table = summary(con)
    assert table.columns == [
        "rule",
        "title",
        "severity",
        "holds",
        "broken",
        "not_assessable",
        "basis",
    ]
    assert table["rule"].to_list() == list(rules())
    counted = dict(zip(table["rule"], table["broken"], strict=True))
    assert counted["applications.outcomes"] == 2
    assert counted["publication.duplicate"] == 0


def test_finding_ids_are_stable_and_unique(con):
    first = con.execute("SELECT finding_id FROM findings ORDER BY 1").fetchall()
    assess(con)
    assert con.execute("SELECT finding_id FROM findings ORDER BY 1").fetchall() == first
    assert len(set(first)) == len(KNOWN)
