"""Publication logs → items: literal rows in, literal items out, every loss told."""

import json
from datetime import date

import pytest
import xlsxwriter

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.headings import recognise
from zwgk_analytics.facts.schema import ITEMS, PROBLEMS
from zwgk_analytics.facts.tables import extract_table, looks_tabular
from zwgk_analytics.readers.tabular import RawTable

HEADER = "标题,发布日期,成文日期,文号,发布机构,链接"


def log(tmp_path, *lines, header=HEADER, sidecar=None, name="log.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text("\n".join([header, *lines]), encoding=encoding)
    return extract_table(path, name, "0" * 64, sidecar or {})


def test_an_item_has_every_field_and_its_place(tmp_path):
    line = (
        "关于甲的通知,2021年1月5日,二〇二一年一月四日,沪府〔2021〕3号,上海市人民政府,https://a.cn/1"
    )
    found = log(tmp_path, line, encoding="gb18030")
    assert found.rows("items") == [
        {
            "source": "log.csv",
            "place": "row 2",
            "agency": "上海市人民政府",
            "title": "关于甲的通知",
            "document_number": "沪府〔2021〕3号",
            "series": "沪府",
            "series_year": 2021,
            "serial": 3,
            "issued_on": date(2021, 1, 4),
            "published_on": date(2021, 1, 5),
            "published_time": None,
            "category": None,
            "channel": None,
            "validity": None,
            "index_number": None,
            "url": "https://a.cn/1",
            "related_url": None,
        }
    ]
    assert found.rows("problems") == []
    assert (found.kind, found.agency, found.media) == ("publication_log", "上海市人民政府", "csv")
    assert found.tables["items"].schema == ITEMS
    assert found.tables["problems"].schema == PROBLEMS


def test_every_unusable_date_and_row_is_told(tmp_path):
    found = log(
        tmp_path,
        "甲,2021-02-30,21-1-4,无,,",
        ",2021-01-01,,,,",
        "乙,2021-01-01,—,暂无,,",
        "丙,2021-01-01,,,,,多一格",
    )
    assert [(r["title"], r["published_on"]) for r in found.rows("items")] == [
        ("甲", None),
        ("乙", date(2021, 1, 1)),
    ]
    told = {(p["code"], p["place"]) for p in found.rows("problems")}
    assert told == {
        ("date.impossible", "row 2"),
        ("date.unreadable", "row 2"),
        ("row.no_title", "row 3"),
        ("row.ragged", "row 5"),
    }
    impossible = next(p for p in found.rows("problems") if p["code"] == "date.impossible")
    assert impossible["message"].startswith("发布日期 is 2021-02-30; expected a date such as")


def test_texts_are_trimmed_and_entities_resolved_but_addresses_keep_their_parameters(tmp_path):
    found = log(
        tmp_path,
        '"  关于&ldquo;甲&rdquo;\n的&nbsp;通知\u3000&amp;&#12304;乙&#12305;",2021-01-01,,,AT&T,'
        "https://a.cn/?a=1&amp;copy=2&lt=3",
    )
    (item,) = found.rows("items")
    assert item["title"] == "关于“甲”的 通知\u3000&【乙】"
    assert item["agency"] == "AT&T"
    assert item["url"] == "https://a.cn/?a=1&copy=2&lt=3"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("信息名称,公开日期,发文字号", {"title", "published_on", "document_number"}),
        ("title,pubdate,fileno,source", {"title", "published_on", "document_number", "agency"}),
        ("名 称：,发文时间,生成日期,来源", {"title", "published_on", "issued_on", "agency"}),
        (
            "*文件标题,publish_date,印发日期,有效性",
            {"title", "published_on", "issued_on", "validity"},
        ),
        ("Title,publishDate,索引号,栏目", {"title", "published_on", "index_number", "channel"}),
    ],
)
def test_headings_of_many_sites(tmp_path, header, fields):
    values = {
        "published_on": "2021-01-02",
        "issued_on": "2021-01-01",
        "document_number": "国发〔2021〕1号",
    }
    order = {
        "title": "甲",
        "agency": "乙",
        "validity": "有效",
        "index_number": "1",
        "channel": "公告",
    }
    columns = recognise(RawTable("csv", tuple(header.split(",")), iter(())), {})
    assert columns.kind == "publication_log"
    assert set(columns.fields) == fields
    by_column = {i: (values | order)[f] for f, i in columns.fields.items()}
    line = ",".join(by_column[i] for i in sorted(by_column))
    (item,) = log(tmp_path, line, header=header).rows("items")
    assert all(item[f] is not None for f in fields)


