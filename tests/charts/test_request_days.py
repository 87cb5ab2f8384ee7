import pytest

from tests.charts.conftest import annotations, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.request_days import request_days_data

REQUESTS = """
CREATE TABLE requests (agency VARCHAR, year INTEGER, workdays_used BIGINT, is_term_certain BOOLEAN,
  is_running BOOLEAN, is_overdue BOOLEAN, is_on_time BOOLEAN, is_repeat BOOLEAN, source VARCHAR)
"""


@pytest.fixture
def filled(marts):
    marts.con.execute(REQUESTS)
    closed = [
        ("甲局", 2024, n, True, False, None, n <= 20, False, "l.csv") for n in (0, 5, 6, 20, 21)
    ]
    return marts.add(
        "requests",
        *closed,
        ("甲局", 2024, 45, False, False, None, None, False, "l.csv"),
        ("甲局", 2024, 12, True, True, False, None, False, "l.csv"),
        ("甲局", 2024, 60, True, True, True, None, False, "l.csv"),
        ("甲局", 2024, None, False, False, None, None, False, "l.csv"),
        ("甲局", 2024, 3, True, False, None, True, True, "l.csv"),
        ("乙局", 2023, 38, True, False, None, True, False, "m.csv"),
    )


def test_each_request_is_in_one_band(filled):
    data = request_days_data(filled, agencies="甲局")
    assert data.select("position", "state", "requests").rows() == [
        (0, "on_time", 2),
        (1, "on_time", 1),
        (2, "running", 1),
        (3, "on_time", 1),
        (4, "late", 1),
        (8, "overdue", 1),
        (8, "unclear", 1),
        (None, "unclear", 1),
    ]
    assert data.select(
        "all_requests", "undated", "uncertain", "timed", "on_time"
    ).unique().rows() == [(9, 1, 1, 5, 4)]


def test_years_are_those_of_receipt(filled):
    assert request_days_data(filled, years=2023)["agency"].to_list() == ["乙局"]


def test_bars_stack_by_state_beside_the_terms(filled):
    chart = draw("request_days", filled, agencies="甲局")
    figure = chart.figure
    assert [t.name for t in figure.data] == [
        "按期答复", "逾期答复", "已答复但无法判定", "在办", "在办且逾期",
    ]  # fmt: skip
    assert trace(figure, "按期答复").y == (2, 1, None, 1, None, None, None, None, None)
    assert figure.layout.barmode == "stack"
    assert [shape.x0 for shape in figure.layout.shapes] == [3.5, 7.5]
    assert annotations(figure) == ["甲局（9件）", "20个工作日", "40个工作日"]
    assert "1件不知法定的收到日期" in notes(figure)
    assert "1件缺少日期或日期有误" in notes(figure)
    assert chart.title == "甲局可判定的5件申请中4件按期答复（80.0%），1件在办已逾期"


def test_titles(filled):
    assert (
        draw("request_days", filled).title
        == "2个机关可判定的6件申请中5件按期答复（83.3%），1件在办已逾期"
    )
    english = draw("request_days", filled, agencies="乙局", lang="en")
    assert english.title.startswith(
        "乙局: 1 of 1 requests that can be told were replied to in time"
    )
    filled.con.execute("UPDATE requests SET is_on_time = NULL, is_overdue = NULL")
    assert draw("request_days", filled).title == "10件申请都无法判定是否按期答复"


def test_requests_without_days_are_told(marts):
    marts.con.execute(REQUESTS)
    marts.add("requests", ("甲局", 2024, None, False, False, None, None, False, "l.csv"))
    chart = draw("request_days", marts)
    assert chart.title == "依申请公开办理用时：没有可用数据"
    assert chart.data["undated"].to_list() == [1]
