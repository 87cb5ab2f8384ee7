"""Rules over the items of publication logs."""

from datetime import date

import pytest

from tests.quality.literal import add_item, insert, marts, outcomes
from zwgk_analytics.quality import assess, rules, sql, summary

LONG = "关于印发平潭综合实验区防汛应急预案的通知"


def test_date_order():
    con = marts()
    dates = [(5, 5), (5, 6), (5, 4), (None, 4), (5, None)]
    for issued, published in dates:
        add_item(
            con,
            title="公告",
            issued_on=issued and date(2023, 1, issued),
            published_on=published and date(2023, 1, published),
        )
    assert list(outcomes(con, "publication.date_order").values()).count("not_assessable") == 2
    assert [k for k, v in outcomes(con, "publication.date_order").items() if v == "broken"] == [
        "item 4"
    ]
    assess(con)
    found = con.execute("SELECT period, expected, actual, message, source FROM findings").fetchall()
    assert found == [
        (
            "2023",
            "≥ 2023-01-05",
            "2023-01-04",
            "“公告”发布日期2023-01-04早于成文日期2023-01-05（早1天）",
            "log.csv#row 4",
        )
    ]


def test_an_exact_repeat_is_counted_once():
    con = marts()
    for is_repeat in (False, True):
        add_item(
            con, issued_on=date(2023, 1, 2), published_on=date(2023, 1, 1), is_repeat=is_repeat
        )
    assess(con)
    assert con.execute("SELECT count(*) FROM findings").fetchone() == (1,)


def duplicates(*items: dict[str, object]):
    con = marts()
    for item in items:
        add_item(con, **item)
    assess(con)
    rule = "rule = 'publication.duplicate'"
    found = con.execute(f"SELECT actual, place FROM findings WHERE {rule} ORDER BY 2").fetchall()
    return found, summary(con).filter(rule="publication.duplicate").row(0)[3:6]


DAY = date(2023, 5, 1)


def test_the_same_address_twice_is_a_duplicate():
    item = {"title": "公告", "url": "http://a/1"}
    assert duplicates(item, {"title": "公告", "url": "http://a/2"}, item) == (
        [("2", "row 2; row 4")],
        (1, 1, 0),
    )


def test_the_same_document_at_two_addresses_is_a_duplicate():
    item = {"title": "公告", "document_number": "岚综管〔2023〕5号", "published_on": DAY}
    assert duplicates({"url": "http://a/1", **item}, {"url": "http://b/1", **item}) == (
        [("2", "row 2; row 3")],
        (2, 1, 0),
    )


def test_a_title_of_many_items_is_none():
    item = {"title": "公示", "published_on": DAY}
    assert duplicates({"url": "http://a/1", **item}, {"url": "http://a/2", **item}) == (
        [],
        (2, 0, 0),
    )


def test_without_number_the_title_must_name_one_document():
    item = {"title": LONG, "published_on": DAY}
    first, second = {"url": "http://a/1", **item}, {"url": "http://b/1", **item}
    assert duplicates(first, second)[0] == [("2", "row 2; row 3")]
    assert duplicates(first, {**second, "issued_on": DAY})[0] == []


def test_items_without_address_are_compared_by_title():
    item = {"title": LONG, "published_on": DAY}
    assert duplicates(item, item, {"title": LONG}) == ([("2", "row 2; row 3")], (0, 1, 1))


def test_two_files_that_overlap_are_no_duplicate_of_the_agency():
    item = {"title": LONG, "url": "http://a/1", "published_on": DAY}
    assert duplicates(item, {**item, "source": "again.csv"}) == ([], (2, 0, 0))


def test_fields_of_policy_documents():
    con = marts()
    policy = {"document_number": "甲府〔2023〕1号", "issued_on": DAY, "published_on": DAY}
    add_item(con, title="完整", **policy)
    add_item(con, title="缺成文日期", **{**policy, "issued_on": None})
    add_item(con, title="缺文号", category="行政规范性文件", issued_on=DAY, published_on=DAY)
    add_item(con, title="解读", category="规范性文件解读", published_on=DAY)
    add_item(con, title="不知是否政策文件", published_on=DAY)
    assess(con)
    found = con.execute(
        "SELECT subject, period, message, source FROM findings ORDER BY 1"
    ).fetchall()
    assert found == [
        ("成文日期（issued_on）：“缺成文日期”", "2023", "“缺成文日期”缺成文日期", "log.csv#row 3"),
        ("文号（document_number）：“缺文号”", "2023", "“缺文号”缺文号", "log.csv#row 4"),
    ]
    # three documents hold in 2, 2 and 3 of the fields that the log has; it has no 有效性 at all
    assert summary(con).filter(rule="publication.missing_field").row(0)[3:6] == (7, 2, 3 + 4)


