"""The mart `text_reuse`: which sections of reports repeat which others, and how much of them.

Not every pair is compared: sections that share word sequences are found by MinHash and locality
sensitive hashing, and only those are read against each other. The sketches of sections stay in the
database, so that a refresh compares only what is new.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zwgk_analytics.marts import ledger as ledgers
from zwgk_analytics.marts.ledger import Ledger

if TYPE_CHECKING:
    import duckdb

_MART: Final = "text_reuse"
_SKETCHES: Final = f"{ledgers.SCHEMA}.sketches"

SHORTEST: Final = 100  # characters: a shorter section is a formula
LEAST: Final = 0.5  # of a section's characters, to be told of at all
_SHINGLE: Final = 4
_RUN: Final = 8  # characters in a row that count as repeated
_HASHES, _BANDS = 126, 42  # finds 99 % of the pairs that share half of their shingles
_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_ALIKE: Final = 0.2  # estimated share of shingles below which a pair is not read
_BLANK = re.compile(r"\s+")

SCHEMA: Final = pa.schema(
    {
        "agency": pa.string(),
        "year": pa.int32(),
        "section": pa.string(),
        "other_agency": pa.string(),
        "other_year": pa.int32(),
        "other_section": pa.string(),
        "ratio": pa.float64(),
        "longest_span": pa.string(),
        "span_characters": pa.int32(),
        "place": pa.string(),
        "other_place": pa.string(),
        "source": pa.string(),
        "other_source": pa.string(),
    }
)


@dataclass(frozen=True, slots=True)
class Text:
    """One section without its blanks."""

    agency: str
    year: int
    section: str
    text: str
    place: str
    source: str


Key = tuple[str, int, str, str]  # agency, year, section, and what tells its content
Sketches = npt.NDArray[np.uint32]


def write_reuse(con: "duckdb.DuckDBPyConnection", ledger: Ledger | None = None) -> None:
    """Creates `main.text_reuse` from `sections` in an open, writable database of marts.

    With a ledger, the pairs of sections that are as they were stay.
    """
    if ledger is None:
        _write(con, reuse(_every(con)))
        return
    if not ledger.differing(_MART, ["sections"]):
        ledger.keep(_MART)
        return
    known = _known(con) if _MART in ledger.before else None
    keys: list[Key] = con.execute(_KEYS, {"shortest": SHORTEST}).fetchall()
    fresh = [i for i, key in enumerate(keys) if known is None or key not in known]
    if known is None:
        _create(con)
    _drop(con, {*(keys[i] for i in fresh), *((known or {}).keys() - set(keys))})
    _note(con, [keys[i] for i in fresh], sketched(t.text for t in _texts(con, keys, fresh)))
    _insert(con, keys, set(fresh))
    ledger.note(_MART, ["sections"], ledgers.content_in(con, _MART))


def reuse(texts: list[Text]) -> Iterator[dict[str, Any]]:
    """The rows of the mart: both directions of every pair of which one repeats half the other."""
    for one, other in alike(sketched(t.text for t in texts)):
        yield from _compared(texts[one], texts[other])


def sketched(texts: Iterable[str]) -> Sketches:
    """The MinHash of each text, a row each."""
    from rensa import RMinHash  # type: ignore[import-untyped]

    rows = []
    for text in texts:
        sketch = RMinHash(num_perm=_HASHES, seed=1)
        sketch.update([text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1)])
        rows.append(sketch.digest())
    return np.array(rows, dtype=np.uint32).reshape(-1, _HASHES)


def alike(sketches: Sketches, fresh: set[int] | None = None) -> Iterator[tuple[int, int]]:
    """Pairs of positions that are likely to have much in common; with `fresh`, one of them is."""
    found: set[tuple[int, int]] = set()
    for band in np.split(sketches.astype(np.uint64), _BANDS, axis=1):
        keys = (band * _MIX).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order])) + 1
        bounds = np.concatenate(([0], starts, [len(order)]))
        for at in np.flatnonzero(np.diff(bounds) > 1):  # most keys stand alone
            found.update(_pairs(order[bounds[at] : bounds[at + 1]].tolist(), fresh))
    for one, other in sorted(found):
        if np.mean(sketches[one] == sketches[other]) >= _ALIKE:
            yield one, other


def _pairs(group: list[int], fresh: set[int] | None) -> Iterator[tuple[int, int]]:
    if fresh is None:
        yield from combinations(group, 2)
        return
    for one in fresh.intersection(group):
        yield from ((min(one, o), max(one, o)) for o in group if o != one)


def _compared(one: Text, other: Text) -> Iterator[dict[str, Any]]:
    for a, b in ((one, other), (other, one)):
        ratio = _repeated(a.text, _runs(b.text))
        if ratio >= LEAST:
            yield _row(a, b, ratio)


def longest_span(a: str, b: str) -> str:
    """The longest run of characters that stands in both texts; the first of several."""
    best, low, high = "", 1, min(len(a), len(b))
    while low <= high:
        size = (low + high) // 2
        there = _grams(b, size)
        found = next(
            (a[i : i + size] for i in range(len(a) - size + 1) if a[i : i + size] in there), ""
        )
        if found:
            best, low = found, size + 1
        else:
            high = size - 1
    return best


def _repeated(text: str, runs: set[str]) -> float:
    """The share of a text's characters that stand in runs of another one."""
    covered, reached = 0, 0
    for start in range(len(text) - _RUN + 1):
        if text[start : start + _RUN] in runs:
            covered += start + _RUN - max(start, reached)
            reached = start + _RUN
    return covered / len(text)


