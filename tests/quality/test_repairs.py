"""A repair is told only where one cell explains the break."""

import pytest

from tests.quality.literal import add_report, marts, real_marts
from zwgk_analytics.forms import editions
from zwgk_analytics.quality import assess


def repairs(con):
    assess(con)
    rows = con.execute("SELECT rule, subject_key, repair FROM findings ORDER BY 1, 2").fetchall()
    return {(rule, key): told for rule, key, told in rows if told}


def test_a_total_that_stands_in_no_other_identity_should_be_the_sum():
    con = marts()
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "8"]})
    told = "“行政复议·总计”应为6（印为8）"
    assert repairs(con) == {("review.sum", "review/reconsideration"): told}


def test_a_part_that_explains_the_excess_may_be_counted_twice():
    con = marts()
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "4"]})
    told = repairs(con)["review.sum", "review/reconsideration"]
    assert told == "“行政复议·总计”应为6（印为4），或“行政复议·结果纠正”的2重复计入"


def test_two_broken_identities_that_cross_in_one_cell_name_it():
    con = marts()
    table = editions()["2021"].tables["applications"]
    rows = {("applications", row.key): ["0"] * 7 for row in table.rows if row.role == "outcome"}
    rows["applications", "granted"] = ["9", "0", "0", "0", "0", "0", "5"]
    rows["applications", "total"] = ["5", "0", "0", "0", "0", "0", "5"]
    add_report(con, rows)
    assert repairs(con) == {
        (
            "applications.applicants",
            "applications/granted",
        ): "“（一）予以公开·自然人”应为5（印为9）",
        (
            "applications.outcomes",
            "applications/natural_person",
        ): "“自然人·（一）予以公开”应为5（印为9）",
    }


@pytest.mark.parametrize("key", ["applications/total"])
def test_pingtan_2020_counts_the_partial_disclosures_twice(key):
    told = repairs(real_marts())
    assert told["applications.outcomes", key] == "“总计·（二）部分公开”的6重复计入"
