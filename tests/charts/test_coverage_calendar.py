from datetime import date

from tests.charts.conftest import trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.coverage_calendar import coverage_calendar_data

ROWS = (
    ("甲局", 2022, True, True, date(2023, 1, 30), -1, True, "a.html"),
    ("甲局", 2023, True, True, date(2024, 2, 12), 12, True, "a.html"),
    ("甲局", 2024, True, False, None, None, True, "a.html"),
    ("乙局", 2023, True, True, None, None, True, "a.html"),
    ("乙局", 2024, True, True, date(2025, 1, 31), 0, True, "a.html"),
    ("丙局", 2021, False, False, None, None, True, "a.html"),
    ("丙局", 2025, True, False, None, None, False, "a.html"),
)


def test_status_of_each_report(marts):
    marts.add("coverage", *ROWS)
    status = coverage_calendar_data(marts).select("agency", "year", "status").rows()
    assert status == [
        ("丙局", 2021, None),
        ("丙局", 2025, None),
        ("乙局", 2023, "undated"),
        ("乙局", 2024, "on_time"),
        ("甲局", 2022, "on_time"),
        ("甲局", 2023, "late"),
        ("甲局", 2024, "missing"),
    ]


def test_encodings(marts):
    marts.add("coverage", *ROWS)
    chart = draw("coverage_calendar", marts)
    assert chart.title == "2022至2024年2个机关应有5份年度报告，缺1份，逾期1份"
    late = trace(chart.figure, "逾期")
    assert list(late.x) == [2022, 2023, 2024]
    assert list(late.y) == ["甲局", "乙局"], "who misses most comes first"
    assert [list(line) for line in late.text] == [["", "迟12天", ""], ["", "", ""]]
    assert [list(line) for line in late.z] == [[None, 1, None], [None, None, None]]
    assert late.colorscale[0][1] == "#E69F00"
    keys = [t for t in chart.figure.data if t.type == "scatter"]
    assert [key.name for key in keys] == ["按期", "逾期", "日期不详", "缺"]
