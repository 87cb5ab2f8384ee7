"""Ledgers of service items and of meetings as offices print them."""

import re
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from zwgk_analytics.facts.extract import extract
from zwgk_analytics.forms import fold
from zwgk_analytics.forms.records import record_kinds


def read(tmp_path, kind, *lines, encoding="utf-8"):
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join(lines), encoding=encoding)
    found = extract(path)
    assert found.kind == kind
    rows = [{k: v for k, v in row.items() if v is not None} for row in found.rows(kind)]
    for row in rows:
        del row["source"]
    return rows, [(p["code"], p["place"]) for p in found.rows("problems")]


def test_an_element_is_a_text_a_mark_or_a_gap_and_no_column_is_none_of_them(tmp_path):
    rows, problems = read(
        tmp_path,
        "service_items",
        "序号,单位,事项名称,类别,法律依据,申请条件,申请材料,联系电话,办理流程,进驻情况",
        "1,市人社局,补贴申领,公共服务,√,未公开,,0557-3022345、13812345678,无,已进驻",
        ",,,,,,,,,",
        "2,市人社局,补贴停发,公共服务,—,/,身份证复印件,暂无,√,未进驻",
    )
    assert rows == [
        {
            "place": "row 2",
            "agency": "市人社局",
            "item": "补贴申领",
            "item_type": "service",
            "basis": "√",
            "conditions": "未公开",
            "materials": "",
            "phone": "0557-3022345、138******78",
            "process": "无",
            "in_hall": True,
        },
        {
            "place": "row 4",
            "agency": "市人社局",
            "item": "补贴停发",
            "item_type": "service",
            "basis": "",
            "conditions": "",
            "materials": "身份证复印件",
            "phone": "",
            "process": "√",
            "in_hall": False,
        },
    ]
    assert problems == []


def test_a_list_of_cancelled_items_in_the_encoding_of_an_old_system(tmp_path):
    rows, problems = read(
        tmp_path,
        "service_items",
        "审批部门,审批项目名称,项目类型,处理意见,取消依据文号,取消时间,是否仍在实施",
        "甲局,某证核发,非行政许可审批,取消,甲政发〔2014〕229号,2014年9月30日,停办",
        "乙局,某证年检,年检,下放,,2014-13-01,也许",
        "合计,2,,,,,",
        encoding="gb18030",
    )
    assert rows == [
        {
            "place": "row 2",
            "agency": "甲局",
            "item": "某证核发",
            "item_type": "approval",
            "status": "cancelled",
            "still_offered": False,
            "cancelled_by": "甲政发〔2014〕229号",
            "cancelled_on": date(2014, 9, 30),
        },
        {
            "place": "row 3",
            "agency": "乙局",
            "item": "某证年检",
            "item_type": "other",
            "status": "adjusted",
        },
    ]
    assert problems == [
        ("record.yes_no", "row 3"),
        ("date.impossible", "row 3"),
        ("row.total", "row 4"),
    ]


def test_a_topic_of_a_meeting_with_the_time_of_its_submission(tmp_path):
    rows, problems = read(
        tmp_path,
        "meetings",
        "会议名称及次数,会议类别,召开时间,会议议题,汇报单位,报送时间,材料字数,法制审核,是否公开",
        "市政府第12次常务会议,常务会,2024年5月13日 9:00,防汛预案,市应急局,2024-05-09 16:30,2300字,"
        "已审核,不公开",
        "市政府第12次常务会议,什么会,2024/5/13,另一议题,市民政局,5月9日,约三千,未审核,公开",
    )
    assert rows == [
        {
            "place": "row 2",
            "meeting": "市政府第12次常务会议",
            "meeting_kind": "executive",
            "held_on": date(2024, 5, 13),
            "topic": "防汛预案",
            "agency": "市应急局",
            "submitted_on": date(2024, 5, 9),
            "submitted_time": "16:30",
            "report_characters": 2300,
            "legal_review": True,
            "is_published": False,
        },
        {
            "place": "row 3",
            "meeting": "市政府第12次常务会议",
            "held_on": date(2024, 5, 13),
            "topic": "另一议题",
            "agency": "市民政局",
            "legal_review": False,
            "is_published": True,
        },
    ]
    assert {code for code, _ in problems} == {
        "record.choice",
        "date.unreadable",
        "number.unreadable",
    }


@pytest.mark.parametrize(
    "head",
    [
        "事项名称,申请人,联系电话,办理时间,办理结果,办理窗口",
        "项目名称,建设地点,项目类型,状态",
        "会议名称,会议时间,参会人员",
        "标题,文号,成文日期,发布日期,有效性,公开方式",
    ],
)
def test_what_only_looks_alike_is_no_such_ledger(tmp_path, head):
    path = tmp_path / "other.csv"
    path.write_text(f"{head}\n" + ",".join("甲" for _ in head.split(",")), encoding="utf-8")
    assert extract(path).kind not in {"service_items", "meetings"}


def test_headings_nobody_has_listed_are_read_by_their_words_and_told(tmp_path):
    rows, problems = read(
        tmp_path,
        "inspections",
        "检查轮次,页面地址,被测评单位,扣分,存在的问题,检查日期,栏目,处理建议",
        "2023年4月,http://a.cn/1,甲区住建局,0.5,公示缺少房号,2023-04-06,保障性住房,补充完善",
    )
    assert rows == [
        {
            "place": "row 2",
            "round": "2023年4月",
            "evidence": "http://a.cn/1",
            "agency": "甲区住建局",
            "deduction": Decimal("0.5"),
            "problem": "公示缺少房号",
            "found_on": date(2023, 4, 6),
            "channel": "保障性住房",
            "advice": "补充完善",
        }
    ]
    assert {code for code, _ in problems} == {"column.alike"}


