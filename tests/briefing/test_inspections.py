"""What briefings say of inspections and of what was mended."""

import pytest

from tests.marts.facts import marts
from zwgk_analytics.briefing.inspections import inspected, rectified
from zwgk_analytics.briefing.model import Paragraph, Table
from zwgk_analytics.briefing.notes import Notes

FOUND = {"source": "found.csv", "agency": "甲局", "round": "2025年第一季度"}
LEDGER = {"source": "ledger.csv", "agency": "甲局", "round": "2025年第一季度"}


class Opened:
    def __init__(self, con):
        self.con = con

    def sql(self, query, params=None):
        return self.con.sql(query, params=params).pl()


@pytest.fixture(scope="module")
def opened():
    found = [
        {"place": "row 2", "problem": "目录不全", "deduction": 0.5, "item": "目录"},
        {"place": "row 3", "problem": "未发现问题"},
        {"place": "row 4", "problem": "奇怪", "agency": "乙局"},
    ]
    ledger = [
        {"place": "row 2", "problem": "目录不全", "status": "done"},
        {"place": "row 3", "problem": "栏目未更新", "status": "explained"},
        {"place": "row 4", "problem": "指南非新版", "status": "open"},
    ]
    return Opened(
        marts(
            only=("inspection_decisions", "rectifications"),
            inspections_read=[FOUND | row for row in found],
            rectifications_read=[LEDGER | row for row in ledger],
        )
    )


def printed(block):
    if isinstance(block, Paragraph):
        return "".join(run.text for run in block.runs)
    assert isinstance(block, Table)
    return [tuple(run.text for run in row) for row in block.rows]


def test_what_was_found_and_where_it_stands(opened):
    notes = Notes()
    said = [printed(block) for block in inspected(opened, 2025, "甲局", notes)]
    assert said == [
        "督查检测共查出1个问题，涉及1个单位，主要是内容不全1个。"
        "公开日志和登记册能够判定的，0个属实，0个未见。",
        [("甲局", "目录", "目录不全", "内容不全", "0.5", "无法判定")],
    ]
    assert "found.csv，第2行" in notes.all
    every = [printed(block) for block in inspected(opened, 2025, None, notes)]
    assert every[1][0] == ("乙局", "", "奇怪", "其他", "未报告", "无法判定")


def test_what_was_mended_and_what_is_left(opened):
    said = [printed(block) for block in rectified(opened, 2025, None, Notes())]
    assert said == [
        "完成率按整改台账计算，含仅作情况说明的问题。",
        [("甲局", "3", "1", "1", "0", "0", "1", "66.7%")],
        "尚有1个问题没有完成整改，列出1个。",
        [("甲局", "指南非新版", "未整改", "未列时限")],
    ]


def test_without_rows_nothing_is_said(opened):
    for make in (inspected, rectified):
        assert list(make(opened, 2019, None, Notes())) == []
        assert list(make(opened, 2025, "丙局", Notes())) == []
