"""Ledgers (督查, 整改, 事项, 会议, 申请 …) → one row a record, typed as the kind's form says."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.dates import EXPECTED, read_date, read_day, read_time
from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.numbers import convert_money, is_money, stated_money_unit
from zwgk_analytics.facts.personal import code, masked, pseudonym
from zwgk_analytics.facts.record_schema import schema_of
from zwgk_analytics.facts.surroundings import years_of
from zwgk_analytics.facts.table_rows import Told, text_rows
from zwgk_analytics.forms import fold
from zwgk_analytics.forms.records import RecordColumn, RecordKind, record_kinds, record_words
from zwgk_analytics.readers.tabular import RawTable

_SPACE = re.compile(r"\s+")
_PARTS = re.compile(r"[()（）\[\]【】〔〕:：/—–-]+")
_QUANTITIES = {"integer", "number"}
_GROUPED = ("agency", "section", "meeting")
_NO_FIELD = "·"
_NOTE = "a line below the table, as 注：…: it is no record"
_HALF_A_YEAR = timedelta(days=183)
_BY = re.compile(r"\s*(?:[之以]?前|底前?)(?:完成)?$")  # 9月20日前
_TAKES_BACK = re.compile("[未不没无尚拟将待]|部分|基本|计划|预计")
_DEDUCTED = re.compile(r"^扣[减除]?")
_LESS = re.compile(r"^[-－—]\s*(?=[0-9])")  # -0.5 below 扣分 is half a point off
_DITTO = {"同上", "〃", "″", "″″", "''", '"'}
_ENUMERATED = re.compile(r"^[（(][一二三四五六七八九十\d]{1,3}[)）]")


def records(
    table: RawTable, columns: Columns, source: str, sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """The records (`facts.record_schema`) and problems (`PROBLEMS`) of one table of a ledger.

    A cell that cannot be read as its column's type is null and told. A row of totals is no record.
    A cell merged over several rows holds for each of them; a number so merged, which may be one sum
    for all, stays with the first and is told. What a row filled by one text says, or a line above
    the table, holds for the rows below it. A date without a year is of the year that the title
    names, where all of its row may be.
    What could identify a private person is dropped or hashed here, and masked in free text.
    """
    kind = record_kinds()[columns.kind or ""]
    told = Told(source)
    reader = _Reader(kind, table, columns, told)
    rows, codes = [], {column.key for column in kind.columns if column.type == "code"}
    down = {c.key for c in kind.columns if c.type not in _QUANTITIES or c.is_of_group}
    every = _every(columns, len(table.names))
    group = reader.group(columns)
    for place, texts in text_rows(table, every, down, group):
        printed = reader.without_dittos(texts)
        if group == "agency" and not is_body(printed.get(group, "")):
            printed.pop(group, None)  # 一、县直部门 is no unit
        cells = {**columns.stated, **printed}
        if reader.is_heading(printed, every):
            continue
        faults = len(told.rows)
        if _is_note(cells, every):
            told.add("row.note", _NOTE, place)
            continue
        if _is_total(cells):
            said = "" if kind.holds_persons else f" ({_first(cells)})"
            told.add("row.total", f"a row of totals{said}: it is no record", place)
            continue
        read = reader.row(cells, place)
        if kind.holds_persons and len(told.rows) > faults:
            reader.distrust(read, place)
        if lacking := reader.lacking(read):
            told.add("row.lacking", f"a row without {lacking}: it is no record", place)
            continue
        if all(value in (None, "") for key, value in read.items() if key not in codes):
            continue
        given = sidecar.get("agency")
        if read.get("agency") is None and given:
            read["agency"] = str(given)
        rows.append({"source": source, "place": place, **read})
    reader.tell_merged(columns)
    reader.tell_groups(group)
    return pa.Table.from_pylist(rows, schema=schema_of(kind)), told.table()


class _Reader:
    """Reads the cells of one table by the types of its columns."""

    def __init__(self, kind: RecordKind, table: RawTable, columns: Columns, told: Told) -> None:
        self._kind, self._told = kind, told
        self._serials = table.media in {"xlsx", "xls"}
        self._headings = {f: table.names[i] for f, i in columns.fields.items()}
        self._table = table
        self._years = years_of(table)
        self._latest: dict[str, str] = {}
        self._short: dict[str, str] = {}  # dates of the row that state no year

    def group(self, columns: Columns) -> str:
        """The field of what fills rows from side to side: whose rows follow, or of which part."""
        texts = self._table.groups.values()
        fields = [key for key in _GROUPED if key in {c.key for c in self._kind.columns}]
        is_agency = any(map(is_body, texts))
        fields = [f for f in fields if f not in columns.fields and (f != "agency" or is_agency)]
        return fields[0] if fields else _NO_FIELD

    def tell_groups(self, group: str) -> None:
        """Tells the rows of one text that say nothing of the records below them."""
        where = f"{self._table.where}, row" if self._table.where else "row"
        for row, text in self._table.groups.items():
            if _notes(text):
                self._told.add("row.note", _NOTE, f"{where} {row}")
            elif group == _NO_FIELD or (group == "agency" and not is_body(text)):
                said = "" if self._kind.holds_persons else f": {masked(text)}"
                message = f"one text fills the row, which is no record{said}"
                self._told.add("row.group", message, f"{where} {row}")

    def lacking(self, read: Mapping[str, Any]) -> str | None:
        """The label of what each record of this kind is about, where a row does not say it."""
        about = next((c for c in self._kind.columns if c.key == self._kind.about), None)
        return about.label if about and read.get(about.key) in (None, "") else None

    def without_dittos(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The cells, a ditto mark (同上, 〃) replaced by what it repeats."""
        self._latest = {
            field: self._latest.get(field, text) if text in _DITTO else text
            for field, text in cells.items()
        }
        return self._latest

    def is_heading(self, cells: Mapping[str, str], columns: Columns) -> bool:
        """Whether a row is the heading, printed again."""
        names = self._table.names
        return bool(cells) and all(
            names[columns.fields[field]] == text
            for field, text in cells.items()
            if field in columns.fields
        )

    def row(self, cells: Mapping[str, str], place: str) -> dict[str, Any]:
        """The values of one row by field; a field without a cell is null."""
        read: dict[str, Any] = {}
        for column in self._kind.columns:
            text = cells.get(column.key, "")
            if column.type == "personal" or _is_nothing(text, column):
                if column.type == "element" and column.key in self._headings:
                    read[column.key] = ""  # asked and not there; null is not asked
                continue
            read[column.key] = getattr(self, f"_{column.type}")(text, column, place)
            if column.time:
                read[column.time] = read_time(text)
        self._settle_years(read, place)
        return read

    def _settle_years(self, read: dict[str, Any], place: str) -> None:
        """Forgets dates of no stated year that cannot all be of one: December, then January."""
        short = {key: read[key] for key in self._short if read[key]}
        if short and max(short.values()) - min(short.values()) > _HALF_A_YEAR:
            read |= dict.fromkeys(short)
            message = f"dates without a year ({', '.join(self._short.values())}) lie half a year"
            self._told.add(
                "date.year", f"{message} apart: of which year each is, is unknown", place
            )
        self._short = {}

    def _text(self, text: str, _column: RecordColumn, _place: str) -> str:
        return masked(_SPACE.sub(" ", text))

    _element = _text

    def distrust(self, read: dict[str, Any], place: str) -> None:
        """Forgets an agency that looks like none: a row with faults may stand a column aside."""
        agency = read.get("agency")
        if agency is not None and not is_body(agency):
            read["agency"] = None
            message = "the agency is left out: it does not end like one, and other cells of the row"
            self._told.add("record.agency", f"{message} are not as expected", place)

    def tell_merged(self, columns: Columns) -> None:
        """Tells the numbers that one cell states for several rows."""
        where = f"{self._table.where}, row" if self._table.where else "row"
        for column in self._kind.columns:
            at = columns.fields.get(column.key)
            if column.type in _QUANTITIES and at is not None:
                for row in (r for r, said in self._table.merged.items() if at in said):
                    message = f"{self._named(column)} is one cell for this row and the one above"
                    self._told.add("record.merged", f"{message}: left blank here", f"{where} {row}")

    def _code(self, text: str, column: RecordColumn, place: str) -> str | None:
        found = code(text)
        if found is None:
            self._fault("record.code", text, column, place, "digits, letters and brackets")
        return found

    def _agency(self, text: str, _column: RecordColumn, _place: str) -> str:
        return _SPACE.sub("", text)

    def _pseudonym(self, text: str, _column: RecordColumn, _place: str) -> str | None:
        return pseudonym(text)

    def _date(self, text: str, column: RecordColumn, place: str) -> date | None:
        found, fault = read_date(_BY.sub("", text), self._serials)
        if fault and (short := read_day(_BY.sub("", text), self._years)):
            (found, states_year), fault = short, None
            self._short |= {} if states_year else {column.key: text}
        if fault:
            self._fault(fault, text, column, place, EXPECTED)
        return found

    def _integer(self, text: str, column: RecordColumn, place: str) -> int | None:
        number = self._number(text, column, place)
        if number is None or number == number.to_integral_value():
            return None if number is None else int(number)
        self._fault("record.integer", text, column, place, "a whole number")
        return None

    def _number(self, text: str, column: RecordColumn, place: str) -> Decimal | None:
        bare = _DEDUCTED.sub("", text.removesuffix(column.unit or "").strip())
        bare = _LESS.sub("", bare) if column.key == "deduction" else bare
        counted = text if is_money(column.unit) else bare
        aside = Told("")
        printed = aside.number("", counted, place)
        if aside.rows:
            self._fault("number.unreadable", text, column, place, "one number")
        if printed.number is None or not is_money(column.unit) or column.unit is None:
            return printed.number
        stated = printed.unit or stated_money_unit(self._named(column))
        if not printed.number:
            return printed.number  # nothing is nothing in every unit
        if stated is None or not is_money(stated):
            self._fault("record.unit", text, column, place, "a unit of money in cell or heading")
            return None
        return convert_money(printed.number, stated, column.unit)

    def _yes_no(self, text: str, column: RecordColumn, place: str) -> bool | None:
        own, words = column.choices or {}, record_words()
        said = {key: text in words[key] or text in own.get(key, ()) for key in ("yes", "no")}
        if any(said.values()):
            return said["yes"]
        self._fault("record.yes_no", text, column, place, "是 or 否")
        return None

    def _choice(self, text: str, column: RecordColumn, place: str) -> str | None:
        choices = column.choices or {}
        for bare in _spellings(text) if column.is_of_form else [_SPACE.sub("", text)]:
            found = [k for k, words in choices.items() if bare == k or bare in words]
            if len(found) == 1:
                return found[0]
        if not column.is_of_form and (within := _within(_SPACE.sub("", text), choices)):
            return within
        expected = "one of " + ", ".join(words[0] for words in choices.values())
        self._fault("record.choice", text, column, place, expected)
        return None

    def _named(self, column: RecordColumn) -> str:
        return self._headings.get(column.key, column.label)

    def _fault(self, code: str, text: str, column: RecordColumn, place: str, expected: str) -> None:
        said = "not as expected" if self._kind.holds_persons else masked(text)
        self._told.add(code, f"{self._named(column)} is {said}; expected {expected}", place)


