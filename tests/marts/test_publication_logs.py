"""Migrations, columns, rhythm, topics and stock: a few items in, rows out."""

from datetime import date, timedelta

import pytest

from tests.marts.facts import document, marts, rows
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.log_relations import log_relations

MAY = date(2023, 5, 8)  # a Monday


def item(place, title="通知", agency="甲市", source="log.csv", **more):
    return {"source": source, "place": f"row {place}", "agency": agency, "title": title} | more


def old(n, first=MAY, days=1, lag=4000):
    """`n` old documents, published over `days` days."""
    published = [first + timedelta(i % days) for i in range(n)]
    return [
        item(i, f"旧文件{first}{i}", issued_on=day - timedelta(lag), published_on=day)
        for i, day in enumerate(published)
    ]


def fresh(n, published=MAY):
    day = {"issued_on": published - timedelta(7), "published_on": published}
    return [item(1000 + i, f"新文件{i}", **day) for i in range(n)]


def test_many_old_documents_in_a_few_days_are_a_migration_and_fresh_ones_are_not():
    con = marts(items=old(12, days=4) + fresh(3))
    assert rows(con, "SELECT is_migration, count(*) FROM publications GROUP BY 1 ORDER BY 1") == [
        (False, 3),
        (True, 12),
    ]
    found = rows(con, "SELECT agency, first_day, last_day, items, days, median_lag FROM migrations")
    assert found == [("甲市", MAY, date(2023, 5, 11), 12, 4, 4000.0)]


@pytest.mark.parametrize(
    "items",
    [
        old(9),  # few
        old(12, days=12),  # never ten within seven days
        old(12, lag=365),  # late, not old
    ],
)
def test_what_is_late_is_not_taken_for_a_migration(items):
    con = marts(items=items)
    assert rows(con, "SELECT count(*) FROM publications WHERE is_migration") == [(0,)]


def test_a_pause_of_over_a_week_begins_another_migration():
    con = marts(items=old(10) + old(10, first=MAY + timedelta(8)))
    assert rows(con, "SELECT first_day, items FROM migrations ORDER BY 1") == [
        (MAY, 10),
        (date(2023, 5, 16), 10),
    ]


def test_the_thresholds_of_a_migration_are_the_users(tmp_path):
    (tmp_path / "limits.yml").write_text("migration_items: {default: 3}\n", encoding="utf-8")
    con = marts(items=old(3), registers=tmp_path)
    assert rows(con, "SELECT items FROM migrations") == [(3,)]


def test_timeliness_is_told_without_and_with_migrations():
    con = marts(items=old(30) + fresh(10))
    columns = (
        "items, dated_items, migration_items, workday_items, median_lag_days, "
        "share_within_20_workdays, median_lag_days_with_migrations, "
        "share_within_20_workdays_with_migrations"
    )
    assert rows(con, f"SELECT {columns} FROM publication_timeliness") == [
        (40, 40, 30, 10, 7.0, 1.0, 4000.0, 0.25)
    ]


@pytest.mark.parametrize(
    ("lag", "within"), [(0, True), (20, True), (21, None), (60, None), (61, False), (-1, None)]
)
def test_without_a_calendar_only_clear_lags_are_judged(lag, within):
    published = date(1999, 6, 1)
    issued = published - timedelta(lag)
    con = marts(items=[item(1, issued_on=issued, published_on=published)])
    assert rows(con, "SELECT is_within_20_workdays FROM publications") == [(within,)]


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("http://a.cn/zwgk/202309/t20230925_86860.htm", date(2023, 9, 25), "day"),
        ("https://a.cn/2023/09/25/x.shtml", date(2023, 9, 25), "day"),
        ("https://a.cn/10462/2023/9/5/da31.shtml", date(2023, 9, 5), "day"),
        ("http://www.gov.cn/zhengce/2016-10/10/content_5116674.htm", date(2016, 10, 10), "day"),
        ("https://a.cn/nw12344/20230927/a6a5.html", date(2023, 9, 27), "day"),
        ("https://a.cn/zhengceku/202309/content_6905142.htm", date(2023, 9, 1), "month"),
        ("https://a.cn/2023-09/content_1.htm", date(2023, 9, 1), "month"),
        ("https://a.cn/post_4258480.html", None, None),
        ("https://a.cn/20231345/1.html", None, None),
        ("http://a.cn/t20230502_1.html", date(2023, 5, 2), "day"),
        ("http://a.cn/2023/5/9/1.html", date(2023, 5, 9), "day"),
        ("http://a.cn/2023_05_09-1.html", date(2023, 5, 9), "day"),
        ("http://a.cn/20231302/1.html", None, None),
        ("http://a.cn/20230231/1.html", None, None),
        (None, None, None),
    ],
)
def test_the_date_inside_an_address(url, day, precision):
    con = marts(items=[item(1, url=url)])
    assert rows(con, "SELECT url_on, url_precision FROM publications") == [(day, precision)]


