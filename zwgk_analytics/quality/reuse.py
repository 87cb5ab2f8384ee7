"""The mart `text_reuse`: which sections of reports repeat which others, and how much of them.

Not every pair is compared: sections that share word sequences are found by MinHash and locality
sensitive hashing, and only those are read against each other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

SHORTEST: Final = 100  # characters: a shorter section is a formula
LEAST: Final = 0.5  # of a section's characters, to be told of at all
_SHINGLE: Final = 4
_RUN: Final = 8  # characters in a row that count as repeated
_HASHES, _BANDS = 126, 42  # finds 99 % of the pairs that share half of their shingles
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


def write_reuse(con: "duckdb.DuckDBPyConnection") -> None:
    """Creates `main.text_reuse` from `sections` in an open, writable database of marts."""
    rows = con.execute(
        "SELECT agency, year, section, text, place, source FROM sections "
        "WHERE section <> 'preamble' AND characters >= ? ORDER BY agency, year, section",
        [SHORTEST],
    ).fetchall()
    texts = [Text(a, y, s, _BLANK.sub("", t), p, f) for a, y, s, t, p, f in rows]
    table = pa.Table.from_pylist(list(reuse(texts)), schema=SCHEMA)
    con.register("reuse_found", table)
    con.execute("CREATE OR REPLACE TABLE main.text_reuse AS SELECT * FROM reuse_found")
    con.unregister("reuse_found")


def reuse(texts: list[Text]) -> Iterator[dict[str, Any]]:
    """The rows of the mart: both directions of every pair of which one repeats half the other."""
    runs: dict[int, set[str]] = {}
    for one, other in _candidates([t.text for t in texts]):
        for a, b in ((one, other), (other, one)):
            ratio = _repeated(texts[a].text, runs.setdefault(b, _grams(texts[b].text, _RUN)))
            if ratio >= LEAST:
                yield _row(texts[a], texts[b], ratio)


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


def _candidates(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that are likely to have much in common, each once."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

    index = RMinHashLSH(threshold=0.5, num_perm=_HASHES, num_bands=_BANDS)
    hashes: list[RMinHash] = []
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=_HASHES, seed=1)
        sketch.update([text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1)])
        for other in sorted(index.query(sketch)):
            if sketch.jaccard(hashes[other]) >= _ALIKE:
                yield other, number
        index.insert(number, sketch)
        hashes.append(sketch)


def _repeated(text: str, runs: set[str]) -> float:
    """The share of a text's characters that stand in runs of another one."""
    covered, reached = 0, 0
    for start in range(len(text) - _RUN + 1):
        if text[start : start + _RUN] in runs:
            covered += start + _RUN - max(start, reached)
            reached = start + _RUN
    return covered / len(text)


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
