"""A total that the printed full marks or weights can check; and those that nothing can check."""

import pytest

from tests.quality.literal import marts, outcomes
from zwgk_analytics.quality import rules, sql

TOTAL = "assessments.total"
SUMMED = [("公开", 37, 40, None), ("服务", 50, 60, None), ("总分", 87, 100, None)]


def listed(rows, agency="甲", period="2022"):
    """Marts of one list: rows of (indicator, score, full marks, weight); 总分 is the total."""
    con = marts()
    add(con, rows, agency, period)
    return con


def add(con, rows, agency, period="2022"):
    con.executemany(
        "INSERT INTO assessments (scheme, period, agency, indicator, is_total, score, full_marks, "
        "weight, place, source) VALUES ('考评', ?, ?, ?, ?, ?, ?, ?, ?, 'a.html')",
        [
            (period, agency, indicator, indicator == "总分", score, marks, weight, f"row {n}")
            for n, (indicator, score, marks, weight) in enumerate(rows, 1)
        ],
    )


def outcome(rows):
    return outcomes(listed(rows), TOTAL)["考评|总分"]


@pytest.mark.parametrize(("total", "said"), [(87, "holds"), (88, "holds"), (85, "broken")])
def test_scores_out_of_their_full_marks_sum_to_the_total(total, said):
    rows = [("公开", 37, 40, None), ("服务", 50, 60, None), ("总分", total, 100, None)]
    assert outcome(rows) == said, "half a point of each number is rounding"


def test_decimals_that_are_printed_leave_no_room_for_more():
    rows = [("公开", 37.25, 40, None), ("服务", 50.25, 60, None), ("总分", 87.4, 100, None)]
    assert outcome(rows) == "broken"
    rows[-1] = ("总分", 87.5, 100, None)
    assert outcome(rows) == "holds"


def test_scores_times_weights_make_the_total():
    rows = [("决策公开", 80, None, 0.2), ("依申请公开", 90.5, None, 0.8), ("总分", 88.4, 100, None)]
    assert outcome(rows) == "holds"
    rows[-1] = ("总分", 85.2, 100, None)
    assert outcome(rows) == "broken"


def test_scores_below_their_weights_are_weighted_already():
    rows = [("决策公开", 18, None, 0.2), ("依申请公开", 70.5, None, 0.8), ("总分", 88.5, 100, None)]
    assert outcome(rows) == "holds"


def test_indicators_below_a_heading_are_its_parts():
    rows = [
        ("公开/主动", 18, 20, None),
        ("公开/依申请", 19, 20, None),
        ("公开", 37, 40, None),
        ("服务", 50, 60, None),
        ("总分", 87, 100, None),
    ]
    assert outcome(rows) == "holds"
    assert outcome([row for row in rows if row[0] != "公开"]) == "holds"


@pytest.mark.parametrize(
    "rows",
    [
        [("公开", 37, None, None), ("服务", 50, None, None), ("总分", 87, 100, None)],
        [("公开", 37, 40, None), ("服务", 50, 50, None), ("总分", 87, 100, None)],
        [("公开", 80, None, 0.2), ("服务", 90, None, 0.7), ("总分", 50, None, None)],
        [("公开", 37, 40, None), ("服务", None, 60, None), ("总分", 87, 100, None)],
        [*SUMMED[:2], ("加分", 3, None, None), ("总分", 90, 100, None)],
        [*SUMMED, ("公开", 36, 40, None)],
        [("总分", 87, 100, None)],
    ],
    ids=["no marks", "marks do not sum", "weights do not sum", "a score is missing", "bonus",
         "contradiction", "total alone"],
)  # fmt: skip
def test_what_cannot_be_checked_is_not_asserted(rows):
    con = listed(rows)
    # another agency of the list states every score, so that the headings themselves are known
    full = {name: (1, marks, weight) for name, _, marks, weight in rows}
    add(con, [(name, *rest) for name, rest in full.items()], "乙")
    select = sql.subjects(rules()[TOTAL])
    found = con.execute(f"SELECT outcome FROM ({select}) WHERE agency = '甲'").fetchall()
    assert found == [("not_assessable",)]


def test_the_finding_names_the_cells_and_the_arithmetic():
    con = listed([("公开", 37, 40, None), ("服务", 50, 60, None), ("总分", 90, 100, None)])
    query = f"SELECT expected, actual, message, source FROM ({sql.findings(rules()[TOTAL])})"
    assert con.execute(query).fetchall() == [
        (
            "87",
            "90",
            "“考评”甲：各项指标得分之和为87，总分印为90（差3，舍入误差至多1.5）",
            "a.html#row 3; a.html#row 1; a.html#row 2",
        )
    ]
