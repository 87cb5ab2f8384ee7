"""The header of a printed table of scores: which column holds which indicator's score or rank."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from zwgk_analytics.facts.headings import field_of
from zwgk_analytics.facts.periods import find_period, squeezed, without_period
from zwgk_analytics.facts.score_words import folded, pattern
from zwgk_analytics.facts.scores import parse_score, stated_marks
from zwgk_analytics.forms import fold
from zwgk_analytics.readers import Cell

Slots = Sequence[Sequence[Cell | None]]
_TOP_ROWS: Final = 20  # a header further down is no header
_STATED = re.compile(r"[(\[【](?=[^()]*(?:\d|分|权重|%))[^()]*[)\]】]|满分\d+分?|权重:?\d[\d.]*%?")
_SCORE_ENDING = re.compile(r"(?:得分|分数|评分|成绩)$")
_WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The columns of one indicator: its score, its rank, or both; `label` None for the whole."""

    label: str | None
    headings: tuple[str, ...]  # the texts over its columns, lowest first
    score: int | None = None
    rank: int | None = None
    full_marks: Decimal | None = None
    weight: Decimal | None = None
    is_known: bool = False  # a heading that we know, not merely one with numbers below


@dataclass(frozen=True, slots=True)
class Block:
    """One of the lists that stand side by side in a grid, with the columns it spans.

    `part` is the heading over all of its columns and no others: 市直部门.
    """

    first: int
    last: int
    agency: int
    fields: Mapping[str, int]
    measured: tuple[Measured, ...]
    part: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreHeader:
    """What a grid's header says: its blocks, where data begin, the title rows above it.

    `unused` are headings of columns that hold no score.
    """

    first_data: int
    blocks: tuple[Block, ...]
    captions: tuple[str, ...]
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    kind: str  # a field of assessments, `measure`, or "" where nothing stands
    label: str
    groups: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    order: int = 0
    marks: tuple[Decimal | None, Decimal | None] = field(default=(None, None))


def read_score_header(slots: Slots, sidecar: Mapping[str, Any]) -> ScoreHeader | None:
    """The header of a grid of scores and ranks of agencies; None where the grid is none."""
    for row in range(min(len(slots), _TOP_ROWS)):
        cells = distinct(slots[row])
        named = [c for c in cells if _field(c.text, sidecar) == "agency"]
        if named and len(cells) > 1 and not _are_groups(named, slots, row, sidecar):
            return _header(slots, row, named[0].column, sidecar)
    return None


def _are_groups(named: Sequence[Cell], slots: Slots, row: int, sidecar: Mapping[str, Any]) -> bool:
    """Whether 县（市、区） and 市直部门 stand over lists that have headings of their own."""
    below = distinct(slots[row + 1]) if row + 1 < len(slots) else []
    return named[0].colspan > 1 and any(_field(c.text, sidecar) == "agency" for c in below)


def distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row that hold text, each once."""
    return list(dict.fromkeys(c for c in row if c is not None and c.text.strip()))


def _header(slots: Slots, row: int, agency: int, sidecar: Mapping[str, Any]) -> ScoreHeader | None:
    first, last = _top(slots, row, agency), _bottom(slots, row, agency)
    columns = [_column(slots, first, last, c, sidecar) for c in range(len(slots[row]))]
    if any(fold(c.label) in folded("other_columns") for c in columns):
        return None
    blocks, unused = [], []
    parts = list(_side_by_side(columns))
    for part in parts:
        name = _shared(part) if len(parts) > 1 else None
        own = [replace(c, groups=tuple(g for g in c.groups if g != name)) for c in part]
        kept, left = _with_numbers(_with_full_marks(own), slots[last + 1 :])
        unused += left
        if block := _block(kept):
            blocks.append(replace(block, part=name))
    captions = [c.text for above in slots[:first] for c in distinct(above)]
    return ScoreHeader(last + 1, tuple(blocks), tuple(captions), tuple(unused)) if blocks else None


def _top(slots: Slots, row: int, agency: int) -> int:
    """The first row of the header: group headings may stand over the row that names agencies."""
    while row > 0:
        above = distinct(slots[row - 1])
        if not above or (len(above) == 1 and above[0].column <= agency):
            break
        row -= 1
    return row


def _bottom(slots: Slots, row: int, agency: int) -> int:
    """The last row of the header: below it the column of agencies has names."""
    top = slots[row][agency]
    while row + 1 < len(slots):
        below, cells = slots[row + 1][agency], distinct(slots[row + 1])
        is_blank = below is None or not below.text.strip()
        is_words = all(parse_score(c.text).state == "unreadable" for c in cells)
        is_section = len(cells) == 1 and cells[0].column <= agency
        if not (below is top or (is_blank and cells and is_words and not is_section)):
            break
        row += 1
    return row


def _field(text: str, sidecar: Mapping[str, Any]) -> str:
    found = field_of("assessment", _bare(squeezed(text)), sidecar)
    return found[0] if found else ""


def _bare(text: str) -> str:
    """A heading without its number, the period it names and the marks it states."""
    return pattern("title_start").sub("", without_period(_STATED.sub("", text)))


def _column(slots: Slots, first: int, last: int, index: int, sidecar: Mapping[str, Any]) -> _Column:
    stack = dict.fromkeys(
        c for r in range(first, last + 1) if (c := slots[r][index]) and c.text.strip()
    )
    if not stack:
        return _Column(index, "", "")
    texts = [squeezed(c.text) for c in stack]
    labels = [label for t in texts if (label := _bare(t))]
    leaf = labels.pop() if labels else ""
    over = [field_of("assessment", g, sidecar) for g in labels]
    groups = tuple(
        g
        for g, f in zip(labels, over, strict=True)
        if not f and g != leaf and not pattern("generic_groups").search(g)
    )
    kind, order = field_of("assessment", leaf, sidecar) or ("measure", 0)
    if fold(leaf) in folded("groups"):
        kind = "group"
    elif fold(leaf) in folded("subtotals") and groups:
        kind = "score"
    elif kind == "measure":
        is_rank = any(f and f[0] == "rank" for f in over)
        kind, groups = _measure(texts[-1], leaf, groups, is_rank)
    heads = tuple(reversed(texts))
    return _Column(index, kind, leaf, groups, heads, order, stated_marks(texts[-1]))


def _measure(
    text: str, leaf: str, groups: tuple[str, ...], is_rank: bool
) -> tuple[str, tuple[str, ...]]:
    """What a column with a heading of its own holds: an indicator's score, its rank, or neither."""
    ending = pattern("rank_ending").search(leaf)
    if pattern("ignored").search(text):
        return "ignored", groups
    if is_rank or ending:
        return "rank", (*groups, leaf[: ending.start()] if ending else leaf)
    return "measure", groups


