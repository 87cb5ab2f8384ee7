from tests.charts.conftest import annotations, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.inspection_problems import inspection_problems_data
from zwgk_analytics.charts.rectification_closing import rectification_closing_data

FOUND = (
    ("甲局", "stale", "未及时更新", True, 0.5, 2025, "a.csv"),
    ("甲局", "stale", "未及时更新", True, 0.2, 2025, "b.csv"),
    ("甲局", None, None, True, None, 2025, "a.csv"),
    ("乙局", "incomplete", "内容不全", True, 1, 2024, "a.csv"),
    ("乙局", None, None, False, None, 2025, "a.csv"),
)
LEDGER = (
    *[("甲局", "done", 2025, "l.csv")] * 2,
    ("甲局", "explained", 2025, "l.csv"),
    ("甲局", "overdue", 2025, "l.csv"),
    ("乙局", "reopened", 2024, "l.csv"),
    (None, "open", None, "m.csv"),
)


def test_problems_are_counted_by_unit_and_kind(marts):
    marts.add("inspections", *FOUND)
    data = inspection_problems_data(marts)
    assert data.select("agency", "kind", "problems", "deducted").rows() == [
        ("乙局", "incomplete", 1, 1.0),
        ("甲局", "stale", 2, 0.7),
        ("甲局", None, 1, None),
    ]
    assert inspection_problems_data(marts, "甲局", 2024).is_empty()
    assert inspection_problems_data(marts, years=2025)["problems"].sum() == 3


def test_the_grid_of_problems(marts):
    marts.add("inspections", *FOUND)
    chart = draw("inspection_problems", marts)
    assert chart.title == "2个单位共查出4个问题，最多的一类是“未及时更新”（2个）"
    (grid,) = chart.figure.data
    assert list(grid.y) == ["甲局", "乙局"]
    assert list(grid.x) == ["未及时更新", "内容不全", "其他"]
    assert [list(line) for line in grid.text] == [["2", "", "1"], ["", "1", ""]]
    english = draw("inspection_problems", marts, lang="en")
    assert list(english.figure.data[0].x) == ["not kept up to date", "content incomplete", "other"]


def test_closing_by_unit_the_lowest_rate_first(marts):
    marts.add("rectifications", *LEDGER)
    assert rectification_closing_data(marts, years=2025)["problems"].sum() == 4
    chart = draw("rectification_closing", marts)
    assert chart.title == (
        "3个单位的6个问题已有3个整改或说明（50%），其中1个仅作情况说明；乙局完成率最低"
    )
    done, back = trace(chart.figure, "已整改"), trace(chart.figure, "复发")
    assert list(done.y) == ["乙局", "甲局", "未注明机关"]
    assert (list(done.x), list(done.customdata)) == ([0, 0.5, 0], [0, 2, 0])
    assert (list(back.x), back.marker.color) == ([1, 0, 0], "#D55E00")
    assert annotations(chart.figure)[-3:] == ["0/1 完成0%", "3/4 完成75%", "0/1 完成0%"]
    assert "完成率含仅作情况说明的问题" in notes(chart.figure)


def test_one_unit_alone(marts):
    marts.add("rectifications", *LEDGER[:4])
    title = draw("rectification_closing", marts, lang="en").title
    assert title == "3 of 4 problems of 甲局 are closed (75%), 1 of them by an explanation alone"
