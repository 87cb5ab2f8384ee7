"""Texts of problems and answers → rows of the rectification ledger."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.facts.answers import answer_kind
from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.problem_lists import paired, separated
from zwgk_analytics.facts.prose_records import prose_records
from zwgk_analytics.readers import Paragraph


def read(text):
    lines = enumerate(text.strip().splitlines(), 1)
    return list(prose_records([Paragraph(line.strip(), f"line {n}") for n, line in lines]))


def told(text):
    return [
        (
            row.get("indicator"),
            row["problem"],
            row["status"],
            row.get("measure") or row.get("result"),
        )
        for row in read(text)
    ]


AREAS = """
某局政务公开整改情况
一、总体情况
我局高度重视。
二、整改情况
（一）机构信息-机构职能
问题：未公开办公时间；？未公开联系方式。
整改：已补充公开办公时间和联系方式。
（二）意见征集
问题：未征集意见
整改：本局近期没有相关事项，暂无征集，特此说明。
（三）政策解读
问题：解读单一。
整改：下一步将进一步丰富形式。
（四）公开指南
问题：指南非新版。
三、下一步打算
继续努力。
"""


def test_each_problem_has_the_answer_of_its_area():
    assert told(AREAS) == [
        ("机构信息-机构职能", "未公开办公时间", "done", "已补充公开办公时间和联系方式。"),
        ("机构信息-机构职能", "未公开联系方式", "done", "已补充公开办公时间和联系方式。"),
        ("意见征集", "未征集意见", "explained", "本局近期没有相关事项，暂无征集，特此说明。"),
        ("政策解读", "解读单一", "open", "下一步将进一步丰富形式。"),
        ("公开指南", "指南非新版", "open", None),
    ]
    first = read(AREAS)[0]
    assert (first["item"], first["place"], first["answer_kind"]) == (
        "机构职能",
        "line 6",
        "measure",
    )


def test_marks_on_one_line_and_what_else_a_ledger_says():
    text = "1.问题：目录不全。整改措施：补齐目录。责任单位：市民政局；责任人：王某；"
    text += "完成时限：2025年4月30日"
    (row,) = read(text)
    assert row == {
        "problem": "目录不全",
        "measure": "补齐目录。",
        "agency": "市民政局",
        "owner": "王某",
        "due_on": "2025年4月30日",
        "place": "line 1",
        "status": "done",
        "answer_kind": "measure",
    }


def test_a_heading_that_is_answered_is_the_problem():
    text = """
    一、反馈问题整改情况
    （一）关于栏目更新不及时的问题
    整改情况：已更新3个栏目。
    正在核查其余栏目。
    （二）关于目录缺项的问题。
    整改措施：补齐。
    整改结果：已完成。
    """
    assert told(text) == [
        (None, "关于栏目更新不及时的问题", "done", "已更新3个栏目。\n正在核查其余栏目。"),
        (None, "关于目录缺项的问题", "done", "补齐。"),
    ]


def test_lists_below_a_mark_belong_to_it_and_numbers_pair():
    text = """
    （一）制度公开
    存在问题：
    1.未公开制度
    2.指南过期；内容不全
    整改措施：
    1.已公布制度。
    2.情况说明
    （二）其他
    存在问题：没有专栏
    整改措施：已开设专栏
    """
    assert told(text) == [
        ("制度公开", "未公开制度", "done", "已公布制度"),
        ("制度公开", "指南过期；内容不全", "explained", "情况说明"),
        ("其他", "没有专栏", "done", "已开设专栏"),
    ]


def test_the_text_after_the_last_answer_is_none_of_it():
    text = "问题：目录不全。\n整改：已补齐。\n二、下一步工作\n我局将继续努力。\n某市民政局"
    assert [row["measure"] for row in read(text)] == ["已补齐。"]


@pytest.mark.parametrize(
    "text",
    [
        "六、存在问题：\n1、资料不全;\n2、更新不及时",
        "问题：目录不全。",
        "整改：已补齐。",
        "五、存在的主要问题及改进情况\n主要问题是队伍不稳，改进措施是加强培训。",
        "(一)主动公开政府信息41份。\n(二)没有申请。",
        "",
    ],
)
def test_a_text_without_problems_that_are_answered_has_no_rows(text):
    assert read(text) == []


def test_problems_are_parted_by_semicolons_and_numbers_but_not_inside_brackets():
    assert separated("未公开甲;?乙；内容不全(包括丙;丁)。未公开戊。") == [
        "未公开甲",
        "乙",
        "内容不全(包括丙;丁)",
        "未公开戊",
    ]
    assert separated("一是甲不全；乙旧。二是丙缺。") == ["甲不全；乙旧", "丙缺"]
    assert separated("①甲②乙") == ["甲", "乙"]
    assert separated("1.5万件未公开") == ["1.5万件未公开"]
    assert separated("更新不及时。例如通知公告。") == ["更新不及时。例如通知公告"]


def test_answers_that_are_not_numbered_as_the_problems_go_with_each():
    assert list(paired("1.甲2.乙", {"measure": "1.丙2.丁"})) == [
        ("1.甲2.乙", {"measure": "1.丙2.丁"})
    ]
    assert list(paired("1.甲；2.乙", {"measure": "1.丙；2.丁", "result": "好"})) == [
        ("甲", {"measure": "丙", "result": "好"}),
        ("乙", {"measure": "丁", "result": "好"}),
    ]
    assert list(paired("甲；乙", {"measure": "丙"})) == [
        ("甲", {"measure": "丙"}),
        ("乙", {"measure": "丙"}),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("已公开制度", "measure"),
        ("任务分工、相关制度", "measure"),
        ("求职指南、工资情况说明、补贴指南", "measure"),
        ("招考已转组织部，不属我局职责，特此说明", "explanation"),
        ("暂无此类信息", "explanation"),
        ("已发布关于征集栏目的情况说明", "explanation"),
        ("特此说明。名单待结果出来后公布", "explanation"),
        ("进一步提高质量", "promise"),
        ("尚未整改到位", "promise"),
        ("将于6月公布；已完善目录", "measure"),
        ("", None),
        ("？", None),
    ],
)
def test_what_an_answer_amounts_to(text, kind):
    assert answer_kind(text) == kind


@given(st.text(alphabet="问题整改：:；;。1.一、（）\n甲乙?“”", max_size=60))
def test_any_text_is_read_without_losing_its_places(text):
    rows = read(text)
    places = {f"line {n}" for n, _ in enumerate(text.strip().splitlines(), 1)}
    assert all(row["problem"].strip() and row["place"] in places for row in rows)


def test_a_document_of_prose_becomes_rows_of_the_ledger(tmp_path):
    path = tmp_path / "整改.txt"
    path.write_text(AREAS.replace("已补充", "13812345678已补充"), encoding="utf-8")
    found = extract(path, agency="某局")
    assert (found.kind, found.reason, found.agency) == ("rectifications", None, "某局")
    rows = found.rows("rectifications")
    assert [row["agency"] for row in rows] == ["某局"] * 5
    assert rows[0]["measure"].startswith("138******78已补充"), "numbers of persons are masked"
    assert "owner" not in rows[0]
    assert found.rows("problems") == []


def test_a_date_that_is_none_is_told_at_its_place(tmp_path):
    path = tmp_path / "整改.txt"
    path.write_text("某局\n问题：甲不全\n整改：已补齐\n完成时限：立行立改", encoding="utf-8")
    found = extract(path)
    assert [row["due_on"] for row in found.rows("rectifications")] == [None]
    assert [(row["place"], row["code"]) for row in found.rows("problems")] == [
        ("line 2", "date.unreadable")
    ]


# The eight areas of a real text: problems, how they are answered.
SEED = {
    "重大决策预公开-意见征集": (1, "explanation", "explained"),
    "建议提案办理-办理制度和总体情况": (6, "measure", "done"),
    "人事信息-公务员招录及事业单位招聘": (2, "explanation", "explained"),
    "重点民生领域-就业创业": (12, "measure", "done"),
    "社会公益事业建设-社会保险": (4, "measure", "done"),
    "政策解读-本级政策解读": (3, "promise", "open"),
    "监督保障": (3, "measure", "done"),
    "政府信息公开指南": (1, None, "open"),
}


def test_the_eight_areas_of_a_real_text(corpus, tmp_path):
    seeds = corpus and corpus.parent / "seeds" / "seed.txt"
    if not seeds or not seeds.is_file():
        return print("the seeds are not at hand: only texts of our own are read")
    parts = re.split(r"(?m)^(?=政务公开情况汇报篇\d+)", seeds.read_text(encoding="utf-8"))
    for n, part in enumerate(parts):
        path = tmp_path / f"{n}.txt"
        path.write_text(part, encoding="utf-8")
        rows = extract(path).rows("rectifications")
        areas = {row["indicator"]: row for row in rows}
        counted = {
            area: (sum(r["indicator"] == area for r in rows), row["answer_kind"], row["status"])
            for area, row in areas.items()
        }
        assert counted == (SEED if n == 2 else {})
    return None
