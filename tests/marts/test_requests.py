"""Requests: when they were received, by when a reply is due, and the report's tables from them."""

from datetime import date, datetime
from functools import cache

import duckdb
import pyarrow as pa
import pytest

from tests.marts.facts import document, rows
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.marts.models import MACROS, models, read_sql
from zwgk_analytics.marts.vocabulary import vocabulary
from zwgk_analytics.store.store import refreshed

MARTS = ("requests", "requests_by_year", "frequent_applicants", "requests_table")
TODAY = datetime(2025, 3, 3, 2)
D = date.fromisoformat


def request(number=1, **known):
    days = {k: D(v) for k, v in known.items() if k.endswith(("_on", "_from", "_to"))}
    base = {
        "source": "l.csv",
        "place": f"row {number}",
        "agency": "甲局",
        "request_no": str(number),
    }
    return base | known | days


@cache
def known_relations(registers=None):
    """What the models of requests read beside ledgers and reports."""
    names = ("workdays", "limits", "form_years", "form_cells")
    return {name: vocabulary(registers)[name] for name in names}


def built(*requests_, registers=None, documents=(), cells=(), only=MARTS):
    """The marts of requests alone: building all of them takes a second."""
    con = duckdb.connect()
    con.execute(read_sql(MACROS))
    for name, table in known_relations(registers).items():
        con.register(name, table)
    given = {
        "requests_read": (SCHEMAS["requests"], requests_),
        "documents": (SCHEMAS["documents"], documents),
    }
    con.register("refreshed", refreshed(TODAY))
    for name, (schema, rows_) in given.items():
        filled = [dict.fromkeys(schema.names) | row for row in rows_]
        con.register(name, pa.Table.from_pylist(filled, schema=schema))
    con.execute("CREATE TABLE agency_names (printed VARCHAR, agency VARCHAR)")
    con.execute(
        "CREATE TABLE report_cells (agency VARCHAR, year INTEGER, form_table VARCHAR, "
        "form_row VARCHAR, form_column VARCHAR, value DECIMAL(20, 6))"
    )
    for cell in cells:
        con.execute("INSERT INTO report_cells VALUES (?, ?, ?, ?, ?, ?)", cell)
    for name in only:
        con.execute(f"CREATE TABLE {name} AS {models()[name].select}")
    return con


def one(columns, **known):
    return rows(built(request(**known), only=("requests",)), f"SELECT {columns} FROM requests")[0]


@pytest.mark.parametrize(
    ("known", "received"),
    [
        ({"channel": "in_person", "submitted_on": "2024-03-01"}, ("2024-03-01", "submitted")),
        (
            {"channel": "post", "submitted_on": "2024-03-01", "signed_on": "2024-03-05"},
            ("2024-03-05", "signed"),
        ),
        (
            {"channel": "post", "signed_on": "2024-03-05", "confirmed_on": "2024-03-06"},
            ("2024-03-05", "signed"),
        ),
        ({"channel": "post", "confirmed_on": "2024-03-06"}, ("2024-03-06", "confirmed")),
        (
            {"channel": "ordinary_mail", "signed_on": "2024-03-05", "confirmed_on": "2024-03-06"},
            ("2024-03-06", "confirmed"),
        ),
        (
            {"channel": "online", "submitted_on": "2024-03-01", "confirmed_on": "2024-03-04"},
            ("2024-03-04", "confirmed"),
        ),
        ({"channel": "fax", "confirmed_on": "2024-03-04"}, ("2024-03-04", "confirmed")),
        (
            {"channel": "online", "submitted_on": "2024-03-01", "received_on": "2024-03-02"},
            ("2024-03-02", "stated"),
        ),
        ({"channel": "online", "submitted_on": "2024-03-01"}, (None, None)),
        ({"submitted_on": "2024-03-01"}, (None, None)),
    ],
)
def test_the_day_of_receipt_is_that_of_the_channel(known, received):
    found = one("CAST(received_on AS VARCHAR), received_rule", **known)
    assert found == received


FROM_1_MARCH = {"channel": "in_person", "submitted_on": "2024-03-01"}


