"""A document whose tables hold ranks and scores → one row an agency and indicator."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.headings import field_of
from zwgk_analytics.facts.identity import stated_agency
from zwgk_analytics.facts.numbers import parse
from zwgk_analytics.facts.periods import find_period, parse_period, squeezed
from zwgk_analytics.facts.schema import SCORES
from zwgk_analytics.facts.score_header import (
    Block,
    Measured,
    ScoreHeader,
    Slots,
    distinct,
    read_score_header,
)
from zwgk_analytics.facts.score_prose import told_scores
from zwgk_analytics.facts.score_titles import above, is_other, schemes, title_of, within
from zwgk_analytics.facts.score_words import folded, is_summary, pattern
from zwgk_analytics.facts.scores import as_weight, parse_rank, read_rank, read_score, scaled
from zwgk_analytics.facts.table_rows import Told
from zwgk_analytics.facts.upright import agencies_down
from zwgk_analytics.forms import fold
from zwgk_analytics.readers import Cell, Document, Grid

Row = dict[str, Any]
_FEWEST = 3  # agencies with a score in prose: fewer make no ranking
_FOOTNOTE = re.compile("[*★☆※△▲]+$")
_LONG = 30  # a longer line inside a table is a note, no section


@dataclass(frozen=True, slots=True)
class _List:
    """A grid of scores with what is known of all its rows."""

    grid: Grid
    slots: Slots
    header: ScoreHeader
    headings: tuple[str, ...]  # what heads it, nearest first
    scheme: str | None = None


def read_scores(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """Fills `into` with the scores and ranks of agencies that a document's tables hold.

    `into` stays as it is where no table is one of scores. Scheme and period come from the sidecar
    (`told`), the table's own heading or the title; where none names them they are null and told.
    """
    if told.get("kind") not in {None, "assessment"} or is_other(document):
        return into
    lists, title = _lists(document, told), told.get("title") or title_of(document)
    if not lists and title:
        return _read_prose(document, into, told, title)
    heads = [h for one in lists for h in one.headings if pattern("assessment").search(h)]
    is_named = title or heads or told.get("scheme") or told.get("kind")
    if not lists or not (is_named or any(_is_scored(one.header) for one in lists)):
        return into
    problems = Told(into.source)
    named = schemes(title, [one.headings for one in lists], told)
    rows: list[Row] = []
    for one, scheme in zip(lists, named, strict=True):
        known = _apart(rows, one, scheme, problems)
        context = [*one.headings, *([title] if title else [])]
        rows += _rows(one, known, context, told, problems)
    if not rows:
        return into
    return _filled(document, into, told, title or next(iter(heads), None), rows, problems)


def _read_prose(
    document: Document, into: Extraction, told: Mapping[str, Any], title: str
) -> Extraction:
    """The scores that a document without a table of them tells in words."""
    found = told_scores(document.paragraphs)
    if len({one.agency for one in found}) < _FEWEST:
        return into
    stated = told.get("period")
    period = parse_period(str(stated)) if stated else find_period([title])
    [scheme] = schemes(title, [()], told)
    blank = dict.fromkeys(("indicator", "ranked_of", "full_marks", "weight", "scale"))
    rows = [
        blank
        | {"place": one.place, "agency": one.agency, "score": one.score, "rank": one.rank}
        | {"scheme": within(scheme, one.part), "period": period}
        for one in found
    ]
    return _filled(document, into, told, title, rows, Told(into.source))


def _filled(
    document: Document,
    into: Extraction,
    told: Mapping[str, Any],
    title: str | None,
    rows: list[Row],
    problems: Told,
) -> Extraction:
    into.kind, into.reason, into.title = "assessment", None, title
    into.agency = told.get("agency") or stated_agency(document)
    years = {row["period"][:4] if row["period"] else None for row in rows}
    only = next(iter(years)) if len(years) == 1 else None
    into.year = told.get("year") or (int(only) if only else None)
    facts = [{"source": into.source, "url": into.url} | row for row in rows]
    into.tables = {
        "scores": pa.Table.from_pylist(scaled(facts), schema=SCORES),
        "problems": problems.table(),
    }
    return into


def _lists(document: Document, told: Mapping[str, Any]) -> list[_List]:
    found = []
    for grid in document.grids:
        for form in filter(None, (grid, agencies_down(grid))):
            slots = form.slots()
            if header := read_score_header(slots, told):
                heads = (*reversed(header.captions), *above(document, grid))
                found.append(_List(form, slots, header, heads))
                break
    return found


def _is_scored(header: ScoreHeader) -> bool:
    """Whether a heading says score; ranks alone are no assessment without a title that says so."""
    return any(m.is_known and m.score is not None for b in header.blocks for m in b.measured)


def _apart(rows: Sequence[Row], one: _List, scheme: str | None, problems: Told) -> str | None:
    """The scheme of a list; one that ranks from the start again under the same name is told."""
    ranks = [r["rank"] for r in rows if r["scheme"] == scheme and r["rank"]]
    own = [
        rank[0]
        for block in one.header.blocks
        for m in block.measured
        if m.rank is not None
        for r in one.slots[one.header.first_data :]
        if (cell := r[m.rank]) and (rank := parse_rank(cell.text))
    ]
    if not ranks or not own or min(own) >= max(ranks) or scheme is None:
        return scheme
    problems.add(
        "score.scheme",
        f"a second list of «{scheme}» ranks from {min(own)} again and nothing names it; it is "
        "kept apart by its place",
        one.grid.place,
    )
    return within(scheme, one.grid.place)


def _rows(
    one: _List, scheme: str | None, context: list[str], told: Mapping[str, Any], problems: Told
) -> Iterator[Row]:
    if scheme is None and not any("scheme" in b.fields for b in one.header.blocks):
        expected = "expected a title or heading that names it, or the sidecar's scheme"
        problems.add("score.scheme", f"no 考评 is named; {expected}", one.grid.place)
    for name in one.header.unused:
        problems.add("column.unused", f"the column {name} is not used", one.grid.place)
    for block in one.header.blocks:
        measured = [_checked(m, one, block, problems) for m in block.measured]
        periods = {m: _period(m, block, context, told, one, problems) for m in measured}
        for part, slots in _agencies(one, block):
            list_of = within(scheme, _text(slots, block, "group") or part or block.part)
            for m in measured:
                if row := _row(one, block, slots, m, problems):
                    given = {"scheme": list_of, "period": periods[m]}
                    yield given | row | _own(slots, block, problems, one.grid)


def _period(
    m: Measured,
    block: Block,
    context: list[str],
    told: Mapping[str, Any],
    one: _List,
    problems: Told,
) -> str | None:
    """The period of a column: its own heading's, the sidecar's, the list's or the title's."""
    if "period" in block.fields or "part_of_year" in block.fields:
        return None
    own = find_period(m.headings)
    said = told.get("period")
    if said is not None:
        stated = parse_period(str(said))
        period = own if own and stated and own != stated else stated
    else:
        period = find_period([*m.headings, *context])
    if period is None:
        problems.add(
            "score.period",
            f"no period is named for the column {m.label or 'of ranks'}; expected one such as "
            "2023年, 2023年第三季度 in a title or heading, or the sidecar's period",
            one.grid.place,
        )
    return period


def _agencies(one: _List, block: Block) -> Iterator[tuple[str | None, Sequence[Cell | None]]]:
    """The rows of a block that are of an agency, each with the section that it stands in."""
    section: str | None = None
    columns = {c for m in block.measured for c in (m.score, m.rank) if c is not None}
    for slots in one.slots[one.header.first_data :]:
        cells = distinct(slots[block.first : block.last + 1])
        name = slots[block.agency]
        if len(cells) == 1 and (name is None or name is cells[0] or not name.text.strip()):
            text = squeezed(cells[0].text)
            is_section = not pattern("notes").search(text) and len(text) <= _LONG
            spans = any(slots[c] is cells[0] for c in columns) or cells[0] is not name
            if is_section and spans and parse(text).state == "unreadable":
                section = pattern("title_start").sub("", text) or text
        elif name is not None and _is_agency(name.text, _beside(slots, block, cells)):
            yield section, slots


def _beside(slots: Sequence[Cell | None], block: Block, cells: Sequence[Cell]) -> list[str]:
    """The texts of a row; without the name of the indicator, which may be 合计 of all."""
    indicator = block.fields.get("indicator")
    return [c.text for c in cells if indicator is None or c is not slots[indicator]]


def _is_agency(name: str, texts: list[str]) -> bool:
    asides = folded("summaries") | folded("full_marks") | folded("weights")
    if is_summary(name) or any(fold(text) in asides for text in texts):
        return False
    if pattern("notes").search(squeezed(name)):
        return False
    known = [t for t in texts if field_of("assessment", t, {})]
    is_header = name in known and len(known) > 1
    return bool(name.strip()) and parse(name).state == "unreadable" and not is_header


def _row(
    one: _List, block: Block, slots: Sequence[Cell | None], m: Measured, problems: Told
) -> Row | None:
    """One agency's score and rank by one indicator; None where neither is printed."""
    score_cell = slots[m.score] if m.score is not None else None
    rank_cell = slots[m.rank] if m.rank is not None else None
    cells = [c for c in (score_cell, rank_cell) if c is not None]
    if all(parse(c.text).state in {"blank", "dash"} for c in cells):
        return None
    place = one.grid.place_of(cells[0])
    score = read_score(score_cell.text if score_cell else "", place, problems)
    rank, ranked_of = read_rank(rank_cell.text if rank_cell else "", place, problems)
    name = slots[block.agency]
    return {
        "place": place,
        "agency": _FOOTNOTE.sub("", "".join(name.text.split())) if name else None,
        "indicator": m.label,
        "score": score.number,
        "rank": rank,
        "ranked_of": ranked_of,
        "full_marks": m.full_marks,
        "weight": m.weight,
        "scale": Decimal(100) if score.unit == "%" else None,
    }