def _within(text: str, choices: Mapping[str, tuple[str, ...]]) -> str | None:
    """The choice whose word a longer text holds; None where it holds more, or takes it back."""
    held = {word: key for key, words in choices.items() for word in words if word in text}
    longest = [w for w in held if len(w) > 1 and not any(w in other != w for other in held)]
    found = {held[word] for word in longest}
    rest = text
    for word in longest:
        rest = rest.replace(word, "")
    return found.pop() if len(found) == 1 and not _TAKES_BACK.search(rest) else None


def _spellings(text: str) -> list[str]:
    """A line of the form as it may be known: its key, its group and label, without its asides."""
    bare = _SPACE.sub("", text)
    parts = (fold(part) for part in _PARTS.split(_ENUMERATED.sub("", bare)) if part)
    return [bare, "".join(parts), fold(text)]


def _is_nothing(text: str, column: RecordColumn) -> bool:
    """Whether a cell says nothing, unless its column has that very word as an answer."""
    answers = {w for words in (column.choices or {}).values() for w in words}
    if column.type in {"yes_no", "text", "element"}:
        answers.add("无")
    return text in record_words()["nothing"] - answers


def _every(columns: Columns, width: int) -> Columns:
    """The columns with those that are not used as fields too: 合计 may stand in one of them."""
    used = set(columns.fields.values())
    others = {str(i): i for i in range(width) if i not in used}
    return replace(columns, fields={**columns.fields, **others})


def _is_note(cells: Mapping[str, str], columns: Columns) -> bool:
    """Whether a row opens with one of the words of notes and a colon."""
    opening = min(cells, key=lambda field: columns.fields.get(field, len(columns.fields)))
    return _notes(cells[opening])


def _notes(text: str) -> bool:
    word, colon, _ = _SPACE.sub("", text).replace(":", "：").partition("：")
    return bool(colon) and word in record_words()["notes"]


def _first(cells: Mapping[str, str]) -> str:
    return next(iter(cells.values()), "")


def _is_total(cells: Mapping[str, str]) -> bool:
    return any(_SPACE.sub("", text) in record_words()["totals"] for text in cells.values())
