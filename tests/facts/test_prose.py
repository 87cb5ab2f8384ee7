"""Sections, lists, shares and years of sentences: literal paragraphs, literal figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.facts.prose import prose_tables
from zwgk_analytics.facts.prose_figures import prose_figures
from zwgk_analytics.facts.prose_words import prose_words
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.facts.sections import heading_key, sections
from zwgk_analytics.readers import Paragraph


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("一、总体情况", "overall"),
        ("一、 概述", "overall"),
        ("第一部分 总体情况", "overall"),
        ("总体情况", "overall"),
        ("二、主动公开政府信息情况", "proactive"),
        ("三、收到和处理政府信息公开申请情况", "applications"),
        ("四、政府信息公开行政复议、行政诉讼情况", "review"),
        ("五、因政府信息公开申请行政复议、提起行政诉讼的情况", "review"),
        ("五、政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("六、其他需要报告的事项", "other"),
        ("四、政府信息公开的收费及减免情况", "fees"),
        ("七、某某统计表", "tables"),
        ("八、机构建设", "unnamed"),
        ("（一）主动公开方面", None),
        ("1.门户网站", None),
        ("一是存在问题。", None),
        ("本报告包括总体情况、主动公开政府信息情况等六个部分", None),
        ("", None),
    ],
)
def test_headings(text, key):
    assert heading_key(text) == key


def paragraphs(*texts):
    return [Paragraph(text, f"paragraph {n}") for n, text in enumerate(texts, 1)]


def test_sections_hold_their_paragraphs_and_no_trailers():
    found = sections(
        paragraphs("题目", "一、总体情况", "甲。", "乙。", "二、主动公开政府信息情况",
                   "六、其他需要报告的事项", "无。", "附件下载", "2024年1月9日")
    )  # fmt: skip
    assert [(s.key, s.text, s.place) for s in found] == [
        ("preamble", "题目", "paragraph 1"),
        ("overall", "甲。\n乙。", "paragraph 3 – paragraph 4"),
        ("proactive", "", None),
        ("other", "无。", "paragraph 7"),
    ]


@given(st.lists(st.text(alphabet="一二、总体情况问题改进。，123\n ", max_size=20), max_size=12))
def test_no_paragraph_is_lost_or_told_twice(texts):
    given_ = paragraphs(*texts)
    told = [p for s in sections(given_) for p in s.paragraphs]
    assert len(told) == len({id(p) for p in told})
    missing = [p for p in given_ if p not in told]
    trailer = prose_words().patterns["trailers"]
    assert all(heading_key(p.text) or trailer.match(p.text.strip()) for p in missing)


def figures(text, heading="一、总体情况"):
    return [
        (f.kind, f.label, int(f.value) if f.value % 1 == 0 else float(f.value), f.whole,
         f.is_complete)
        for f in prose_figures(paragraphs(heading, text), "甲市", 2023)
    ]  # fmt: skip


def test_a_list_with_a_remainder_is_complete():
    assert figures("共公开信息10条，其中政策类4条，其他类6条。") == [
        ("count", "共公开信息", 10, None, False),
        ("count", "政策类", 4, 1, True),
        ("count", "其他类", 6, 1, True),
    ]


def test_a_list_without_one_is_not():
    assert [f[4] for f in figures("共公开信息10条，其中政策类4条。")] == [False, False]


def test_what_another_whole_opens_is_no_part_of_the_first():
    found = figures("复议5件，其中维持2件，纠正1件，其他结果2件；诉讼3件，其中维持3件。")
    assert [(f[2], f[3]) for f in found] == [
        (5, None), (2, 1), (1, 1), (2, 1), (3, None), (3, 5),
    ]  # fmt: skip


def test_a_list_in_brackets_is_of_the_figure_before_them():
    found = figures("发布财政信息9条，其中预决算7条（预算3条、决算4条）、债券2条。")
    assert [(f[2], f[3]) for f in found] == [(9, None), (7, 1), (3, 2), (4, 2), (2, 1)]


def test_shares_belong_to_the_figure_before_them():
    found = figures(
        "办结申请81件，予以公开42件，占51.85%；较上年下降12.3%；不予公开5件，占上年的6%。"
    )
    assert [f for f in found if f[0] == "share"] == [("share", None, 51.85, 2, False)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2024年，我们将采取以下措施", ["plan_year"]),
        ("2024年，我市将继续加强队伍建设。", ["plan_year"]),
        ("2023年，我市将政府信息公开纳入考核。", []),
        ("2022年，全市受理申请3件。", ["result_year", "count"]),
        ("2023年1月，受理申请3件。", ["count"]),
        ("2022年较上年受理申请增加3件。", []),
    ],
)
def test_years(text, kinds):
    assert [f[0] for f in figures(text)] == kinds


def test_tables_have_the_columns_of_the_schema():
    tables = prose_tables(paragraphs("一、总体情况", "公开信息10条。"), "a.html", "甲市", 2023)
    assert {name: t.schema for name, t in tables.items()} == {
        name: SCHEMAS[name] for name in ("sections", "prose_figures")
    }
    (row,) = tables["prose_figures"].to_pylist()
    assert (row["section"], row["value"], row["place"]) == ("overall", 10, "paragraph 2")
