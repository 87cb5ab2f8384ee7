"""Rectification ledgers: what is open, done, explained, overdue or back, and what answers what."""

from datetime import date, datetime

from tests.marts.facts import marts, rows

REFRESHED = [{"refresh_id": "r", "started_at": datetime(2025, 6, 30, 2, 0), "engine": "duckdb"}]
APRIL, MAY, JUNE = date(2025, 4, 10), date(2025, 5, 10), date(2025, 6, 10)


def row(place, said, **more):
    base = {"source": "ledger.csv", "place": f"row {place}", "agency": "甲局", "problem": said}
    return base | more


def inspected(place, said, **more):
    base = {"source": "found.csv", "place": f"row {place}", "agency": "甲局", "problem": said}
    return base | {"found_on": APRIL} | more


def built(**facts):
    return marts(only=("rectification_closing",), refreshes=REFRESHED, **facts)


def test_status_is_what_the_ledger_says_else_what_its_dates_and_words_tell():
    told = {
        "日期": {"done_on": MAY, "status": "open", "due_on": APRIL},
        "已完成": {"status": "done"},
        "整改中": {"status": "open"},
        "逾期": {"status": "open", "due_on": date(2025, 6, 29)},
        "当天": {"due_on": date(2025, 6, 30)},
        "空白": {},
        "说明": {"result": "本局未产生此类信息，特此说明"},
        "说明后补公开": {"result": "原属职责调整，特此说明，已补充公开"},
        "未到位": {"result": "部分栏目尚未整改到位"},
        "已发布": {"result": "已重新发布"},
        "已作说明": {"result": "已发布情况说明"},
        "措施": {"measure": "重编指南", "due_on": date(2025, 7, 31)},
    }
    ledger = [row(n, said, **more) for n, (said, more) in enumerate(told.items(), 10)]
    con = built(rectifications_read=ledger)
    read = rows(
        con,
        "SELECT problem, status, status_from, is_answered, days_overdue FROM rectifications "
        "ORDER BY place",
    )
    assert read == [
        ("日期", "done", "date", False, 30),
        ("已完成", "done", "stated", False, None),
        ("整改中", "open", "stated", False, None),
        ("逾期", "overdue", "stated", False, 1),
        ("当天", "open", None, False, 0),
        ("空白", "open", None, False, None),
        ("说明", "explained", "words", True, None),
        ("说明后补公开", "done", "words", True, None),
        ("未到位", "open", None, True, None),
        ("已发布", "done", "words", True, None),
        ("已作说明", "explained", "words", True, None),
        ("措施", "open", None, True, -31),
    ]


def test_a_problem_that_is_found_again_after_it_was_closed_is_reopened():
    ledger = [
        row(1, "通知公告栏目未更新", found_on=date(2025, 1, 5), done_on=date(2025, 2, 1)),
        row(2, "指南非新版", found_on=date(2025, 1, 5), done_on=JUNE),
        row(3, "档案不全", found_on=date(2025, 1, 5), done_on=date(2025, 2, 1)),
        row(4, "档案不全", found_on=MAY),
        row(5, "内容不全", found_on=date(2025, 1, 5), done_on=date(2025, 2, 1), agency="乙局"),
        row(6, "内容不全", status="done"),
    ]
    found = [
        inspected(1, "“通知公告”栏目 未更新"),
        inspected(2, "指南非新版"),
        inspected(3, "内容不全"),
    ]
    con = built(rectifications_read=ledger, inspections_read=found)
    read = rows(
        con, "SELECT place, status, returned_on, returned_in FROM rectifications ORDER BY 1"
    )
    assert read == [
        ("row 1", "reopened", APRIL, "found.csv#row 1"),
        ("row 2", "done", None, None),
        ("row 3", "reopened", MAY, "ledger.csv#row 4"),
        ("row 4", "open", None, None),
        ("row 5", "done", None, None),
        ("row 6", "done", None, None),
    ]