def test_a_sidecar_maps_columns_and_names_the_agency(tmp_path):
    sidecar = {"columns": {"事由": "title", "何时": "published_on"}, "agency": "某县人民政府"}
    found = log(tmp_path, "甲,2021-01-01", header="事由,何时", sidecar=sidecar)
    (item,) = found.rows("items")
    assert (item["title"], item["published_on"], item["agency"]) == (
        "甲", date(2021, 1, 1), "某县人民政府",
    )  # fmt: skip


def test_a_sidecar_that_names_no_field_of_ours_is_told(tmp_path):
    with pytest.raises(ReadError, match=r"names no field titel; expected .*agency, .*category,"):
        log(tmp_path, "甲,2021-01-01", sidecar={"columns": {"标题": "titel"}})


def test_unknown_columns_are_told_once(tmp_path):
    found = log(tmp_path, "甲,2021-01-01,x", "乙,2021-01-01,y", header="标题,发布日期,神秘列")
    assert [(p["code"], p["message"]) for p in found.rows("problems")] == [
        ("column.unused", "the column 神秘列 is not used")
    ]


def test_a_table_without_dates_is_no_log_and_says_what_is_missing(tmp_path):
    found = log(tmp_path, "甲,公告", header="标题,栏目")
    assert (found.kind, found.reason, set(found.tables)) == (
        "unknown", "table.unknown", {"problems"},
    )  # fmt: skip
    (problem,) = found.rows("problems")
    assert "headings found: 标题, 栏目" in problem["message"]
    assert "a title, and a date or an address" in problem["message"]


def test_dates_of_a_workbook_typed_as_numbers_or_as_text(tmp_path):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "2021年度信息公开目录")
        sheet.write_row(1, 0, ["标题", "发布日期", "文号"])
        sheet.write_row(2, 0, ["甲", 44477, "国发〔2021〕1号"])
        sheet.write(3, 0, "乙")
        sheet.write_datetime(3, 1, date(2021, 10, 9), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(4, 0, ["丙", "2021年10月10日"])
    found = extract_table(path, "log.xlsx", "", {})
    assert [(r["place"], r["published_on"]) for r in found.rows("items")] == [
        ("row 3", date(2021, 10, 8)),
        ("row 4", date(2021, 10, 9)),
        ("row 5", date(2021, 10, 10)),
    ]


def test_which_files_are_tables_at_first_sight():
    assert looks_tabular("a.csv", "标题,日期".encode())
    assert looks_tabular("a.CSV.GZ", b"\x1f\x8b")
    assert looks_tabular("a.json", b"[{}]")
    assert looks_tabular("a.parquet", b"PAR1")
    assert not looks_tabular("a.xlsx", b"PK\x03\x04xl/")
    assert not looks_tabular("a.csv", b"<html>")
    assert not looks_tabular("a.txt", "本报告".encode())
    assert not looks_tabular("a.html.gz", b"\x1f\x8b")


EXPECTED = {  # items, without 文号, parts of the 文号, issued_on, published_on
    "state_council": (5781, 473, 473, 66, 52),
    "guangdong": (4678, 255, 255, 1938, 0),
    "shanghai": (9100, 3191, 3191, 4576, 0),
    "sichuan": (3271, 114, 114, 1, 0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_logs_of_four_governments_come_through_whole(raw, name):
    items = extract_table(raw / "logs" / f"{name}.csv.gz", name, "", {}).tables["items"]
    columns = ("document_number", "series", "issued_on", "published_on")
    assert (len(items), *(items[c].null_count for c in columns)) == EXPECTED[name]
    assert items["title"].null_count == items["url"].null_count == 0


def test_the_one_date_that_cannot_be_is_told(raw):
    (problem,) = extract_table(raw / "logs" / "shanghai.csv.gz", "s", "", {}).rows("problems")
    assert (problem["code"], problem["place"]) == ("date.impossible", "row 52")
    assert problem["message"].startswith("成文日期 is 2028-07-31;")


def test_a_messy_site_index(raw):
    found = extract_table(raw / "logs" / "pingtan_index.tsv", "p", "", {})
    items = found.tables["items"]
    assert (len(items), items["document_number"].null_count, items["series"].null_count) == (
        327, 254, 254,
    )  # fmt: skip
    assert found.rows("problems") == []
    by_number = {
        r["document_number"]: (r["series"], r["series_year"], r["serial"])
        for r in found.rows("items")
    }
    assert by_number["岚综管综〔2015〕207"] == ("岚综管综", 2015, 207)
    assert by_number["闽岚综实管综〔2014〕114 号"] == ("闽岚综实管综", 2014, 114)
    assert by_number["岚综管综【2019】117号"] == ("岚综管综", 2019, 117)


def test_the_time_of_day_and_the_address_of_what_is_explained_are_kept(tmp_path):
    header = "标题,发布时间,链接,相关解读链接"
    found = log(
        tmp_path, "甲,2021-01-05 9:30:00,https://a.cn/1,https://a.cn/2?a=1&amp;b=2", header=header
    )
    (item,) = found.rows("items")
    assert (item["published_on"], item["published_time"]) == (date(2021, 1, 5), "09:30")
    assert item["related_url"] == "https://a.cn/2?a=1&b=2"


def test_a_list_of_channels_gives_their_names(tmp_path):
    lines = ("zwgk/gsgg,公示公告", "zwgk/sqbg,", ",无代码")
    found = log(tmp_path, *lines, header="channel,name", name="channels.csv")
    assert (found.kind, found.reason) == ("channels", None)
    assert [(r["place"], r["channel"], r["name"]) for r in found.rows("channels")] == [
        ("row 2", "zwgk/gsgg", "公示公告"),
        ("row 3", "zwgk/sqbg", None),
    ]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("channel.no_code", "row 4")
    ]


def test_a_sidecar_may_name_a_logs_channels(tmp_path):
    header, named = "标题,发布日期,栏目", {"channels": {"gsgg": "公示公告", 12: "人事"}}
    found = log(tmp_path, "甲,2021-01-05,gsgg", header=header, sidecar=named)
    assert found.kind == "publication_log"
    assert [(r["channel"], r["name"]) for r in found.rows("channels")] == [
        ("gsgg", "公示公告"),
        ("12", "人事"),
    ]
    with pytest.raises(ReadError, match="must be lines of `code: name`"):
        log(tmp_path, "甲,2021-01-05,gsgg", header=header, sidecar={"channels": ["gsgg"]})


def test_headers_that_are_repeated_and_sums_are_told_and_are_no_items(tmp_path):
    found = log(
        tmp_path,
        "甲,2021-01-01,,,,",
        HEADER,
        "乙,2021-01-02,,,,",
        "共2条,,,,,",
        "共10条便民措施,,,,,",
    )
    assert [r["title"] for r in found.rows("items")] == ["甲", "乙", "共10条便民措施"]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("row.no_item", "row 3"),
        ("row.no_item", "row 5"),
    ]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ('"关于印发<em>甲</em>的<b class=""x"">通知</b>"', "关于印发甲的通知"),
        ('"某市人民政府\n关于甲的通知"', "某市人民政府关于甲的通知"),
        ('"Notice\non A, x<5 and y>3"', "Notice on A, x<5 and y>3"),
    ],
)
def test_a_title_is_one_line_without_marks(tmp_path, printed, title):
    (item,) = log(tmp_path, f"{printed},2021-01-01,,,,").rows("items")
    assert item["title"] == title


