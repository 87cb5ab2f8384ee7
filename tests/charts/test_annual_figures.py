from tests.charts.conftest import annotations, breaks, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.annual_figures import annual_figures_data

CAVEAT = "2019年版表式填报的是新制作数量，与2021年版的制发件数口径不同"


def figure_of(agency, year, value, origin="table", comparable=True, caveat=None, unit="件"):
    measure = "normative_documents_issued"
    return (agency, year, measure, value, unit, origin, comparable, caveat, f"{year}.html#table 1")


DOCUMENTS = (
    figure_of("甲", 2019, 40, comparable=False, caveat=CAVEAT),
    figure_of("甲", 2020, 41, comparable=False, caveat=CAVEAT),
    figure_of("甲", 2021, 12),
    figure_of("甲", 2023, 15, origin="prose"),
    figure_of("甲", 2022, None),
)
ASK = {"measure": "normative_documents_issued"}


def test_rows_of_one_measure_that_have_a_value(marts):
    marts.add("annual_figures", *DOCUMENTS)
    data = annual_figures_data(marts, **ASK)
    assert data.select("agency", "year", "value", "origin", "comparable", "source").rows() == [
        ("甲", 2019, 40.0, "table", False, "2019.html"),
        ("甲", 2020, 41.0, "table", False, "2020.html"),
        ("甲", 2021, 12.0, "table", True, "2021.html"),
        ("甲", 2023, 15.0, "prose", True, "2023.html"),
    ]
    assert annual_figures_data(marts).is_empty(), "another measure"


def test_points_that_are_not_comparable_are_hollow_and_gaps_stay_open(marts):
    marts.add("annual_figures", *DOCUMENTS)
    figure = draw("annual_figures", marts, **ASK).figure
    fair, other = figure.data
    assert list(fair.x) == [2019, 2020, 2021, 2022, 2023]
    assert list(fair.y) == [None, None, 12, None, 15]
    assert (fair.marker.symbol[2], fair.marker.symbol[4]) == ("circle", "diamond")
    assert (other.marker.symbol[0], other.line.dash) == ("circle-open", "dot")
    assert list(other.y)[:2] == [40, 41]
    assert fair.connectgaps is False
    assert fair.line.color == other.line.color
    assert figure.layout.yaxis.title.text == "制发规范性文件数（件）"


def test_the_form_break_is_drawn_and_told_with_its_caveat(marts):
    marts.add("annual_figures", *DOCUMENTS)
    figure = draw("annual_figures", marts, **ASK).figure
    assert breaks(figure) == [2020.5]
    assert "竖虚线处（2021年起）" in notes(figure)
    assert CAVEAT in notes(figure)
    english = draw("annual_figures", marts, lang="en", **ASK).figure
    assert "The 2019 form asks for documents newly made" in notes(english)


def test_title_compares_only_what_is_comparable(marts):
    marts.add("annual_figures", *DOCUMENTS)
    title = draw("annual_figures", marts, **ASK).title
    assert title == "甲制发规范性文件数：2023年15件，2021年12件"
    marts.add("annual_figures", figure_of("乙", 2021, 30), figure_of("乙", 2023, 30.5))
    chart = draw("annual_figures", marts, **ASK)
    assert chart.title == "2023年2个机关的制发规范性文件数，乙最多（30.5件）"
    assert annotations(chart.figure) == ["甲", "乙"]


def test_agencies_of_a_single_year_give_way_to_those_with_several(marts):
    marts.add("annual_figures", *DOCUMENTS, figure_of("丙", 2023, 99))
    chart = draw("annual_figures", marts, **ASK)
    assert annotations(chart.figure) == ["甲"]
    assert "另有1个机关未画出" in notes(chart.figure)
    assert (
        draw("annual_figures", marts, agencies="丙", **ASK).title
        == "丙制发规范性文件数：2023年99件"
    )


def test_values_of_another_unit_are_told_not_drawn(marts):
    marts.add("annual_figures", *DOCUMENTS, figure_of("甲", 2024, 3, unit=None))
    chart = draw("annual_figures", marts, **ASK)
    assert max(chart.figure.data[0].x) == 2023
    assert "1个数值的单位不明或不是件，未画出" in notes(chart.figure)
