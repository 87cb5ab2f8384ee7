"""A table's column headings → what kind of table it is and what each column holds."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.personal import quotable
from zwgk_analytics.forms import fold
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers.tabular import IsHeader

_FORMS = files("zwgk_analytics.forms")
_IGNORED: Final = "ignored"
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
    says what is missing where `kind` is None.
    """

    kind: str | None
    fields: Mapping[str, int]
    measures: Mapping[int, str]
    unused: tuple[str, ...] = ()
    reason: str | None = None


def is_header(row: Sequence[str]) -> bool:
    """Whether a row of cells heads a table: two or more of them are headings that we know."""
    known = {_key(c) for c in row} & _any_field()
    return len(known) >= 2


def header_of(sidecar: Mapping[str, Any]) -> IsHeader:
    """`is_header` that also knows the headings that a sidecar names."""
    told = frozenset(_key(str(c)) for c in _told(sidecar))
    return lambda row: is_header(row) or len({_key(c) for c in row} & (told | _any_field())) >= 2


def recognise(names: Sequence[str], sidecar: Mapping[str, Any]) -> Columns:
    """The kind of table that `names` head, and its columns; a sidecar's mapping comes first.

    Of several kinds the one that names most columns is meant. `kind` is None where a needed
    column is missing: `reason` then tells what was found and what was expected.

    Raises:
        ReadError: the sidecar maps a heading to a field that does not exist.
    """
    wanted = sidecar.get("kind")
    kinds = [k for k in _KINDS if wanted in (None, k)]
    read = [_read(kind, names, sidecar) for kind in kinds]
    fit = [c for c in read if _is_complete(c, sidecar)]
    if fit:
        return max(fit, key=lambda c: len(c.fields) + len(c.measures))
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
    return (named, rank) if named else None


def measure_of(label: str) -> str | None:
    """The measure that an indicator's printed label means, None where it is not known."""
    return _measures().get(_key(label))


def _read(kind: str, names: Sequence[str], sidecar: Mapping[str, Any]) -> Columns:
    told, vocabulary = _told(sidecar), _headings()[kind]
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
    unused = tuple(n or f"column {i + 1}" for i, n in enumerate(names) if i not in settled)
    return Columns(kind, fields, measures, unused)


def _is_complete(columns: Columns, sidecar: Mapping[str, Any]) -> bool:
    has = {*columns.fields, *(k for k in ("agency", "year") if sidecar.get(k))}
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
