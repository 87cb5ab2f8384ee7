from datetime import date

from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.publication_volume import (
    publication_categories_data,
    publication_volume_data,
)


def filled(marts):
    marts.add(
        "publications",
        ("甲局", 1, date(2023, 1, 5), False, "a.csv"),
        ("乙局", 1, date(2023, 1, 5), False, "b.csv"),
    )
    return marts.add(
        "publication_volume",
        ("甲局", date(2022, 12, 1), "通知", 2),
        ("甲局", date(2022, 12, 1), None, 1),
        ("甲局", date(2023, 3, 1), "通知", 5),
        ("乙局", date(2023, 1, 1), None, 4),
        (None, date(2023, 1, 1), None, 1),
    )


def test_months_are_added_up_over_categories(marts):
    assert publication_volume_data(filled(marts)).rows() == [
        ("乙局", date(2023, 1, 1), 4, ["b.csv"]),
        ("甲局", date(2022, 12, 1), 3, ["a.csv"]),
        ("甲局", date(2023, 3, 1), 5, ["a.csv"]),
        (None, date(2023, 1, 1), 1, None),
    ]


def test_only_what_was_asked_for(marts):
    rows = publication_volume_data(filled(marts), agencies="甲局", years=2023).rows()
    assert rows == [("甲局", date(2023, 3, 1), 5, ["a.csv"])]


def test_months_without_items_are_gaps(marts):
    figure = draw("publication_volume", filled(marts), agencies="甲局").figure
    (line,) = figure.data
    months = [date(2022, 12, 1), date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1)]
    assert list(line.x) == months
    assert list(line.y) == [3, None, None, 5]
    assert line.connectgaps is False
    stops = figure.layout.xaxis.tickformatstops
    assert [stop.value for stop in stops] == ["%Y年", "%Y年%-m月"]
    assert figure.layout.yaxis.title.text == "条/月"


def test_titles_say_what_is_seen(marts):
    filled(marts)
    one = draw("publication_volume", marts, agencies="甲局")
    assert one.title == "甲局2022年12月至2023年3月共发布8条，最多的月份是2023年3月（5条）"
    many = draw("publication_volume", marts)
    assert (
        many.title == "2个机关2022年12月至2023年3月共发布12条，甲局最多（8条）；另有1条未注明机关"
    )
    assert "原始文件：a.csv、b.csv；数据刷新于2026年3月2日" in notes(many.figure)
    assert annotations(many.figure) == ["甲局", "乙局", "未注明机关"]


def test_agencies_that_are_not_drawn_are_told_and_can_be_asked_for(marts):
    marts.add("publication_volume", *((f"局{i}", date(2023, 1, 1), None, i) for i in range(1, 10)))
    usual = draw("publication_volume", marts).figure
    assert annotations(usual) == ["局9", "局8", "局7", "局6", "局5", "局4"]
    assert "另有3个机关未画出" in notes(usual)
    every = draw("publication_volume", marts, agencies=[f"局{i}" for i in range(1, 10)]).figure
    assert len(every.data) == 9


def test_names_from_documents_are_shown_as_they_are(marts):
    marts.add("publication_volume", ("<b>局</b><script>", date(2023, 1, 1), "<i>类", 1))
    volume = draw("publication_volume", marts)
    assert annotations(volume.figure) == ["&lt;b&gt;局&lt;/b&gt;&lt;script&gt;"]
    assert "<script>" not in volume.title
    assert list(draw("publication_categories", marts).figure.data[0].y) == ["&lt;i&gt;类"]


def test_categories_one_row_each_and_none_apart(marts):
    rows = publication_categories_data(filled(marts), agencies="甲局").rows()
    assert rows == [
        ("甲局", "通知", 7, date(2022, 12, 1), date(2023, 3, 1), ["a.csv"]),
        ("甲局", None, 1, date(2022, 12, 1), date(2022, 12, 1), ["a.csv"]),
    ]
    chart = draw("publication_categories", marts, agencies="甲局")
    assert chart.title == "甲局发布的信息中“通知”最多，7条，占87.5%"
    assert list(chart.figure.data[0].y) == ["通知", "日志未标分类"]
    assert list(chart.figure.data[0].x) == [7, 1]
    assert chart.figure.data[0].marker.color[1] == "#8C8C8C"
