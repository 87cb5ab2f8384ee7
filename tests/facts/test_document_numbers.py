"""文号 through every variant of brackets, spaces and digits."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.facts.document_numbers import DocumentNumber, numbers, parse_number

_BRACKETS = ["〔〕", "[]", "【】", "（）", "()", "［］", "〈〉", "﹝﹞", "〖〗"]
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _columns(*texts: str | None) -> list[tuple[object, ...]]:
    return numbers(pl.Series(texts, dtype=pl.String)).rows()


@settings(deadline=None)
@given(
    st.sampled_from(["粤府函", "国发", "沪科", "闽岚综实管综", "教基一"]),
    st.integers(1950, 2049),
    st.integers(0, 999_999),
    st.sampled_from(_BRACKETS),
    st.sampled_from(["", " ", "\u3000"]),
    st.sampled_from(["号", "", " 号"]),
    st.booleans(),
    st.sampled_from(["", "第"]),
)
def test_parts_survive_every_way_of_printing(series, year, serial, brackets, gap, end, wide, nth):
    open_, close = brackets
    printed = f"{series}{gap}{open_}{year}{gap}{close}{gap}{nth}{serial}{end}"
    printed = printed.translate(_WIDE) if wide else printed
    assert parse_number(printed) == DocumentNumber(series, year, serial)
    assert _columns(printed) == [(printed, series, year, serial)]


@pytest.mark.parametrize(
    ("printed", "series", "year", "serial"),
    [
        ("国发【2008】 5", "国发", 2008, 5),
        ("国务院令第711号", "国务院令", None, 711),
        ("国令第588号", "国令", None, 588),
        ("财政部公告2015年第3号", "财政部公告", 2015, 3),
        ("上海市人民政府令2018年第8号", "上海市人民政府令", 2018, 8),
        (" 京 政 发 〔2020〕 8 号 ", "京政发", 2020, 8),
        ("沪府办规〔2020年〕3号", "沪府办规", 2020, 3),
    ],
)
def test_other_forms(printed, series, year, serial):
    assert _columns(printed) == [(printed.strip(), series, year, serial)]
    assert parse_number(printed) == DocumentNumber(series, year, serial)


@pytest.mark.parametrize(
    "printed",
    [
        "粤府〔2023〕1号、粤府〔2023〕2号",
        "第12号",
        "〔2023〕5号",
        "粤府〔23〕1号",
        "ABC",
        "粤府〔2023〕1-3号",
        "粤府〔2023〕号",
        "粤府2023〕5号",
    ],
)
def test_what_has_not_the_form_keeps_its_text_and_has_no_parts(printed):
    assert _columns(printed) == [(printed, None, None, None)]
    assert parse_number(printed) is None


def test_none_at_all_is_null():
    assert _columns("无", "暂无", "-", "/", "——", " ", "", None) == [(None,) * 4] * 8


@settings(deadline=None)
@given(
    st.lists(st.text(max_size=30) | st.from_regex("[府发令〔〕0-9第号年 ]{1,20}", fullmatch=True))
)
def test_any_text_gives_the_same_parts_by_column_and_alone(texts):
    for text, row in zip(texts, _columns(*texts), strict=True):
        alone = parse_number(text.strip())
        if row[0] is not None:
            assert row[1:] == ((alone.series, alone.year, alone.serial) if alone else (None,) * 3)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["国发〔2023〕5号", "国务院令第711号", "无", None, "粤府 [2023] 3 号", "粤府〔23〕1号"]
        )
    )
)
def test_a_column_reads_each_value_as_if_it_stood_alone(texts):
    assert _columns(*texts) == [row for text in texts for row in _columns(text)]