def test_many_missing_fields_of_a_year_are_one_finding_that_counts_them():
    con = marts()
    add_item(con, document_number="甲府〔2023〕99号", issued_on=DAY, published_on=DAY)
    for number in range(1, 52):
        add_item(con, document_number=f"甲府〔2023〕{number}号", published_on=DAY)
    assess(con)
    found = con.execute(
        "SELECT subject, actual, message, source FROM findings "
        "WHERE rule = 'publication.missing_field'"
    ).fetchall()
    assert [f[:3] for f in found] == [
        ("成文日期（issued_on）：51份政策文件", "51", "51份政策文件缺成文日期")
    ]
    assert found[0][3].startswith("log.csv#row 3; log.csv#row 4; ")
    assert summary(con).filter(rule="publication.missing_field").row(0)[4] == 51


@pytest.mark.parametrize(
    ("lag", "issued", "outcome"),
    [
        (20, date(2023, 1, 3), "holds"),
        (21, date(2023, 1, 3), "broken"),
        (None, date(2023, 1, 3), "not_assessable"),
        (21, date(2008, 4, 30), "not_assessable"),  # before the regulations
    ],
)
def test_late(lag, issued, outcome):
    con = marts()
    add_item(con, title="甲", issued_on=issued, published_on=date(2023, 5, 1), lag_workdays=lag)
    assert counted(con, "publication.late") == {outcome: 1}


def test_more_than_fifty_late_items_of_a_year_are_one_finding():
    con = marts()
    for _ in range(51):
        add_item(con, title="甲", issued_on=DAY, published_on=DAY, lag_workdays=30)
    assess(con)
    found = con.execute("SELECT rule, message FROM findings WHERE rule = 'publication.late'")
    message = "51条公开信息成文后30—30个工作日才发布，超过20个工作日"
    assert found.fetchall() == [("publication.late", message)]
    assert counted(con, "publication.late") == {"broken": 51}


@pytest.mark.parametrize(
    ("linked_on", "precision", "outcome"),
    [
        (date(2023, 5, 2), "day", "holds"),
        (date(2023, 5, 9), "day", "holds"),
        (date(2023, 5, 10), "day", "broken"),
        (date(2023, 4, 24), "day", "broken"),
        (date(2023, 5, 1), "month", "holds"),
        (date(2023, 4, 1), "month", "holds"),
        (date(2023, 6, 1), "month", "broken"),
        (date(2023, 3, 1), "month", "broken"),
        (None, None, "not_assessable"),
    ],
)
def test_url_date(linked_on, precision, outcome):
    con = marts()
    add_item(
        con,
        title="甲",
        published_on=date(2023, 5, 2),
        url_on=linked_on,
        url_precision=precision,
    )
    assert counted(con, "publication.url_date") == {outcome: 1}


def test_an_address_of_a_month_is_told_as_one():
    con = marts()
    month = date(2023, 7, 1)
    add_item(con, title="甲", published_on=DAY, url_on=month, url_precision="month")
    assess(con)
    found = con.execute("SELECT message FROM findings WHERE rule = 'publication.url_date'")
    assert found.fetchall() == [(f"“甲”发布日期为{DAY}，网址日期为2023-07",)]


