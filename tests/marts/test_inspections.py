"""Inspections: rule packs, findings held against them, scores, and what our own data say."""

from datetime import date, datetime

import pytest

from tests.marts.facts import document, marts, rows
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.log_relations import log_relations

ROUND = "2025年第一季度"
REFRESHED = {"refresh_id": "r", "started_at": datetime(2026, 3, 2, 2, 0), "engine": "duckdb"}


def built(**facts):
    return marts(only=("inspection_scores",), **facts)


def decided(**facts):
    return marts(only=("inspection_decisions",), **facts)


def rule(place, text=None, **more):
    return {"source": "pack.csv", "place": f"row {place}", "text": text} | more


def problem(place, said, **more):
    base = {"source": "found.csv", "place": f"row {place}", "agency": "甲局", "round": ROUND}
    return base | {"problem": said} | more


DEDUCTIONS = [
    ("未公开的，扣0.2分。", (1, 0.2, 0.2, False, None)),
    ("每发现1项，扣0.2分", (1, 0.2, 0.2, True, None)),
    ("未及时发布的，扣0.5分；重复率大于50%的，扣1分。", (2, 0.5, 1, False, None)),
    ("未链接的，发现1例扣0.5分；未更新的，扣0.2分", (2, 0.2, 0.5, None, None)),
    ("每少一项扣0.5分，最多扣2分", (1, 0.5, 0.5, True, 2)),
    ("视情况扣0.5-1分", (1, 0.5, 1, False, None)),
    ("缺少流程图的扣0.5分，缺少表格的扣0.5分", (2, 0.5, 0.5, False, None)),
    ("存在一处不规范的情况扣 2 分", (1, 2, 2, True, None)),
    ("由工作机构根据日常情况计分", (0, None, None, None, None)),
    ("每年不少于1次，未组织的，扣0.2分", (1, 0.2, 0.2, False, None)),
    ("每年不少于1次", (0, None, None, None, None)),
]


def test_deductions_are_read_as_the_text_states_them():
    con = built(inspection_rules_read=[rule(n, text) for n, (text, _) in enumerate(DEDUCTIONS)])
    read = rows(
        con,
        "SELECT text, deductions_stated, CAST(deduction_low AS DOUBLE), "
        "CAST(deduction_high AS DOUBLE), is_each, CAST(deduction_cap AS DOUBLE) "
        "FROM inspection_rules",
    )
    assert {text: tuple(rest) for text, *rest in read} == dict(DEDUCTIONS)


def test_a_column_of_deductions_comes_before_the_text_and_weights_are_shares():
    con = built(
        inspection_rules_read=[
            rule(1, "未公开的，扣9分", deductions="每项扣0.2分", section="一、主动公开（40%）"),
            rule(2, "公开", section="依申请公开", weight=25, rule_id="B-1"),
        ]
    )
    read = rows(
        con,
        "SELECT rule_key, section, CAST(weight AS DOUBLE), CAST(deduction_low AS DOUBLE) "
        "FROM inspection_rules ORDER BY place",
    )
    assert read == [
        ("pack.csv#row 1", "一、主动公开", 0.4, 0.2),
        ("B-1", "依申请公开", 0.25, None),
    ]


def test_a_finding_has_its_rule_by_id_by_item_or_by_an_indicator_of_one_item():
    pack = [
        rule(1, rule_id="A-1", indicator="制度公开", item="信息公开指南"),
        rule(2, rule_id="A-2", indicator="制度公开", item="信息公开年报"),
        rule(3, rule_id="B-1", indicator="政策解读", item="解读材料"),
    ]
    found = [
        problem(1, "未更新", rule_id="a-2", item="信息公开指南"),
        problem(2, "未更新", item="信息公开 指南"),
        problem(3, "质量低", indicator="政策解读"),
        problem(4, "不全", indicator="制度公开"),
        problem(5, "不全", rule_id="Z-9"),
    ]
    con = built(inspection_rules_read=pack, inspections_read=found)
    assert rows(con, "SELECT place, rule_key, rule_match FROM inspections ORDER BY place") == [
        ("row 1", "A-2", "id"),
        ("row 2", "A-1", "item"),
        ("row 3", "B-1", "indicator"),
        ("row 4", None, None),
        ("row 5", None, None),
    ]


