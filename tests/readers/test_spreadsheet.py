"""Workbooks → paragraphs and grids: literal sheets, limits, damage, random grids."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.writers.grids import grids, shape
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document, Grid
from zwgk_analytics.readers.spreadsheet import read
from zwgk_analytics.readers.workbook import load, text_of

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def xlsx(*draw: Callable[[Any, Any], None]) -> bytes:
    """A workbook of one sheet for each function, which gets (sheet, book)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for number, function in enumerate(draw, start=1):
            function(book.add_worksheet(f"表{number}"), book)
    return target.getvalue()


def xls(draw: Callable[[Any], None]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    draw(book.add_sheet("表1"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def texts(document: Document) -> list[str | list[list[str | None]]]:
    return [
        [[cell and cell.text for cell in row] for row in block.slots()]
        if isinstance(block, Grid)
        else block.text
        for block in document.blocks
    ]


def code(data: bytes) -> str:
    with pytest.raises(ReadError) as raised:
        read(data)
    assert "\n" not in str(raised.value)
    return raised.value.code


def small(sheet: Any, book: Any) -> None:
    sheet.write_row(0, 0, ["行政许可", 1])
    sheet.write_row(1, 0, ["行政处罚", 2])


def test_values_are_shown_as_the_sheet_shows_them() -> None:
    def draw(sheet: Any, book: Any) -> None:
        day, moment, clock = (
            book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm")
        )
        sheet.write_row(0, 0, ["文字", 3, 0.1 + 0.2, 96171.6, -0.0, 12345678901234567890, True])
        sheet.write_datetime(1, 0, datetime(2025, 1, 20), day)
        sheet.write_datetime(1, 1, datetime(2025, 1, 20, 10, 30), moment)
        sheet.write_datetime(1, 2, time(9, 5), clock)
        sheet.write_string(1, 3, "007")
        sheet.write_string(1, 4, " 两行\n文字\u3000")
        sheet.write_string(1, 5, "1,234")
        sheet.write_boolean(1, 6, False)

    assert texts(read(xlsx(draw))) == [
        [
            ["文字", "3", "0.3", "96171.6", "0", "12345678901234600000", "TRUE"],
            [
                "2025-01-20",
                "2025-01-20 10:30:00",
                "09:05:00",
                "007",
                "两行\n文字",
                "1,234",
                "FALSE",
            ],
        ]
    ]


def test_a_failed_or_uncalculated_formula_is_no_blank() -> None:
    def draw(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, ["总计", 5])
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 1, "=SUM(B1:B9)", None, "")
        sheet.write_formula(2, 0, "=A9", None, "#REF!")
        sheet.write_formula(2, 1, "=2+3", None, 5)

    grid = [["总计", "5"], ["#DIV/0!", "=SUM(B1:B9)"], ["#REF!", "5"]]
    assert texts(read(xlsx(draw))) == [grid]


def test_title_rows_are_paragraphs_and_group_rows_stay_in_the_grid() -> None:
    def draw(sheet: Any, book: Any) -> None:
        sheet.merge_range("A1:C2", "某市2024年报告")
        sheet.write("A3", "发布日期：2025-01-20")
        sheet.write_row("A5", ["信息内容", "本年制发件数", "现行有效件数"])
        sheet.write_row("A6", ["规章", 1, 2])
        sheet.merge_range("A7:C7", "第二十条第（五）项")
        sheet.write_row("A8", ["行政许可", 447228])
        sheet.write("A9", "行政强制")
        sheet.merge_range("A10:C10", "注：本表由各单位填报")
        sheet.write_row("B12", ["行政复议", 3])

    document = read(xlsx(draw))
    assert texts(document) == [
        "某市2024年报告",
        "发布日期：2025-01-20",
        [
            ["信息内容", "本年制发件数", "现行有效件数"],
            ["规章", "1", "2"],
            ["第二十条第（五）项"] * 3,
            ["行政许可", "447228", ""],
            ["行政强制", "", ""],
        ],
        "注：本表由各单位填报",
        [["行政复议", "3"]],
    ]
    assert [block.place for block in document.blocks] == [
        "sheet 表1, row 1",
        "sheet 表1, row 3",
        "sheet 表1, table 1 from A5",
        "sheet 表1, row 10",
        "sheet 表1, table 2 from B12",
    ]


def test_a_table_at_a1_needs_no_start_in_its_place() -> None:
    grid = read(xlsx(small)).grids[0]
    assert grid.place_of(grid.cells[-1]) == "sheet 表1, table 1, row 2, column 2"


def test_a_merged_cell_covers_its_slots_and_hides_what_lies_beneath() -> None:
    def draw(sheet: Any, book: Any) -> None:
        sheet.merge_range("A1:A3", "三、本年度办理结果")
        sheet.merge_range("B1:C1", "（三）不予公开")
        sheet.write("C1", 99)
        sheet.write_row("B2", ["国家秘密", 2])
        sheet.write("C3", 3)

    assert shape(read(xlsx(draw)).grids[0]) == [
        ("三、本年度办理结果", 0, 0, 3, 1),
        ("（三）不予公开", 0, 1, 1, 2),
        ("国家秘密", 1, 1, 1, 1),
        ("2", 1, 2, 1, 1),
        ("", 2, 1, 1, 1),
        ("3", 2, 2, 1, 1),
    ]


def test_a_row_merged_to_the_border_ends_with_the_table() -> None:
    def draw(sheet: Any, book: Any) -> None:
        sheet.merge_range("A1:XFD1", "标题")
        sheet.write_row("A2", ["行政许可", 1])
        sheet.merge_range("A3:XFD3", "第二十条第（六）项")
        sheet.write_row("A4", ["行政处罚", 2])

    body = [["行政许可", "1"], ["第二十条第（六）项"] * 2, ["行政处罚", "2"]]
    assert texts(read(xlsx(draw))) == ["标题", body]


def test_hidden_sheets_come_last_and_say_so() -> None:
    def hidden(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, ["去年", 1])
        sheet.hide()

    def shown(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, ["今年", 2])
        sheet.activate()
        sheet.set_first_sheet()
        book.add_chartsheet("图")

    document = read(xlsx(hidden, shown))
    assert texts(document) == [[["今年", "2"]], [["去年", "1"]]]
    assert [g.place for g in document.grids] == ["sheet 表2, table 1", "hidden sheet 表1, table 1"]


def test_meta_holds_the_core_properties() -> None:
    def draw(sheet: Any, book: Any) -> None:
        book.set_properties({"title": "某市2024年报告", "author": "某市政府"})
        small(sheet, book)

    meta = read(xlsx(draw)).meta
    assert (meta["title"], meta["creator"]) == ("某市2024年报告", "某市政府")


def test_xls_reads_as_xlsx_does() -> None:
    def draw(sheet: Any) -> None:
        sheet.write_merge(0, 1, 0, 2, "某市2024年报告")
        sheet.write_merge(2, 2, 0, 1, "行政许可")
        sheet.write(2, 2, 447228)
        sheet.write(3, 0, date(2025, 1, 20), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
        sheet.write(3, 1, time(10, 30), xlwt.easyxf(num_format_str="hh:mm"))
        sheet.row(3).set_cell_error(2, "#REF!")
        sheet.row(4).set_cell_boolean(0, True)
        sheet.write(4, 1, 0.1 + 0.2)

    document = read(xls(draw))
    assert document.media == "xls"
    assert texts(document) == [
        "某市2024年报告",
        [
            ["行政许可", "行政许可", "447228"],
            ["2025-01-20", "10:30:00", "#REF!"],
            ["TRUE", "0.3", ""],
        ],
    ]


def test_a_lone_cell_in_the_last_corner_is_refused() -> None:
    def far(sheet: Any, book: Any) -> None:
        small(sheet, book)
        sheet.write(1_048_575, 16_383, 1)

    def styled(sheet: Any, book: Any) -> None:
        small(sheet, book)
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"border": 1}))

    assert code(xlsx(far)) == "too_large"
    assert texts(read(xlsx(styled))) == texts(read(xlsx(small)))
    assert code(xls(lambda sheet: sheet.write(65_535, 255, 1))) == "too_large"


