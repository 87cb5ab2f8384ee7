"""Notices that tell what an inspection found (甲局存在：1.…；2.…) → rows of that ledger."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import yaml

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.prose_records import typed
from zwgk_analytics.facts.schema import PROBLEMS
from zwgk_analytics.forms.load import FOLDER
from zwgk_analytics.readers import Document, Paragraph

KIND: Final = "inspections"
_FEWEST: Final = 2  # problems: one alone may be any sentence
_EARLY: Final = 8  # lines among which the title stands
_SHORTEST: Final = 4  # characters of a problem
_NUMBER: Final = (
    r"(?:[0-9]{1,2}\s*[.、．)）](?![0-9]{1,3}(?![0-9]))|[（(][0-9]{1,2}[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]是)"
)
_NUMBERED = re.compile(rf"^{_NUMBER}\s*(.+)")
_ITEMS = re.compile(rf"(?:^|(?<=[；;。：:]))\s*{_NUMBER}\s*|[；;]\s*")
_LED = re.compile(
    r"^(?:[^：:。]{0,20}[，,])?([^：:。，,]{2,24}?)(?:存在)?(?:以下|下列|的)?(?:问题)?[：:]\s*(.*)$",
    re.DOTALL,
)
_HEADED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])\s*([^。：:，,]{2,24})$"
)
_NAMED = re.compile(r"^(.+?)[（(]([^（()）]{2,24})[)）][；;。.]?$")
_DAY = re.compile(r"(?:20[0-9]{2}\s*年)?\s*[0-9]{1,2}月[0-9]{1,2}日")


@dataclass(slots=True)
class _Unit:
    """One inspected unit: its problems with their places, and the day that only it was given."""

    name: str
    problems: list[tuple[str, str]] = field(default_factory=list)
    due: str = ""


def add_inspections(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """`into` with a row of `inspections` for each problem that a notice tells of a unit, if any.

    A document that was not recognised is of the kind `inspections` then; another kind stays.
    """
    is_open = into.kind == "work_report" or into.reason == "not.recognised"
    lines = [p for p in document.paragraphs if p.text.strip()]
    if not is_open or KIND in into.tables or not _is_notice(lines):
        return into
    found = list(inspection_rows(lines))
    if len(found) < _FEWEST:
        return into
    above = tuple((p.text,) for p in lines[:_EARLY])
    rows, faults = typed(KIND, found, into.source, told, above)
    if into.kind == "unknown":
        into.kind, into.reason = KIND, None
        into.tables["problems"] = PROBLEMS.empty_table()
    problems = into.tables.get("problems", PROBLEMS.empty_table())
    into.tables |= {KIND: rows, "problems": pa.concat_tables([problems, faults])}
    return into


def inspection_rows(lines: Sequence[Paragraph]) -> Iterator[dict[str, str]]:
    """The problems as text by field, with their place, in the order of the text.

    Told are those that stand behind the name of a unit, below it as a heading, below a salutation
    (你单位存在以下问题) or before its name in brackets. A unit of which nothing was found has none.
    """
    seen: Counter[str] = Counter()
    for unit in _units(lines):
        for text, paragraph in unit.problems:
            seen[paragraph] += 1
            place = f"{paragraph}, item {seen[paragraph]}"
            deduction = _words("deduction").search(text)
            problem = text[: deduction.start()] if deduction else text
            row = {"agency": unit.name, "problem": problem.strip(" ；;。，,"), "place": place}
            row |= {"deduction": deduction[1]} if deduction else {}
            yield row | ({"due_on": unit.due} if unit.due else {})


def _units(lines: Sequence[Paragraph]) -> Iterator[_Unit]:
    addressed = _addressed(lines)
    unit: _Unit | None = None
    is_open = False
    for line in lines:
        text = line.text.strip()
        if _words("ends").search(text):
            break
        if is_open and unit and _words("due").search(text[:8]) and (day := _DAY.search(text)):
            unit.due = day[0]
        elif is_open and _words("closes").search(text):
            is_open = False
        elif named := _next_unit(text, addressed):
            yield from [unit] if unit else []
            unit, is_open = _Unit(named[0]), True
            unit.problems += [(t, line.place) for t in _items(named[1])]
        elif is_open and (item := _NUMBERED.match(text)):
            behind = _NAMED.match(item[1])
            if behind and is_body(behind[2]):
                yield _Unit(behind[2], [(behind[1], line.place)])
            elif unit:
                unit.problems += [(t, line.place) for t in _items(item[1])]
        elif _words("opens").search(text):
            is_open = True
    yield from [unit] if unit else []


def _next_unit(text: str, addressed: str | None) -> tuple[str, str] | None:
    """The unit that a line opens, with what it says of it; None for other lines."""
    if headed := _HEADED.match(text):
        return (headed[1], "") if is_body(headed[1]) else None
    led = _LED.match(text)
    if led is None:
        return None
    if addressed and "你" in led[1] + text[: led.start(2)]:
        return addressed, led[2]
    name = re.sub("^(?:发现|其中|另外)", "", led[1])
    return (name, led[2]) if is_body(name) and led[2] else None


def _items(text: str) -> list[str]:
    """The problems in what is said of one unit; none where it has none."""
    parts = [part.strip(" ；;。，,") for part in _ITEMS.split(text)]
    return [p for p in parts if len(p) >= _SHORTEST and not _words("clean").search(p)]


def _addressed(lines: Sequence[Paragraph]) -> str | None:
    """The one unit that a notice is written to: a line that is its name and a colon."""
    salutations = (
        p.text.strip().rstrip("：:") for p in lines[:_EARLY] if p.text.strip()[-1:] in "：:"
    )
    return next((s for s in salutations if is_body(s) and "各" not in s), None)


def _is_notice(lines: Sequence[Paragraph]) -> bool:
    early = [p.text.strip() for p in lines[:_EARLY]]
    titles = [t for t in early if len(t) <= 60 and not t.endswith("。")]
    is_titled = any(_words("title").search(t) for t in titles)
    return is_titled and any(_words("subject").search(p.text) for p in lines)


@lru_cache(maxsize=16)
def _words(name: str) -> re.Pattern[str]:
    loaded = yaml.safe_load((FOLDER / "inspection_prose.yml").read_text(encoding="utf-8"))
    return re.compile(loaded[name])
