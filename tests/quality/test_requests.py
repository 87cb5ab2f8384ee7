"""Rules over ledgers of requests, and the report held against its ledger."""

from datetime import date

import pytest

from tests.quality.literal import add_report, insert, marts, outcomes
from zwgk_analytics.quality import rules, sql

D = date.fromisoformat


def asked(con, number, **known):
    row = {
        "request_id": str(number), "agency": "甲", "year": 2024,
        "request_no": f"〔2024〕{number}号",
        "submitted_on": D("2024-03-01"), "term_from": D("2024-03-01"), "is_running": False,
        "is_repeat": False, "place": f"row {number}", "source": "l.csv",
    } | known  # fmt: skip
    insert(con, "requests", **row)


def found(con, rule):
    select = sql.findings(rules()[rule])
    return con.execute(f"SELECT subject, message, source FROM ({select})").fetchall()


def test_replies_in_time():
    con = marts()
    known = {"deadline_on": D("2024-03-29"), "workdays_used": 21}
    asked(con, 1, replied_on=D("2024-03-08"), is_on_time=True, **known)
    asked(con, 2, replied_on=D("2024-04-01"), is_on_time=False, **known)
    asked(con, 3, replied_on=D("2024-04-01"), **known)
    asked(con, 4, is_running=True, **known)
    asked(con, 5, replied_on=D("2024-04-01"), is_on_time=False, is_repeat=True, **known)
    assert outcomes(con, "requests.on_time") == {
        "1": "holds", "2": "broken", "3": "not_assessable",
    }  # fmt: skip
    assert found(con, "requests.on_time") == [
        (
            "〔2024〕2号",
            "申请〔2024〕2号于2024-04-01答复，晚于期限2024-03-29（自2024-03-01起算，用了21个工作日）",
            "l.csv#row 2",
        )
    ]


def test_running_requests():
    con = marts()
    asked(con, 1, is_running=True, is_overdue=False, workdays_left=3)
    asked(con, 2, is_running=True, is_overdue=True, workdays_left=-4, deadline_on=D("2024-03-29"))
    asked(con, 3, is_running=True)
    asked(con, 4, is_overdue=True)
    assert outcomes(con, "requests.running_overdue") == {
        "1": "holds", "2": "broken", "3": "not_assessable",
    }  # fmt: skip
    (finding,) = found(con, "requests.running_overdue")
    assert finding[1] == "申请〔2024〕2号尚未答复，期限2024-03-29已过4个工作日"


@pytest.mark.parametrize(
    ("days", "more", "outcome"),
    [
        (7, {}, "holds"),
        (8, {}, "broken"),
        (None, {}, "not_assessable"),
        (-2, {"disorder": "补正告知早于收到"}, "not_assessable"),
    ],
)
def test_corrections(days, more, outcome):
    con = marts()
    known = {"correction_asked_on": D("2024-03-12"), "correction_limit": 7}
    asked(con, 1, correction_workdays=days, **known, **more)
    asked(con, 2)
    assert outcomes(con, "requests.correction") == {"1": outcome}


def test_the_order_of_dates():
    con = marts()
    asked(con, 1, replied_on=D("2024-03-08"))
    asked(con, 2, replied_on=D("2024-02-08"), disorder="答复早于收到")
    asked(con, 3)
    assert outcomes(con, "requests.order") == {
        "1": "holds", "2": "broken", "3": "not_assessable",
    }  # fmt: skip
    (finding,) = found(con, "requests.order")
    assert finding[1] == "申请〔2024〕2号的日期顺序有误：答复早于收到"


def counted(con, row, value, is_covered=True, column="total", year=2023):
    cell = {"form_table": "applications", "form_row": row, "form_column": column}
    known = {"agency": "甲", "year": year, "source": "l.csv"}
    insert(con, "requests_table", value=value, is_covered=is_covered, **known, **cell)


def test_the_report_is_held_against_the_ledger():
    con = marts()
    printed = ["1", "0", "0", "0", "0", "0", "7"]
    add_report(con, {("applications", r): printed for r in ("received", "granted", "total")})
    add_report(con, {("applications", "carried_out"): ["_"] * 7}, agency="乙")
    counted(con, "received", 7)
    counted(con, "received", 1, column="natural_person")
    counted(con, "granted", 6)
    counted(con, "total", None)
    counted(con, "received", 9, is_covered=False, column="business")
    counted(con, "received", 5, year=2022)
    assert outcomes(con, "claims.ledger") == {
        "applications/received/total": "holds",
        "applications/received/natural_person": "holds",
        "applications/granted/total": "broken",
        "applications/total/total": "not_assessable",
        "applications/received/business": "not_assessable",
    }
    assert found(con, "claims.ledger") == [
        (
            "（一）予以公开·总计",
            "年度报告“（一）予以公开·总计”填报7，按台账计算为6",
            "甲_2023.html#granted × total; l.csv",
        )
    ]