@pytest.mark.parametrize(
    ("known", "deadline", "is_certain"),
    [
        ({}, "2024-03-29", True),
        # told on the last day of the first term; 调休 and 清明, 劳动节 counted
        ({"extended_on": "2024-03-29"}, "2024-04-28", True),
        ({"extended_on": "2024-03-30"}, "2024-03-29", True),
        ({"is_extended": True}, "2024-03-29", False),
        ({"is_extended": False}, "2024-03-29", True),
        ({"consulted_from": "2024-03-05", "consulted_to": "2024-03-15"}, "2024-04-11", True),
        ({"consulted_to": "2024-03-15"}, "2024-03-29", False),
        ({"correction_asked_on": "2024-03-06", "corrected_on": "2024-03-11"}, "2024-04-09", True),
        ({"correction_asked_on": "2024-03-06"}, "2024-03-29", False),
        ({"channel": "online"}, "2024-03-29", False),
        (
            {
                "consulted_from": "2024-03-05", "consulted_to": "2024-03-15",
                "extended_on": "2024-04-11",
            },
            "2024-05-11", True,
        ),
    ],
)  # fmt: skip
def test_deadlines(known, deadline, is_certain):
    known = {**FROM_1_MARCH, "replied_on": "2024-06-03", **known}
    assert one("CAST(deadline_on AS VARCHAR), is_term_certain", **known) == (deadline, is_certain)


@pytest.mark.parametrize(
    ("known", "is_on_time"),
    [
        ({"replied_on": "2024-03-29"}, True),
        ({"replied_on": "2024-03-30"}, False),  # a Saturday, the term ended on Friday
        ({"replied_on": "2024-04-01"}, False),
        ({"replied_on": "2024-04-01", "extended_on": "2024-03-28"}, True),
        ({"replied_on": "2024-04-08", "extended_on": "2024-04-01"}, False),
        # what cannot be told is not told: the term may have begun later, or been extended
        ({"replied_on": "2024-03-29", "channel": "online"}, True),
        ({"replied_on": "2024-04-01", "channel": "online"}, None),
        ({"replied_on": "2024-04-01", "is_extended": True}, None),
        ({"replied_on": "2024-05-20", "is_extended": True}, False),
        ({"replied_on": "2024-04-01", "correction_asked_on": "2024-03-06"}, None),
        # the day of the opinion is not in the ledger: up to two working days may be left out
        ({"replied_on": "2024-04-02", "consulted_from": "2024-03-29"}, None),
        (
            {
                "replied_on": "2024-04-02",
                "consulted_from": "2024-03-29",
                "consulted_to": "2024-04-02",
            },
            True,
        ),
        ({"replied_on": "2024-02-01"}, None),
        ({"outcome": "granted"}, None),
        ({}, None),
    ],
)
def test_replies_in_time(known, is_on_time):
    assert one("is_on_time", **{**FROM_1_MARCH, **known}) == (is_on_time,)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"submitted_on": "2025-02-24"}, (True, False, 15, None)),
        ({"submitted_on": "2025-02-05"}, (True, False, 1, None)),
        ({"submitted_on": "2025-01-10"}, (True, True, -12, None)),
        (
            {"submitted_on": "2025-01-10", "correction_asked_on": "2025-01-14"},
            (True, False, None, "correction"),
        ),
        (
            {"submitted_on": "2025-01-10", "consulted_from": "2025-01-20"},
            (True, False, 14, "opinion"),
        ),
        ({"submitted_on": "2025-01-10", "channel": "online"}, (True, None, -12, None)),
        ({"submitted_on": "2025-01-10", "outcome": "running"}, (True, True, -12, None)),
        ({"submitted_on": "2025-01-10", "outcome": "granted"}, (False, None, None, None)),
    ],
)
def test_running_requests(known, found):
    columns = "is_running, is_overdue, workdays_left, waits_for"
    assert one(columns, **{"channel": "in_person", **known}) == found


def test_days_outside_of_the_calendar_and_of_the_regulation_have_no_deadline():
    columns = "deadline_on, workdays_used, is_on_time"
    for day in ("2003-03-03", "2019-05-14"):
        known = {"submitted_on": day, "replied_on": "2019-06-03"}
        assert one(columns, channel="in_person", **known) == (None, None, None)


def test_the_limits_are_the_regions(tmp_path):
    (tmp_path / "limits.yml").write_text("request_workdays: {甲局: 10}\n", encoding="utf-8")
    con = built(request(**FROM_1_MARCH), registers=tmp_path)
    assert rows(con, "SELECT CAST(deadline_on AS VARCHAR) FROM requests") == [("2024-03-15",)]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"replied_on": "2024-02-29"}, "答复早于收到"),
        ({"extended_on": "2024-02-01"}, "延期告知早于收到"),
        ({"consulted_from": "2024-03-09", "consulted_to": "2024-03-08"}, "收到意见早于征求意见"),
        (
            {"correction_asked_on": "2024-03-09", "corrected_on": "2024-03-08"},
            "收到补正早于补正告知",
        ),
        ({"replied_on": "2026-03-01"}, "日期晚于数据刷新日"),
        ({"replied_on": "2024-03-08"}, None),
    ],
)
def test_dates_out_of_order_are_told(known, said):
    assert one("disorder", **{**FROM_1_MARCH, **known}) == (said,)


