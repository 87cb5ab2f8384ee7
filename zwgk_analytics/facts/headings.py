"""A table's column headings → what kind of table it is and what each column holds."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.personal import quotable
from zwgk_analytics.facts.surroundings import named_agency, stated
from zwgk_analytics.forms import fold
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers.tabular import IsHeader, RawTable

_FORMS = files("zwgk_analytics.forms")
_IGNORED: Final = "ignored"
_LISTED: Final = 2  # headings of a ledger that must be listed for others to be told by their words
_UNLISTED: Final = 1000  # after all that are listed
_STATED_TYPES: Final = {"text", "code", "agency", "date"}
_KINDS: Final = ("assessment", "annual_figures", "publication_log", "channels", *record_kinds())
_NEEDED: Final = {
    "publication_log": "a title, and a date or an address",
    "assessment": "an agency, and a score or a rank",
    "annual_figures": "agency, year, and label and value or columns named by known indicators",
    "channels": "channel and name",
    **{key: kind.needed for key, kind in record_kinds().items()},
}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of one table hold, by position.

    `fields` maps a field of `kind` to its column; `measures` maps the columns of a wide table of
    figures to their measure. `unused` are printed headings that hold nothing we know; `reason`
    says what is missing where `kind` is None. `alike` are the fields of a ledger whose heading is
    not listed but has the words for it; `stated` is what lines above the table say of all rows.
    """

    kind: str | None
    fields: Mapping[str, int]
    measures: Mapping[int, str]
    unused: tuple[str, ...] = ()
    reason: str | None = None
    alike: frozenset[str] = frozenset()
    stated: Mapping[str, str] = field(default_factory=dict)


def is_header(row: Sequence[str]) -> bool:
    """Whether a row of cells heads a table: two or more of them are headings that we know."""
    return _heads(row, _any_field())


def header_of(sidecar: Mapping[str, Any]) -> IsHeader:
    """`is_header` that also knows the headings that a sidecar names."""
    told = frozenset(_key(str(c)) for c in _told(sidecar))
    return lambda row: _heads(row, told | _any_field())