def test_a_batch_of_later_addresses_is_told_as_a_migration():
    con = marts()
    for n in range(21):
        address = f"http://a.cn/20250801/{n}.html"
        linked = {"url_on": date(2025, 8, 1), "url_precision": "day"}
        add_item(con, title="甲", published_on=DAY, url=address, **linked)
    assess(con)
    found = con.execute("SELECT message FROM findings WHERE rule = 'publication.url_date'")
    (message,) = found.fetchone()
    assert message.startswith("21条公开信息发布日期为") and message.endswith(
        "疑为网站迁移时成批上传"
    )


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("甲府〔2023〕7号", "holds"),
        ("甲府 〔2023〕 7号", "holds"),
        ("国务院令第711号", "holds"),
        ("甲部公告2015年第3号", "holds"),
        ("甲府[2023]7号", "broken"),
        ("甲府〔2023〕07号", "broken"),
        ("甲府〔2023〕第7号", "broken"),
        ("甲府〔2023〕7", "broken"),
        (None, "not_assessable"),
    ],
)
def test_number_format(number, outcome):
    con = marts()
    add_item(con, title="甲", document_number=number, published_on=DAY)
    assert counted(con, "publication.number_format") == {outcome: 1}


@pytest.mark.parametrize(
    ("observed", "missing", "issued_by", "outcome"),
    [
        (3, 0, "甲", "holds"),
        (3, 2, "甲", "broken"),
        (2, 7, "甲", "not_assessable"),
        (9, 2, "乙", "not_assessable"),  # another agency's series
        (9, 2, None, "not_assessable"),
    ],
)
def test_number_gap(observed, missing, issued_by, outcome):
    con = marts()
    insert(
        con,
        "document_series",
        **{"agency": "甲", "series": "甲府", "year": 2023, "observed": observed, "highest": 5},
        **{"missing": "3-4", "missing_count": missing, "has_outlier": False},
        **{"issued_by": issued_by, "sources": "log.csv"},
    )
    assert counted(con, "publication.number_gap") == {outcome: 1}


def test_a_gap_names_what_is_missing_and_what_was_left_out():
    con = marts()
    insert(
        con,
        "document_series",
        **{"agency": "甲", "series": "甲府", "year": 2023, "observed": 8, "highest": 10},
        **{"missing": "3-4", "missing_count": 2, "has_outlier": True, "outliers": "900"},
        **{"issued_by": "甲", "sources": "log.csv"},
    )
    assert messages(con, "publication.number_gap") == [
        "甲府〔2023〕已见8个序号，最大10号，缺2个：3-4（另有异常序号900，未计入）"
    ]


def test_a_migrated_item_is_not_late():
    con = marts()
    lag = {"issued_on": date(2010, 1, 4), "published_on": DAY, "lag_workdays": 900}
    add_item(con, title="甲", is_migration=True, **lag)
    add_item(con, title="乙", is_migration=False, **lag)
    assert counted(con, "publication.late") == {"not_assessable": 1, "broken": 1}


def test_privacy_shows_numbers_masked():
    con = marts()
    add_item(con, title="公示11010519491231002X", published_on=DAY)
    add_item(con, title="公告", published_on=DAY)
    add_item(con, title=None)
    insert(con, "personal_numbers", item_id="item 2", kind="id_card", position=1, masked="110*2X")
    assert counted(con, "publication.privacy") == {"broken": 1, "holds": 1, "not_assessable": 1}
    assert messages(con, "publication.privacy") == ["标题中有未遮盖的身份证号：110*2X"]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("张某11010519491231002X", "张某110******2X"),
        ("张某（110105194912310021）", "张某（110******21）"),
        ("电话13800138000。", "电话138******00。"),
        ("电话138 0013 8000。", "电话138******00。"),
        ("卡号6222021234567890123", "卡号622******23"),
        ("卡号6222 0212 3456 7890", "卡号622******90"),
        ("电话１３８００１３８０００", "电话１３８******００"),
        ("公示期20230925-20231005", "公示期20230925-20231005"),
        ("http://a.cn/0001-12344_1234567890123456.html", None),
        ("8f14e45fceea167a5a36dedd4bea2543", None),
        ("粤府〔2023〕68号", None),
    ],
)
def test_no_finding_of_any_rule_publishes_a_personal_number(printed, shown):
    con = marts()
    mask = sql.masked(sql.literal(printed))
    assert con.execute(f"SELECT {mask}").fetchone() == (shown or printed,)


def test_another_rules_finding_masks_the_title():
    con = marts()
    title = "关于对身份证号11010519491231002X作出处罚的公告"
    add_item(con, title=title, issued_on=DAY, published_on=date(2023, 4, 28))
    add_item(con, title=title, issued_on=DAY, published_on=date(2023, 4, 28))
    assess(con)
    found = con.execute("SELECT * FROM findings").fetchall()
    assert len(found) > 1
    assert not any("11010519491231002X" in str(value) for row in found for value in row)


