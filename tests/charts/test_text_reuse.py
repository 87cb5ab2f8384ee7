from tests.charts.conftest import notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.text_reuse import text_reuse_data

ROWS = (
    ("甲局", 2024, "problems", "甲局", 2023, 0.97, "存在的问题和改进情况"),
    ("甲局", 2024, "overall", "甲局", 2023, 0.61, "总体情况"),
    ("甲局", 2024, "overall", "乙局", 2024, 0.83, "总体情况"),
)


def test_the_section_that_is_most_alike_of_each_pair(marts):
    marts.add("text_reuse", *ROWS)
    pairs = text_reuse_data(marts).select("other_agency", "other_year", "section", "ratio").rows()
    assert pairs == [("甲局", 2023, "problems", 0.97), ("乙局", 2024, "overall", 0.83)]


def test_encodings(marts):
    marts.add("text_reuse", *ROWS)
    chart = draw("text_reuse", marts)
    (matrix,) = chart.figure.data
    assert list(matrix.x) == list(matrix.y) == ["乙局 2024", "甲局 2023", "甲局 2024"]
    assert [list(line) for line in matrix.z] == [[None] * 3, [None] * 3, [0.83, 0.97, None]]
    assert list(matrix.text[2]) == ["83%", "97%", ""]
    assert chart.title == "甲局2024年报告“存在问题及改进”部分有97%的文字与本机关2023年的相同"


def test_many_reports_are_told(marts):
    marts.add("text_reuse", *[("局", 2024, "overall", f"{i}局", 2024, 0.9, "") for i in range(30)])
    chart = draw("text_reuse", marts)
    assert len(chart.figure.data[0].x) == 18
    assert "另有13份报告未画出" in notes(chart.figure)
