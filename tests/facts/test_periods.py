"""Periods inside titles and headings: found where they are clear, null where they are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.facts.periods import find_period, names_period, parse_period, without_period


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (["关于2023年第三季度全市政府网站考核情况的通报"], "2023Q3"),
        (["关于2022年度政务公开考评结果的通报"], "2022"),
        (["二〇二三年十一月份检查情况"], "2023-11"),
        (["2023年上半年政务公开评估结果"], "2023H1"),
        (["2023年1—6月排名"], "2023H1"),
        (["2023年10-12月排名"], "2023Q4"),
        (["2014Q1"], "2014Q1"),
        # a part of a year here, its year there
        (["第三季度各县区得分", "关于2023年政府网站检查的通报"], "2023Q3"),
        (["3月", "2014年政府网站检查"], "2014-03"),
        # a bare year is refined by what says more of the same year, 年度 is not
        (["2023年县区排名", "关于2023年第四季度检查情况的通报"], "2023Q4"),
        (["2023年度县区排名", "关于2023年第四季度检查情况的通报"], "2023"),
        (["2022年县区排名", "关于2023年第四季度检查情况的通报"], "2022"),
        # nothing that one period is
        (["2021-2022年排名"], None),
        (["2023年1—9月排名"], None),
        (["2023年前三季度排名"], None),
        (["2023年第一、二季度排名"], None),
        (["2023年第四季度及全年排名"], None),
        (["第三季度排名"], None),
        # dates and document numbers are no periods
        (["发布时间：2023年10月12日"], None),
        (["市政办函〔2023〕5号", "关于2022年政务公开考评的通报"], "2022"),
        (["截至2023年6月底", "2022年度考评"], "2022"),
        ([], None),
    ],
)
def test_the_period_that_headings_name(texts, period):
    assert find_period(texts) == period


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2023年第三季度得分", "得分"),
        ("2014年排名", "排名"),
        ("一级指标", "一级指标"),
        ("第一名", "第一名"),
        ("二〇二三年度政务公开", "政务公开"),
        ("十二月得分", "得分"),
        ("12345热线", "12345热线"),
    ],
)
def test_a_text_without_its_period(text, rest):
    assert without_period(text) == rest


PARTS = {"": "", "第{}季度": "Q{}", "{}月": "-{:02}"}


@settings(deadline=None)
@given(st.integers(1990, 2049), st.sampled_from(sorted(PARTS)), st.integers(1, 4))
def test_what_a_cell_says_a_title_says_too(year, part, number):
    printed = f"{year}年{part.format(number)}"
    wanted = f"{year}{PARTS[part].format(number)}"
    assert parse_period(printed) == find_period([f"关于{printed}考核的通报"]) == wanted
    assert names_period(printed) and without_period(f"{printed}考核") == "考核"


@settings(deadline=None)
@given(
    st.lists(st.text("0123456789年月季度第一二三四上下半QH-至、〔〕号 ", max_size=14), max_size=4)
)
def test_any_text_gives_a_period_of_known_form_or_none(texts):
    period = find_period(texts)
    assert period is None or parse_period(period) == period