def test_a_row_is_linked_to_what_it_answers_and_says_how_surely():
    found = [
        inspected(1, "指南非新版", problem_no="Q1-1", item="公开指南", indicator="制度公开"),
        inspected(2, "目录不全", item="公开目录", indicator="制度公开", due_on=JUNE),
        inspected(3, "年报不全", rule_id="A-5", item="公开年报", indicator="制度公开"),
        inspected(4, "解读单一", indicator="政策解读", item="解读"),
        inspected(5, "解读不深", indicator="政策解读", item="解读"),
        inspected(6, "指南非新版", agency="乙局"),
    ]
    ledger = [
        row(1, "指南旧", problem_no="Q1-1"),
        row(2, "目录 不全"),
        row(3, "年报内容少", rule_id="A-5"),
        row(4, "目录缺项", item="公开目录"),
        row(5, "解读不好", item="解读"),
        row(6, "制度不公开", indicator="制度公开"),
        row(7, "说不清"),
        row(8, "系统发现", finding_id="0f3a"),
        row(9, "目录不全", done_on=date(2025, 3, 1)),
    ]
    con = built(rectifications_read=ledger, inspections_read=found)
    read = rows(
        con,
        "SELECT ledger.place, found.place, link_kind, certainty, candidates, "
        "ledger.found_on, ledger.due_on "
        "FROM rectifications AS ledger LEFT JOIN inspections AS found USING (inspection_id) "
        "ORDER BY 1",
    )
    assert [line[:5] for line in read] == [
        ("row 1", "row 1", "id", "certain", 1),
        ("row 2", "row 2", "problem", "certain", 1),
        ("row 3", "row 3", "rule", "likely", 1),
        ("row 4", "row 2", "item", "likely", 1),
        ("row 5", read[4][1], "item", "possible", 2),
        ("row 6", read[5][1], "indicator", "possible", 3),
        ("row 7", None, None, None, None),
        ("row 8", None, "finding", "certain", None),
        ("row 9", None, None, None, None),
    ]
    assert read[1][5:] == (APRIL, JUNE), "the inspection's days hold where the ledger has none"
    assert read[4][5:] == (None, None), "but not those of one of several"


def test_an_area_of_a_text_answers_the_item_of_its_name():
    found = [inspected(1, "未征集意见", indicator="重大决策预公开", item="意见征集")]
    ledger = [row(1, "未向社会征集", indicator="重大决策预公开-意见征集", item="意见征集")]
    con = built(rectifications_read=ledger, inspections_read=found)
    assert rows(con, "SELECT link_kind, certainty FROM rectifications") == [("item", "likely")]


def test_a_ledger_that_is_kept_on_counts_a_dated_problem_once_and_an_undated_one_anew():
    ledger = [
        row(1, "目录不全", found_on=APRIL, source="2025_04.csv"),
        row(1, "目录不全", found_on=APRIL, done_on=MAY, source="2025_05.csv"),
        row(1, "目录不全", found_on=APRIL, source="2025_06.csv"),
        row(2, "指南非新版", source="2025_04.csv"),
        row(2, "指南非新版", source="2025_05.csv"),
    ]
    read = rows(
        built(rectifications_read=ledger),
        "SELECT problem, source, status FROM rectifications ORDER BY problem, source",
    )
    assert read == [
        ("指南非新版", "2025_04.csv", "open"),
        ("指南非新版", "2025_05.csv", "open"),
        ("目录不全", "2025_05.csv", "done"),
    ]


def test_closing_rates_and_days_by_unit():
    ledger = [
        row(1, "一", found_on=APRIL, done_on=date(2025, 4, 20)),
        row(2, "二", found_on=APRIL, done_on=date(2025, 4, 30)),
        row(3, "三", status="explained"),
        row(4, "四", due_on=MAY),
        row(5, "五", agency=None),
    ]
    read = rows(
        built(rectifications_read=ledger),
        "SELECT agency, problems, done, explained, open, overdue, reopened, closing_rate, "
        "done_rate, dated, median_days FROM rectification_closing ORDER BY agency",
    )
    assert read == [
        ("甲局", 4, 2, 1, 0, 1, 0, 0.75, 0.5, 2, 15),
        (None, 1, 0, 0, 1, 0, 0, 0, 0, 0, None),
    ]


def test_a_day_to_come_is_a_plan_and_closes_nothing():
    ahead = date(2025, 12, 31)
    ledger = [
        row(1, "一", found_on=APRIL, done_on=ahead),
        row(2, "二", done_on=ahead, due_on=MAY),
    ]
    read = rows(
        built(rectifications_read=ledger),
        "SELECT problem, status, status_from, days_to_close, days_overdue, done_on "
        "FROM rectifications ORDER BY place",
    )
    assert read == [
        ("一", "open", None, None, None, ahead),
        ("二", "overdue", None, None, 51, ahead),
    ]
