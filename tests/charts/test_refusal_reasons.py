import pytest

from tests.charts.conftest import annotations, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.refusal_reasons import refusal_reasons_data


def line(agency, year, row, **columns):
    return [
        (
            agency,
            year,
            "2021",
            "applications",
            row,
            column,
            value,
            "blank" if value is None else "reported",
            f"{year}.html",
        )
        for column, value in columns.items()
    ]


ROWS = [
    *line("甲", 2024, "granted", total=50),
    *line("甲", 2024, "denied.state_secret", natural_person=1, total=2),
    *line("甲", 2024, "denied.internal_affairs", natural_person=0, total=0),
    *line("甲", 2024, "unable.not_held", natural_person=5, business=1, total=None),
    *line("甲", 2024, "not_processed.repeated", natural_person=None, total=None),
    *line("甲", 2023, "unable.not_held", total=90),
    *line("乙", 2024, "not_processed.repeated", total=2),
]


def test_totals_of_lines_their_parts_where_blank_and_nothing_where_nothing_is_told(marts):
    marts.add("report_cells", *ROWS)
    data = refusal_reasons_data(marts, agencies="甲", years=2024)
    assert data.select("outcome", "reason", "requests", "refused", "share").rows() == [
        ("denied", "denied.internal_affairs", 0, 8, 0.0),
        ("denied", "denied.state_secret", 2, 8, pytest.approx(0.25)),
        ("not_processed", "not_processed.repeated", None, 8, None),
        ("unable", "unable.not_held", 6, 8, pytest.approx(0.75)),
    ]


def test_encodings(marts):
    marts.add("report_cells", *ROWS)
    chart = draw("refusal_reasons", marts)
    assert chart.title == "甲2024年未予公开的8件申请中，“本机关不掌握”最多，6件，占75.0%"
    assert annotations(chart.figure) == ["甲 2024年（共8件）", "乙 2024年（共2件）"]
    unable = trace(chart.figure, "无法提供")
    assert (list(unable.y), list(unable.x), unable.marker.color) == (
        ["本机关不掌握"],
        [0.75],
        "#E69F00",
    )
    assert list(unable.text) == ["6件（75.0%）"]
    blank = trace(chart.figure, "unfilled")
    assert (list(blank.y), list(blank.text)) == (["重复申请"], ["未填"])
    assert "三类内部事务信息" not in [y for t in chart.figure.data for y in t.y], "0 everywhere"
    assert "均为0的理由不列" in notes(chart.figure)