KINDS = [
    (None, "公开内容不全", "incomplete"),
    (None, "只公开大项，不公开细目", "only_headings"),
    (None, "信息没有及时更新，已过时", "stale"),
    (None, "工作档案未归档立卷", "not_archived"),
    (None, "未按新版要求编制公开指南", "guide_outdated"),
    ("信息公开指南", "仍为旧版", "guide_outdated"),
    (None, "未公开职业介绍指南", "not_published"),
    (None, "申领指南要素公开不全", "incomplete"),
    (None, "未向社会征求意见", "no_consultation"),
    (None, "解读形式单一", "interpretation_poor"),
    (None, "解读与文件间隔超过3天", "interpretation_late"),
    ("信息公开年度报告", "未按期发布", "report_late"),
    ("政府信息公开工作年度报告", "逾期公布", "report_late"),
    (None, "未发布2024年年报", "report_late"),
    (None, "未公开建议办理情况年度报告", "not_published"),
    (None, "年度报告与上年重复率高于50%", "report_repeated"),
    ("未更新的，扣0.5分", "形式太少", None),
    (None, "其他", None),
]


def test_problems_are_classed_by_their_words():
    found = [problem(n, said, item=item) for n, (item, said, _) in enumerate(KINDS)]
    read = rows(built(inspections_read=found), "SELECT item, problem, kind FROM inspections")
    assert set(read) == set(KINDS)


def test_the_users_own_kinds_take_the_place_of_ours(tmp_path):
    own = "kind,label_zh,label_en,pattern,decided_by\ncolour,颜色不对,colour,红|绿,\n"
    (tmp_path / "problem_kinds.csv").write_text(own, encoding="utf-8")
    con = built(registers=tmp_path, inspections_read=[problem(1, "栏目太红"), problem(2, "不全")])
    assert rows(con, "SELECT kind, kind_label FROM inspections ORDER BY place") == [
        ("colour", "颜色不对"),
        (None, None),
    ]


def test_a_pattern_that_is_none_is_told_with_its_file(tmp_path):
    own = "kind,label_zh,label_en,pattern,decided_by\ncolour,颜色不对,colour,(红,\n"
    (tmp_path / "problem_kinds.csv").write_text(own, encoding="utf-8")
    with pytest.raises(ZwgkError, match=r"problem_kinds\.csv: the pattern of colour"):
        log_relations(tmp_path)


def test_the_same_row_in_two_files_counts_once_and_twice_in_one_file_twice():
    found = [problem(1, "不全"), problem(2, "不全"), problem(1, "不全", source="copy.csv")]
    con = built(inspections_read=found)
    assert rows(con, "SELECT source, place FROM inspections ORDER BY place") == [
        ("copy.csv", "row 1"),
        ("found.csv", "row 2"),
    ]


ROUNDS = {
    "2025年第一季度": date(2025, 3, 31),
    "2025Q2": date(2025, 6, 30),
    "2024年上半年督查": date(2024, 6, 30),
    "2024年2月": date(2024, 2, 29),
    "2024年12月": date(2024, 12, 31),
    "2023年度": date(2023, 12, 31),
    "第二轮": None,
    None: None,
}


def test_a_round_ends_where_its_name_says():
    found = [problem(n, "不全", round=printed) for n, printed in enumerate(ROUNDS)]
    con = built(inspections_read=found)
    assert dict(rows(con, "SELECT round, round_ends_on FROM inspections")) == ROUNDS


def scores(con):
    return rows(
        con,
        "SELECT agency, problems, deductions_missing, CAST(full_marks AS DOUBLE), full_marks_from, "
        "CAST(recomputed AS DOUBLE), CAST(stated AS DOUBLE), CAST(difference AS DOUBLE) "
        "FROM inspection_scores ORDER BY agency",
    )


