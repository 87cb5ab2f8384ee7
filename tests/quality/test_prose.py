"""The rules on prose over a few literal rows."""

import pytest

from tests.quality.literal import add, add_item, add_report, marts, outcomes
from zwgk_analytics.quality import rules, sql


def outcome(con, rule):
    found = con.execute(f"SELECT outcome FROM ({sql.subjects(rules()[rule])})").fetchall()
    return [o for (o,) in found]


def compare(con, value, table, fits, definition="新收", **more):
    known = {"measure": "applications_received", "text": f"{value}件", "table_place": "row 1"}
    add(
        con,
        "claim_comparisons",
        **known | {"definition": definition, "table_value": table, "fits": fits, "value": value},
        **more,
    )


def test_a_figure_holds_where_one_definition_fits():
    con = marts()
    compare(con, 75, 74, False)
    compare(con, 75, 75, True, "新收+上年结转")
    assert outcome(con, "claims.table") == ["holds"]


def test_a_figure_that_fits_no_definition_names_those_that_were_tried():
    con = marts()
    compare(con, 76, 74, False)
    compare(con, 76, 75, False, "新收+上年结转")
    found = con.execute(sql.findings(rules()["claims.table"])).fetchall()
    assert [f[8] for f in found] == [
        "正文“本年新收申请数”为76，表格按各种口径均不等：新收 = 74；新收+上年结转 = 75"
    ]


@pytest.mark.parametrize(("value", "expected"), [(20, "not_assessable"), (90, "broken")])
def test_a_smaller_figure_beside_one_that_fits_may_be_a_part_of_it(value, expected):
    con = marts()
    compare(con, 75, 75, True)
    compare(con, value, 75, False)
    assert sorted(outcome(con, "claims.table")) == sorted(["holds", expected])


def test_a_cell_that_is_blank_is_not_assessable():
    con = marts()
    compare(con, 75, None, None)
    assert outcome(con, "claims.table") == ["not_assessable"]


def figures(con, *values, complete=True, first=None, **of_whole):
    """A sentence: a whole and its parts."""
    whole = {"kind": "count", "decimals": 0, "is_complete": False, "sentence": 1, "text": "句"}
    add(con, "prose_figures", **whole, position=1, value=values[0], unit="条", **of_whole)
    for position, value in enumerate(values[1:], 2):
        part = whole | {"is_complete": complete, "label": "类"}
        add(con, "prose_figures", **part, position=position, value=value, unit="条", whole=1)


@pytest.mark.parametrize(
    ("values", "complete", "expected"),
    [
        ((10, 4, 6), True, "holds"),
        ((10, 4, 5), True, "broken"),
        ((10, 4, 7), True, "broken"),
        ((10, 4, 5), False, "not_assessable"),
        ((10, 4, 6, 3), True, "holds"),  # what follows is no part any more
    ],
)
def test_parts(values, complete, expected):
    con = marts()
    figures(con, *values, complete=complete)
    assert outcome(con, "claims.parts") == [expected]


def test_parts_of_about_so_many_are_not_assessable():
    con = marts()
    figures(con, 10, 4, 5, qualifier="余")
    assert outcome(con, "claims.parts") == ["not_assessable"]


@pytest.mark.parametrize(
    ("stated", "decimals", "expected"),
    [
        ("33.3", 1, "holds"),  # 1 of 3
        ("33.33", 2, "holds"),
        ("33", 0, "holds"),
        ("33.4", 1, "broken"),
        ("34", 0, "broken"),
    ],
)
def test_percentage(stated, decimals, expected):
    con = marts()
    figures(con, 3, 1)
    share = {"kind": "share", "sentence": 1, "position": 3, "whole": 2, "text": "句"}
    add(con, "prose_figures", **share, value=stated, decimals=decimals, unit="%")
    assert outcome(con, "claims.percentage") == [expected]


