"""Prose of problems and answers (问题：… 整改：…) → rows of the rectification ledger."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.facts.answers import answer_kind
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.problem_lists import paired
from zwgk_analytics.facts.records import records
from zwgk_analytics.facts.schema import PROBLEMS
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers import Document, Paragraph
from zwgk_analytics.readers.tabular import RawTable, numbered_rows

KIND: Final = "rectifications"
_ANSWERS: Final = ("measure", "result")
_MARKED: Final = (
    *("problem", *_ANSWERS, "agency", "department", "owner"),
    *("due_on", "done_on", "evidence", "found_on"),
)
_STATUS: Final = {"measure": "done", "explanation": "explained", "promise": "open", None: "open"}
_NUMBERS: Final = (  # the outermost first
    r"第?[一二三四五六七八九十]+(?:部分)?[、.．]",
    r"[（(][一二三四五六七八九十]+[)）]",
    r"\d{1,2}[、.．](?!\d)",
    r"[（(]\d{1,2}[)）]",
    r"[①-⑳]",
)
_INNER: Final = 3  # from this level on, numbers open items of a list, not parts of a text
_LONGEST: Final = 80
_ENDED: Final = re.compile(r"[。！？；;!?]$")


@dataclass(slots=True)
class _Area:
    """A part of the text: its heading, at what level it is numbered, and what it says by field."""

    heading: str
    level: int
    place: str
    said: dict[str, list[str]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        return "\n".join(part for part in self.said.get(key, ()) if part)

    @property
    def is_answered(self) -> bool:
        return any(self.text(key) for key in _ANSWERS)


def add_rectifications(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """`into` with a row of `rectifications` for each problem that the prose answers, if any.

    A document that was not recognised is of the kind `rectifications` then; another kind stays.
    """
    if into.kind == "annual_report" or into.reason not in {None, "not.recognised"}:
        return into
    found = list(prose_records(document.paragraphs))
    if not found or KIND in into.tables:
        return into
    rows, faults = typed(KIND, found, into.source, {"agency": into.agency, **told})
    problems = into.tables.get("problems")
    if into.kind == "unknown" or problems is None:
        into.kind, into.reason = KIND if into.kind == "unknown" else into.kind, None
        into.agency = told.get("agency") or into.agency
        problems = PROBLEMS.empty_table()
    into.tables |= {KIND: rows, "problems": pa.concat_tables([problems, faults])}
    return into


def prose_records(paragraphs: Sequence[Paragraph]) -> Iterator[dict[str, str]]:
    """The rows as text by field, with their place: one a problem, in the order of the text.

    A text in which nothing is answered has none. A problem without an answer is one where its
    part is numbered as those are that have one.
    """
    areas = [area for area in _areas(_lines(paragraphs)) if area.text("problem")]
    levels = {area.level for area in areas if area.is_answered}
    for area in areas:
        if area.level in levels:
            yield from _rows(area)


def _rows(area: _Area) -> Iterator[dict[str, str]]:
    answers = {key: area.text(key) for key in _ANSWERS}
    others = [key for key in _MARKED if key not in {"problem", *_ANSWERS}]
    same = {key: area.text(key).strip(" \t。；;，,、") for key in others}
    indicator, _, item = re.sub(r"[—–]+", "-", area.heading).partition("-")
    for problem, own in paired(area.text("problem"), answers):
        kind = answer_kind("\n".join(text for text in own.values() if text))
        row = {"problem": problem, "place": area.place, **own, **same}
        if area.heading != area.text("problem"):
            row |= {"indicator": area.heading, "item": item if indicator else ""}
        row |= {"status": _STATUS[kind], "answer_kind": kind or ""}
        yield {key: text for key, text in row.items() if text}


def _areas(lines: Sequence[tuple[str, str]]) -> list[_Area]:
    """The parts of a text, each with what stands behind its marks."""
    parts = [_parted(text) for text, _ in lines]
    last = max((i for i, part in enumerate(parts) if len(part) > 1), default=-1)
    areas, current = [_Area("", 0, "")], ""
    for index, ((_, place), part) in enumerate(zip(lines, parts, strict=True)):
        free = part[0][1]
        area = areas[-1]
        if heading := _heading(free, area.level, bool(current)):
            areas.append(_Area(*heading, place))
            current = ""
        elif free and current and _goes_on(free, area.said[current], current, index < last):
            area.said[current].append(free)
        elif free:
            current = ""
        for key, text in part[1:]:
            current = _put(areas, key, text, place) or current
    return areas


def _put(areas: list[_Area], key: str, text: str, place: str) -> str | None:
    """Files what stands behind a mark; None where there is no problem that it could belong to."""
    area = areas[-1]
    if key == "problem" and ("problem" in area.said or not area.place):
        areas.append(area := _Area(area.heading, area.level, place))
    if key in _ANSWERS and "problem" not in area.said and area.heading:
        area.said["problem"] = [area.heading]
    if key != "problem" and "problem" not in area.said:
        return None
    if key == "problem":
        area.place = place
    area.said.setdefault(key, []).append(text)
    return key


def _goes_on(free: str, said: list[str], key: str, is_before_marks: bool) -> bool:
    """Whether a line without a mark goes on with what stands behind the last one."""
    if not said[-1] or not _ENDED.search(said[-1]) or _level(free) >= _INNER:
        return True
    return key in _ANSWERS and is_before_marks


def _heading(line: str, level: int, is_within: bool) -> tuple[str, int] | None:
    """A numbered line as heading and level; None for one that is an item of what is being said."""
    found = _level(line)
    if not found or (is_within and found >= _INNER and found > level):
        return None
    name = re.sub(rf"^\s*(?:{_NUMBERS[found - 1]})\s*", "", line).rstrip("：:。").strip()
    return (name, found) if name and len(name) <= _LONGEST else None


def _level(line: str) -> int:
    """How deep a line is numbered, 1 the outermost; 0 where it is not."""
    return next((n for n, p in enumerate(_NUMBERS, 1) if re.match(rf"\s*(?:{p})", line)), 0)


def _lines(paragraphs: Sequence[Paragraph]) -> list[tuple[str, str]]:
    split = ((line, p.place) for p in paragraphs for line in p.text.split("\n"))
    return [(text, place) for line, place in split if (text := line.strip(" \t\u3000?？"))]


def _parted(line: str) -> list[tuple[str, str]]:
    """A line as what stands before its first mark, then each mark's field and text."""
    marks = list(_marks().finditer(line))
    ends = [*(m.start() for m in marks[1:]), len(line)]
    said = [
        (_fields()[mark["mark"]], line[mark.end() : end].strip())
        for mark, end in zip(marks, ends, strict=False)
    ]
    return [("", line[: marks[0].start()].strip() if marks else line), *said]


