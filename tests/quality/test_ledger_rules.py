"""What inspections and rectification ledgers must keep to."""

from datetime import date, datetime

from tests.quality.literal import insert, marts, outcomes
from zwgk_analytics.quality import rules, sql


def findings(con, rule, columns="message, message_en"):
    found = sql.findings(rules()[rule])
    return con.execute(f"SELECT {columns} FROM ({found}) ORDER BY message").fetchall()


def test_a_stated_score_is_what_the_deductions_leave():
    con = marts()
    for name, stated, recomputed in (
        ("同", 97.5, 97.5),
        ("近", 97.55, 97.5),
        ("差", 97.6, 97.5),
        ("未列", None, 97.5),
        ("缺扣分", 97.5, None),
    ):
        gap = None if stated is None or recomputed is None else stated - recomputed
        insert(
            con,
            "inspection_scores",
            agency="甲局",
            round=f"2025{name}",
            problems=3,
            full_marks=100,
            stated=stated,
            recomputed=recomputed,
            difference=None if gap is None else round(gap, 6),
            place="row 2",
            source="found.csv",
        )
    assert outcomes(con, "inspections.score") == {
        "2025同": "holds",
        "2025近": "holds",
        "2025差": "broken",
        "2025未列": "not_assessable",
        "2025缺扣分": "not_assessable",
    }
    assert findings(con, "inspections.score", "message, message_en, source") == [
        (
            "“2025差”原定得分97.6，按3个问题的扣分重算为97.5，相差0.1分",
            "stated 97.6; 100.0 less the deductions of 3 problems is 97.5",
            "found.csv#row 2",
        )
    ]


def ledger_row(con, key, **more):
    base = {"agency": "甲局", "problem": "栏目未更新", "status": "done", "is_answered": True}
    placed = {"place": f"row {key}", "source": "ledger.csv"}
    insert(con, "rectifications", **base | placed | {"rectification_id": key} | more)


def test_a_problem_is_mended_by_the_day_due():
    con = marts()
    due = {"due_on": date(2025, 4, 30)}
    ledger_row(con, "早", **due, done_on=date(2025, 4, 22), days_overdue=-8)
    ledger_row(con, "当天", **due, done_on=date(2025, 4, 30), days_overdue=0)
    ledger_row(con, "晚", **due, done_on=date(2025, 5, 2), days_overdue=2)
    ledger_row(con, "未完成", **due, status="overdue", days_overdue=40)
    ledger_row(con, "无期限", done_on=date(2025, 5, 2))
    ledger_row(con, "无日期", **due)
    assert outcomes(con, "rectifications.overdue") == {
        "早": "holds",
        "当天": "holds",
        "晚": "broken",
        "未完成": "broken",
        "无期限": "not_assessable",
        "无日期": "not_assessable",
    }
    assert findings(con, "rectifications.overdue") == [
        (
            "“栏目未更新”应于2025-04-30前整改，2025-05-02完成，逾期2天",
            "due by 2025-04-30; done on 2025-05-02, 2 days late",
        ),
        (
            "“栏目未更新”应于2025-04-30前整改，至今未完成，逾期40天",
            "due by 2025-04-30; still open, 40 days late",
        ),
    ]


def test_a_mended_problem_does_not_return():
    con = marts()
    done = {"done_on": date(2025, 2, 1)}
    ledger_row(con, "好", **done)
    ledger_row(con, "复发", **done, returned_on=date(2025, 4, 10), returned_in="found.csv#row 1")
    ledger_row(con, "无单位", **done, agency=None)
    ledger_row(con, "未完成", status="open")
    assert outcomes(con, "rectifications.reopened") == {
        "好": "holds",
        "复发": "broken",
        "无单位": "not_assessable",
    }
    assert findings(con, "rectifications.reopened", "message, source") == [
        (
            "“栏目未更新”2025-02-01已整改，2025-04-10又查出同样的问题（found.csv#row 1）",
            "ledger.csv#row 复发; found.csv#row 1",
        )
    ]


def test_an_inspected_problem_is_answered():
    con = marts()
    insert(con, "refreshes", started_at=datetime(2025, 6, 30, 2, 0))
    for key, more in {
        "有答复": {},
        "无人答": {},
        "列而未答": {},
        "几可": {},
        "未到期": {"due_on": date(2025, 6, 30)},
        "已过期": {"due_on": date(2025, 6, 29)},
        "无台账": {"agency": "乙局"},
        "无问题": {"is_problem": False},
    }.items():
        base = {"agency": "甲局", "problem": "不全", "is_problem": True, "round": "2025Q1"}
        placed = {"place": "row 1", "source": "found.csv", "inspection_id": key}
        insert(con, "inspections", **base | placed | more)
    ledger_row(con, "1", inspection_ids="有答复", certainty="likely")
    open_row = {"status": "open", "is_answered": False}
    ledger_row(con, "2", inspection_ids="列而未答", certainty="certain", **open_row)
    ledger_row(con, "3", inspection_ids="几可, 有答复", certainty="possible")
    assert outcomes(con, "rectifications.unanswered") == {
        "有答复": "holds",
        "无人答": "broken",
        "列而未答": "broken",
        "几可": "not_assessable",
        "未到期": "not_assessable",
        "已过期": "broken",
        "无台账": "not_assessable",
    }
