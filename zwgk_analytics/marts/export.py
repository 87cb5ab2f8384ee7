"""Marts as files for other programs: CSV, XLSX, Parquet, JSON. Missing stays missing."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.safe import for_spreadsheet

if TYPE_CHECKING:
    import polars as pl

_ROWS_OF_A_SHEET = 1_048_576
_CHARACTERS_OF_A_CELL = 32_767
_EXACT_DIGITS = 15
_FIRST_YEAR = 1900  # that a workbook knows


def write(frame: "pl.DataFrame", path: str | Path, name: str = "marts") -> Path:
    """Writes the rows of a frame to a file whose suffix says the format, and returns its path.

    CSV is UTF-8 with a mark that spreadsheets know; texts that a spreadsheet would calculate have
    an apostrophe before them. XLSX holds such texts as they are, as strings; a number of more than
    15 digits is a string there, and so is a day before 1900. JSON is one array of objects, days
    and numbers with decimals as strings.

    Raises:
        UsageError: the suffix is none that can be written.
        ZwgkError: the rows or a text are too many for a spreadsheet; the message says what to do.
    """
    target = Path(path)
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        known = ", ".join(_WRITERS)
        raise UsageError(f"{target.name}: a mart is written as {known}; name the file {name}.csv")
    writer(frame, target, name)
    return target


def _csv(frame: "pl.DataFrame", path: Path, _name: str) -> None:
    import polars as pl  # slow to import

    texts = pl.selectors.string()
    guarded = _flat(frame).with_columns(texts.map_elements(for_spreadsheet, return_dtype=pl.String))
    guarded.write_csv(path, include_bom=True)


def _flat(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Lists as one text each, their parts apart by `; `."""
    import polars as pl  # slow to import

    lists = pl.selectors.by_dtype(pl.List(pl.String))
    return frame.with_columns(lists.list.join("; "))


def _parquet(frame: "pl.DataFrame", path: Path, _name: str) -> None:
    frame.write_parquet(path)


def _json(frame: "pl.DataFrame", path: Path, _name: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for index, row in enumerate(frame.iter_rows(named=True)):
            file.write(",\n" if index else "\n")
            file.write(json.dumps(row, ensure_ascii=False, default=str))
        file.write("\n]\n")


def _xlsx(frame: "pl.DataFrame", path: Path, name: str) -> None:
    if frame.height >= _ROWS_OF_A_SHEET:
        raise ZwgkError(
            f"{path.name}: a sheet holds {_ROWS_OF_A_SHEET - 1:,} rows and a head, {name} has "
            f"{frame.height:,}: write .csv or .parquet, or fewer years"
        )
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise ZwgkError(
            f"{path.name}: writing a workbook needs xlsxwriter: pip install 'zwgk-analytics[brief]'"
        ) from error
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True})
        for column, title in enumerate(frame.columns):
            sheet.write_string(0, column, title, bold)
        for index, row in enumerate(_flat(frame).iter_rows(), 1):
            for column, value in enumerate(row):
                _put(sheet, index, column, value)
        sheet.freeze_panes(1, 0)


def _put(sheet: object, row: int, column: int, value: object) -> None:
    """One cell: numbers as numbers, days as days, every text as a string, nothing for missing."""
    write: Callable[..., int]
    if value is None:
        return
    if isinstance(value, bool):
        write = sheet.write_boolean  # type: ignore[attr-defined]
    elif isinstance(value, int | float | Decimal) and _is_exact(value):
        write = sheet.write_number  # type: ignore[attr-defined]
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        write = sheet.write_datetime  # type: ignore[attr-defined]
    else:
        write, value = sheet.write_string, str(value)  # type: ignore[attr-defined]
        if len(value) > _CHARACTERS_OF_A_CELL:
            raise ZwgkError(
                f"row {row}: a cell of a workbook holds {_CHARACTERS_OF_A_CELL:,} characters, the "
                f"text that begins with {value[:20]!r} has {len(value):,}: write .csv or .parquet"
            )
    write(row, column, value)


def _is_exact(value: int | float | Decimal) -> bool:
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor not a number
    return len(f"{Decimal(value).normalize():f}".strip("-").replace(".", "")) <= _EXACT_DIGITS


_WRITERS: dict[str, Callable[["pl.DataFrame", Path, str], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".json": _json,
}