@lru_cache(maxsize=1)
def _fields() -> dict[str, str]:
    """What may stand before a colon → the field that it names: the headings of the ledger."""
    columns = {c.key: c for c in record_kinds()[KIND].columns}
    return {h: key for key in reversed(_MARKED) for h in columns[key].headings if not h.isascii()}


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _fields()), key=len, reverse=True))
    number = "|".join(_NUMBERS)
    return re.compile(
        rf"(?:^|(?<=[。；;！!？?\s]))(?:{number})?\s*[【\[]?(?P<mark>{words})"
        r"(?:[一二三四五六七八九十]|\d{1,2})?[】\]]?\s*[：:]"
    )


def typed(
    kind: str,
    found: Sequence[Mapping[str, str]],
    source: str,
    told: Mapping[str, Any],
    above: tuple[tuple[str, ...], ...] = (),
) -> tuple[pa.Table, pa.Table]:
    """The rows and problems of a ledger, as if they had stood in a table below `above`."""
    ledger = record_kinds()[kind].columns
    labels = {c.key: c.label for c in ledger if any(c.key in row for row in found)}
    cells = [[row.get(key) for row in found] for key in labels]
    batch = numbered_rows(cells, list(range(len(found))))
    table = RawTable("text", tuple(labels.values()), iter([batch]), above=above)
    columns = Columns(kind, {key: i for i, key in enumerate(labels)}, {})
    places = {f"row {n}": row["place"] for n, row in enumerate(found)}
    return tuple(_placed(t, places) for t in records(table, columns, source, told))


def _placed(table: pa.Table, places: Mapping[str, str]) -> pa.Table:
    at = table.schema.get_field_index("place")
    named = [places[place] for place in table["place"].to_pylist()]
    return table.set_column(at, "place", pa.array(named, pa.string()))
