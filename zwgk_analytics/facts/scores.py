"""Tables of scores and ranks → one row a scheme, period, agency and indicator."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.numbers import parse
from zwgk_analytics.facts.schema import SCORES
from zwgk_analytics.facts.table_rows import Told, text_rows
from zwgk_analytics.readers.tabular import RawTable

_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
_YEAR = r"((?:19|20)\d\d)年?度?"
_PERIODS: Final = (
    (re.compile(_YEAR), "{}"),
    (re.compile(rf"{_YEAR}[-/.]?(?:第?([1-4])季度?|Q([1-4]))"), "{}Q{}"),
    (re.compile(rf"{_YEAR}[-/.]?(?:上半年|H1)"), "{}H1"),
    (re.compile(rf"{_YEAR}[-/.]?(?:下半年|H2)"), "{}H2"),
    (re.compile(rf"{_YEAR}[-/.]?(0?[1-9]|1[0-2])月份?"), "{}-{:0>2}"),
    (re.compile(r"((?:19|20)\d\d)[-/.]?(0[1-9]|1[0-2])|((?:19|20)\d\d)[-/.]([1-9])"), "{}-{:0>2}"),
)
_RANK = re.compile(r"(?:并列)?第?(\d{1,6})(?:名|位)?(?:/(\d{1,6}))?")


def parse_period(text: str) -> str | None:
    """A printed period as 2014, 2014Q1, 2014H1 or 2014-03; None for anything else."""
    plain = _plain(text).upper()
    for pattern, form in _PERIODS:
        if match := pattern.fullmatch(plain):
            return form.format(*(g for g in match.groups() if g))
    return None


def parse_rank(text: str) -> tuple[int, int | None] | None:
    """A printed rank (3, 第三名, 并列第3, 3/21) and, where printed, of how many; None if none."""
    match = _RANK.fullmatch(_plain(text).removesuffix(".0"))
    return (int(match[1]), int(match[2]) if match[2] else None) if match else None


def scores(
    table: RawTable, columns: Columns, source: str, sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """The scores (`facts.schema.SCORES`) and problems (`PROBLEMS`) of one table.

    A score or a rank that cannot be read is null and told; either may be missing. `scheme`,
    `period` and `agency` of the sidecar stand where the table does not say.
    """
    told = Told(source)
    rows = [
        {"source": source, "place": place, **_score(cells, sidecar, place, told)}
        for place, cells in text_rows(table, columns)
    ]
    return pa.Table.from_pylist(rows, schema=SCORES), told.table()


def _score(
    cells: Mapping[str, str], sidecar: Mapping[str, Any], place: str, told: Told
) -> dict[str, Any]:
    said = {k: str(v) for k in ("scheme", "period", "agency") if (v := sidecar.get(k)) is not None}
    row = {**said, **cells}
    if "scheme" not in row:
        told.add(
            "score.scheme", "no 考评 is named; expected a column or the sidecar's scheme", place
        )
    rank, of = _rank(row, place, told)
    return {
        "scheme": row.get("scheme"),
        "period": _period(row, place, told),
        "agency": row.get("agency"),
        "indicator": row.get("indicator"),
        "score": told.number("score", row.get("score"), place).number,
        "rank": rank,
        "ranked_of": of,
        "url": row.get("url"),
    }


def _period(row: Mapping[str, str], place: str, told: Told) -> str | None:
    text = row.get("period", "") + row.get("part_of_year", "")
    period = parse_period(text) or parse_period(row.get("part_of_year", ""))
    if period is None:
        shown = text or "not given"
        told.add("score.period", f"the period is {shown}; expected 2014, 2014Q1 or 2014-03", place)
    return period


def _rank(row: Mapping[str, str], place: str, told: Told) -> tuple[int | None, int | None]:
    text = row.get("rank", "")
    found = parse_rank(text)
    if found is None and parse(text).state not in {"blank", "dash"}:
        told.add("rank.unreadable", f"the rank is {text}; expected a whole number", place)
    rank, of = found or (None, None)
    stated = told.number("ranked_of", row.get("ranked_of"), place).number
    return rank, of if stated is None else int(stated)


def _plain(text: str) -> str:
    """Without spaces, full-width digits and Chinese numerals: 第十二名 → 第12名."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_NUMERALS)
    text = re.sub(r"(?<=\d)十(?=\d)", "", text)
    return re.sub(r"(?<=\d)十", "0", re.sub(r"(?<!\d)十(?=\d)", "1", text)).replace("十", "10")
