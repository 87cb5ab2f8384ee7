"""The mart `near_duplicates`: titles of one agency that say the same in slightly other words.

Only titles with the same numerals that begin or end alike are compared, and of those only what
was published in the same days: a log of millions of titles is never compared pair by pair.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import yaml

from zwgk_analytics.marts.ledger import Ledger
from zwgk_analytics.marts.models import models
from zwgk_analytics.marts.partition import Units, among, cut, in_parts

if TYPE_CHECKING:
    import duckdb

SCHEMA: Final = pa.schema(
    {
        "agency": pa.string(),
        "item_id": pa.string(),
        "twin_id": pa.string(),
        "title": pa.string(),
        "twin_title": pa.string(),
        "similarity": pa.float64(),
        "differing": pa.string(),
        "days_apart": pa.int32(),
    }
)
_ROWS = 50_000
# runs of signs, not each: replacing costs by the match
_SIGNS = "[^0-9A-Za-z\\x{3400}-\\x{9FFF}]+"
_TITLES = f"""
SELECT
  item_id, agency, title, published_on, issued_on, document_number, url, letters,
  unnest([
    hash(agency, numerals, 'start', substr(letters, 1, 8)),
    hash(agency, numerals, 'end', right(letters, 8))
  ]) AS block
FROM (
  SELECT
    *,
    regexp_replace(replace(title, coalesce(agency, ''), ''), '{_SIGNS}', '', 'g') AS letters,
    regexp_replace(title, '[^0-9〇零一二三四五六七八九十百千]+', '', 'g') AS numerals
  FROM publications
  WHERE NOT is_repeat AND published_on IS NOT NULL AND length(title) >= $shortest
)
WHERE length(letters) >= $shortest
"""  # noqa: S608 - of our own text alone
# Blocks first, titles then: a sort of all titles would not fit the memory.
_BLOCKS = f"""
CREATE OR REPLACE TEMP TABLE near_blocks AS
SELECT block FROM ({_TITLES}) GROUP BY block HAVING count(*) > 1
"""  # noqa: S608
_ALIKE = f"""
SELECT
  block, item_id, agency, title, letters, published_on, issued_on, document_number, url
FROM ({_TITLES}) JOIN near_blocks USING (block)
ORDER BY block, published_on, item_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Title:
    """A title, its letters without signs and the agency's name, and what tells items apart."""

    item_id: str
    agency: str | None
    title: str
    letters: str
    published_on: date
    issued_on: date | None = None
    document_number: str | None = None
    url: str | None = None


def write_near_duplicates(con: "duckdb.DuckDBPyConnection", ledger: Ledger | None = None) -> None:
    """Creates `main.near_duplicates` from `publications` in an open, writable database of marts.

    With a ledger, only titles of agencies whose logs changed are compared.
    """
    mart, reads = models()["near_duplicates"].name, models()["near_duplicates"].by_agency
    differing = ledger.differing(mart, reads) if ledger else {mart}
    if ledger and not differing:
        ledger.keep(mart)
        return

    def empty() -> None:
        con.register("near_found", SCHEMA.empty_table())
        con.execute("CREATE OR REPLACE TABLE main.near_duplicates AS FROM near_found")

    def make(units: Units | None) -> None:
        with cut(con, reads, units):
            con.register("near_found", _found(con))
        if units is None:
            con.execute("CREATE OR REPLACE TABLE main.near_duplicates AS FROM near_found")
            return
        con.execute(f"DELETE FROM main.near_duplicates WHERE {among('agency', units)}")  # noqa: S608
        con.execute("INSERT INTO main.near_duplicates FROM near_found")

    in_parts(con, ledger, reads, differing, make, empty)
    con.unregister("near_found")
    if ledger:
        ledger.note(mart, reads)


def _found(con: "duckdb.DuckDBPyConnection") -> pa.Table:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for block in _blocks(con):
        found |= {(r["item_id"], r["twin_id"]): r for r in near_duplicates(block)}
    return pa.Table.from_pylist(list(found.values()), schema=SCHEMA)


def _blocks(con: "duckdb.DuckDBPyConnection") -> Iterator[list[Title]]:
    """Titles that may be compared, block by block: not all of them are held."""
    shortest = {"shortest": _settings()["shortest"]}
    con.execute(_BLOCKS, shortest)
    reader = con.execute(_ALIKE, shortest)
    rows = chain.from_iterable(iter(lambda: reader.fetchmany(_ROWS), []))
    for _, group in groupby(rows, lambda r: r[0]):
        yield [Title(*r[1:]) for r in group]


def near_duplicates(titles: Iterable[Title]) -> Iterator[dict[str, Any]]:
    """The rows of the mart among titles that may be compared, the older one of a pair first."""
    days = _settings()["days"]
    waiting: list[Title] = []
    for title in sorted(titles, key=lambda t: (t.published_on, t.item_id)):
        waiting = [w for w in waiting if (title.published_on - w.published_on).days <= days]
        for earlier in waiting:
            if not _are_told_apart(earlier, title) and (row := _compared(earlier, title)):
                yield row
        waiting.append(title)


def _are_told_apart(one: Title, other: Title) -> bool:
    """Whether number or day say two documents, or another rule tells of the pair already."""
    numbers = {one.document_number, other.document_number} - {None}
    issued = {one.issued_on, other.issued_on} - {None}
    if len(numbers) > 1 or len(issued) > 1:
        return True
    is_same_page = one.url is not None and one.url == other.url
    return is_same_page or (one.title == other.title and one.published_on == other.published_on)


def _compared(one: Title, other: Title) -> dict[str, Any] | None:
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    similarity = fuzz.ratio(one.letters, other.letters, score_cutoff=_settings()["alike"])
    if not similarity:
        return None
    parts = [
        one.letters[op.src_start : op.src_end] + other.letters[op.dest_start : op.dest_end]
        for op in Indel.opcodes(one.letters, other.letters)
        if op.tag != "equal"
    ]
    if not all(_filler().fullmatch(part) for part in parts):
        return None
    return {
        "agency": other.agency,
        "item_id": one.item_id,
        "twin_id": other.item_id,
        "title": one.title,
        "twin_title": other.title,
        "similarity": similarity / 100,
        "differing": "、".join(parts),
        "days_apart": (other.published_on - one.published_on).days,
    }


@lru_cache(maxsize=1)
def _filler() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, _settings()['filler']))})*")


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    path = files("zwgk_analytics.quality") / "near_duplicates.yml"
    said: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return said