def _own(slots: Sequence[Cell | None], block: Block, problems: Told, grid: Grid) -> Row:
    """What a row says of itself in columns of its own: scheme, period, indicator, address."""
    said = {name: text for name in block.fields if (text := _text(slots, block, name))}
    own: Row = {k: said[k] for k in ("scheme", "indicator", "url") if k in said}
    if "period" in block.fields or "part_of_year" in block.fields:
        text = said.get("period", "") + said.get("part_of_year", "")
        own["period"] = parse_period(text)
        if own["period"] is None:
            cell = slots[block.agency]
            place = grid.place_of(cell) if cell else grid.place
            problems.add("score.period", f"the period is {text or 'not given'}", place)
    if of := parse_rank(said.get("ranked_of", "")):
        own["ranked_of"] = of[0]
    if (marks := parse(said.get("full_marks", "")).number) is not None:
        own["full_marks"] = marks
    return own


def _text(slots: Sequence[Cell | None], block: Block, name: str) -> str | None:
    column = block.fields.get(name)
    cell = slots[column] if column is not None else None
    return squeezed(cell.text) or None if cell else None


def _checked(m: Measured, one: _List, block: Block, problems: Told) -> Measured:
    """The indicator with full marks and weight of a row that states them, and kept if credible."""
    marks, weight = _stated_below(m, one, block)
    marks, weight = marks or m.full_marks, weight or m.weight
    if marks is not None and m.score is not None:
        cells = [s[m.score] for _, s in _agencies(one, block)]
        numbers = [n for c in cells if c and (n := parse(c.text).number) is not None]
        if numbers and median(numbers) > marks:
            told = f"{m.label} states full marks of {marks}, but most scores are above"
            problems.add("score.full_marks", told, one.grid.place)
            marks = None
    return Measured(m.label, m.headings, m.score, m.rank, marks, weight, m.is_known)


def _stated_below(m: Measured, one: _List, block: Block) -> tuple[Decimal | None, Decimal | None]:
    marks = weight = None
    for slots in one.slots[one.header.first_data :] if m.score is not None else ():
        labels = {fold(c.text) for c in distinct(slots[block.first : block.last + 1])}
        cell = slots[m.score] if m.score is not None else None
        if cell and labels & folded("full_marks"):
            marks = parse(cell.text.removesuffix("分")).number
        elif cell and labels & folded("weights"):
            weight = as_weight(cell.text)
    return marks, weight