COLUMN = {
    "agency": "甲", "site": "a.cn", "channel": "zwgk/tzgg", "channel_name": "通知公告",
    "kind": "通知公告", "items": 3, "last_update": date(2023, 1, 2),
    "log_ends_on": date(2023, 12, 31), "days_since": 363, "limit_days": 183, "is_stale": True,
    "is_empty": False, "source": "log.csv",
}  # fmt: skip


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({}, "broken"),
        ({"is_stale": False}, "holds"),
        ({"is_stale": None, "kind": None, "limit_days": None}, "not_assessable"),
        ({"is_stale": None, "is_empty": True, "last_update": None}, "broken"),
    ],
)
def test_stale(known, outcome):
    con = marts()
    insert(con, "columns", **{**COLUMN, **known})
    assert counted(con, "publication.stale") == {outcome: 1}


def test_a_stale_column_says_how_long_it_stood():
    con = marts()
    insert(con, "columns", **COLUMN)
    insert(con, "columns", **{**COLUMN, "channel": "x", "is_empty": True, "is_stale": None})
    assert messages(con, "publication.stale") == [
        "栏目“通知公告”为空白",
        "栏目“通知公告”最近更新于2023-01-02，截至2023-12-31已363天，超过通知公告类的183天",
    ]


INTERPRETATION = {
    "item_id": "i", "agency": "甲", "title": "《办法》解读", "document_title": "办法",
    "link_kind": "title", "certainty": "likely", "published_on": DAY, "lag_workdays": 4,
    "limit_workdays": 3, "is_first": True, "place": "row 2", "source": "log.csv",
}  # fmt: skip


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({}, "broken"),
        ({"lag_workdays": 3}, "holds"),
        ({"lag_workdays": -2}, "holds"),
        ({"lag_workdays": None}, "not_assessable"),
        ({"certainty": "possible"}, "not_assessable"),
        ({"is_first": False}, "not_assessable"),
        ({"limit_workdays": 5}, "holds"),
    ],
)
def test_interpretation_late(known, outcome):
    con = marts()
    insert(con, "interpretations", **{**INTERPRETATION, **known})
    assert counted(con, "interpretation.late") == {outcome: 1}


def test_the_same_number_in_several_columns_is_a_duplicate():
    def found(second):
        con = marts()
        number = {"series": "甲府", "series_year": 2023, "serial": 7, "document_number": "x"}
        first = {"title": "通知", "channel": "政策文件", "url": "http://a/1", "published_on": DAY}
        add_item(con, **number, **first)
        other = {"title": "通知", "channel": "最新文件", "url": "http://a/2"}
        add_item(con, **{**number, **other, "published_on": date(2023, 5, 9), **second})
        return messages(con, "publication.duplicate")

    assert found({}) == ["“通知”文号相同、见于2个栏目的条目列了2次（row 2; row 3）"]
    assert found({"title": "转发通知"}) == []
    assert found({"is_interpretation": True}) == []
    assert found({"channel": "政策文件"}) == []
    assert found({"serial": 8}) == []


def test_near_identical_titles_are_a_duplicate():
    con = marts()
    add_item(con, title=LONG, published_on=DAY)
    add_item(con, title="关于印发《平潭综合实验区防汛应急预案》的通知", published_on=DAY)
    add_item(con, title="关于印发平潭综合实验区防旱应急预案的通知", published_on=DAY)
    assert messages(con, "publication.duplicate") == [
        "“关于印发《平潭综合实验区防汛应急预案》的通知”标题近似的条目列了2次（row 2; row 3）"
    ]


def messages(con, rule):
    """What the findings of one rule say."""
    assess(con)
    query = "SELECT message FROM findings WHERE rule = ? ORDER BY message"
    return [message for (message,) in con.execute(query, [rule]).fetchall()]


def counted(con, rule):
    """Items by outcome, outcomes without any left out."""
    rows = con.execute(sql.results(rules()[rule])).fetchall()
    return {outcome: n for _, outcome, n in rows if n}
