"""The sections on service items and meetings, from literal ledgers to literal words."""

import pytest

from tests.marts import test_meetings as meeting
from tests.marts import test_service_items as service
from tests.marts.only import only
from zwgk_analytics.briefing.meetings import meetings
from zwgk_analytics.briefing.model import Paragraph, Table
from zwgk_analytics.briefing.notes import Notes
from zwgk_analytics.briefing.service_items import service_items

HOST = "甲市人民政府"


class Literal:
    """What the sections need of marts, over tables in memory."""

    def __init__(self, *marts, kind, facts):
        self.con = only(*marts, kind=kind, facts=facts)

    def sql(self, query, params=None):
        return self.con.sql(query, params=params).pl()


def items(*facts):
    return Literal(*service.MARTS, kind="service_items", facts=facts)


def held(*facts):
    return Literal("meetings", "meeting_sessions", kind="meetings", facts=facts)


def told(blocks):
    texts = ["".join(run.text for run in b.runs) for b in blocks if isinstance(b, Paragraph)]
    tables = [b for b in blocks if isinstance(b, Table)]
    return texts, [[tuple(cell.text for cell in row) for row in t.rows] for t in tables]


@pytest.mark.parametrize("agency", [None, "甲局"])
def test_nothing_is_said_where_there_are_no_rows(agency):
    assert service_items(items(), 2024, agency, Notes()) == []
    assert meetings(held(), 2024, agency, Notes()) == []


def test_service_items():
    facts = [
        service.item(2, hours="", in_hall=False),
        service.item(3, "乙事项"),
        service.item(4, "丙事项", status="cancelled", hall_window="3号"),
        service.item(5, "丁事项", agency="乙局", hours=None),
    ]
    notes = Notes()
    texts, (units, faults) = told(service_items(items(*facts), 2024, None, notes))
    assert units == [
        ("甲局", "2", "1", "1", "93.8%", "1", "1"),
        ("乙局", "1", "0", "0", "100.0%", "—", "—"),
    ]
    assert texts[-1] == "有2个事项要素不全、取消后仍办理或未进驻大厅，列出2个。"
    assert faults == [
        ("甲局", "丙事项", "已取消但仍在办理"),
        ("甲局", "求职创业补贴申领", "缺办理时间；未进驻大厅"),
    ]
    assert "items.csv，第4行" in notes.all
    _, tables = told(service_items(items(*facts), 2024, "乙局", Notes()))
    assert tables == [[("乙局", "1", "0", "0", "100.0%", "—", "—")]]


def test_meetings():
    facts = [
        meeting.topic(2, report_characters=3000, is_published=True),
        meeting.topic(3, "乙", is_published=False),
        meeting.topic(4, "丙", meeting="外市会议", host="乙市人民政府", is_published=True),
    ]
    notes = Notes()
    texts, (checks, faults) = told(meetings(held(*facts), 2024, HOST, notes))
    assert texts[0].startswith(
        "全年台账载有会议1次、议题2个。其中已公开议题1个，未公开1个（说明理由的0个）。"
    )
    assert ("汇报材料篇幅", "0", "1", "1") in checks
    assert ("议题数（按会议）", "1", "0", "0") in checks
    assert ("议定事项公开", "1", "1", "0") in checks
    name = "市政府第12次常务会议"
    assert faults == [
        (name, "2024-05-13", "防汛预案", "汇报材料过长"),
        (name, "2024-05-13", "乙", "议定事项未公开"),
    ]
    assert "会议议题台账：meetings.csv" in notes.all
    assert meetings(held(*facts), 2023, HOST, Notes()) == []


def test_who_submits_a_topic_sees_its_own_alone():
    facts = [
        meeting.topic(2, report_characters=3000),
        meeting.topic(3, "乙", agency="乙局", report_characters=3000),
    ]
    texts, (faults,) = told(meetings(held(*facts), 2024, "乙局", Notes()))
    assert texts == ["有1个议题未按时提交、材料过长、未按期督办或未公开，列出1个。"]
    assert [row[2] for row in faults] == ["乙"]
