"""Blanks and kinds of numbers in the statutory tables."""

import pytest

from tests.quality.literal import add_report, marts, outcomes
from zwgk_analytics.quality import assess, rules, sql


@pytest.mark.parametrize(
    ("edition", "row", "cells", "column", "outcome"),
    [
        ("2021", "regulations", "0 1 2", "issued", "holds"),
        ("2021", "regulations", "-1 1 2", "issued", "broken"),
        ("2021", "regulations", "1.5 1 2", "issued", "broken"),
        ("2021", "regulations", "_ 1 2", "issued", "not_assessable"),
        ("2021", "regulations", "? 1 2", "issued", "not_assessable"),
        ("2021", "administrative_fees", "96171.6", "amount", "holds"),
        ("2021", "administrative_fees", "-0.1", "amount", "broken"),
        ("2019", "administrative_penalties", "2648 -18 430", "change", "holds"),
        ("2019", "administrative_penalties", "2648 -1.5 430", "change", "broken"),
        ("2019", "administrative_penalties", "2648 -18 -4", "decisions", "broken"),
        ("2019", "government_procurement", "3 1200.5", "amount", "holds"),
    ],
)
def test_type(edition, row, cells, column, outcome):
    con = marts()
    add_report(con, {("proactive", row): cells.split()}, year=2020, edition=edition)
    select = sql.subjects(rules()["proactive.type"])
    found = con.execute(f"SELECT subject_key, outcome, items FROM ({select})").fetchall()
    is_broken = (f"proactive/{row}/{column}", "broken", 1) in found
    assert is_broken == (outcome == "broken")
    assert outcome in {o for _, o, _ in found}


def test_type_looks_at_the_other_tables_too_and_says_where():
    con = marts()
    add_report(con, {("review", "reconsideration"): ["1", "-2", "3", "0", "2"]})
    assess(con)
    rule = "SELECT subject, message, place FROM findings WHERE rule = 'proactive.type'"
    assert con.execute(rule).fetchall() == [
        (
            "行政复议 · 结果纠正（reconsideration · corrected）",
            "“行政复议”行“结果纠正”列印为-2，应为非负整数",
            "reconsideration × corrected",
        )
    ]


def review(first: str, second: str, third: str):
    rows = ("reconsideration", "litigation_direct", "litigation_after_review")
    return {("review", r): c.split() for r, c in zip(rows, (first, second, third), strict=True)}


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        (review("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 0"), "holds"),
        (review("0 0 0 0 0", "0 _ 0 0 0", "/ 0 0 0 0"), "broken"),
        (review("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 ."), "not_assessable"),
        (review("0 0 0 0 0", "0 0 0 0 ?", "0 0 0 0 0"), "holds"),
        ({}, "not_assessable"),
    ],
)
def test_blank(rows, outcome):
    con = marts()
    add_report(con, rows)
    assert outcomes(con, "cells.blank")["review"] == outcome


def test_blanks_are_one_finding_a_table_that_names_the_rows():
    con = marts()
    add_report(con, review("0 _ _ 0 0", "0 0 0 0 0", "/ 0 0 0 0"))
    assess(con)
    rule = "SELECT severity, actual, message, source FROM findings WHERE rule = 'cells.blank'"
    assert con.execute(rule).fetchall() == [
        (
            "warning",
            "3",
            "“四、政府信息公开行政复议、行政诉讼情况”有3个应填数字的单元格未填数字"
            "（空白2个，横线1个），涉及行政复议、复议后起诉，共2行",
            "甲_2023.html#reconsideration × corrected; litigation_after_review × upheld",
        )
    ]