def test_no_pattern_contradicts_the_listed_headings():
    for kind, ledger in record_kinds().items():
        personal = {c.key for c in ledger.columns if c.type in {"personal", "pseudonym"}}
        for column in ledger.columns:
            for heading in column.headings:
                meant = next(
                    (f for f, w in ledger.like.items() if re.search(w, fold(heading))), None
                )
                assert meant in {None, column.key} | personal | EXCEPTIONS, (kind, heading, meant)


EXCEPTIONS = {
    "problem_no",
    "litigation_filed_on",
    "address",
}  # of headings that are listed elsewhere


BOOK = [
    ["甲县2024年第三季度政务公开检查问题清单", "", "", "", ""],
    ["序号", "检查内容", "", "问题情况", ""],
    ["", "检查指标", "检查事项", "问题描述", "整改时限"],
    ["县商务局", "", "", "", ""],
    ["1", "信息发布", "政策文件", "2件文件未标注有效性", "9月20日前"],
    ["2", "信息发布", "人事信息", "同上", "24.9.25"],
    ["县审计局", "", "", "", ""],
    ["1", "平台建设", "友情链接", "链接打不开", "9月13日前"],
    ["注：扣分见另表", "", "", "", ""],
]
MERGED = [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]
MERGED += [(row, 0, row, 4) for row in (3, 6, 8)]


def test_a_book_with_headings_of_two_rows_and_lines_of_groups(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(BOOK):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text) if text else None
        for top, left, bottom, right in MERGED:
            sheet.merge_range(top, left, bottom, right, BOOK[top][left])
    found = extract(path)
    keys = ("agency", "indicator", "item", "problem", "due_on")
    assert [tuple(r[k] for k in keys) for r in found.rows("inspections")] == [
        ("县商务局", "信息发布", "政策文件", "2件文件未标注有效性", date(2024, 9, 20)),
        ("县商务局", "信息发布", "人事信息", "2件文件未标注有效性", date(2024, 9, 25)),
        ("县审计局", "平台建设", "友情链接", "链接打不开", date(2024, 9, 13)),
    ]
    assert {p["code"] for p in found.rows("problems")} == {"row.note"}


def test_a_line_across_the_table_that_is_no_unit_names_none(tmp_path):
    cells = ["<td>1</td><td>栏目为空</td><td>补充</td>", '<td colspan="3">县审计局</td>']
    lines = ['<td colspan="3">县直部门类</td>', cells[0], cells[1], cells[0]]
    head = "<tr><th>序号</th><th>存在问题</th><th>整改建议</th></tr>"
    path = tmp_path / "groups.html"
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    path.write_text(f"<h1>问题清单</h1><table>{head}{rows}</table>", encoding="utf-8")
    found = extract(path)
    assert [r["agency"] for r in found.rows("inspections")] == [None, "县审计局"]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("row.group", "table 1, row 2")
    ]


def test_days_without_a_year_that_cannot_be_of_one_are_told(tmp_path):
    rows, problems = read(
        tmp_path,
        "rectifications",
        "2023年政务公开整改台账",
        "责任单位,存在问题,整改措施,发现日期,完成日期",
        "甲局,指南未更新,更新,3月4日,3.25",
        "乙局,年报迟发,发布,12月20日,1月10日",
    )
    assert [(r.get("found_on"), r.get("done_on")) for r in rows] == [
        (date(2023, 3, 4), date(2023, 3, 25)),
        (None, None),
    ]
    assert problems == [("date.year", "row 4")]


def test_a_status_in_more_words_is_read_where_nothing_takes_it_back(tmp_path):
    rows, problems = read(
        tmp_path,
        "rectifications",
        "责任单位,存在问题,整改措施,整改状态",
        "甲局,指南未更新,更新,逾期未完成",
        "乙局,年报迟发,发布,部分已完成",
    )
    assert [r.get("status") for r in rows] == ["open", None]
    assert problems == [("record.choice", "row 3")]


def test_cards_state_whose_problems_follow(tmp_path):
    cards = "".join(
        f"<table><tr><td>被检查单位</td><td>{unit}</td><td>检查时间</td><td>2024年11月5日</td></tr>"
        "<tr><td>序号</td><td>发现的问题</td><td>扣分</td><td>整改意见</td></tr>"
        f"<tr><td>1</td><td>{problem}</td><td>-0.5分</td><td>更换</td></tr></table>"
        for unit, problem in (("甲镇人民政府", "公示过期"), ("乙镇人民政府", "无办事指南"))
    )
    path = tmp_path / "cards.html"
    path.write_text(f"<h1>政务公开现场检查记录单</h1>{cards}", encoding="utf-8")
    keys = ("agency", "found_on", "problem", "deduction", "advice")
    assert [tuple(r[k] for k in keys) for r in extract(path).rows("inspections")] == [
        ("甲镇人民政府", date(2024, 11, 5), "公示过期", Decimal("0.5"), "更换"),
        ("乙镇人民政府", date(2024, 11, 5), "无办事指南", Decimal("0.5"), "更换"),
    ]
