"""A blank ledger (台账) of a kind, to be filled in: a workbook, or the header line of a CSV."""

import csv
import io
from typing import TYPE_CHECKING, Any

from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms.records import RecordColumn, RecordKind
from zwgk_analytics.writers.layout import require

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MEDIA = ("xlsx", "csv")
_ROWS = 5000  # as far down as cells offer their choices
_NARROW, _WIDE = 12, 28
_KINDS_ZH = {
    "date": "日期，如 2025-04-10",
    "integer": "整数",
    "number": "数字",
    "yes_no": "是 或 否",
    "element": "公开的内容，或 √；未公开填 无",
    "pseudonym": "读入时只留本机密钥的散列，不留原文",
    "personal": "读入时不保留",
}


def ledger_template(kind: RecordKind, media: str) -> bytes:
    """The blank ledger: one heading a column, as `zwgk refresh` reads them back.

    In a workbook each heading carries how it is filled and an example as its comment, and the
    cells below offer the words that are understood.

    Raises:
        UsageError: there is no template in `media`.
        ZwgkError: xlsxwriter is missing.
    """
    if media not in MEDIA:
        raise UsageError(f"no template as {media!r}; give a name that ends in .xlsx or .csv")
    return _workbook(kind) if media == "xlsx" else _line(kind)


def heading_of(column: RecordColumn) -> str:
    """How the template prints a column: its label, with its unit where it has one."""
    return f"{column.label}（{column.unit}）" if column.unit else column.label


def _line(kind: RecordKind) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([heading_of(c) for c in kind.columns])
    return text.getvalue().encode("utf-8-sig")  # the mark, or Excel takes it for GBK


def _workbook(kind: RecordKind) -> bytes:
    target = io.BytesIO()
    book = require("xlsxwriter", "xlsxwriter").Workbook(target, {"in_memory": True})
    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    needed = {key for some in kind.needs for key in some}
    formats = {
        True: book.add_format({**head, "bg_color": "#FCE4D6"}),
        False: book.add_format({**head, "bg_color": "#DDEBF7"}),
    }
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(kind.label[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for index, column in enumerate(kind.columns):
        sheet.write_string(0, index, heading_of(column), formats[column.key in needed])
        sheet.write_comment(0, index, _about(column), {"x_scale": 2, "y_scale": 1.2})
        width = _WIDE if column.type == "text" else _NARROW
        sheet.set_column(index, index, width, day if column.type == "date" else None)
        _offer(sheet, index, column)
    book.close()
    return target.getvalue()


def _about(column: RecordColumn) -> str:
    lines = [column.label, _KINDS_ZH.get(column.type, "")]
    if column.choices:
        lines.append("可填：" + "、".join(words[0] for words in column.choices.values()))
    if column.example:
        lines.append(f"例：{column.example}")
    return "\n".join(line for line in lines if line)


def _offer(sheet: "Worksheet", index: int, column: RecordColumn) -> None:
    words = [w[0] for w in column.choices.values()] if column.choices else []
    if column.type == "yes_no":
        words = ["是", "否"]
    if not words or len(",".join(words)) > 255:  # what a list of a cell may hold
        return
    rule: dict[str, Any] = {"validate": "list", "source": words, "error_type": "warning"}
    sheet.data_validation(1, index, _ROWS, index, rule)