def test_the_limits_on_columns_and_cells() -> None:
    wide = xlsx(lambda sheet, book: sheet.write_row(0, 0, range(201)))
    fitting = xlsx(lambda sheet, book: sheet.write_row(0, 0, range(200)))
    long = xlsx(lambda sheet, book: [sheet.write(row, 0, row) for row in (0, 1, 200_000)])
    assert code(wide) == "too_large"
    assert read(fitting).grids[0].n_columns == 200
    assert code(long) == "too_large"
    assert len(load(long, max_cells=300_000).sheets[0].rows) == 200_001


def test_a_zip_bomb_is_refused_unread() -> None:
    target = io.BytesIO(xlsx(small))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet9.xml", b" " * (65 << 20))
    assert code(target.getvalue()) == "too_large"


def test_a_claimed_count_takes_no_memory() -> None:
    def boast(name: str, content: bytes) -> bytes:
        return content.replace(b'uniqueCount="2"', b'uniqueCount="4294967295"')

    data = repacked(xlsx(small), boast)
    assert b"4294967295" in data
    assert texts(read(data)) == texts(read(xlsx(small)))


def test_a_document_type_is_refused() -> None:
    declaration = b'<!DOCTYPE worksheet [<!ENTITY a "1">]><worksheet'

    def declare(name: str, content: bytes) -> bytes:
        return content.replace(b"<worksheet", declaration)

    assert code(repacked(xlsx(small), declare)) == "damaged"