@lru_cache(maxsize=1000)
def _runs(text: str) -> set[str]:
    return _grams(text, _RUN)


def _grams(text: str, size: int) -> set[str]:
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def _row(text: Text, other: Text, ratio: float) -> dict[str, Any]:
    span = longest_span(text.text, other.text)
    return {
        "agency": text.agency,
        "year": text.year,
        "section": text.section,
        "other_agency": other.agency,
        "other_year": other.year,
        "other_section": other.section,
        "ratio": ratio,
        "longest_span": span,
        "span_characters": len(span),
        "place": text.place,
        "other_place": other.place,
        "source": text.source,
        "other_source": other.source,
    }


_LONG: Final = """FROM sections
WHERE section <> 'preamble' AND characters >= $shortest
ORDER BY agency, year, section
"""
_KEYS: Final = f"SELECT agency, year, section, md5(concat_ws('|', text, place, source)) {_LONG}"
_EVERY: Final = f"SELECT agency, year, section, text, place, source {_LONG}"


def _write(con: "duckdb.DuckDBPyConnection", rows: Iterable[dict[str, Any]]) -> None:
    con.register("reuse_found", pa.Table.from_pylist(list(rows), schema=SCHEMA))
    con.execute("CREATE OR REPLACE TABLE main.text_reuse AS FROM reuse_found")
    con.unregister("reuse_found")


def _create(con: "duckdb.DuckDBPyConnection") -> None:
    _write(con, ())
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {ledgers.SCHEMA}")
    con.execute(
        f"CREATE OR REPLACE TABLE {_SKETCHES} "
        "(agency VARCHAR, year INTEGER, section VARCHAR, content VARCHAR, sketch BLOB)"
    )


def _known(con: "duckdb.DuckDBPyConnection") -> dict[Key, bytes]:
    rows = con.execute(f"SELECT agency, year, section, content, sketch FROM {_SKETCHES}")  # noqa: S608
    return {row[:4]: row[4] for row in rows.fetchall()}


def _texts(con: "duckdb.DuckDBPyConnection", keys: list[Key], wanted: list[int]) -> list[Text]:
    """The sections at some positions among all keys, in that order."""
    named = _named([keys[i] for i in wanted])
    con.register("reuse_wanted", named.append_column("nth", pa.array(range(len(wanted)))))
    rows = con.execute(
        "SELECT agency, year, section, text, place, source FROM sections "
        "JOIN reuse_wanted USING (agency, year, section) ORDER BY nth"
    ).fetchall()
    con.unregister("reuse_wanted")
    return [_text(*row) for row in rows]


def _every(con: "duckdb.DuckDBPyConnection") -> list[Text]:
    return [_text(*row) for row in con.execute(_EVERY, {"shortest": SHORTEST}).fetchall()]


def _text(agency: str, year: int, section: str, text: str, place: str, source: str) -> Text:
    return Text(agency, year, section, _BLANK.sub("", text), place, source)


def _named(keys: Iterable[Key]) -> pa.Table:
    rows = [{"agency": a, "year": y, "section": s} for a, y, s, _ in keys]
    kinds = {"agency": pa.string(), "year": pa.int32(), "section": pa.string()}
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def _drop(con: "duckdb.DuckDBPyConnection", keys: set[Key]) -> None:
    """Forgets sections that changed or went, and every pair that they were in."""
    con.register("reuse_stale", _named(keys))
    stale = "IN (SELECT (agency, year, section) FROM reuse_stale)"
    con.execute(
        f"DELETE FROM main.text_reuse WHERE (agency, year, section) {stale} "  # noqa: S608
        f"OR (other_agency, other_year, other_section) {stale}"
    )
    con.execute(f"DELETE FROM {_SKETCHES} WHERE (agency, year, section) {stale}")  # noqa: S608
    con.unregister("reuse_stale")


def _note(con: "duckdb.DuckDBPyConnection", keys: list[Key], sketches: Sketches) -> None:
    table = _named(keys).append_column("content", pa.array([k[3] for k in keys], pa.string()))
    rows = pa.array([sketch.tobytes() for sketch in sketches], pa.binary())
    con.register("reuse_sketched", table.append_column("sketch", rows))
    con.execute(f"INSERT INTO {_SKETCHES} FROM reuse_sketched")
    con.unregister("reuse_sketched")


def _insert(con: "duckdb.DuckDBPyConnection", keys: list[Key], fresh: set[int]) -> None:
    """Adds the pairs of which at least one is fresh."""
    known = _known(con)
    joined = b"".join(known[key] for key in keys)
    sketches = np.frombuffer(joined, np.uint32).reshape(-1, _HASHES)
    pairs = list(alike(sketches, fresh))
    needed = sorted({position for pair in pairs for position in pair})
    texts = dict(zip(needed, _texts(con, keys, needed), strict=True))
    rows = [row for a, b in pairs for row in _compared(texts[a], texts[b])]
    con.register("reuse_found", pa.Table.from_pylist(rows, schema=SCHEMA))
    con.execute("INSERT INTO main.text_reuse FROM reuse_found")
    con.unregister("reuse_found")