def test_the_keys_of_content_systems_and_several_lists_of_one_object(tmp_path):
    path = tmp_path / "log.json"
    row = {"DOCTITLE": "甲", "DOCRELTIME": "2021/01/05 09:30:00", "FILENUM": "沪府〔2021〕3号"}
    groups = {
        "gongwen": {"list": [row]},
        "bumen": {"list": [{**row, "docpuburl": "http://a.cn/1"}]},
    }
    path.write_text(json.dumps({"data": {"catMap": groups}}), encoding="utf-8")
    found = extract_table(path, path.name, "", {})
    assert [
        (r["title"], r["published_time"], r["serial"], r["url"]) for r in found.rows("items")
    ] == [
        ("甲", "09:30", 3, None),
        ("甲", "09:30", 3, "http://a.cn/1"),
    ]
    path.write_text(json.dumps({"a": [row], "b": [{"x": 1}]}), encoding="utf-8")
    with pytest.raises(ReadError, match="2 lists of objects"):
        extract_table(path, path.name, "", {})


def test_headings_in_two_rows(tmp_path):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["序号", "文件", "", "日期", "", "发布机构"])
        sheet.write_row(1, 0, ["", "标题", "文号", "成文日期", "发布日期", ""])
        sheet.write_row(2, 0, ["1", "甲", "沪府〔2021〕3号", "2021-01-04", "2021-01-05", "某局"])
    (item,) = extract_table(path, path.name, "", {}).rows("items")
    assert (item["title"], item["serial"], item["agency"], item["place"]) == (
        "甲",
        3,
        "某局",
        "row 3",
    )
    assert (item["issued_on"], item["published_on"]) == (date(2021, 1, 4), date(2021, 1, 5))