def test_scores_are_full_marks_less_deductions_up_to_the_cap_of_each_item():
    pack = [rule(1, "每发现1项扣0.5分，最多扣1分", rule_id="A-1", indicator="公开")]
    found = [
        *(problem(n, f"缺{n}", rule_id="A-1", deduction=-0.5) for n in (1, 2, 3)),
        problem(4, "未更新", item="栏目", deduction=2, score=97),
        problem(5, "未更新", agency="乙局", item="栏目", deduction=3, item_marks=2, full_marks=50),
        problem(6, "未更新", agency="丙局", deduction=1, score=99),
        problem(7, "不全", agency="丙局", score=99),
        problem(8, "未发现问题", agency="丁局", score=100),
        problem(9, "不全", agency="戊局", deduction=1, score=99),
        problem(10, "不全", agency="戊局", deduction=1, score=97, item="别项"),
    ]
    con = built(inspection_rules_read=pack, inspections_read=found)
    assert scores(con) == [
        ("丁局", 0, 0, 100, "setting", 100, 100, 0),
        ("丙局", 2, 1, 100, "setting", None, 99, None),
        ("乙局", 1, 0, 50, "stated", 48, None, None),
        ("戊局", 2, 0, 100, "setting", 98, None, None),
        ("甲局", 4, 0, 100, "setting", 97, 97, 0),
    ]


def test_full_marks_are_a_setting_of_the_user(tmp_path):
    (tmp_path / "limits.yml").write_text("inspection_full_marks:\n  乙局: 120\n", encoding="utf-8")
    found = [problem(1, "不全", deduction=1), problem(2, "不全", deduction=1, agency="乙局")]
    assert [row[5] for row in scores(built(registers=tmp_path, inspections_read=found))] == [
        119,
        99,
    ]


def decisions(con):
    return rows(
        con,
        "SELECT place, own_rule, own_outcome, agrees, own_actual FROM inspection_decisions "
        "ORDER BY place",
    )


def item(place, channel, published, source="logs/log.csv"):
    base = {
        "source": source,
        "place": f"row {place}",
        "agency": "甲局",
        "title": f"关于{place}的事",
    }
    return base | {"channel": channel, "published_on": published}


def test_a_log_decides_whether_a_column_was_stale_on_the_day_of_the_inspection():
    log = [
        item(1, "工作动态", date(2025, 1, 2)),
        item(2, "工作动态", date(2025, 5, 1)),
        item(3, "通知公告", date(2025, 4, 1)),
        item(4, "领导讲话", date(2025, 4, 1)),
    ]
    day = {"found_on": date(2025, 4, 10)}
    found = [
        problem(1, "“工作动态”栏目超期未更新", **day),
        problem(2, "未及时更新", channel="通知公告", **day),
        problem(3, "领导讲话未及时更新", **day),
        problem(4, "工作动态长期不更新", found_on=date(2025, 5, 9)),
        problem(5, "没有及时更新", item="机构职能", **day),
        problem(6, "内容不全", channel="工作动态", **day),
    ]
    logged = document("logs/log.csv", "甲局", None, kind="publication_log")
    con = decided(documents=[logged], items=log, inspections_read=found)
    assert decisions(con) == [
        ("row 1", "publication.stale", "broken", True, "工作动态最近更新于2025-01-02"),
        ("row 2", "publication.stale", "holds", False, "通知公告最近更新于2025-04-01"),
        (
            "row 3",
            "publication.stale",
            "not_assessable",
            None,
            "领导讲话无法判定（日志止于2025-05-01）",
        ),
        (
            "row 4",
            "publication.stale",
            "not_assessable",
            None,
            "工作动态无法判定（日志止于2025-05-01）",
        ),
        ("row 5", "publication.stale", "not_assessable", None, None),
    ]


def test_reports_decide_whether_they_were_late(tmp_path):
    register = "name,level,kind,collected\n甲局,市,部门,2023-2024\n乙局,市,部门,2023-2024\n"
    (tmp_path / "agencies.csv").write_text(register, encoding="utf-8")
    filed = [
        document("a.html", "甲局", 2024, published_on=date(2025, 2, 10)),
        document("b.html", "甲局", 2023, published_on=date(2024, 1, 10)),
    ]
    late = {"item": "政府信息公开年度报告", "found_on": date(2025, 4, 10)}
    found = [
        problem(1, "未按期发布", **late),
        problem(2, "2023年年报未按时公布", **late),
        problem(3, "未发布", **(late | {"agency": "乙局"})),
        problem(4, "未发布", **(late | {"agency": "无名局"})),
    ]
    con = decided(
        registers=tmp_path, documents=filed, inspections_read=found, refreshes=[REFRESHED]
    )
    assert decisions(con) == [
        ("row 1", "report.late", "broken", True, "公布于2025-02-10"),
        ("row 2", "report.late", "holds", False, "公布于2024-01-10"),
        ("row 3", "report.late", "broken", True, "没有该年度报告"),
        ("row 4", "report.late", "not_assessable", None, None),
    ]


