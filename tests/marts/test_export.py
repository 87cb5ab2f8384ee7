"""Marts as files: what is written comes back, missing is missing, formulas are texts."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.marts import facts
from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.marts.export import write
from zwgk_analytics.marts.safe import for_spreadsheet

FORMULAS = (
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "＠SUM(1)",
    '=HYPERLINK("http://x","y")',
)
FRAME = pl.DataFrame(
    {
        "title": [*FORMULAS[:2], "关于-印发", None],
        "n": [1, -2, 0, None],
        "money": [Decimal("1234567.891234"), Decimal("-0.5"), None, Decimal("12345678901234.567")],
        "on": [date(2024, 2, 29), None, date(1899, 5, 1), date(2025, 1, 1)],
        "flag": [True, False, None, True],
        "names": [["甲", "=乙"], [], None, ["丙"]],
    },
    schema_overrides={"money": pl.Decimal(20, 6)},
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_text(text):
    assert for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-", "——", "-5", "-1,234.5", "+3%", "甲=乙", "a@b", "2024-1"])
def test_what_is_no_formula_stays(text):
    assert for_spreadsheet(text) == text


@given(st.text())
def test_no_cell_of_a_csv_starts_a_formula(text):
    cell = for_spreadsheet(text)
    assert cell in {text, f"'{text}"}
    if cell.lstrip()[:1] in set("=@＝＠"):
        pytest.fail(repr(cell))


def test_csv_has_a_mark_and_no_formula(tmp_path):
    data = write(FRAME, tmp_path / "x.csv").read_bytes()
    assert data.startswith("\ufefftitle".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["'=cmd|'/c calc'!A0", "'+1+1", "关于-印发", ""]
    assert [row["n"] for row in rows] == ["1", "-2", "0", ""]
    assert [row["names"] for row in rows] == ["甲; =乙", "", "", "丙"]
    assert rows[0]["money"] == "1234567.891234"


def test_xlsx_keeps_texts_numbers_and_days(tmp_path):
    path = write(FRAME, tmp_path / "x.xlsx", "一" * 40)
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert head == FRAME.columns
    assert [row[0] for row in rows] == ["=cmd|'/c calc'!A0", "+1+1", "关于-印发", ""]
    assert [row[1] for row in rows] == [1, -2, 0, ""]
    assert [row[2] for row in rows] == [1234567.891234, -0.5, "", "12345678901234.567000"]
    assert [row[3] for row in rows] == [date(2024, 2, 29), "", "1899-05-01", date(2025, 1, 1)]
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_parquet_comes_back_as_it_was(tmp_path):
    assert pl.read_parquet(write(FRAME, tmp_path / "x.parquet")).equals(FRAME)


def test_json_is_one_array(tmp_path):
    rows = json.loads(write(FRAME, tmp_path / "x.json").read_text(encoding="utf-8"))
    assert rows[0] == {
        "title": "=cmd|'/c calc'!A0",
        "n": 1,
        "money": "1234567.891234",
        "on": "2024-02-29",
        "flag": True,
        "names": ["甲", "=乙"],
    }
    assert rows[3]["title"] is None
    assert write(FRAME.clear(), tmp_path / "none.json").read_text() == "[\n]\n"


def test_a_text_too_long_for_a_workbook_is_told(tmp_path):
    long = pl.DataFrame({"text": ["字" * 32_768]})
    with pytest.raises(ZwgkError, match=r"32,767 characters.*write \.csv or \.parquet"):
        write(long, tmp_path / "x.xlsx")


def test_an_unknown_suffix_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"x\.sav: a mart is written as \.csv, \.xlsx, \.parquet"):
        write(FRAME, tmp_path / "x.sav", "reports")


def test_a_mart_is_exported_as_it_is_chosen(tmp_path):
    file = tmp_path / "zwgk.duckdb"
    cells = facts.line("received", 1, 0, 0, 0, 0, 0, None)
    facts.marts(facts.duckdb.connect(str(file)), documents=[facts.document()], cells=cells).close()
    with Marts(file) as marts:
        path = marts.export("report_cells", tmp_path / "cells.csv", agency="甲市", value=None)
        assert pl.read_csv(path)["form_column"].to_list() == ["total"]
        with pytest.raises(UsageError, match="no mart 'nothing'"):
            marts.export("nothing", tmp_path / "x.csv")
