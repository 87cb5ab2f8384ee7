"""Tables of scores and ranks → one row a scheme, period, agency and indicator."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.numbers import Printed, parse
from zwgk_analytics.facts.periods import parse_period, plain, squeezed
from zwgk_analytics.facts.schema import NUMBER, SCORES
from zwgk_analytics.facts.score_words import is_summary
from zwgk_analytics.facts.table_rows import Told, text_rows
from zwgk_analytics.readers.tabular import RawTable

_TIED = r"\(?并列\)?"
_RANK = re.compile(rf"(?:{_TIED})?[=T]?第?(\d{{1,6}})(?:名|位)?(?:/(\d{{1,6}}))?(?:{_TIED})?")
_PERCENT = re.compile(r"(.+)%$")
_POINTS = re.compile(r"(?<=\d)分$")
_MARKS = re.compile(
    r"[(\[【](?:满分|总分|分值|标准分)?(?:值|为|是)?:?(?:0[-~—])?(\d{1,4}(?:\.\d+)?)(?:分|分制)?[)\]】]"
    r"|满分(?:值|为|是)?:?(\d{1,4}(?:\.\d+)?)分?"
)
_WEIGHT = re.compile(
    r"[(\[【](?:权重|占比?|比重)?(?:为|是)?:?(\d{1,3}(?:\.\d+)?)%[)\]】]"
    r"|权重(?:为|是)?:?(\d{1,3}(?:\.\d+)?%?)"
)
_HUNDRED: Final = Decimal(100)


def parse_rank(text: str) -> tuple[int, int | None] | None:
    """A printed rank (3, 第三名, 并列第3, 3/21) and, where printed, of how many; None if none."""
    match = _RANK.fullmatch(plain(text).removesuffix(".0"))
    return (int(match[1]), int(match[2]) if match[2] else None) if match else None


def parse_score(text: str) -> Printed:
    """A printed score (96.4, 96.4分, 88.5%) as a number; the unit % is kept as `unit`."""
    bare = _POINTS.sub("", squeezed(text))
    if match := _PERCENT.fullmatch(bare):
        printed = parse(match[1])
        return Printed(printed.state, printed.number, "%")
    return parse(bare)


def stated_marks(heading: str) -> tuple[Decimal | None, Decimal | None]:
    """Full marks and weight that a heading states: 总得分(100) → 100; 决策公开(20%) → 0.2."""
    text = squeezed(heading)
    if match := _WEIGHT.search(text):
        return None, as_weight(match[1] + "%" if match[1] else match[2])
    match = _MARKS.search(text)
    marks = Decimal(match[1] or match[2]) if match else None
    is_year = marks is not None and 1900 <= marks < 2100
    return (None if is_year or not marks else marks), None


def as_weight(text: str) -> Decimal | None:
    """A printed weight as a share of 1: 20%, 20 and 0.2 are one fifth; None for anything else."""
    printed = parse_score(text)
    if printed.number is None or not 0 <= printed.number <= _HUNDRED:
        return None
    is_share = printed.number <= 1 and printed.unit != "%"
    return printed.number if is_share else printed.number / _HUNDRED


def scores(
    table: RawTable, columns: Columns, source: str, sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """The scores (`facts.schema.SCORES`) and problems (`PROBLEMS`) of one table.

    A score or a rank that cannot be read is null and told; either may be missing. `scheme`,
    `period` and `agency` of the sidecar stand where the table does not say.
    """
    told = Told(source)
    of_heading = stated_marks(table.names[columns.fields["score"]] if _has_score(columns) else "")
    rows = []
    for place, cells in text_rows(table, columns):
        if not (cells.get("agency") or sidecar.get("agency")):
            told.add("row.no_item", "the row names no agency: it is not used", place)
            continue
        if is_summary(cells.get("agency", "")):
            told.add("row.total", f"a row that sums up ({cells['agency']}): it is no agency", place)
            continue
        said = _score(cells, sidecar, place, told, of_heading)
        rows.append({"source": source, "place": place, **said})
    return pa.Table.from_pylist(scaled(rows), schema=SCORES), told.table()


def scaled(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their `scale`: full marks or percent where stated, else as the scores lie.

    Scores of one scheme, period and indicator are on the scale 1 where all lie within 0 and 1
    and not all are whole, on 100 where all lie within 0 and 100; else the scale is not known.
    """
    seen: dict[tuple[Any, ...], list[Decimal]] = {}
    for row in rows:
        if row["score"] is not None:
            seen.setdefault(_list(row), []).append(row["score"])
    return [row | {"scale": _scale(row, seen.get(_list(row), ()))} for row in rows]


def _list(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["scheme"], row["period"], row["indicator"]


def _scale(row: Mapping[str, Any], every: Iterable[Decimal]) -> Decimal | None:
    stated: Decimal | None = row.get("scale") or row.get("full_marks")
    if stated is not None or row["score"] is None:
        return stated
    low, high = min(every), max(every)
    if low >= 0 and high <= 1:
        return None if all(s == s.to_integral_value() for s in every) else Decimal(1)
    return _HUNDRED if low >= 0 and high <= _HUNDRED else None


def _has_score(columns: Columns) -> bool:
    return "score" in columns.fields


def _score(
    cells: Mapping[str, str],
    sidecar: Mapping[str, Any],
    place: str,
    told: Told,
    of_heading: tuple[Decimal | None, Decimal | None],
) -> dict[str, Any]:
    said = {k: str(v) for k in ("scheme", "period", "agency") if (v := sidecar.get(k)) is not None}
    row = {**said, **cells}
    if "scheme" not in row:
        told.add(
            "score.scheme", "no 考评 is named; expected a column or the sidecar's scheme", place
        )
    rank, of = read_rank(row.get("rank", ""), place, told)
    stated = told.number("ranked_of", row.get("ranked_of"), place).number
    period = _period(row, place, told)
    printed = read_score(row.get("score", ""), place, told)
    marks = told.number("full_marks", row.get("full_marks"), place).number
    return {
        "scheme": row.get("scheme"),
        "period": period,
        "agency": row.get("agency"),
        "indicator": row.get("indicator"),
        "score": printed.number,
        "rank": rank,
        "ranked_of": of if stated is None else int(stated),
        "url": row.get("url"),
        "full_marks": of_heading[0] if marks is None else marks,
        "weight": of_heading[1],
        "scale": _HUNDRED if printed.unit == "%" else None,
    }


def read_score(text: str, place: str, told: Told) -> Printed:
    """The score in a cell; one that cannot be read is null and told."""
    printed = parse_score(text)
    shown = text if printed.number is None else f"{printed.number:f}"
    checked = told.number("score", shown, place)
    if checked.number is None:
        return checked
    return Printed(checked.state, round(checked.number, NUMBER.scale), printed.unit)


def read_rank(text: str, place: str, told: Told) -> tuple[int | None, int | None]:
    """The rank in a cell and of how many; one that cannot be read is null and told."""
    found = parse_rank(text)
    if found is None and parse(text).state not in {"blank", "dash"}:
        told.add("rank.unreadable", f"the rank is {text}; expected a whole number", place)
    return found or (None, None)


def _period(row: Mapping[str, str], place: str, told: Told) -> str | None:
    text = row.get("period", "") + row.get("part_of_year", "")
    period = parse_period(text) or parse_period(row.get("part_of_year", ""))
    if period is None:
        shown = text or "not given"
        told.add("score.period", f"the period is {shown}; expected 2014, 2014Q1 or 2014-03", place)
    return period
