from tests.charts.conftest import notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.carry_over import carry_over_waterfall_data


def report(agency, year, carried_in, received, total, carried_out):
    outcomes = (None,) * 6
    return (agency, year, "2021", received, carried_in, *outcomes, total, carried_out, "a.html")


ROWS = (
    report("甲", 2022, 0, 70, 69, 1),
    report("甲", 2023, 2, 74, 75, 3),
    report("甲", 2024, 3, None, 5, 0),
)


def test_one_row_a_year_with_what_it_should_be(marts):
    marts.add("application_handling", *ROWS)
    data = carry_over_waterfall_data(marts)
    assert data.select("year", "expected", "carried_out", "carried_before", "follows").rows() == [
        (2022, 1, 1, None, None),
        (2023, 1, 3, 1, True),
        (2024, None, 0, 3, True),
    ]


def test_encodings(marts):
    marts.add("application_handling", *ROWS)
    chart = draw("carry_over_waterfall", marts)
    bars, labels = chart.figure.data
    assert (bars.type, list(bars.y)) == ("waterfall", [0, 70, -69, 1, 2, 74, -75, 3])
    assert list(bars.measure) == ["absolute", "relative", "relative", "absolute"] * 2
    assert list(bars.x[0])[::4] == ["2022年", "2023年"]
    assert list(bars.x[1])[:4] == ["上年结转", "新收", "办结", "结转"]
    assert trace(chart.figure, "labels") is labels
    assert list(labels.text)[:4] == ["0", "70", "−69", "1"]
    assert list(labels.y)[:4] == [0, 70, 70, 1]
    assert chart.title == "甲2023年应办理76件，办结75件，结转下年度3件"


def test_what_does_not_add_up_is_told(marts):
    marts.add("application_handling", *ROWS)
    told = notes(draw("carry_over_waterfall", marts).figure)
    assert "甲2023年：上年结转加新收减办结不等于所填结转下年度" in told
    assert "甲2023年：上年结转与上一年报告的结转下年度不等" in told
    assert "甲2024年：有未填的项" in told
