from tests.charts.conftest import notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.document_series import document_series_data

ROWS = (
    ("甲局", "甲发", 2023, 9, 10, 10.1, 0.89, ["a.csv"], "甲局"),
    ("甲局", "甲发", 2024, 3, 12, 15.0, 0.2, ["a.csv"], "甲局"),
    ("甲局", "甲<b>规", 2024, 4, 4, 4.8, 0.83, ["a.csv"], "甲局"),
)


def test_one_row_a_series_and_year(marts):
    marts.add("document_series", *ROWS)
    data = document_series_data(marts, years=2024)
    assert data.select("series", "observed", "highest").rows() == [
        ("甲<b>规", 4, 4),
        ("甲发", 3, 12),
    ]


def test_encodings(marts):
    marts.add("document_series", *ROWS)
    chart = draw("document_series", marts)
    (grid,) = chart.figure.data
    assert list(grid.y) == ["甲局 甲发", "甲局 甲&lt;b&gt;规"], "most numbers seen first"
    assert list(grid.x) == [2023, 2024]
    assert [list(line) for line in grid.text] == [["9/10", "3/12"], ["", "4/4"]]
    assert [list(line) for line in grid.z] == [[0.9, 0.25], [None, 1.0]]
    assert chart.title == "甲局“甲发”2024年编到12号，见到3件，缺9件"
    assert "最大编号之后的文件无从得知" in notes(chart.figure)


def test_series_of_others_in_the_log_are_not_drawn(marts):
    others = ("甲局", "乙发", 2024, 1, 900, 1800.0, 0.001, ["a.csv"], None)
    marts.add("document_series", ROWS[1], others)
    (grid,) = draw("document_series", marts).figure.data
    assert list(grid.y) == ["甲局 甲发"]


def test_no_gap(marts):
    marts.add("document_series", ROWS[2])
    title = draw("document_series", marts).title
    assert title == "2024年各文号系列没有缺号，“甲&lt;b&gt;规”（甲局）见到4件"
