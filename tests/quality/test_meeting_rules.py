"""What is found of the ledgers of meetings and of service items: messages, outcomes, silence."""

from datetime import date

import pytest

from tests.marts import test_meetings as meetings
from tests.marts import test_service_items as services
from tests.marts.only import only
from zwgk_analytics.quality import rules, sql

HOST = "甲市人民政府"


def found(kind, rule, *facts):
    marts = services.MARTS if kind == "service_items" else ("meetings", "meeting_sessions")
    con = only(*marts, kind=kind, facts=facts)
    findings = con.execute(
        f"SELECT agency, period, message FROM ({sql.findings(rules()[rule])}) ORDER BY message"
    ).fetchall()
    counts = con.execute(f"SELECT outcome, subjects FROM ({sql.results(rules()[rule])})").fetchall()
    return findings, {outcome: n for outcome, n in counts if n}


def topic(place=2, name="防汛预案", **more):
    return meetings.topic(place, name, **more)


@pytest.mark.parametrize(
    ("rule", "facts", "agency", "message"),
    [
        (
            "meetings.submission",
            [{"submitted_on": date(2024, 5, 10), "submitted_time": "09:00"}],
            "甲局",
            "议题“防汛预案”于2024-05-10 09:00提交，晚于2024-05-09 17:00",
        ),
        (
            "meetings.report_length",
            [{"report_characters": 3100}],
            "甲局",
            "议题“防汛预案”的汇报材料3100字，超过上限（≤ 2500）",
        ),
        (
            "meetings.follow_up",
            [{"followed_up_on": date(2024, 9, 1)}],
            "甲局",
            "议题“防汛预案”在会后111天才首次督办，期限是92天",
        ),
        (
            "meetings.published",
            [{"is_published": False}],
            "甲局",
            "议题“防汛预案”没有公开，也没有说明理由",
        ),
        (
            "meetings.feedback",
            [meetings.FROM | {"feedback_on": date(2024, 5, 30)}],
            "甲局",
            "议题“防汛预案”征求意见期满后61天才公布意见采纳情况，期限是30天",
        ),
        (
            "meetings.comments",
            [meetings.FROM | {"is_major": True, "comment_to": date(2024, 3, 10)}],
            "甲局",
            "重大行政决策“防汛预案”公开征求意见10天（应≥ 30天）",
        ),
        (
            "meetings.legal_review",
            [{"is_normative": True, "legal_review": False}],
            "甲局",
            "规范性文件草案“防汛预案”未经合法性审核就提交会议",
        ),
        (
            "meetings.minutes",
            [{"minutes_drafted_on": date(2024, 5, 20)}],
            HOST,
            "“市政府第12次常务会议”的会议纪要用5个工作日起草，期限是3个工作日",
        ),
        (
            "meetings.topics",
            [{"topic": f"议题{n}", "place": f"row {n}"} for n in range(2, 8)],
            HOST,
            "“市政府第12次常务会议”有议题6个，上限是5个",
        ),
    ],
)
def test_a_limit_that_is_not_kept_is_found(rule, facts, agency, message):
    findings, counts = found("meetings", rule, *(topic(**cells) for cells in facts))
    assert findings == [(agency, "2024", message)]
    assert counts == {"broken": 1}


def test_two_meetings_held_together_are_told_with_their_sum():
    ours = meetings.several(4, follows=meetings.OTHER)
    findings, counts = found(
        "meetings",
        "meetings.topics",
        *ours,
        *meetings.several(3, 20, meeting=f"第3次{meetings.OTHER}"),
    )
    assert [message for _, _, message in findings] == [
        "“市政府第12次常务会议”和与它连开的会议共有议题7个，上限是6个",
        "“第3次市长办公会议”和与它连开的会议共有议题7个，上限是6个",
    ]
    assert counts == {"broken": 2}


def test_nothing_done_by_the_end_of_the_ledger_is_told_so():
    later = meetings.LATER | {"followed_up_on": date(2024, 12, 31)}
    findings, counts = found("meetings", "meetings.follow_up", topic(), later)
    assert [m for _, _, m in findings] == ["议题“防汛预案”至2024-12-31没有督办，期限是92天"]
    assert counts == {"broken": 1, "holds": 1}


@pytest.mark.parametrize("rule", [r for r in rules() if r.startswith("meetings.")])
def test_what_the_ledger_does_not_say_is_not_assessable(rule):
    facts = [topic(is_major=True, is_normative=True, comment_to=date(2024, 3, 1))]
    findings, counts = found("meetings", rule, *facts, facts[0] | {"place": "row 3"})
    assert findings == []
    assert counts == ({"holds": 1} if rule == "meetings.topics" else {"not_assessable": 1})


GONE = {"status": "cancelled", "cancelled_by": "甲政发〔2020〕1号"}


@pytest.mark.parametrize(
    ("rule", "cells", "message"),
    [
        (
            "service_items.elements",
            {"hours": "", "materials": "无"},
            "“求职创业补贴申领”8项要素中缺：办理材料、办理时间",
        ),
        (
            "service_items.cancelled_offered",
            GONE | {"still_offered": True},
            "“求职创业补贴申领”已取消（甲政发〔2020〕1号），但台账载明仍在办理",
        ),
        (
            "service_items.cancelled_offered",
            {"status": "cancelled", "hall_window": "3号窗口"},
            "“求职创业补贴申领”已取消，但仍有窗口或仍在大厅",
        ),
        ("service_items.outside_hall", {"in_hall": False}, "“求职创业补贴申领”没有进驻大厅"),
    ],
)
def test_what_is_wrong_with_an_item_is_found(rule, cells, message):
    findings, counts = found("service_items", rule, services.item(**cells))
    assert findings == [("甲局", None, message)]
    assert counts == {"broken": 1}


@pytest.mark.parametrize(
    ("rule", "cells", "counts"),
    [
        ("service_items.elements", {}, {"holds": 1}),
        ("service_items.elements", {"hours": None}, {"not_assessable": 1}),
        ("service_items.elements", {"status": "cancelled"}, {}),
        ("service_items.cancelled_offered", {}, {}),
        ("service_items.cancelled_offered", GONE, {"not_assessable": 1}),
        ("service_items.cancelled_offered", GONE | {"still_offered": False}, {"holds": 1}),
        ("service_items.outside_hall", {}, {"not_assessable": 1}),
        ("service_items.outside_hall", {"in_hall": True}, {"holds": 1}),
        ("service_items.outside_hall", GONE | {"in_hall": False}, {}),
    ],
)
def test_an_item_that_is_as_it_should_be_or_not_told(rule, cells, counts):
    assert found("service_items", rule, services.item(**cells)) == ([], counts)
