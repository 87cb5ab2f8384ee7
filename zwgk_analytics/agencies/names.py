"""Names as documents print them → the agency of the register, or a proposal for a person."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from zwgk_analytics.agencies.register import PATH, Agency, Register, fold, vocabulary

Row = Mapping[str, Any]

NAMES = pa.schema(
    {
        "printed": pa.string(),
        "agency": pa.string(),
        "occurrences": pa.int64(),
        "source_kinds": pa.string(),
        "proposal": pa.string(),
        "score": pa.float64(),
        "kind": pa.string(),
        "level": pa.string(),
        "kind_from": pa.string(),
    }
)
AGENCIES = pa.schema(
    {
        "agency": pa.string(),
        "aliases": pa.list_(pa.string()),
        "short_names": pa.list_(pa.string()),
        "level": pa.string(),
        "kind": pa.string(),
        "region_name": pa.string(),
        "region": pa.string(),
        "parent": pa.string(),
        "credit_code": pa.string(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
        "successors": pa.list_(pa.string()),
        "first_year": pa.int32(),
        "last_year": pa.int32(),
        "collected_from": pa.int32(),
        "collected_to": pa.int32(),
        "population": pa.int64(),
        "place": pa.string(),
    }
)
_ALIKE = 80.0  # of 100: below it two names are not worth a person's look
_MOST = 0.6  # of a printed name that an agency's name must be to be proposed for holding it


@dataclass(frozen=True, slots=True)
class Met:
    """A name that documents print: how often, and in which kinds of source."""

    printed: str
    occurrences: int
    source_kinds: str


def agencies(register: Register) -> pa.Table:
    """The register as rows of `AGENCIES`: `first_year` to `last_year` are those it files for."""
    return pa.Table.from_pylist([_row(a, register) for a in register.agencies.values()], AGENCIES)


def faults(register: Register) -> pa.Table:
    """What is wrong in the register, as problems of its file: source, code, message, place."""
    rows = [{"place": f.place, "message": f.message} for f in register.faults]
    return pa.Table.from_pylist(
        [row | {"source": PATH, "code": "register.row"} for row in rows],
        schema=pa.schema({n: pa.string() for n in ("source", "code", "message", "place")}),
    )


def resolve(registered: pa.Table, met: Iterable[Met]) -> pa.Table:
    """One row of `NAMES` per printed name.

    `agency` is the register's name where the printed one is a name or an alias of it, else null:
    then `proposal` is the most similar one, with its score out of 100. Nothing is merged by
    similarity. `kind` and `level` come from the register, else from the ending of the name.

    Args:
        registered: rows of `AGENCIES`.
        met: the names that documents print, each once.
    """
    agencies = registered.to_pylist()
    known, proposals = known_names(agencies), _Proposals(agencies)
    rows = []
    for name in met:
        folded = fold(name.printed)
        agency = known.get(folded)
        proposal, score = (None, None) if agency else proposals.best(folded)
        found = {"agency": agency and agency["agency"], "proposal": proposal, "score": score}
        rows.append(asdict(name) | found | _kind(folded, agency))
    return pa.Table.from_pylist(rows, schema=NAMES)


def known_names(agencies: Iterable[Row]) -> dict[str, Row]:
    """Every name and alias of the rows of `AGENCIES`, folded, with its row."""
    return {fold(n): a for a in agencies for n in (a["agency"], *a["aliases"])}


class _Proposals:
    """Looks for the agency that a name may stand for."""

    def __init__(self, agencies: list[Row]) -> None:
        known = known_names(agencies)
        self._full = {name: agency["agency"] for name, agency in known.items()}
        self._offices = [n for n, a in known.items() if a["kind"] not in {"政府", "开发区"}]
        self._short = _unique_short_names(agencies)

    def best(self, name: str) -> tuple[str | None, float | None]:
        from rapidfuzz import fuzz, process

        if name in self._short:
            return self._short[name], 100.0
        alike = process.extractOne(name, self._full.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if alike:
            return self._full[alike[0]], round(alike[1], 1)
        held = [n for n in self._offices if n in name and len(n) >= _MOST * len(name)]
        if not held:
            return None, None
        longest = max(held, key=len)
        return self._full[longest], round(fuzz.ratio(name, longest), 1)


def _unique_short_names(agencies: list[Row]) -> dict[str, str]:
    """Short names that only one agency has: those of several say nothing."""
    owners: dict[str, set[str]] = {}
    for agency in agencies:
        for short in agency["short_names"]:
            owners.setdefault(fold(short), set()).add(agency["agency"])
    return {short: min(names) for short, names in owners.items() if len(names) == 1}


def _kind(name: str, agency: Row | None) -> dict[str, str | None]:
    said, origin = (agency, "register") if agency else (next(_by_ending(name), None), "name")
    if said is None:
        return {"kind": None, "level": None, "kind_from": None}
    return {"kind": said["kind"], "level": said["level"], "kind_from": origin}


def _by_ending(name: str) -> Iterator[Row]:
    for ending in vocabulary()["endings"]:
        barred = ending.get("not")
        if re.search(ending["pattern"], name) and not (barred and re.search(barred, name)):
            yield ending


def _row(agency: Agency, register: Register) -> dict[str, Any]:
    until = agency.valid_to
    # who is gone by the end of a year does not file for it: its successor does
    is_whole = until is not None and (until.month, until.day) == (12, 31)
    collected = dict(zip(("collected_from", "collected_to"), agency.collected, strict=True))
    return {
        **{n: getattr(agency, n) for n in AGENCIES.names if hasattr(agency, n)},
        "agency": agency.name,
        "parent": agency.parent if agency.parent in register.agencies else None,
        "successors": [s for s in agency.successors if s in register.agencies],
        "first_year": agency.valid_from.year if agency.valid_from else None,
        "last_year": until and (until.year if is_whole else until.year - 1),
        **collected,
    }
