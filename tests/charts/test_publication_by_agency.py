from datetime import date

from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.publication_by_agency import publication_by_agency_data


def log(marts, agency, *months):
    marts.add("publications", (agency, 1, months[0][0], False, f"{agency}.csv"))
    return marts.add("publication_volume", *[(agency, day, "x", n) for day, n in months])


def test_one_row_an_agency_and_year(marts):
    log(marts, "甲", (date(2023, 1, 1), 2), (date(2023, 7, 1), 3), (date(2024, 3, 1), 1))
    log(marts, None, (date(2024, 1, 1), 9))
    data = publication_by_agency_data(marts)
    assert data.select("agency", "year", "items", "last_month").rows() == [
        ("甲", 2023, 5, date(2024, 3, 1)),
        ("甲", 2024, 1, date(2024, 3, 1)),
    ]


def test_encodings(marts):
    log(marts, "甲", (date(2023, 1, 1), 1500), (date(2024, 3, 1), 1))
    log(marts, "乙", (date(2005, 1, 1), 7000), (date(2024, 6, 1), 4))
    chart = draw("publication_by_agency", marts)
    assert annotations(chart.figure) == ["甲", "乙"]
    first = chart.figure.data[0]
    assert (list(first.x), list(first.y), list(first.text)) == (
        [2023, 2024],
        [1500, 1],
        ["1,500", "1"],
    )
    assert chart.title == "2个机关中甲2023至2024年公开最多，1,501条，其中2023年1,500条"
    told = notes(chart.figure)
    assert "日志止于2024年3月至2024年6月" in told
    assert "只画最近12年" in told
