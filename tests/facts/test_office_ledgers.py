"""Ledgers of service items and of meetings as offices print them."""

from datetime import date

import pytest

from zwgk_analytics.facts.extract import extract


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
