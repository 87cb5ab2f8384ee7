from datetime import date

from tests.charts.conftest import annotations, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.claimed_volume import claimed_volume_data


def stated(agency, year, value, measure="items_published"):
    return (agency, year, measure, value, "条", "prose", True, "原文为约数", f"{year}.html#p 3")


def test_only_years_that_have_both(marts):
    marts.add(
        "annual_figures", stated("甲", 2023, 100), stated("甲", 2022, 5), stated("乙", 2023, 9)
    )
    marts.add("annual_figures", stated("甲", 2023, 1, "interpretations"))
    marts.add(
        "publication_volume", ("甲", date(2023, 1, 1), "x", 40), ("甲", date(2023, 5, 1), None, 55)
    )
    marts.add("publication_volume", ("甲", date(2024, 1, 1), "x", 7))
    rows = claimed_volume_data(marts).select(
        "agency", "year", "claimed", "observed", "ratio", "source"
    )
    assert rows.rows() == [("甲", 2023, 100.0, 95, 0.95, "2023.html")]


def test_encodings(marts):
    marts.add(
        "annual_figures", stated("甲", 2023, 100), stated("甲", 2024, 200), stated("乙", 2024, 0)
    )
    marts.add(
        "publication_volume",
        ("甲", date(2023, 1, 1), "x", 95),
        ("甲", date(2024, 1, 1), "x", 50),
        ("乙", date(2024, 1, 1), "x", 3),
    )
    chart = draw("claimed_volume", marts)
    hollow, full = trace(chart.figure, "机关自报"), trace(chart.figure, "日志条目")
    assert (list(hollow.x), hollow.marker.symbol) == ([0, 200, 100], "circle-open")
    assert (list(full.x), full.marker.symbol) == ([3, 50, 95], "circle")
    assert list(full.y) == ["乙 2024年", "甲 2024年", "甲 2023年"]
    assert annotations(chart.figure) == ["", "日志为自报的25%", "日志为自报的95%"]
    assert chart.title == (
        "2个年度自报数中1个与日志相差10%以内；相差最大的是甲2024年：自报200条，日志50条"
    )
    assert "原文为约数" in notes(chart.figure)
