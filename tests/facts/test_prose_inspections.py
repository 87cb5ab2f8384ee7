"""Notices of inspections in prose → the problems of each unit, or nothing."""

from datetime import date
from decimal import Decimal

import pytest

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.prose_inspections import add_inspections
from zwgk_analytics.readers import Document, Paragraph

TITLE = "关于2024年9月政务公开检查情况的通报"


def read(*lines, kind="unknown"):
    paragraphs = tuple(Paragraph(text, f"paragraph {i}") for i, text in enumerate(lines, 1))
    reason = "not.recognised" if kind == "unknown" else None
    into = Extraction("a.docx", "", "docx", kind, reason=reason)
    found = add_inspections(Document("docx", paragraphs), into, {})
    if "inspections" not in found.tables:
        return found.kind, []
    rows = [
        {k: v for k, v in row.items() if v is not None and k != "source"}
        for row in found.rows("inspections")
    ]
    return found.kind, rows


def pairs(rows):
    return [(row["agency"], row["problem"]) for row in rows]


def test_problems_behind_the_name_of_a_unit():
    kind, rows = read(
        TITLE,
        "各乡镇人民政府，县政府各部门：",
        "一、总体情况",
        "县税务局等单位更新及时。",
        "二、存在的问题",
        "检查发现，县财政局存在：1.专项资金栏目未更新；2.2023年部门决算缺少绩效评价结果。",
        "白石镇人民政府：一是指南未更新，扣0.5分；二是链接错误，扣1分。",
        "县审计局：未发现问题。",
        "三、整改要求",
        "县统计局：请牵头落实；按期报送。",
    )
    assert kind == "inspections"
    assert pairs(rows) == [
        ("县财政局", "专项资金栏目未更新"),
        ("县财政局", "2023年部门决算缺少绩效评价结果"),
        ("白石镇人民政府", "指南未更新"),
        ("白石镇人民政府", "链接错误"),
    ]
    assert [row.get("deduction") for row in rows] == [None, None, Decimal("0.5"), Decimal(1)]
    assert [row["place"] for row in rows] == [
        f"paragraph {paragraph}, item {item}" for paragraph in (6, 7) for item in (1, 2)
    ]


def test_units_as_headings_each_with_its_day():
    _, rows = read(
        "甲区2023年上半年政府信息公开督查结果",
        "被督查单位的问题如下：",
        "一、区教育局",
        "1.年检结果未公开。",
        "2.举报电话为空号。",
        "整改要求：6月30日前整改到位。",
        "二、区档案馆",
        "未发现问题。",
    )
    assert pairs(rows) == [("区教育局", "年检结果未公开"), ("区教育局", "举报电话为空号")]
    assert {row["due_on"] for row in rows} == {date(2023, 6, 30)}


def test_a_notice_to_one_unit_and_names_in_brackets():
    _, rows = read(
        "政务公开问题整改通知书",
        "甲县水利局：",
        "我办在检查中发现你单位存在以下问题：",
        "1.采砂许可结果未公开；",
        "2.专栏显示404错误；",
        "请你单位于2024年7月10日前完成整改。",
    )
    assert pairs(rows) == [("甲县水利局", "采砂许可结果未公开"), ("甲县水利局", "专栏显示404错误")]
    _, rows = read(
        "全市政府信息公开专栏检查情况",
        "部分单位存在以下问题：",
        "1.栏目未列内设机构（市司法局）；",
        "2.提交页面报错（市教育局）。",
        "以上问题请于3日内整改。",
    )
    assert pairs(rows) == [("市司法局", "栏目未列内设机构"), ("市教育局", "提交页面报错")]


@pytest.mark.parametrize(
    "lines",
    [
        # no notice: its title is of something else
        ["甲县财政局部门决算", "县财政局存在：1.政务公开栏目未更新；2.链接错误。"],
        # one problem may be any sentence
        [TITLE, "存在问题：", "县财政局：栏目未更新。"],
        # nothing says whose they are
        [TITLE, "存在问题：", "1.栏目未更新。", "2.链接错误。"],
    ],
)
def test_what_tells_no_unit_is_left_alone(lines):
    assert read(*lines) == ("unknown", [])


def test_another_kind_stays():
    lines = ["甲市政务公开检查情况汇报", "存在问题：", "市司法局：1.栏目未更新；2.链接错误。"]
    kind, rows = read(*lines, kind="work_report")
    assert (kind, len(rows)) == ("work_report", 2)
    assert read(*lines, kind="annual_report") == ("annual_report", [])