def test_a_request_in_two_ledgers_counts_once_with_what_is_known_last():
    con = built(
        request(1, **FROM_1_MARCH),
        request(1, source="m.csv", place="row 9", replied_on="2024-03-20", **FROM_1_MARCH),
        request(2, request_no=None, **FROM_1_MARCH),
        request(3, request_no=None, **FROM_1_MARCH),
        request(2, source="m.csv", request_no=None, **FROM_1_MARCH),
    )
    found = rows(con, "SELECT source, place FROM requests WHERE NOT is_repeat ORDER BY ALL")
    assert found == [("l.csv", "row 3"), ("m.csv", "row 2"), ("m.csv", "row 9")]


def test_the_year_in_figures():
    con = built(
        request(1, replied_on="2024-03-08", **FROM_1_MARCH),
        request(2, replied_on="2024-03-29", **FROM_1_MARCH),
        request(3, replied_on="2024-04-12", extended_on="2024-03-28", **FROM_1_MARCH),
        request(4, replied_on="2024-04-12", **FROM_1_MARCH),
        request(5, channel="in_person", submitted_on="2024-12-02"),
    )
    columns = (
        "year, received, closed, timed, on_time, on_time_share, median_workdays, extended, "
        "corrected, running, overdue"
    )
    assert rows(con, f"SELECT {columns} FROM requests_by_year") == [
        (2024, 5, 4, 4, 3, 0.75, 24.5, 1, 0, 1, 1)
    ]


def test_an_outcome_without_its_day_is_counted_apart():
    con = built(request(1, outcome="granted", **FROM_1_MARCH))
    columns = "received, closed, running, undated"
    assert rows(con, f"SELECT {columns} FROM requests_by_year") == [(1, 0, 0, 1)]


def test_frequent_applicants(tmp_path):
    (tmp_path / "limits.yml").write_text("frequent_requests: {default: 2}\n", encoding="utf-8")
    con = built(
        request(1, applicant="aa", outcome="not_processed.repeated", **FROM_1_MARCH),
        request(2, applicant="aa", reconsideration="upheld", **FROM_1_MARCH),
        request(3, applicant="bb", **FROM_1_MARCH),
        request(4, applicant=None, **FROM_1_MARCH),
        request(5, applicant=None, **FROM_1_MARCH),
        registers=tmp_path,
    )
    columns = "applicant, agency, year, requests, repeated, disputes"
    assert rows(con, f"SELECT {columns} FROM frequent_applicants") == [
        ("aa", "甲局", 2024, 2, 1, 1)
    ]


PERSON = {"channel": "in_person", "applicant_kind": "natural_person", "reconsideration": "none"}
LEDGER = (
    request(1, submitted_on="2023-12-28", replied_on="2024-01-05", outcome="granted", **PERSON),
    request(2, submitted_on="2024-03-01", replied_on="2024-03-08", outcome="granted", **PERSON),
    request(3, submitted_on="2024-10-08", replied_on="2024-10-10", outcome="denied.state_secret",
            channel="in_person", applicant_kind="business"),
    request(4, submitted_on="2024-12-30", **PERSON),
    request(5, submitted_on="2024-12-30", replied_on="2025-01-10", outcome="granted", **PERSON),
)  # fmt: skip


def table(con, year, columns="form_row, form_column, value", where="value > 0"):
    return rows(
        con,
        f"SELECT {columns} FROM requests_table WHERE year = {year} AND {where} ORDER BY ALL",
    )


def test_table_3_is_counted_by_dates():
    assert table(built(*LEDGER), 2024) == [
        ("carried_in", "natural_person", 1), ("carried_in", "total", 1),
        ("carried_out", "natural_person", 2), ("carried_out", "total", 2),
        ("denied.state_secret", "business", 1), ("denied.state_secret", "total", 1),
        ("granted", "natural_person", 2), ("granted", "total", 2),
        ("received", "business", 1), ("received", "natural_person", 3), ("received", "total", 4),
        ("total", "business", 1), ("total", "natural_person", 2), ("total", "total", 3),
    ]  # fmt: skip


def test_every_cell_of_both_tables_is_there_and_balances():
    con = built(*LEDGER)
    assert table(con, 2024, "count(*), count(value), min(value)", "TRUE") == [(190, 180, 0)]
    assert table(con, 2024, "DISTINCT form_row, reason", "value IS NULL") == [
        ("litigation_after_review", "unstated"), ("litigation_direct", "unstated"),
    ]  # fmt: skip
    balance = """
      SELECT form_column FROM requests_table WHERE year = 2024 AND form_table = 'applications'
      GROUP BY form_column
      HAVING sum(CASE WHEN form_row IN ('received', 'carried_in') THEN value
        WHEN form_row IN ('total', 'carried_out') THEN -value ELSE 0 END) <> 0
    """
    assert rows(con, balance) == []


