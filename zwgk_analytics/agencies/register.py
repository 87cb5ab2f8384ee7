"""The register of agencies: a CSV that users edit → agencies, and what is wrong with its rows."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from zwgk_analytics.agencies.credit_code import is_valid

NAME: Final = "agencies.csv"
PATH: Final = f"registers/{NAME}"  # under the raw folder
_SPLIT: Final = re.compile(r"[|｜、;；]")
_DAY: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_SPAN: Final = re.compile(r"(\d{4})\s*([-—–]?)\s*(\d{4})?")


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency as the register has it; `place` is its line.

    `collected` are the first and last reporting year whose reports are looked for under raw:
    both None for every year that it must file, (0, 0) for none.
    """

    name: str
    level: str
    kind: str
    place: str
    aliases: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    region_name: str | None = None
    region: str | None = None
    parent: str | None = None
    credit_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    collected: tuple[int | None, int | None] = (None, None)
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one line of the register, and what became of it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{PATH}, {self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Register:
    """The agencies by name, and what could not be taken."""

    agencies: Mapping[str, Agency] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class _RowError(Exception):
    """A row of the register that cannot be used."""


def load(registers: Path) -> Register:
    """The register of a folder of registers; an empty one where there is no file.

    A row that cannot be used is left out and told as a fault; nothing in the file raises.
    """
    path = registers / NAME
    if not path.is_file():
        return Register()
    try:
        return parse(decode(path.read_bytes())[0])
    except (OSError, UnicodeDecodeError) as error:
        return Register({}, (Fault("line 1", f"the register cannot be read: {error}"),))


def decode(data: bytes) -> tuple[str, str]:
    """The text of a register and its encoding: UTF-8, with a mark or without, else GB 18030."""
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030"


def parse(text: str) -> Register:
    """The register of a CSV text."""
    faults: list[Fault] = []
    agencies: dict[str, Agency] = {}
    taken: dict[str, str] = {}
    try:
        for number, row in records(text):
            place = f"line {number}"
            try:
                agency = _agency(row, place)
                _claim(agency, taken)
                agencies[agency.name] = agency
            except _RowError as error:
                faults.append(Fault(place, f"{error}; the row is left out"))
    except _RowError as error:
        faults.append(Fault("line 1", f"{error}; what follows is not used"))
    return Register(agencies, (*faults, *dict.fromkeys(_unknown_references(agencies))))


def records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the line that each starts on, by the English names of their columns."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    columns = [heading_key(heading) for heading in next(reader, [])]
    missing = [c for c in vocabulary()["required"] if c not in columns]
    if missing:
        raise _RowError(f"the heading has no column {', '.join(missing)}")
    start = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                pairs = zip(columns, cells, strict=False)
                yield start, {c: cell.strip() for c, cell in pairs if c}
            start = reader.line_num + 1
    except csv.Error as error:
        raise _RowError(f"quotes do not match from line {start} on ({error})") from error


def heading_key(heading: str) -> str | None:
    """The English name of a column by its heading in either language; None for another one."""
    said = fold(heading).lower()
    columns = vocabulary()["columns"].items()
    return next((key for key, names in columns if said == key or said in names), None)


def fold(name: str) -> str:
    """A name as it is compared: full-width and half-width signs alike, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """What `register.yml` says: columns, levels, kinds, endings of names."""
    text = (files("zwgk_analytics.agencies") / "register.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _agency(row: Mapping[str, str], place: str) -> Agency:
    said = {key: row.get(key, "") for key in vocabulary()["columns"]}
    if not said["name"]:
        raise _RowError("the name is missing")
    level, kind = _one_of(said, "level"), _one_of(said, "kind")
    first, last = _day(said, "valid_from", (1, 1)), _day(said, "valid_to", (12, 31))
    if first and last and last < first:
        raise _RowError(f"valid_to {last} is before valid_from {first}")
    return Agency(
        name=said["name"],
        level=level,
        kind=kind,
        place=place,
        aliases=_several(said["aliases"]),
        short_names=_several(said["short_names"]),
        region_name=said["region_name"] or None,
        region=_region(said["region"], level if kind == "政府" else None),
        parent=said["parent"] or None,
        credit_code=_credit_code(said["credit_code"]),
        valid_from=first,
        valid_to=last,
        successors=_several(said["successor"]),
        collected=_collected(said["collected"]),
        population=_population(said["population"]),
    )


def _one_of(said: Mapping[str, str], column: str) -> str:
    allowed = vocabulary()[f"{column}s"]
    if said[column] not in allowed:
        raise _RowError(f"{column} {said[column]!r} is none of {', '.join(allowed)}")
    return said[column]


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SPLIT.split(text) if part.strip())


def _region(code: str, government: str | None) -> str | None:
    if not code:
        return None
    if not re.fullmatch(r"[1-9]\d{5}(?:\d{3}|\d{6})?", code):
        raise _RowError(f"region {code!r} is no code of GB/T 2260: six digits, or nine for a 乡")
    shape = vocabulary()["region_shapes"].get(government)
    if shape and not re.fullmatch(shape, code[:6]):
        raise _RowError(f"region {code!r} is not the code of a government of level {government}")
    return code


def _credit_code(code: str) -> str | None:
    if code and not is_valid(code.upper()):
        raise _RowError(f"credit_code {code!r} has not the check digits of GB 32100")
    return code.upper() or None


def _day(said: Mapping[str, str], column: str, usual: tuple[int, int]) -> date | None:
    if not said[column]:
        return None
    match = _DAY.fullmatch(said[column])
    try:
        if match:
            year, month, day = (int(part) if part else None for part in match.groups())
            return _date(int(year or 0), month, day, usual)
    except ValueError:
        pass  # told below: the calendar has no such day
    raise _RowError(f"{column} {said[column]!r} is no day: write 2018-11-30, 2018-11 or 2018")


def _date(year: int, month: int | None, day: int | None, usual: tuple[int, int]) -> date:
    if month is None:
        return date(year, *usual)
    if day is None:
        day = 1 if usual == (1, 1) else _days_in(year, month)
    return date(year, month, day)


def _days_in(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]


def _collected(text: str) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    if text.lower() in vocabulary()["not_collected"]:
        return 0, 0
    match = _SPAN.fullmatch(text)
    if not match:
        raise _RowError(f"collected {text!r} is neither 否 nor years: 2019, 2019- or 2019-2024")
    first, dash, last = match.groups()
    return int(first), int(last) if last else (None if dash else int(first))


def _population(text: str) -> int | None:
    if not text:
        return None
    digits = text.replace(",", "")
    if not digits.isdecimal():
        raise _RowError(f"population {text!r} is no whole number of persons")
    return int(digits)


def _claim(agency: Agency, taken: dict[str, str]) -> None:
    names = {fold(name) for name in (agency.name, *agency.aliases)}
    for name in sorted(names):
        if name in taken:
            raise _RowError(f"{name} is already a name of {taken[name]}")
    taken |= dict.fromkeys(names, agency.name)


def _unknown_references(agencies: Mapping[str, Agency]) -> Iterator[Fault]:
    for agency in agencies.values():
        for column, names in (("parent", (agency.parent,)), ("successor", agency.successors)):
            for name in names:
                if name and name not in agencies:
                    yield Fault(
                        agency.place, f"{column} {name} is no name in the register; it is not used"
                    )
