"""Tables of every format and with every kind of dirt → the same rows, with their numbers."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import delimited
from zwgk_analytics.readers.tabular import RawTable, read_tables, sniff_table

HEADINGS = {"标题", "日期", "文号"}
ROWS = [(2, "关于甲的通知", "2021-01-01", "国发〔2021〕1号"), (3, "关于乙的通知", None, None)]


def is_header(row) -> bool:
    return len(HEADINGS & set(row)) >= 2


def rows_of(table: RawTable) -> list[tuple]:
    return [tuple(row.values()) for batch in table.batches for row in batch.to_pylist()]


def read(tmp_path: Path, data: bytes, name: str = "log.csv") -> RawTable:
    path = tmp_path / name
    path.write_bytes(data)
    (table,) = read_tables(path, is_header)
    return table


def text(delimiter: str) -> str:
    lines = ["标题,日期,文号", "关于甲的通知,2021-01-01,国发〔2021〕1号", "关于乙的通知,,"]
    return "\n".join(lines).replace(",", delimiter)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_delimited_text_in_any_encoding(tmp_path, delimiter, encoding, pack):
    data = text(delimiter).encode(encoding)
    table = read(tmp_path, pack(data), "log.csv.gz" if pack is gzip.compress else "log.csv")
    assert table.names == ("标题", "日期", "文号")
    assert rows_of(table) == ROWS
    assert table.faults == []


def test_workbook_with_titles_above_and_two_sheets(tmp_path):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一季度", "二季度"):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "政府信息公开目录")
            sheet.write_row(2, 0, ["标题", "日期", "文号"])
            sheet.write_row(3, 0, ["关于甲的通知", 2021, "国发〔2021〕1号"])
        book.add_worksheet("说明").write(0, 0, "填报说明")
    first, second = read_tables(path, is_header)
    assert (first.media, first.sheet, second.sheet) == ("xlsx", "一季度", "二季度")
    assert rows_of(first) == [(4, "关于甲的通知", "2021", "国发〔2021〕1号")]
    assert [f.message for f in first.faults + second.faults] == [
        "the sheet 说明 has no header row that we know: it is not used"
    ]


OBJECTS = [{"标题": "甲", "日期": 20210101}, {"标题": "乙", "文号": None, "日期": ""}]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps(OBJECTS)),
        ("a.json", json.dumps({"code": 0, "data": {"total": 2, "list": OBJECTS}}, indent=1)),
        ("a.ndjson", "\n".join(map(json.dumps, OBJECTS))),
        ("a.jsonl", "\n\n".join(json.dumps(o, ensure_ascii=False) for o in OBJECTS)),
        ("a.json", "\n".join(map(json.dumps, OBJECTS))),
    ],
)
def test_json_lists_objects_and_lines(tmp_path, name, data):
    table = read(tmp_path, data.encode(), name)
    read_rows = [dict(zip(("row", *table.names), r, strict=True)) for r in rows_of(table)]
    assert read_rows == [
        {"row": 1, "标题": "甲", "日期": "20210101", "文号": None},
        {"row": 2, "标题": "乙", "日期": None, "文号": None},
    ]


def test_a_broken_json_line_is_told_and_the_others_are_read(tmp_path):
    table = read(tmp_path, b'{"a": "1"}\n{"a": \n{"a": "3"}\n', "a.ndjson")
    assert rows_of(table) == [(1, "1"), (3, "3")]
    assert [(f.code, f.row) for f in table.faults] == [("row.damaged", 2)]


def test_parquet_types_become_text(tmp_path):
    path = tmp_path / "a.parquet"
    from datetime import date

    columns = {"标题": ["甲", None], "日期": [date(2021, 1, 1), None], "年": [2021.0, 2022.0]}
    pq.write_table(pa.table(columns), path)
    (table,) = read_tables(path, is_header)
    assert rows_of(table) == [(1, "甲", "2021-01-01", "2021"), (2, None, None, "2022")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('关于"放管服"改革,2021,1', '关于"放管服"改革'),
        ('"放管服"改革的通知,2021,1', '"放管服"改革的通知'),
        ('"关于""放管服""的通知",2021,1', '关于"放管服"的通知'),
        ('"关于"放管服"的通知",2021,1', '关于"放管服"的通知'),
        ('"未闭合的标题,2021,1', '"未闭合的标题'),
        ('"甲,乙",2021,1', "甲,乙"),
        ('"甲\n乙",2021,1', "甲\n乙"),
        ('"甲,一,二\n乙",2021,1', "甲,一,二\n乙"),
    ],
)
def test_quotation_marks_in_titles(tmp_path, line, title):
    table = read(tmp_path, f"标题,日期,文号\n前,2020,0\n{line}\n后,2022,2\n".encode())
    assert rows_of(table) == [
        (2, "前", "2020", "0"),
        (3, title, "2021", "1"),
        (4, "后", "2022", "2"),
    ]
    assert table.faults == []


def test_records_over_the_borders_of_chunks(tmp_path, monkeypatch):
    lines = ['"甲\n""乙"",\n丙",1,"x"', '关于"丁"的,2,', '"戊"己,3,y', '"庚,4,z', '"辛","5\n","\n"']
    data = ("标题,日期,文号\n" + "\n".join(lines * 5)).encode("gb18030")
    whole = rows_of(read(tmp_path, data))
    assert [r[1:] for r in whole] == 5 * [
        ('甲\n"乙",\n丙', "1", "x"),
        ('关于"丁"的', "2", None),
        ('"戊"己', "3", "y"),
        ('"庚', "4", "z"),
        ("辛", "5\n", "\n"),
    ]
    monkeypatch.setattr(delimited, "CHUNK", 50)
    assert rows_of(read(tmp_path, data)) == whole


def test_a_quoted_line_break_in_the_last_column(tmp_path):
    table = read(tmp_path, '日期,标题\n1,"甲\n乙"\n2,丙\n'.encode())
    assert rows_of(table) == [(2, "1", "甲\n乙"), (3, "2", "丙")]


def test_ragged_rows_are_told_by_number_and_not_shifted(tmp_path):
    lines = ["说明", "", "标题,日期,文号", "甲,1,2", "短,1", "乙,1,2", "长,1,2,3", ",,", "丙,1,2"]
    table = read(tmp_path, "\r\n".join(lines).encode())
    assert rows_of(table) == [(4, "甲", "1", "2"), (6, "乙", "1", "2"), (9, "丙", "1", "2")]
    assert [(f.code, f.row) for f in table.faults] == [("row.ragged", 5), ("row.ragged", 7)]
    assert "header has 3 columns, this row has 2 fields" in table.faults[0].message


def test_a_delimiter_at_the_end_of_every_row_is_no_shift(tmp_path):
    table = read(tmp_path, "标题,日期\n甲,1,\n乙,2,\n".encode())
    assert table.names == ("标题", "日期", "")
    assert rows_of(table) == [(2, "甲", "1", None), (3, "乙", "2", None)]


def test_damaged_bytes_are_counted(tmp_path):
    good = "标题,日期\n" + "关于做好有关工作的通知,2021\n" * 20
    table = read(tmp_path, good.encode() + b"\xff\xe5,2022\n")
    assert rows_of(table)[-1][2] == "2022"
    assert [f.code for f in table.faults] == ["encoding.damaged"]
    assert "utf-8" in table.faults[0].message


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b" \r\n\t", "empty"),
        ("a.csv.gz", gzip.compress(b"x" * 100_000)[:-20], "truncated"),
        ("a.csv", b"<html><table></table>", "unsupported"),
        ("a.json", b"[1, 2", "damaged"),
        ("a.json", b'{"a": 1}', "unsupported"),
        ("a.parquet", b"PAR1 broken", "damaged"),
        ("a.xlsx", b"PK\x03\x04 broken xl/", "truncated"),
    ],
)
def test_what_is_no_table_says_so(tmp_path, name, data, code):
    with pytest.raises(ReadError) as told:
        for table in read_tables(_written(tmp_path / name, data), is_header):
            rows_of(table)
    assert told.value.code == code
    assert "\n" not in str(told.value)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_sniffing_trusts_bytes_before_names():
    assert sniff_table("a.csv", b"PK\x03\x04xl/workbook.xml") == "xlsx"
    assert sniff_table("a.csv", "标题,日期".encode()) == "csv"
    assert sniff_table("a.csv", b"<html>") is None
    assert sniff_table("a.pdf", b"%PDF-1.7") is None


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_read_error(tmp_path_factory, data):
    path = _written(tmp_path_factory.mktemp("any") / "a.csv", data)
    try:
        for table in read_tables(path, is_header):
            rows_of(table)
    except ReadError as error:
        assert error.code in {"empty", "unsupported", "damaged", "truncated"}


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=6))
def test_well_formed_csv_comes_back_as_written(tmp_path_factory, rows):
    import csv
    import io

    clean = [[c.replace("\0", "").replace("\r", "") for c in row] for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["标题", "日期", "文号"], *clean])
    data = buffer.getvalue().encode("utf-8", "replace")
    path = _written(tmp_path_factory.mktemp("csv") / "a.csv", data)
    (table,) = read_tables(path, is_header)
    written = [tuple(c.encode("utf-8", "replace").decode() or None for c in r) for r in clean]
    assert [r[1:] for r in rows_of(table)] == [r for r in written if any(r)]
