"""Dates in every printed form, and only dates that can be."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.facts.dates import IMPOSSIBLE, UNREADABLE, dates, parse_date, times

_CHINESE = "〇一二三四五六七八九"


def _numeral(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if not tens else "十" if tens == 1 else _CHINESE[tens] + "十") + (
        _CHINESE[ones] if ones or not tens else ""
    )


def _in_characters(d: date, zero: str = "〇") -> str:
    year = "".join(_CHINESE[int(c)] for c in str(d.year)).replace("〇", zero)
    return f"{year}年{_numeral(d.month)}月{_numeral(d.day)}日"


FORMS = (
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f" {d.year} 年 {d.month:02} 月 {d.day:02} 日 ",
    lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    lambda d: f"{d.year}{d.month:02}{d.day:02}",
    lambda d: f"{d.isoformat()} 23:59:59",
    lambda d: f"{d.isoformat()}T08:00:00+08:00",
    lambda d: f"{d.year}年{d.month}月{d.day}日 10时30分",
    lambda d: d.isoformat().translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
    _in_characters,
    lambda d: _in_characters(d, "零"),
    lambda d: _in_characters(d, "○"),
    lambda d: _in_characters(d, "Ｏ"),
    lambda d: f"[{d.isoformat()}]",
    lambda d: f"发布日期：{d.isoformat()}",
)
possible = st.dates(date(1949, 1, 1), date.today() + timedelta(days=366))


@settings(deadline=None)
@given(possible, st.sampled_from(FORMS))
def test_any_date_is_read_in_any_form(day, form):
    printed = form(day)
    assert dates(pl.Series([printed])).rows() == [(day, None)]
    assert parse_date(f"本报告{printed}公布") == day


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("二〇二一年十月廿一日", date(2021, 10, 21)),
        ("二OO八年元月三十日", date(2008, 1, 30)),
        ("二O一O年十二月十日", date(2010, 12, 10)),
        ("2021-10-07T16:00:00Z", date(2021, 10, 8)),  # midnight in China
        ("2021-10-07T16:00:00.000Z", date(2021, 10, 8)),
        ("2021-10-08T23:00:00-05:00", date(2021, 10, 9)),
        ("1633622400", date(2021, 10, 8)),
        ("1633622400000", date(2021, 10, 8)),
        ("20211008123001", date(2021, 10, 8)),
        ("2021年10月8日 星期五", date(2021, 10, 8)),
        ("2021—10—08", date(2021, 10, 8)),
    ],
)
def test_less_common_forms(printed, expected):
    assert dates(pl.Series([printed])).rows() == [(expected, None)]


@pytest.mark.parametrize(
    "printed", ["2021-02-30", "2021-13-01", "2021年0月1日", "1948-12-31", "2999-01-01", "20210230"]
)
def test_an_impossible_date_is_told(printed):
    assert dates(pl.Series([printed])).rows() == [(None, IMPOSSIBLE)]
    assert parse_date(printed) is None


@pytest.mark.parametrize(
    "printed",
    ["21-10-08", "2021年10月", "2021", "10/8/2021", "昨天", "2021-10-08至2021-10-12",
     "2021-10-08 09:00-11:30", "44477"],
)  # fmt: skip
def test_what_is_no_whole_date_is_told_and_not_guessed(printed):
    assert dates(pl.Series([printed])).rows() == [(None, UNREADABLE)]


def test_day_numbers_only_where_a_spreadsheet_may_hold_them():
    assert (
        dates(pl.Series(["44477", "44477.5"]), serials=True).rows()
        == [(date(2021, 10, 8), None)] * 2
    )


def test_order_and_nulls_are_kept():
    column = pl.Series(["2021-01-02", None, "x", "2021-01-02", "2020-01-01"])
    assert dates(column).rows() == [
        (date(2021, 1, 2), None), (None, None), (None, UNREADABLE),
        (date(2021, 1, 2), None), (date(2020, 1, 1), None),
    ]  # fmt: skip


def test_text_without_a_date_has_none_and_the_first_possible_one_is_taken():
    assert parse_date("电话 0596-82210088，传真 20219999") is None
    assert parse_date("2021-13-01 改为 2021年10月8日、2022年1月1日") == date(2021, 10, 8)


@pytest.mark.parametrize(
    ("printed", "time"),
    [
        ("2021-10-08 16:30", "16:30"),
        ("2021/10/8 9:05:07", "09:05"),
        ("2021-10-08T16:30:00.123", "16:30"),
        ("2021年10月8日 23:59", "23:59"),
        ("2021-10-08 16:30:00+08:00", "16:30"),
        ("2021-10-08 16:30:00Z", None),  # another zone
        ("2021-10-08 00:00:00", None),  # the day alone
        ("2021-10-08", None),
        ("2021-10-08 25:00", None),
        ("时间：2021-10-08", None),
        (None, None),
    ],
)
def test_the_time_of_day_where_it_is_printed(printed, time):
    assert times(pl.Series([printed, "2021-10-08 1:00"])).to_list() == [time, "01:00"]
    assert times(pl.Series([printed], dtype=pl.String)).to_list() == [time]


@settings(deadline=None)
@given(st.lists(st.text(max_size=40) | st.from_regex(r"[0-9年月日:TZ.+ -]{1,25}", fullmatch=True)))
def test_any_text_gives_a_date_or_a_fault_and_never_raises(texts):
    read = dates(pl.Series(texts, dtype=pl.String), serials=True)
    assert read.height == len(texts)
    assert all((d is None) != (fault is None) for d, fault in read.rows())
    assert all(parse_date(t) is None or parse_date(t) >= date(1949, 1, 1) for t in texts)