def test_interpretations_of_the_year_decide_whether_they_came_late():
    log = [
        item(1, "文件", date(2025, 3, 3)) | {"title": "关于印发农田办法的通知"},
        item(2, "解读", date(2025, 3, 24)) | {"title": "《农田办法》政策解读"},
        item(3, "文件", date(2025, 3, 3), "b.csv")
        | {"title": "关于印发水利管理规定的通知", "agency": "乙局"},
        item(4, "解读", date(2025, 3, 4), "b.csv")
        | {"title": "《水利管理规定》政策解读", "agency": "乙局"},
    ]
    log[0]["title"] = "关于印发农田管理规定的通知"
    log[1]["title"] = "《农田管理规定》政策解读"
    found = [
        problem(1, "解读不及时", found_on=date(2025, 4, 10)),
        problem(2, "解读不及时", found_on=date(2025, 4, 10), agency="乙局"),
        problem(3, "解读不及时", found_on=date(2027, 4, 10)),
    ]
    con = decided(items=log, inspections_read=found)
    assert decisions(con) == [
        ("row 1", "interpretation.late", "broken", True, "一年内1份解读中1份超期"),
        ("row 2", "interpretation.late", "holds", False, "一年内1份解读中0份超期"),
        ("row 3", "interpretation.late", "not_assessable", None, None),
    ]


def section(source, key, characters):
    row = {"source": source, "section": key, "heading": key, "text": "字" * characters}
    return row | {"characters": characters, "place": "paragraph 1", "position": 1}


def test_text_decides_whether_a_report_repeats_the_last_one():
    filed = [document(f"{a}{y}.html", a, y) for a in ("甲局", "乙局", "丙局") for y in (2023, 2024)]
    texts = [
        section(f"{a}{y}.html", k, n)
        for a in ("甲局", "乙局", "丙局")
        for y in (2023, 2024)
        for k, n in (("overall", 300), ("problems", 100))
    ]
    said = {"found_on": date(2025, 4, 10)}
    found = [
        problem(n, "年度报告与上年重复率高", agency=a, **said)
        for n, a in enumerate(("甲局", "乙局", "丙局"), 1)
    ]
    pair = {"other_year": 2023, "year": 2024}
    reuse = [
        {"agency": "甲局", "other_agency": "甲局", "section": "overall", "ratio": 0.9} | pair,
        {"agency": "丙局", "other_agency": "丙局", "section": "problems", "ratio": 0.9} | pair,
    ]
    con = decided(documents=filed, sections_read=texts, inspections_read=found, reuse=reuse)
    assert decisions(con) == [
        ("row 1", "text.reused", "broken", True, "67.5%至80.0%"),
        ("row 2", "text.reused", "holds", False, "不到50%"),
        ("row 3", "text.reused", "not_assessable", None, "22.5%至60.0%"),
    ]


def test_of_several_rules_that_fit_none_caps_the_deductions():
    packs = [
        rule(1, "每项扣0.5分，最多扣1分", item="公开指南内容"),
        rule(2, "每项扣0.5分，最多扣2分", item="公开指南内容"),
        rule(3, "每项扣0.5分，最多扣1分", item="公开目录内容"),
    ]
    found = [
        problem(n, said, item=item, deduction=3)
        for n, (said, item) in enumerate([("缺", "公开指南内容"), ("漏", "公开目录内容")], 1)
    ]
    con = built(inspection_rules_read=packs, inspections_read=found)
    read = rows(
        con,
        "SELECT item, rule_candidates, CAST(deduction_cap AS DOUBLE) FROM inspections ORDER BY 1",
    )
    assert read == [("公开指南内容", 2, None), ("公开目录内容", 1, 1)]
    assert rows(con, "SELECT CAST(deducted AS DOUBLE) FROM inspection_scores") == [(4,)]


def test_a_weight_of_one_may_be_all_or_one_percent():
    packs = [rule(n, "公开", weight=w) for n, w in enumerate([1, 0.4, 40], 1)]
    con = built(inspection_rules_read=packs)
    read = rows(con, "SELECT CAST(weight AS DOUBLE) FROM inspection_rules ORDER BY place")
    assert read == [(None,), (0.4,), (0.4,)]