@pytest.mark.parametrize(("stated", "expected"), [("66.6", "holds"), ("66.7", "holds")])
def test_percentage_may_be_rounded_or_cut(stated, expected):
    con = marts()
    figures(con, 3, 2)
    share = {"kind": "share", "sentence": 1, "position": 3, "whole": 2, "text": "句"}
    add(con, "prose_figures", **share, value=stated, decimals=1, unit="%")
    assert outcome(con, "claims.percentage") == [expected]


@pytest.mark.parametrize(
    ("kind", "section", "said", "text", "expected"),
    [
        ("plan_year", "problems", 2024, "2024年将", "holds"),
        ("plan_year", "problems", 2023, "2023年将", "broken"),
        ("plan_year", "overall", 2023, "2023年将", "not_assessable"),
        ("result_year", "overall", 2023, "2023年受理", "holds"),
        ("result_year", "overall", 2022, "2022年受理3件", "broken"),
        ("result_year", "overall", 2022, "2022年受理3件，2023年受理", "not_assessable"),
        ("result_year", "overall", 2008, "2008年受理", "not_assessable"),
    ],
)
def test_wrong_year(kind, section, said, text, expected):
    con = marts()
    row = {"sentence": 1, "position": 1, "decimals": 0, "is_complete": False}
    add(con, "prose_figures", kind=kind, section=section, value=said, text=text, **row)
    assert outcome(con, "text.wrong_year") == [expected]


@pytest.mark.parametrize(
    ("characters", "edition", "expected"),
    [(1000, "2021", ["holds"]), (1001, "2021", ["broken"]), (1001, "2019", [])],
)
def test_too_long(characters, edition, expected):
    con = marts()
    add_report(con, {}, edition=edition)
    add(con, "sections", section="overall", heading="一、总体情况", characters=characters)
    assert outcome(con, "text.too_long") == expected


@pytest.mark.parametrize(
    ("claimed", "months", "expected"),
    [(13, 12, "holds"), (20, 12, "broken"), (20, 11, "not_assessable")],
)
def test_volume(claimed, months, expected):
    con = marts()
    add(con, "claims", measure="items_published", value=claimed, text="共公开")
    for month in range(1, months + 1):
        add_item(con, title=f"{month}月", published_on=f"2023-{month:02}-05")
    assert outcome(con, "claims.volume") == [expected]


@pytest.mark.parametrize(
    ("other", "total", "expected"),
    [("10", "100", "holds"), ("11", "100", "broken"), ("_", "100", "not_assessable")],
)
def test_other_high(other, total, expected):
    con = marts()
    rows = {("applications", "other.other"): ["0"] * 6 + [other]}
    add_report(con, rows | {("applications", "total"): ["0"] * 6 + [total]})
    assert outcome(con, "applications.other_high") == [expected]


def cumulative(con, year, *cells):
    rows = {("statistics", "complaints"): ["0", cells[0]]}
    rows |= {("statistics", "proactive.items"): list(cells[1:])}
    add_report(con, rows, year=year, edition="2008")


def test_a_cumulative_total_rolls_forward_and_never_falls():
    con = marts()
    cumulative(con, 2015, "7", "5", "105")
    cumulative(con, 2016, "6", "2", "106")
    cumulative(con, 2018, "6", "0", "100")
    rolled = outcomes(con, "statistics.cumulative")
    fallen = con.execute(
        f"SELECT period, subject_key FROM ({sql.broken(rules()['statistics.cumulative_fall'])})"
    ).fetchall()
    assert rolled["statistics/proactive.items"] == "not_assessable"  # 2018: no report of 2017
    assert sorted(fallen) == [
        ("2016", "statistics/complaints"),
        ("2018", "statistics/proactive.items"),
    ]
    broken = con.execute(f"SELECT period FROM ({sql.broken(rules()['statistics.cumulative'])})")
    assert broken.fetchall() == [("2016",)]
