"""Quantities of prose: every way that reports print a number, and what is no quantity."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.facts.prose_numbers import Quantity, chinese_number, mask
from zwgk_analytics.facts.sentences import sentences, tidy
from zwgk_analytics.readers import Paragraph

DIGITS = "零一二三四五六七八九"


def quantities(text: str) -> list[tuple[Decimal, str | None, str | None]]:
    return [(q.value, q.unit, q.qualifier) for q in mask(tidy(text)).quantities]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("申请1,234件", 1234, "件", None),
        ("申请１，２３４件", 1234, "件", None),
        ("申请1 2 34 件", 1234, "件", None),
        ("信息2.3万条", 23000, "条", None),
        ("信息2.3万余条", 23000, "条", "余"),
        ("信息4900余条", 4900, "条", "余"),
        ("信息4900多条", 4900, "条", "余"),
        ("信息近1000条", 1000, "条", "近"),
        ("访问约120万人次", 1200000, "人次", "约"),
        ("访问120万人次左右", 1200000, "人次", "约"),
        ("访问突破1.5亿次", 150000000, "次", "余"),
        ("均在95分以上", 95, "分", "at_least"),
        ("不超过6个", 6, "个", "at_most"),
        ("申请二十三件", 23, "件", None),
        ("材料一百二十余篇", 120, "篇", "余"),
        ("两场", 2, "场", None),
        ("申请零件", 0, "件", None),
        ("数量均为零", 0, None, None),
        ("费用126.5元", Decimal("126.5"), "元", None),
        ("近五万条", 50000, "条", "近"),
    ],
)
def test_a_quantity(text: str, value: Decimal, unit: str | None, qualifier: str | None) -> None:
    assert quantities(text) == [(value, unit, qualifier)]


@pytest.mark.parametrize(
    "text",
    [
        "2023年12月31日",
        "第十条",
        "国办函〔2021〕30号",
        "占62.2%",
        "电话0591-83456789",
        "5个工作日内",
        "“三个一”机制",
        "进一步统一平台",
        "第一时间",
        "提前10分钟",
        "第一季度",
        "本年新收申请数量 12 0 0 0 0 0 12",
        "申请数量 3 0 0 部分公开 1 0 0",
    ],
)
def test_no_quantity(text: str) -> None:
    assert quantities(text) == []


def test_places_in_an_order() -> None:
    assert mask("居全市第七位").quantities == (Quantity(Decimal(7), "位", None, ordinal=True),)
    assert mask("排名前12强").quantities == (Quantity(Decimal(12), "强", "at_most", ordinal=True),)
    assert mask("位居榜首").quantities == (Quantity(Decimal(1), "位", None, ordinal=True),)


def test_masked_text_has_no_titles_or_asides_but_keeps_figures_in_brackets() -> None:
    assert mask("按《某办法》（以下简称办法）收到12件（网上9件）").text == "按收到#（网上#）"
    assert mask("编印《市政府公报》12期").text == "编印《市政府公报》#"


@given(st.integers(1, 9999))
def test_spelled_numbers_are_read(number: int) -> None:
    assert chinese_number(_spell(number)) == number


def _spell(number: int) -> str:
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
        gap = not digit
    return words


@given(st.integers(0, 10**9), st.sampled_from(["件", "条", "篇", "人次"]))
def test_digits_are_read_with_and_without_separators(number: int, unit: str) -> None:
    for text in (f"共{number}{unit}", f"共{number:,}{unit}", f"共{' '.join(str(number))}{unit}"):
        assert quantities(text) == [(number, unit, None)]


@given(st.text(max_size=80))
def test_any_text_is_masked_and_positions_agree(text: str) -> None:
    masked = mask(tidy(text))
    assert [masked.text[at] for at in masked.at] == ["#"] * len(masked.quantities)


def test_sentences_know_heading_place_and_what_was_said_before() -> None:
    told = list(
        sentences([Paragraph("（二）依申请公开", "p1"), Paragraph("收到3件。 办结3件。", "p2")])
    )
    assert [(s.text, s.heading, s.place, s.before) for s in told] == [
        ("（二）依申请公开", "（二）依申请公开", "p1", ""),
        ("收到3件。", "（二）依申请公开", "p2", ""),
        ("办结3件。", "（二）依申请公开", "p2", "收到3件。"),
    ]
