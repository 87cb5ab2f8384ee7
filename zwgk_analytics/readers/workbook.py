"""Workbook bytes → the texts and merged ranges of its sheets."""

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Literal

import xlrd
from python_calamine import CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook
from xlrd.biffh import XLRDError

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.package import MAX_CELLS, check_extent, damaged, encrypted, repack

Slot = tuple[int, int]  # row, column, 0-based
Value = int | float | str | bool | time | date | datetime | timedelta

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: texts from A1 on, in rows of unequal length; merged slots, first to last."""

    name: str
    is_hidden: bool
    rows: list[list[str]]
    merged: list[tuple[Slot, Slot]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: `media` is xlsx or xls, `meta` its document properties."""

    media: str
    meta: dict[str, str]
    sheets: list[Sheet]


def load(data: bytes, max_cells: int = MAX_CELLS) -> Workbook:
    """The worksheets of an XLSX or XLS file, visible and hidden, in the workbook's order.

    A number keeps the 15 digits that a spreadsheet holds and carries no format (0.125 where the
    sheet shows 12.5%); dates are ISO text; an error cell is its text (#REF!); a formula that was
    never calculated is its own text, so that it is not taken for a blank.

    Raises:
        ReadError: damaged, truncated, encrypted, unsupported, or more than `max_cells` cells or
            `MAX_COLUMNS` columns in a sheet (`too_large`).
    """
    try:
        return (_load_xls if data.startswith(_OLE) else _load_xlsx)(data, max_cells)
    except (ReadError, MemoryError):
        raise
    except BaseException as error:
        # whatever a parser trips over; its panics are no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            what = " ".join(f"{type(error).__name__} {error}".split())
            raise damaged(what) from error
        raise


def _load_xlsx(data: bytes, max_cells: int) -> Workbook:
    checked, meta = repack(data, max_cells)
    with load_workbook(BytesIO(checked)) as book:
        sheets = [
            Sheet(
                found.name,
                found.visible is not SheetVisibleEnum.Visible,
                _xlsx_rows(sheet := book.get_sheet_by_index(index)),
                sheet.merged_cell_ranges or [],
            )
            for index, found in enumerate(book.sheets_metadata)
            if found.typ is SheetTypeEnum.WorkSheet
        ]
    return Workbook("xlsx", meta, sheets)


def _xlsx_rows(sheet: CalamineSheet) -> list[list[str]]:
    return [[text_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _load_xls(data: bytes, max_cells: int) -> Workbook:
    if _PASSWORD_PACKAGE in data:
        raise encrypted()
    try:
        with Path(os.devnull).open("w") as log:
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, ragged_rows=True, logfile=log
            )
    except XLRDError as error:
        if "encrypted" in str(error):
            raise encrypted() from error
        raise
    sheets = [_xls_sheet(sheet, book.datemode, max_cells) for sheet in book.sheets()]
    return Workbook("xls", {}, sheets)


def _xls_sheet(sheet: xlrd.sheet.Sheet, datemode: Literal[0, 1], max_cells: int) -> Sheet:
    rows = [_trimmed([_xls_text(cell, datemode) for cell in row]) for row in sheet.get_rows()]
    while rows and not rows[-1]:
        rows.pop()
    check_extent(len(rows), max(map(len, rows), default=0), max_cells)
    merged = [((top, left), (b - 1, r - 1)) for top, b, left, r in sheet.merged_cells]
    return Sheet(sheet.name, sheet.visibility != 0, rows, merged)


def _trimmed(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _xls_text(cell: xlrd.sheet.Cell, datemode: Literal[0, 1]) -> str:
    if isinstance(cell.value, str):
        return text_of(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(int(cell.value), "#N/A")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return text_of(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _xls_date(cell.value, datemode)
    return text_of(cell.value)


def _xls_date(serial: float, datemode: Literal[0, 1]) -> str:
    """ISO text of a date, a time of day (below 1) or, where it is no date at all, the number."""
    try:
        moment = xlrd.xldate.xldate_as_datetime(serial, datemode)
    except (OverflowError, ValueError):
        return text_of(serial)
    if serial < 1:
        return text_of(moment.time())
    return text_of(moment if moment.time() != time() else moment.date())


def text_of(value: Value) -> str:
    """A cell's value as text: 3.0 → "3", 0.1 + 0.2 → "0.3", dates in ISO form, TRUE or FALSE."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return format(Decimal(f"{value + 0.0:.15g}"), "f")
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)
