from datetime import date

from tests.charts.conftest import annotations, notes, trace
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.meeting_checks import meeting_checks_data
from zwgk_analytics.charts.service_completeness import service_completeness_data

ITEMS = (
    ("甲局", False, "row 2", "a.csv"),
    ("甲局", False, "row 3", "a.csv"),
    ("甲局", True, "row 4", "a.csv"),
    ("乙局", False, "row 2", "b.csv"),
)
ELEMENTS = (
    ("hours", "办理时间", 6, "missing", "row 2", "a.csv"),
    ("hours", "办理时间", 6, "present", "row 3", "a.csv"),
    ("hours", "办理时间", 6, "missing", "row 4", "a.csv"),
    ("basis", "设定依据", 1, "present", "row 2", "a.csv"),
    ("basis", "设定依据", 1, None, "row 3", "a.csv"),
    ("hours", "办理时间", 6, "present", "row 2", "b.csv"),
    ("basis", "设定依据", 1, None, "row 2", "b.csv"),
)


def filed(marts):
    return marts.add("service_items", *ITEMS).add("service_elements", *ELEMENTS)


def test_elements_are_counted_by_agency_and_what_is_not_recorded_is_no_gap(marts):
    data = service_completeness_data(filed(marts))
    assert data.select("agency", "element", "items", "assessed", "present", "share").rows() == [
        ("乙局", "basis", 1, 0, 0, None),
        ("乙局", "hours", 1, 1, 1, 1.0),
        ("甲局", "basis", 2, 1, 1, 1.0),
        ("甲局", "hours", 2, 2, 1, 0.5),
    ]
    assert service_completeness_data(marts, "乙局").height == 2


def test_the_grid_of_elements(marts):
    chart = draw("service_completeness", filed(marts))
    assert chart.title == ("2个单位的服务事项要素完整率为75.0%，缺得最多的是“办理时间”（1项）")
    (grid,) = chart.figure.data
    assert (list(grid.y), list(grid.x)) == (["甲局", "乙局"], ["设定依据", "办理时间"])
    assert [list(line) for line in grid.text] == [["100%", "50%"], ["", "100%"]]
    assert [list(line) for line in grid.z] == [[1.0, 0.5], [None, 1.0]]
    assert grid.customdata[0][1] == "1/2"
    assert grid.colorscale[0][1] == "#B34A00", "what is missing is dark"
    english = draw("service_completeness", marts, lang="en")
    assert list(english.figure.data[0].x) == ["legal basis", "office hours"]


def topic(host, year, submitted, published, *, is_repeat=False):
    rest = [False, None, None, None, submitted, None, None, None, None, None, published, None]
    return (host, date(year, 5, 13), *rest, is_repeat, "m.csv")


TOPICS = (
    topic("甲市", 2024, True, True),
    topic("甲市", 2024, False, None),
    topic("甲市", 2024, None, True),
    topic("甲市", 2024, False, False, is_repeat=True),
    topic("乙市", 2023, True, True),
)


def test_checks_are_counted_and_silence_is_unknown(marts):
    marts.add("meetings", *TOPICS)
    marts.add("meeting_sessions", ("甲市", date(2024, 5, 13), False, None, "m.csv"))
    data = meeting_checks_data(marts, "甲市", 2024).select("check_name", "outcome", "subjects")
    told = {(check, outcome): n for check, outcome, n in data.rows()}
    assert {k: n for k, n in told.items() if k[0] in {"submission", "published", "topics"}} == {
        ("submission", "kept"): 1,
        ("submission", "not_kept"): 1,
        ("submission", "unknown"): 1,
        ("published", "kept"): 2,
        ("published", "unknown"): 1,
        ("topics", "not_kept"): 1,
    }
    assert told["minutes", "unknown"] == 1
    assert not {"legal_review", "comments", "feedback"} & {check for check, _ in told}


def test_the_bars_of_checks(marts):
    marts.add("meetings", *TOPICS)
    marts.add("meeting_sessions", ("甲市", date(2024, 5, 13), True, None, "m.csv"))
    chart = draw("meeting_checks", marts)
    assert chart.title == "会议的3项要求中有1项没有全部做到，不符最多的是“议题按时提交”（1个）"
    kept, not_kept = trace(chart.figure, "符合"), trace(chart.figure, "不符")
    names = ["议题按时提交", "汇报材料篇幅", "会前协商", "议题数（按会议）"]
    assert list(kept.y)[:4] == names
    assert list(kept.customdata)[:4] == [2, None, None, 1]
    assert list(not_kept.x)[:2] == [0.25, None]
    assert not_kept.marker.color == "#D55E00"
    assert annotations(chart.figure)[-7:][:2] == ["2/3个符合", "无法判定"]
    assert "灰色为台账没有记载" in notes(chart.figure)


def test_a_ledger_that_tells_nothing_or_only_good(marts):
    marts.add("meetings", topic("甲市", 2024, None, None))
    assert draw("meeting_checks", marts).title == "台账没有可以判定会议要求是否做到的内容"
    marts.add("meetings", topic("甲市", 2024, True, True))
    assert draw("meeting_checks", marts).title == "会议的2项要求中，能判定的都已做到"