def log_of(channel, *days, agency="甲市", source="logs/a.csv"):
    return [
        item(n, f"{channel}{n}", agency, source, channel=channel, published_on=day)
        for n, day in enumerate(days)
    ]


COLUMNS = (
    "channel_name, kind, items, last_update, days_since, limit_days, is_stale, is_empty "
    "FROM columns ORDER BY channel"
)


def test_columns_have_the_limit_of_their_kind_against_the_logs_own_end():
    items = log_of("工作动态", date(2023, 1, 1), date(2023, 12, 16))
    items += log_of("人事任免", date(2022, 12, 30)) + log_of("通知公告", date(2023, 12, 31))
    items += log_of("领导之窗", date(2020, 1, 1))
    assert rows(marts(items=items), f"SELECT {COLUMNS}") == [
        ("人事任免", "人事", 1, date(2022, 12, 30), 366, 365, True, False),
        ("工作动态", "动态要闻", 2, date(2023, 12, 16), 15, 14, True, False),
        ("通知公告", "通知公告", 1, date(2023, 12, 31), 0, 183, False, False),
        ("领导之窗", None, 1, date(2020, 1, 1), 1460, None, None, False),
    ]


def test_a_list_of_channels_names_codes_and_shows_empty_columns():
    items = log_of("zwgk/gsgg", date(2023, 1, 1))
    channels = [
        {"source": "logs/c.tsv", "place": f"row {n}", "channel": code, "name": name}
        for n, (code, name) in enumerate([("zwgk/gsgg", "公示公告"), ("zwgk/rs", "人事")], 2)
    ]
    con = marts(items=items, channels=channels)
    assert rows(con, "SELECT channel, channel_name FROM publications") == [
        ("zwgk/gsgg", "公示公告")
    ]
    assert rows(con, f"SELECT {COLUMNS}") == [
        ("公示公告", "通知公告", 1, date(2023, 1, 1), 0, 183, False, False),
        ("人事", "人事", 0, None, None, 365, None, True),
    ]


def test_a_code_that_lists_name_differently_is_named_by_the_list_beside_the_log():
    items = log_of("a", MAY) + log_of("a", MAY, source="other/b.csv")
    channels = [
        {"source": f"{folder}/c.tsv", "place": "row 2", "channel": "a", "name": name}
        for folder, name in (("logs", "公告"), ("more", "动态"))
    ]
    con = marts(items=items, channels=channels)
    assert rows(con, "SELECT source, channel_name FROM publications ORDER BY 1") == [
        ("logs/a.csv", "公告"),
        ("other/b.csv", "a"),
    ]


def test_a_column_is_the_sites_whichever_department_fills_it():
    items = log_of("公告", MAY, agency="甲局") + log_of("公告", MAY, agency="乙局")
    log = document("logs/a.csv", agency="丙市", year=None, kind="publication_log")
    con = marts(items=items, documents=[log])
    assert rows(con, "SELECT agency, items FROM columns") == [("丙市", 2)]


def test_a_users_limits_take_the_place_of_ours(tmp_path):
    own = "- {kind: 全部, limit_days: 7, pattern: '.'}\n"
    (tmp_path / "column_limits.yml").write_text(own, encoding="utf-8")
    items = log_of("人事", date(2023, 1, 1)) + log_of("公告", date(2023, 1, 9))
    con = marts(items=items, registers=tmp_path)
    assert rows(con, "SELECT channel, is_stale FROM columns ORDER BY 1") == [
        ("人事", True),
        ("公告", False),
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("limits.yml", "interpretation_days: {default: 3}\n", "no limit interpretation_days"),
        ("limits.yml", "interpretation_workdays: 3\n", "expected lines as"),
        ("limits.yml", "interpretation_workdays: {default: three}\n", "is three; expected a whole"),
        ("column_limits.yml", "人事: 365\n", "expected a list of kinds"),
        ("topics.csv", "主题,词\n教育,学校\n", "expected the columns topic, words"),
    ],
)
def test_a_users_file_that_is_wrong_is_told(tmp_path, name, text, told):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ZwgkError, match=told):
        log_relations(tmp_path)


def test_rhythm_counts_the_end_of_the_year_rest_days_and_nights():
    days = [date(2023, 12, 21), date(2023, 12, 22), date(2023, 12, 31)]  # the last a Sunday
    items = [item(n, f"通知{n}", published_on=day) for n, day in enumerate(days)]
    lieu = date(2023, 10, 7)  # a Saturday, worked on for 国庆
    items += [item(9, published_on=lieu, published_time="23:10")]
    items += [item(10, "公告", published_on=MAY, published_time="06:00")]
    con = marts(items=items)
    columns = (
        "items, year_end_items, year_end_share, rest_day_items, timed_items, night_items, "
        "night_share"
    )
    assert rows(con, f"SELECT {columns} FROM publication_rhythm") == [(5, 2, 0.4, 1, 2, 1, 0.5)]