def _heads(row: Sequence[str], known: Set[str]) -> bool:
    cells = [key for key in dict.fromkeys(map(_key, row)) if key]
    are_known = [key in known for key in cells]
    # 被检查单位 | 市民政局 | 检查时间 | 2024-11-05 states values
    states = len(cells) % 2 == 0 and are_known == [True, False] * (len(cells) // 2)
    return sum(are_known) >= 2 and not states


def recognise(table: RawTable, sidecar: Mapping[str, Any]) -> Columns:
    """The kind of a table by its headings, and its columns; a sidecar's mapping comes first.

    Of several kinds the one that names most columns is meant. `kind` is None where a needed
    column is missing: `reason` then tells what was found and what was expected.

    Raises:
        ReadError: the sidecar maps a heading to a field that does not exist.
    """
    wanted, names = sidecar.get("kind"), table.names
    kinds = [k for k in _KINDS if wanted in (None, k)]
    read = [_read(kind, table, sidecar) for kind in kinds]
    fit = [c for c in read if _is_complete(c, table, sidecar)]
    if fit:
        return max(fit, key=lambda c: (_listed(c), len(c.alike)))
    expected = "; ".join(f"{k} ({_NEEDED[k]})" for k in kinds) or f"a kind of {', '.join(_KINDS)}"
    printed = ", ".join(n for n in names if n) or "none"
    if not quotable(names):
        printed = "none: the first row holds data (not quoted here)"
    reason = f"headings found: {printed}; expected {expected}; a sidecar NAME.yml can map columns"
    return Columns(None, {}, {}, reason=reason)


def field_of(kind: str, heading: str, sidecar: Mapping[str, Any]) -> tuple[str, int] | None:
    """The field of a kind that one heading names, and its rank among that field's headings."""
    key = _key(heading)
    if field := _told(sidecar).get(key):
        return field, -1
    rank, named = _headings()[kind].get(key, (0, ""))
    if not named and kind == "assessment":
        rank, named = _UNLISTED, next((f for f, w in _patterns()[kind] if w.search(key)), "")
    return (named, rank) if named else None


def measure_of(label: str) -> str | None:
    """The measure that an indicator's printed label means, None where it is not known."""
    return _measures().get(_key(label))


def _listed(columns: Columns) -> int:
    """How many columns have a heading that is listed."""
    return len(columns.fields) + len(columns.measures) - len(columns.alike)


def _read(kind: str, table: RawTable, sidecar: Mapping[str, Any]) -> Columns:
    told, vocabulary, names = _told(sidecar), _headings()[kind], table.names
    claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for column, name in enumerate(names):
        rank, field = vocabulary.get(_key(name), (0, ""))
        field = told.get(_key(name), field)
        claims[field].append((-1 if _key(name) in told else rank, column))
    fields = {f: min(c)[1] for f, c in claims.items() if f not in {"", _IGNORED}}
    known = {column: measure_of(name) for column, name in enumerate(names) if name}
    measures = {
        column: measure
        for column, measure in known.items()
        if measure and kind == "annual_figures" and column not in fields.values()
    }
    settled = {*fields.values(), *measures, *(c for _, c in claims[_IGNORED])}
    alike = {}
    if kind == "assessment" or (kind in record_kinds() and len(fields) >= _LISTED):
        alike = _alike(kind, {i: n for i, n in enumerate(names) if i not in settled}, fields)
    fields |= alike
    settled |= {*alike.values()}
    unused = tuple(n or f"column {i + 1}" for i, n in enumerate(names) if i not in settled)
    beside = _stated(kind, table, fields) if kind in record_kinds() else {}
    return Columns(kind, fields, measures, unused, alike=frozenset(alike), stated=beside)


def _alike(kind: str, names: Mapping[int, str], known: Mapping[str, int]) -> dict[str, int]:
    """The fields that the words of unlisted headings tell; none where two would be the same."""
    columns = record_kinds()[kind].columns if kind in record_kinds() else ()
    personal = {c.key for c in columns if c.type == "personal"}
    found: dict[str, list[int]] = defaultdict(list)
    for at, name in names.items():
        key = _key(name)
        fits = (f for f, like in _patterns()[kind] if key and like.search(key))
        meant = next((f for f in fits if f not in known or f in personal), None)
        if meant and meant not in known:
            found[meant].append(at)
    return {meant: at[0] for meant, at in found.items() if len(at) == 1}


def _stated(kind: str, table: RawTable, fields: Mapping[str, int]) -> dict[str, str]:
    """What lines above a table state of the fields that no column of it holds."""
    ledger = record_kinds()[kind]
    open_ = {c.key for c in ledger.columns if c.type in _STATED_TYPES} - fields.keys()
    if ledger.holds_persons:
        open_ &= {"agency"}
    known = ((field_of(kind, heading, {}), text) for heading, text in stated(table).items())
    said = {found[0]: text for found, text in known if found and found[0] in open_}
    if not is_body(said.get("agency", "")):
        said.pop("agency", None)
    if ledger.is_of_title and "agency" in open_ - said.keys() and (agency := named_agency(table)):
        said["agency"] = agency
    return said


def _is_complete(columns: Columns, table: RawTable, sidecar: Mapping[str, Any]) -> bool:
    has = {*columns.fields, *columns.stated}
    has |= {k for k in ("agency", "year") if sidecar.get(k)}
    has |= {"agency"} if any(map(is_body, table.groups.values())) else set()
    if columns.kind == "publication_log":
        return "title" in has and bool(has & {"published_on", "issued_on", "url"})
    if ledger := record_kinds().get(columns.kind or ""):
        return all(has & {*some} for some in ledger.needs)
    if columns.kind == "channels":
        return {"channel", "name"} <= has
    if columns.kind == "assessment":
        return "agency" in has and bool(has & {"score", "rank"})
    return {"agency", "year"} <= has and ({"label", "value"} <= has or bool(columns.measures))


def _told(sidecar: Mapping[str, Any]) -> dict[str, str]:
    told = {_key(str(k)): str(v) for k, v in (sidecar.get("columns") or {}).items()}
    fields = {f for kind in _headings().values() for _, f in kind.values()}
    if wrong := sorted({*told.values()} - fields):
        expected = ", ".join(sorted(fields))
        raise ReadError("sidecar", f"the sidecar names no field {wrong[0]}; expected {expected}")
    return told


@lru_cache(maxsize=4096)
def _key(heading: str) -> str:
    return fold(heading).casefold().replace("_", "")


@lru_cache(maxsize=1)
def _headings() -> dict[str, dict[str, tuple[int, str]]]:
    """Kind → heading → its rank among the headings of its field, and the field."""
    found: dict[str, dict[str, tuple[int, str]]] = {kind: {} for kind in _KINDS}
    for row in _rows("headings.csv"):
        for rank, printed in enumerate(row["printed"].split("|")):
            found[row["kind"]].setdefault(_key(printed), (rank, row["field"]))
    for kind, ledger in record_kinds().items():
        for column in ledger.columns:
            for rank, printed in enumerate(column.headings):
                found[kind].setdefault(_key(printed), (rank, column.key))
        found[kind] |= {_key(h): (0, _IGNORED) for h in ledger.ignored}
    return found


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Kind of ledger → its fields, each with the words that tell an unlisted heading."""
    likes = {kind: ledger.like for kind, ledger in record_kinds().items()}
    scores = yaml.safe_load((_FORMS / "score_tables.yml").read_text(encoding="utf-8"))
    likes["assessment"] = scores["like"]
    return {
        kind: [(field, re.compile(like)) for field, like in words.items()]
        for kind, words in likes.items()
    }


@lru_cache(maxsize=1)
def _any_field() -> frozenset[str]:
    kinds = _headings().values()
    return frozenset(k for kind in kinds for k, (_, field) in kind.items() if field != _IGNORED)


@lru_cache(maxsize=1)
def _measures() -> dict[str, str]:
    labels = {_key(row["label_zh"]): row["measure"] for row in _rows("measures.csv")}
    for row in _rows("figure_labels.csv"):
        labels |= {_key(printed): row["measure"] for printed in row["printed"].split("|")}
    return labels


@lru_cache(maxsize=1)
def measure_units() -> dict[str, tuple[str, bool]]:
    """Measure → its unit, and whether a value must state its unit (money)."""
    return {
        row["measure"]: (row["unit"], row["unit_must_be_stated"] == "true")
        for row in _rows("measures.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_FORMS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
