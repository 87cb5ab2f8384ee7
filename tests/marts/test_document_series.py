"""文号 series: what was issued, as the serials that are seen tell it."""

from math import comb

import pytest

from tests.marts.facts import marts, rows


def listed(*serials, series="甲府", year=2023, agency="甲市", source="log.csv"):
    return [
        {
            "source": source,
            "place": f"row {n}",
            "agency": agency,
            "title": f"通知{n}",
            "document_number": f"{series}〔{year}〕{serial}号",
            "series": series,
            "series_year": year,
            "serial": serial,
        }
        for n, serial in enumerate(serials, 2)
    ]


def series(items, columns="observed, highest, estimated_total, released_share", where="TRUE"):
    query = f"SELECT {columns} FROM document_series WHERE {where} ORDER BY agency, series, year"
    return rows(marts(items=items), query)


def test_the_number_issued_is_estimated_from_the_highest():
    assert series(listed(2, 6, 7, 14)) == [(4, 14, 16.5, pytest.approx(4 / 16.5))]


def test_a_serial_that_is_listed_twice_is_one():
    assert series(listed(1, 2, 2, 3), "observed, estimated_total, documents") == [(3, 3.0, 4)]


def test_a_whole_series_is_released_in_full():
    found = series(listed(*range(1, 101)), "released_share, estimated_high, missing, missing_count")
    assert found == [(1.0, 100, None, 0)]


@pytest.mark.parametrize(
    "serials", [(1, 2, 3, 4, 5), (3, 9), (7,), (2, 6, 7, 14), tuple(range(2, 90, 3)), (5, 900)]
)
def test_the_interval_ends_where_so_low_a_highest_has_a_chance_of_five_percent(serials):
    [(low, high, share_low, share_high)] = series(
        listed(*serials), "estimated_low, estimated_high, released_share_low, released_share_high"
    )
    highest, seen = max(serials), len(serials)

    def chance(total):
        return comb(highest, seen) / comb(total, seen)

    assert low == highest
    # beyond a thousand steps the bound is a power: right to a thousandth
    slack = 0 if high - highest < 900 else high // 1000
    assert chance(high - slack) >= 0.05 > chance(high + 1 + slack)
    assert (share_low, share_high) == (seen / high, seen / highest)


def test_missing_serials_are_told_in_ranges():
    found = series(listed(1, 2, 6, 8, 10), "missing, missing_count")
    assert found == [("3-5, 7, 9", 5)]
    assert series(listed(4, 5), "missing") == [("1-3",)]


def test_a_serial_far_above_the_rest_is_left_out_and_told():
    columns = "observed, highest, has_outlier, outliers, missing, documents"
    found = series(listed(1, 2, 3, 4, 5, 6, 2023), columns)
    assert found == [(6, 6, True, "2023", None, 7)]


@pytest.mark.parametrize(
    "serials",
    [
        (1, 2, 3, 900),  # three say too little
        (1, 2, 3, 4, 11),  # not three times as high
        (2, 9, 15, 30, 41, 60, 100, 150, 199, 201),
        (1, 2, 3, 4, 5, 6, 300, 301, 305, 310),  # no misprint: a second batch
    ],
)
def test_a_high_serial_that_may_be_right_is_kept(serials):
    assert series(listed(*serials), "highest, has_outlier, outliers") == [
        (max(serials), False, None)
    ]


def test_series_of_like_letters_are_kept_apart_and_years_are_those_in_brackets():
    items = listed(1, 2, series="国办发") + listed(1, series="国办发明电")
    items += listed(1, series="国办发", year=2022)
    assert series(items, "series, year, observed") == [
        ("国办发", 2022, 1),
        ("国办发", 2023, 2),
        ("国办发明电", 2023, 1),
    ]


def test_words_glued_to_a_series_are_left_out():
    items = listed(*range(1, 21), series="沪府发") + listed(22, series="的通知沪府发")
    items += listed(5, series="徐沪府发")  # one letter is no words
    assert series(items, "series, observed, highest") == [("徐沪府发", 1, 5), ("沪府发", 21, 22)]


def test_fewer_than_five_are_shown_and_not_ranked():
    assert series(listed(1, 2, 3, 4), "observed, is_ranked") == [(4, False)]
    assert series(listed(1, 2, 3, 4, 5), "observed, is_ranked") == [(5, True)]


def test_a_series_is_of_the_agency_where_it_is_at_home():
    items = listed(*range(1, 41), series="国发", agency="国务院")
    items += listed(*range(1, 31), series="沪府发", agency="上海市")
    items += listed(3, 4, 9, 12, 15, series="国发", agency="上海市", source="b.csv")
    items += listed(7, series="财税", agency="上海市", source="b.csv")
    columns = "agency, series, issued_by, is_ranked"
    assert series(items, columns) == [
        ("上海市", "国发", "国务院", False),
        ("上海市", "沪府发", "上海市", True),
        ("上海市", "财税", None, False),
        ("国务院", "国发", "国务院", True),
    ]


def test_numbers_without_a_year_are_no_series_of_a_year():
    order = {**listed(711)[0], "series": "国务院令", "series_year": None, "place": "row 9"}
    items = [*listed(7), order]
    assert series(items, "series") == [("甲府",)]