@pytest.mark.parametrize(
    ("change", "open_cells"),
    [
        ({"applicant_kind": None}, ("granted", "business", "received")),
        ({"applicant_kind": "organisation"}, ("granted", "business", "received")),
        ({"outcome": "denied"}, ("denied.internal_affairs", "total", "denied.state_secret")),
        ({"outcome": None}, ("granted", "total", "other.other")),
        ({"replied_on": None}, ("total", "total", "carried_out")),
    ],
)
def test_what_the_ledger_leaves_open_is_null_and_no_guess(change, open_cells):
    row, column, other = open_cells
    con = built(*LEDGER[:1], LEDGER[1] | change, *LEDGER[2:])
    found = {(r, c): v for r, c, v in table(con, 2024, where="TRUE")}
    assert found[row, column] is None
    assert found[other, column] is None
    assert found["received", "total"] == 4, "what does not hang on it stays"
    assert found["received", "legal_service"] == (0 if "applicant_kind" not in change else None)


def test_a_request_of_december_without_its_day_of_receipt_may_be_of_either_year():
    online = request(6, channel="online", submitted_on="2024-12-30", replied_on="2025-01-10",
                     outcome="granted", applicant_kind="natural_person")  # fmt: skip
    con = built(*LEDGER, online)
    found = {(y, r): v for y, r, v in rows(
        con, "SELECT year, form_row, value FROM requests_table WHERE form_column = 'total'"
    )}  # fmt: skip
    assert found[2024, "received"] is None
    assert found[2024, "total"] == 3
    assert found[2025, "granted"] == 2


@pytest.mark.parametrize(
    ("more", "carried_in"),
    [
        ({}, None),
        ({"documents": [document("l.csv", None, 2024, None, kind="requests")]}, 0),
        (
            {"cells": [("甲局", 2023, "applications", "carried_out", "total", 0)]},
            0,
        ),
        (
            {"cells": [("甲局", 2023, "applications", "carried_out", "total", 2)]},
            None,
        ),
    ],
)
def test_a_ledger_that_starts_with_the_year_does_not_tell_what_was_carried_in(more, carried_in):
    con = built(*LEDGER[1:4], **more)
    found = dict(table(con, 2024, "form_row, value", "form_column = 'total'"))
    assert found["received"] == 3
    assert found["carried_in"] == carried_in
    assert found["total"] == (None if carried_in is None else 2)


@pytest.mark.parametrize(
    ("kept", "is_covered"),
    [(LEDGER, True), (LEDGER[1:2], False), ((LEDGER[1], LEDGER[3]), True)],
)
def test_a_year_is_covered_from_its_first_quarter_to_its_last(kept, is_covered):
    assert table(built(*kept), 2024, "DISTINCT is_covered", "TRUE") == [(is_covered,)]


def test_a_year_that_is_not_over_is_not_covered():
    assert table(built(*LEDGER), 2025, "DISTINCT is_covered", "TRUE") == [(False,)]


def disputed(number, **known):
    base = {
        **PERSON,
        "submitted_on": "2024-03-01",
        "replied_on": "2024-03-08",
        "outcome": "granted",
    }
    return request(number, **{**base, **known})


def test_table_4_is_counted_by_the_days_of_the_cases():
    con = built(
        LEDGER[0],
        disputed(2, reconsideration="upheld", reconsideration_filed_on="2024-04-01",
                 reconsideration_decided_on="2024-06-03", litigation="pending",
                 litigation_filed_on="2024-07-01"),
        disputed(3, litigation="corrected", litigation_filed_on="2024-10-08",
                 litigation_decided_on="2025-01-06"),
        LEDGER[3],
    )  # fmt: skip
    where = "form_table = 'review' AND value > 0"
    assert table(con, 2024, where=where) == [
        ("litigation_after_review", "pending", 1), ("litigation_after_review", "total", 1),
        ("litigation_direct", "pending", 1), ("litigation_direct", "total", 1),
        ("reconsideration", "total", 1), ("reconsideration", "upheld", 1),
    ]  # fmt: skip


def test_a_case_without_its_days_leaves_its_cells_open():
    con = built(LEDGER[0], disputed(2, reconsideration="corrected"), LEDGER[3])
    where = "form_row = 'reconsideration'"
    assert table(con, 2024, "form_column, value, unplaced", where) == [
        ("corrected", None, 1), ("other", 0, 0), ("pending", None, 1), ("total", None, 2),
        ("upheld", 0, 0),
    ]  # fmt: skip