def test_a_year_that_the_log_does_not_end_has_no_rush_and_no_time_no_nights():
    con = marts(items=fresh(2))
    columns = "year_end_share, timed_items, night_items, night_share"
    assert rows(con, f"SELECT {columns} FROM publication_rhythm") == [(None, 0, None, None)]


def test_topics_are_stated_or_guessed_from_the_title_and_say_which(tmp_path):
    own = "topic,words\n教育,学校|招生\n交通,公路\n"
    (tmp_path / "topics.csv").write_text(own, encoding="utf-8")
    titles = ["学校公路", "公路养护", "表彰"]
    items = [item(n, title, published_on=MAY) for n, title in enumerate(titles)]
    items += [item(9, "学校", category="综合政务", published_on=MAY)]
    con = marts(items=items, registers=tmp_path)
    columns = "topic, origin, items, share FROM publication_topics ORDER BY origin, topic"
    assert rows(con, f"SELECT {columns}") == [
        ("综合政务", "category", 1, 0.25),
        ("交通", "keyword", 1, 0.25),
        ("教育", "keyword", 1, 0.25),
        (None, "none", 1, 0.25),
    ]


def test_the_stock_of_documents_by_validity():
    said = ["有效", "现行有效", "失效", "已废止", "部分有效", "待定", None]
    items = [item(n, f"文件{n}", validity=v, published_on=MAY) for n, v in enumerate(said)]
    twice = {"document_number": "甲府〔2023〕1号", "validity": "有效"}
    items += [item(8, "a", url="http://a/1", **twice), item(9, "a", url="http://a/2", **twice)]
    con = marts(items=items)
    assert rows(con, "SELECT validity, printed, items FROM validity_stock ORDER BY 1") == [
        ("amended", "部分有效", 1),
        ("expired", "失效、已废止", 2),
        ("in_force", "有效、现行有效", 3),
        ("other", "待定", 1),
    ]


def test_items_per_resident_where_the_register_knows_them(tmp_path):
    header = "name,aliases,short_names,level,kind,region_name,region,parent,credit_code,valid_from"
    register = f"{header},valid_to,successor,collected,population\n"
    register += "甲市,,,市,政府,,,,,,,,否,40000\n"
    (tmp_path / "agencies.csv").write_text(register, encoding="utf-8")
    items = [*fresh(2), item(5, agency="乙市", published_on=MAY)]
    con = marts(items=items, registers=tmp_path)
    columns = "agency, items, population, items_per_10000"
    assert rows(con, f"SELECT {columns} FROM publication_intensity ORDER BY agency") == [
        ("乙市", 1, None, None),
        ("甲市", 2, 40000, 0.5),
    ]


def test_volume_is_counted_by_column_too():
    items = log_of("a", MAY, MAY) + log_of("b", MAY)
    found = rows(marts(items=items), "SELECT month, channel, items FROM publication_volume")
    assert sorted(found) == [(date(2023, 5, 1), "a", 2), (date(2023, 5, 1), "b", 1)]


VALID_ID = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize(
    ("title", "found"),
    [
        (f"公示{VALID_ID}", [("id_card", "110*************2X")]),
        ("公示１１０１０５１９４９１２３１００２ｘ", [("id_card", "110*************2X")]),
        ("公示110105194912310021", []),  # the check digit is wrong
        ("公示110105194913310029", []),  # no such month
        ("电话13800138000。", [("mobile", "138******00")]),
        ("电话138-0013-8000", [("mobile", "138******00")]),
        ("手机138 0013 8000、13900139000", [("mobile", "138******00"), ("mobile", "139******00")]),
        ("电话0591-23138000138", []),
        ("卡号4111111111111111", [("bank_card", "411***********11")]),
        ("卡号4111 1111 1111 1111", [("bank_card", "411***********11")]),
        ("卡号4111111111111112", []),  # not by Luhn
        ("卡号411*******1111", []),
        ("地字第350128201900065-350128201900073号", []),
        ("公示期20230925-20231005", []),
        ("项目2306-350128-04-01-123456", []),
        ("统一社会信用代码91350100MA2XN1234A", []),
        ("关于2023年工作的通知", []),
        (None, []),
    ],
)
def test_personal_numbers_are_found_and_masked(title, found):
    con = marts(items=[item(1, title, url="http://a/1")])
    query = "SELECT kind, masked FROM personal_numbers ORDER BY kind, position"
    assert rows(con, query) == found
