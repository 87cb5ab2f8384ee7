import pytest

from tests.charts.conftest import annotations, breaks, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.application_handling import application_handling_data


def report(agency, year, edition, received, outcomes, total, carried_in=0):
    return (agency, year, edition, received, carried_in, *outcomes, total, 0, f"{year}.html")


PINGTAN = (
    report("平潭", 2020, "2019", 21, (7, 6, 0, 7, 3, 4), 21),
    report("平潭", 2021, "2021", 70, (30, 5, 8, 25, 0, 2), 70),
    report("平潭", 2023, "2021", 0, (None, None, None, None, None, None), None),
    report("平潭", 2024, "2021", 10, (4, 1, None, 5, None, None), 10),
)


def test_rows_and_what_shares_are_taken_of(marts):
    marts.add("application_handling", *PINGTAN)
    data = application_handling_data(marts)
    assert data.filter(year=2021).select("outcome", "requests", "share").rows() == [
        ("granted", 30, pytest.approx(30 / 70)),
        ("partially_granted", 5, pytest.approx(5 / 70)),
        ("denied", 8, pytest.approx(8 / 70)),
        ("unable", 25, pytest.approx(25 / 70)),
        ("not_processed", 0, 0.0),
        ("other", 2, pytest.approx(2 / 70)),
    ]
    bases = data.unique("year").sort("year").select("year", "counted", "basis", "exceeds_total")
    assert bases.rows() == [
        (2020, 27, 27, True),
        (2021, 70, 70, False),
        (2023, None, None, False),
        (2024, 10, 10, False),
    ]


def test_missing_outcomes_are_gaps_not_zero(marts):
    marts.add("application_handling", *PINGTAN)
    data = application_handling_data(marts, years=2024)
    assert data["share"].to_list() == [0.4, 0.1, None, 0.5, None, None]
    figure = draw("application_handling", marts, years=2024).figure
    denied = next(trace for trace in figure.data if trace.name == "不予公开")
    assert list(denied.y) == [None]


def test_encodings(marts):
    marts.add("application_handling", *PINGTAN)
    figure = draw("application_handling", marts).figure
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [(bar.name, bar.marker.color) for bar in bars] == [
        ("予以公开", "#0072B2"),
        ("部分公开", "#56B4E9"),
        ("不予公开", "#D55E00"),
        ("无法提供", "#E69F00"),
        ("不予处理", "#CC79A7"),
        ("其他处理", "#8C8C8C"),
    ]
    (n,) = [trace for trace in figure.data if trace.name == "n"]
    assert (list(n.x), list(n.text)) == ([2020, 2021, 2024], ["27", "70", "10"])
    assert figure.layout.barmode == "stack"
    assert figure.layout.xaxis.title.text == "年度"
    assert figure.layout.yaxis.title.text == "占办结件数的比例"
    assert breaks(figure) == [2020.5]


def test_doubts_are_told_below(marts):
    marts.add(
        "application_handling", *PINGTAN, report("乙", 2021, "2021", 9, (1, 1, 1, 1, 1, 1), 9)
    )
    told = notes(draw("application_handling", marts).figure)
    assert "平潭2020年：各项结果之和大于所填总计" in told
    assert "平潭2023年：结果未填全又无总计" in told
    assert "乙2021年：各项结果之和小于所填总计" in told
    assert "表式换版（2021年起）" in told


def test_title_of_one_agency_gives_the_change(marts):
    marts.add("application_handling", *PINGTAN[:2])
    title = draw("application_handling", marts).title
    assert (
        title
        == "平潭2021年新收申请70件，比上年增加49件（233.3%）；办结70件，予以公开和部分公开占50.0%"
    )


def test_no_change_is_given_over_a_missing_year(marts):
    marts.add("application_handling", PINGTAN[1], PINGTAN[3])
    title = draw("application_handling", marts).title
    assert title == "平潭2024年新收申请10件；办结10件，予以公开和部分公开占50.0%"


def test_title_of_many_compares_the_newest_year_that_several_have(marts):
    other = report("乙局", 2021, "2021", 4, (1, 0, 3, 0, 0, 0), 4)
    marts.add("application_handling", *PINGTAN, other)
    chart = draw("application_handling", marts)
    assert chart.title == (
        "2021年2个机关中，予以公开和部分公开占比最高的是平潭（50.0%，n=70），最低的是乙局（25.0%，n=4）"
    )
    assert annotations(chart.figure) == ["平潭", "乙局"]
