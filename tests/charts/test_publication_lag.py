from datetime import date

import pytest

from tests.charts.conftest import annotations
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.publication_lag import position, publication_lag_data

DAY = date(2023, 5, 1)


def filled(marts):
    lags = [-3, 0, 2, 4, 10, 400]
    marts.add("publications", *(("甲局", lag, DAY, False, "a.csv") for lag in lags))
    return marts.add(
        "publications",
        ("甲局", 4, DAY, True, "a.csv"),
        ("甲局", None, DAY, False, "a.csv"),
        ("乙局", 30, date(2022, 5, 1), False, "b.csv"),
    )


def test_bands_hold_each_item_once(marts):
    data = publication_lag_data(filled(marts), agencies="甲局")
    assert data.select("band", "days_from", "days_to", "items").rows() == [
        ("negative", None, -1, 1),
        ("within_year", 0, 0, 1),
        ("within_year", 1, 7, 2),
        ("within_year", 8, 14, 1),
        ("within_year", 15, 28, 0),
        ("within_year", 29, 60, 0),
        ("within_year", 61, 90, 0),
        ("within_year", 91, 180, 0),
        ("within_year", 181, 365, 0),
        ("over_year", 366, None, 1),
    ]
    assert data["dated_items"].unique().to_list() == [6]
    assert data["share"].sum() == pytest.approx(1)


def test_median_and_p90_are_of_items_in_order(marts):
    data = publication_lag_data(filled(marts), agencies="甲局")
    assert data["median_days"][0] == 4
    assert data["p90_days"][0] == pytest.approx(244)


def test_years_are_those_of_publication(marts):
    assert publication_lag_data(filled(marts), years=2022)["agency"].unique().to_list() == ["乙局"]


def test_wrong_order_and_more_than_a_year_stand_apart(marts):
    figure = draw("publication_lag", filled(marts), agencies="甲局").figure
    (bars,) = figure.data
    assert bars.marker.color == ("#D55E00", *["#0072B2"] * 8, "#E69F00")
    assert (bars.text[0], bars.text[5], bars.text[9]) == ("1", "", "1")
    assert figure.layout.xaxis.ticktext[:3] == ("早于<br>成文", "当天", "1–7")
    assert figure.layout.xaxis.title.text == "成文到发布的天数"
    assert figure.layout.yaxis.tickformat == ".0%"


def test_median_and_p90_are_marked(marts):
    figure = draw("publication_lag", filled(marts), agencies="甲局").figure
    assert annotations(figure) == ["甲局（6条）", "中位数 4天", "P90 244天"]
    assert [shape.line.dash for shape in figure.layout.shapes] == ["solid", "dot"]


def test_a_mark_stands_in_its_band(marts):
    own = publication_lag_data(filled(marts), agencies="甲局")
    assert position(own, 0) == 1
    assert 1.5 < position(own, 4) < 2.5
    assert position(own, 7) == 2.5
    assert position(own, 4000) == 9.42


def test_titles(marts):
    filled(marts)
    one = draw("publication_lag", marts, agencies="甲局").title
    assert one == "甲局从成文到发布的间隔，一半在4天以内，九成在244天以内"
    many = draw("publication_lag", marts).title
    assert many == "从成文到发布的间隔中位数，甲局最短（4天），乙局最长（30天）"


def test_nothing_in_order_is_told(marts):
    marts.add("publications", ("甲局", -3, DAY, False, "a.csv"))
    chart = draw("publication_lag", marts)
    assert chart.title == "1个机关的1条信息发布日期都早于成文日期，无法计算间隔"
    assert not chart.figure.layout.shapes
