import pytest

from tests.charts.conftest import breaks, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.applicant_mix import PARTS, applicant_mix_data


def received(agency, year, values, total):
    columns = dict(zip([*PARTS.colours, "total"], [*values, total], strict=True))
    return [
        (agency, year, "2021", "applications", "received", column, value, "reported", "a.html")
        for column, value in columns.items()
    ]


def test_shares_of_the_total_and_none_where_it_is_not_known(marts):
    marts.add("report_cells", *received("甲", 2023, (6, 2, 0, 0, 0, 2), 10))
    marts.add("report_cells", *received("甲", 2024, (6, None, 0, 0, 0, 2), None))
    data = applicant_mix_data(marts)
    assert data.filter(applicant="natural_person")["share"].to_list() == [pytest.approx(0.6), None]
    assert data.filter(year=2024)["basis"].unique().to_list() == [None]
    assert "甲2024年：申请人未填全又无总计" in notes(draw("applicant_mix", marts).figure)


def test_encodings(marts):
    marts.add("report_cells", *received("甲", 2020, (6, 2, 0, 0, 0, 2), 10))
    marts.add("report_cells", *received("甲", 2021, (3, 1, 0, 0, 0, 0), 5))
    chart = draw("applicant_mix", marts)
    assert chart.title == "甲2021年新收5件申请，自然人占60.0%"
    business = trace(chart.figure, "商业企业")
    assert (list(business.x), list(business.y)) == ([2020, 2021], [0.2, 0.2])
    assert business.marker.color == "#E69F00"
    assert list(trace(chart.figure, "n").text) == ["10", "5"]
    assert breaks(chart.figure) == [2020.5]
    assert "甲2021年：各类申请人之和与所填总计不等" in notes(chart.figure)
