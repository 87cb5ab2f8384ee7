from datetime import date

import pytest

from tests.marts.facts import marts, rows
from zwgk_analytics.marts.vocabulary import workdays


def item(title="通知", issued=None, published=None, place="row 2", agency="甲市", **more):
    base = {"source": "log.csv", "place": place, "agency": agency, "title": title}
    return base | {"issued_on": issued, "published_on": published} | more


@pytest.mark.parametrize(
    ("issued", "published", "days", "working"),
    [
        (date(2023, 9, 22), date(2023, 9, 25), 3, 1),  # Friday to Monday
        (date(2023, 9, 28), date(2023, 10, 9), 11, 3),  # 国庆, worked on 7 and 8 October
        (date(2023, 9, 25), date(2023, 9, 25), 0, 0),
        (date(2023, 9, 25), date(2023, 9, 22), -3, -1),
        (date(2023, 9, 23), date(2023, 9, 24), 1, 0),  # a weekend
        (date(1999, 1, 4), date(1999, 1, 5), 1, None),  # before the calendar
        (None, date(2023, 9, 25), None, None),
    ],
)
def test_lags(issued, published, days, working):
    con = marts(items=[item(issued=issued, published=published)])
    assert rows(con, "SELECT lag_days, lag_workdays FROM publications") == [(days, working)]


def test_the_calendar_counts_days_worked_in_lieu():
    numbers = {r["day"]: r["workday_number"] for r in workdays().to_pylist()}
    in_2023 = numbers[date(2023, 12, 31)] - numbers[date(2022, 12, 31)]
    assert in_2023 == 249  # 国办发明电〔2022〕16号


def test_an_exact_repeat_is_marked_and_counted_once():
    september = date(2023, 9, 25)
    con = marts(
        items=[
            item(published=september, place="row 2"),
            item(published=september, place="row 3"),
            item(published=date(2023, 9, 26), place="row 4"),
            item(published=None, place="row 5"),
        ]
    )
    ids = [r[0] for r in rows(con, "SELECT item_id FROM publications")]
    assert len(set(ids)) == 4
    assert rows(con, "SELECT place FROM publications WHERE is_repeat") == [("row 3",)]
    assert rows(con, "SELECT * FROM publication_volume") == [
        ("甲市", date(2023, 9, 1), None, None, 2)
    ]


def test_an_item_keeps_its_id_in_another_file():
    first = marts(items=[item(url="http://x/1", place="row 2")])
    second = marts(items=[item(url="http://x/1", place="row 40", source="other.csv")])
    query = "SELECT item_id FROM publications"
    assert rows(first, query) == rows(second, query)


def test_timeliness_leaves_out_what_it_cannot_measure():
    con = marts(
        items=[
            item("a", date(2023, 3, 1), date(2023, 3, 2)),
            item("b", date(2023, 3, 1), date(2023, 3, 4)),
            item("c", date(2023, 3, 1), date(2023, 6, 9)),
            item("d", date(2023, 3, 9), date(2023, 3, 1)),
            item("e", None, date(2023, 3, 1)),
            item("f", date(2023, 3, 1), None),
        ]
    )
    columns = (
        "agency, year, items, dated_items, disordered_items, migration_items, workday_items, "
        "median_lag_days, p90_lag_days, share_within_20_workdays"
    )
    [found] = rows(con, f"SELECT {columns} FROM publication_timeliness")
    assert found[:9] == ("甲市", 2023, 5, 3, 1, 0, 3, 3.0, pytest.approx(80.6))
    assert found[9] == pytest.approx(2 / 3)


def test_a_year_without_a_dated_item_has_no_lag():
    con = marts(items=[item(published=date(2023, 3, 1))])
    assert rows(con, "SELECT * FROM publication_timeliness") == [
        ("甲市", 2023, 1, 0, 0, 0, 0, *[None] * 8)
    ]