def test_a_workbook_cut_short_or_with_flipped_bits_is_told() -> None:
    data = xlsx(small)
    assert code(data[: len(data) // 2]) == "truncated"
    middle = data.index(b"PK\3\4", 10)
    assert code(data[:middle] + b"PK\3\5" + data[middle + 4 :]) == "damaged"
    old = xls(lambda sheet: sheet.write(0, 0, "文字"))
    assert code(old[: len(old) // 2]) == "damaged"


def test_a_sheet_that_the_package_lacks_is_told() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(small))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
    assert code(target.getvalue()) == "damaged"


def test_passwords_are_told() -> None:
    envelope = xls(small_xls) + "EncryptedPackage".encode("utf-16-le")
    assert code(envelope) == "encrypted"
    marked = bytearray(xlsx(small))
    for start in (marked.index(b"PK\1\2") + 8, marked.index(b"PK\3\4") + 6):
        marked[start] |= 1
    assert code(bytes(marked)) == "encrypted"


def small_xls(sheet: Any) -> None:
    sheet.write(0, 0, "行政许可")
    sheet.write(0, 1, 1)


def test_what_is_no_workbook_is_unsupported() -> None:
    assert code(b"") == "unsupported"
    assert code(b"<html></html>") == "unsupported"
    binary = repacked(xlsx(small), lambda name, content: content)
    target = io.BytesIO(binary)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/workbook.bin", b"\0")
    assert code(target.getvalue()) == "unsupported"


@QUICK
@given(st.floats(-1e300, 1e300))
def test_a_number_keeps_fifteen_digits(value: float) -> None:
    assert float(text_of(value)) == pytest.approx(value, rel=1e-14)
    assert "e" not in text_of(value).lower()


@QUICK
@given(grids())
def test_random_merged_grids_keep_texts_and_spans(grid: Grid) -> None:
    def draw(sheet: Any, book: Any) -> None:
        for cell in grid.cells:
            top, left = cell.row + 2, cell.column + 1
            bottom, right = top + cell.rowspan - 1, left + cell.colspan - 1
            if (bottom, right) == (top, left):
                sheet.write_string(top, left, cell.text)
            else:
                sheet.merge_range(top, left, bottom, right, "")
                sheet.write_string(top, left, cell.text)

    document = read(xlsx(draw))
    assert [shape(found) for found in document.grids] == [shape(grid)]
    assert document.grids[0].place == "sheet 表1, table 1 from B3"


@QUICK
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
)
def test_any_bytes_are_a_document_or_a_read_error(tail: bytes, head: bytes) -> None:
    try:
        assert isinstance(read(head + tail), Document)
    except ReadError as error:
        assert error.code in {"damaged", "truncated", "encrypted", "unsupported", "too_large"}


@QUICK
@given(st.data())
def test_a_damaged_xls_is_a_document_or_a_read_error(data: st.DataObject) -> None:
    damaged = bytearray(xls(small_xls))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read(bytes(damaged)).media == "xls"
    except ReadError as error:
        assert error.code


@QUICK
@given(st.data())
def test_damaged_xml_is_a_document_or_a_read_error(data: st.DataObject) -> None:
    def damage(name: str, content: bytes) -> bytes:
        if "theme" in name or not data.draw(st.booleans()):
            return content
        place = data.draw(st.integers(0, len(content) - 1))
        return content[:place] + data.draw(st.binary(max_size=4)) + content[place + 1 :]

    try:
        assert read(repacked(xlsx(small), damage)).media == "xlsx"
    except ReadError as error:
        assert error.code
