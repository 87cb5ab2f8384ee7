"""The text of a document as labels of the forms and the values between them."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from zwgk_analytics.facts.numbers import UNITS, is_unit, parse
from zwgk_analytics.forms import editions, fold, vocabulary
from zwgk_analytics.readers import Document

_SECTION = re.compile(r"^[一二三四五六七八九十]{1,2}、")
_PIPE = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"^[\s|:+─━—=-]+$")
_TITLE = 50
_AMONG, _BLANK = "其中", "  "  # stands between one row's numbers and the next row's label
_PART = re.compile(rf"(?:{UNITS})(?=\d)|[^\s|]+")
_EMPTY_CELL = re.compile(r"(?<=\|)[^\S\n]*(?=\|)")
_EMPTY = "\u2205"  # stands for a blank between two pipes
_QUOTES = "”“\"'’‘》)、。,;:"  # the end of a label may stick to the number behind it
_BETWEEN = r"[^\w|\u2205]*"


@dataclass(frozen=True, slots=True)
class Token:
    """A label of a table (axis row, column or other), a value, a unit, or any other text."""

    text: str
    axis: str
    table: str
    key: str
    place: str


@dataclass(slots=True)
class _Stretch:
    """The text of one table, with the paragraph that each part of it comes from."""

    table: str
    text: str
    starts: list[int]
    places: list[str]

    def add(self, line: str, place: str) -> None:
        self.starts.append(len(self.text))
        self.places.append(place)
        self.text += line + "\n"

    def place(self, offset: int) -> str:
        return self.places[bisect_right(self.starts, offset) - 1]


def tokens(document: Document) -> Iterator[Token]:
    """Labels and values of the tables that stand as text, in reading order.

    Only the stretches that follow a table's own heading count, so that prose that speaks of
    行政许可 is no row. A blank between two pipes is a value of its own, an empty one.
    """
    for stretch in _stretches(document):
        yield from _tokens(stretch)


def _stretches(document: Document) -> list[_Stretch]:
    found: list[_Stretch] = []
    is_open = False
    for paragraph in document.paragraphs:
        for line in unicodedata.normalize("NFKC", paragraph.text).split("\n"):
            begun = _table_that_begins(line)
            if begun is not None and not (is_open and found[-1].table == begun):
                found.append(_Stretch(begun, "", [], []))
                is_open = True
            elif begun is None and _SECTION.match(line) and not _is_row(line):
                is_open = False
            if is_open and not (_RULE.match(line) and "|" in line and "-" in line):
                found[-1].add(_marked(line), paragraph.place)
    return found


def _table_that_begins(line: str) -> str | None:
    folded = fold(line)
    begun = next((t for text, t in _beginnings().items() if folded.startswith(text)), None)
    named = next((t for text, t in _list_titles().items() if folded.endswith(text)), None)
    return begun or _first_labels().get(folded) or (named if len(folded) <= _TITLE else None)


@lru_cache(maxsize=1)
def _list_titles() -> dict[str, str]:
    """Titles of the lists of indicators, which agencies print with their own name in front."""
    tables = (t for e in editions().values() for t in e.tables.values() if t.layout == "list")
    return {fold(table.title): table.key for table in tables}


@lru_cache(maxsize=1)
def _first_labels() -> dict[str, str]:
    """The label that a table without a corner begins with, where it stands alone in a line."""
    tables = (t for e in editions().values() for t in e.tables.values() if t.layout == "across")
    return {fold(table.rows[0].label): table.key for table in tables}


@lru_cache(maxsize=1)
def _beginnings() -> dict[str, str]:
    """Folded texts that open a table: its titles, and the first labels inside it."""
    found = {text: table for text, table in vocabulary().titles.items() if text}
    for edition in editions().values():
        for table in edition.tables.values():
            found |= {fold(s.heading): table.key for s in table.sections}
            if table.layout == "matrix":
                found[fold(table.columns[0].path[0])] = table.key
                found[fold(table.corner or table.title)] = table.key
            if table.layout == "across":
                found[fold(table.rows[0].path[0] + table.rows[1].path[0])] = table.key
                found[fold(table.columns[0].label)] = table.key
    return found


def _is_row(line: str) -> bool:
    """Whether a numbered line is (the beginning of) a row, not a section of the report."""
    letters = _letters(line)
    return any(
        _label_pattern(table).match(line) or any(t.startswith(letters) for t in _meanings(table))
        for table in vocabulary().lines
    )


def _marked(line: str) -> str:
    """The line with every blank between two pipes marked, so that it counts as a value."""
    line = _PIPE.sub("|", line).replace("\t", "|")
    return _EMPTY_CELL.sub(_EMPTY, line) if line.count("|") > 1 else line


def _tokens(stretch: _Stretch) -> Iterator[Token]:
    end = 0
    is_in_rows = False
    for match in _label_pattern(stretch.table).finditer(stretch.text):
        yield from _values(stretch, end, match.start())
        label = _label(stretch, match, is_in_rows)
        is_in_rows = is_in_rows or label.axis == "row"
        yield label
        end = match.end()
    yield from _values(stretch, end, len(stretch.text))


def _values(stretch: _Stretch, start: int, end: int) -> Iterator[Token]:
    for part in _PART.finditer(stretch.text[start:end].replace(_AMONG, _BLANK)):
        text = part[0].replace(_EMPTY, "").strip(_QUOTES)
        if text or _EMPTY in part[0]:
            yield Token(
                text, _axis_of(text), stretch.table, "", stretch.place(start + part.start())
            )


def _axis_of(text: str) -> str:
    if is_unit(text):
        return "unit"
    is_value = text.isdigit() or parse(text).state != "unreadable"  # 0000000 may be seven cells
    return "value" if is_value else "text"


def _label(stretch: _Stretch, match: re.Match[str], is_in_rows: bool) -> Token:
    """A label; one that names a row and a column (总计, 其他) is a row once rows have begun."""
    meanings = _meanings(stretch.table).get(_letters(match[0]), {})
    axes = ("row", "column") if is_in_rows else ("column", "row")
    axis = next((a for a in axes if a in meanings), "other")
    place = stretch.place(match.start())
    return Token(match[0], axis, stretch.table, meanings.get(axis, ""), place)


@lru_cache(maxsize=8)
def _meanings(table: str) -> dict[str, dict[str, str]]:
    """What the letters of each printed label may mean: axis → key; {} for other labels."""
    words = vocabulary()
    found: dict[str, dict[str, str]] = {_letters(t): {} for t in words.other[table]}
    for axis, labels in words.lines[table].items():
        for folded, keys in labels.items():
            found.setdefault(_letters(folded), {})[axis] = keys[0]
    for form in (e.tables[table] for e in editions().values() if table in e.tables):
        groups = (g for line in (*form.rows, *form.columns) for g in line.path[:-1])
        for text in (form.corner or "", *(s.heading for s in form.sections), *groups):
            found.setdefault(_letters(text), {})
        for line in form.rows:
            found.setdefault(_letters(line.label), {}).setdefault("row", line.key)
        for line in form.columns:
            found.setdefault(_letters(line.label), {}).setdefault("column", line.key)
    return {letters: meaning for letters, meaning in found.items() if len(letters) > 1}


@lru_cache(maxsize=8)
def _label_pattern(table: str) -> re.Pattern[str]:
    """Any label of the table whatever spaces and marks stand in it, the longest first."""
    longest = sorted(_meanings(table), key=len, reverse=True)
    return re.compile("|".join(map(_loosely, longest)))


def _loosely(letters: str) -> str:
    """A number in front must be one digit with a mark: more would eat the value before it."""
    return rf"(?:\d\s*[.、)])?\(?{_BETWEEN.join(letters)}\)?"


def _letters(text: str) -> str:
    """The letters of a label without the digit that counts it."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
    return letters.lstrip("0123456789")