def _side_by_side(columns: Sequence[_Column]) -> Iterator[list[_Column]]:
    """The columns of each list: a grid may hold two or three with the same headings."""
    agencies = [c for c in columns if c.kind == "agency"]
    if not agencies:
        return
    alike = [c.index for c in agencies if fold(c.label) == fold(agencies[0].label)]
    offset = alike[0] - next(c.index for c in columns if c.kind)
    starts = [index - offset for index in alike]
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        yield [c for c in columns if start <= c.index < end and c.kind]


def _shared(part: Sequence[_Column]) -> str | None:
    """The heading over all columns of one of several lists."""
    tops = {c.headings[-1] for c in part if len(c.headings) > 1}
    return tops.pop() if len(tops) == 1 and all(len(c.headings) > 1 for c in part) else None


def _with_full_marks(part: Sequence[_Column]) -> list[_Column]:
    """The columns, 分值 beside a column of scores taken for what these are out of."""
    is_out_of = {
        c.index for c in part if c.kind == "score" and fold(c.label) in folded("full_marks")
    }
    if len(is_out_of) == sum(c.kind == "score" for c in part):
        return list(part)
    return [replace(c, kind="full_marks") if c.index in is_out_of else c for c in part]


def _with_numbers(part: list[_Column], rows: Slots) -> tuple[list[_Column], list[str]]:
    """The columns that hold what their headings say, and the headings of the others."""
    kept, left = [], []
    agency = min((c for c in part if c.kind == "agency"), key=lambda c: c.order, default=None)
    for column in part:
        is_other = column.kind == "agency" and column is not agency
        if is_other and _is_numeric(column.index, rows):  # 政府网站, as the name of an indicator
            kept.append(replace(column, kind="measure"))
            continue
        is_text = column.kind == "measure" and not _is_numeric(column.index, rows)
        if is_other or is_text:
            left.append(column.label)
        elif column.kind != "ignored":
            kept.append(column)
    return kept, left


def _is_numeric(index: int, rows: Slots) -> bool:
    states = [parse_score(c.text).state for r in rows if (c := r[index]) is not None]
    numbers, others = states.count("reported"), states.count("unreadable")
    return numbers > 0 and numbers >= others


def _block(columns: Sequence[_Column]) -> Block | None:
    agency = next((c.index for c in columns if c.kind == "agency"), None)
    measured = tuple(_measured([c for c in columns if c.kind in {"score", "rank", "measure"}]))
    is_scored = any(m.is_known or m.full_marks or m.weight for m in measured)
    if agency is None or not is_scored:
        return None
    taken = {"agency", "score", "rank", "measure"}
    fields = {c.kind: c.index for c in columns if c.kind not in taken}
    return Block(columns[0].index, columns[-1].index, agency, fields, measured)


def _measured(columns: Sequence[_Column]) -> Iterator[Measured]:
    """Each indicator with its columns; a rank belongs to the score of the same name and period."""
    found: dict[tuple[str, str | None], Measured] = {}
    for column in sorted(columns, key=lambda c: (c.kind == "rank", c.order)):
        key = (_name(column), find_period(column.headings))
        if column.kind == "rank":
            dated = [k for k in found if k[0] == key[0]]
            key = dated[0] if key[1] is None and len(dated) == 1 else key  # 2023年得分, 名次
            at = found.get(key) or Measured("/".join(column.groups) or None, column.headings)
            if at.rank is None:
                found[key] = replace(at, rank=column.index, is_known=True)
        else:
            while key in found:
                key = (f"{key[0]} ", key[1])
            marks, weight = column.marks
            is_known = column.kind == "score"
            label = _label(column)
            found[key] = Measured(
                label, column.headings, column.index, None, marks, weight, is_known
            )
    yield from sorted(found.values(), key=lambda m: (m.rank if m.score is None else m.score) or 0)


def _label(column: _Column) -> str | None:
    if column.kind == "score":
        return "/".join(column.groups) or column.label or None
    return "/".join((*column.groups, column.label)) or None


def _name(column: _Column) -> str:
    if column.kind in {"score", "rank"}:
        return _SCORE_ENDING.sub("", "/".join(column.groups)) or _WHOLE
    if not column.groups and fold(column.label) in folded("totals"):
        return _WHOLE
    return _SCORE_ENDING.sub("", "/".join((*column.groups, column.label)))
