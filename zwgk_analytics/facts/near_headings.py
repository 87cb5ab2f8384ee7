"""Misprinted headings of columns: read only where spelling and place point to the same one."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from zwgk_analytics.facts import addresses
from zwgk_analytics.facts.header import Header, Slots
from zwgk_analytics.forms import Table, fold, vocabulary
from zwgk_analytics.readers import Cell

_ALIKE = 60  # of 100; the place leaves one heading to choose


def mended(slots: Slots, rows: range, header: Header) -> dict[Cell, str]:
    """The cells of a header that must mean a heading which it lacks, each with that heading.

    A column must stand between the two that the form has beside it; a heading over several must
    be the only one that is neither known nor named.
    """
    form = addresses.form_of(frozenset(), header.table)
    if form.layout == "across":
        return dict(_groups(slots, rows, header, form))
    return dict(_columns(slots, rows, header, form)) if form.layout == "matrix" else {}


def _columns(slots: Slots, rows: range, header: Header, form: Table) -> Iterator[tuple[Cell, str]]:
    at = {leaf.column: leaf for leaf in header.leaves}
    for before, line, after in zip(form.columns, form.columns[1:], form.columns[2:], strict=False):
        if line.key in at or not {before.key, after.key} <= at.keys():
            continue
        between = range(at[before.key].last + 1, at[after.key].first)
        found = {c for column in between if (c := slots[rows[-1]][column]) is not None}
        if len(found) == 1 and _is_like(cell := found.pop(), line.label):
            yield cell, line.label


def _groups(slots: Slots, rows: range, header: Header, form: Table) -> Iterator[tuple[Cell, str]]:
    lacking = [r for r in form.rows if r.key not in {leaf.row for leaf in header.leaves}]
    words = vocabulary()
    cells = {c for row in rows for c in slots[row] if c is not None and c.text.strip()}
    strange = [
        c
        for c in cells
        if not any(words.key(form.key, axis, c.text) for axis in ("row", "column"))
        and fold(c.text) not in words.other[form.key]
    ]
    if len(lacking) == len(strange) == 1 and _is_like(strange[0], lacking[0].label):
        yield strange[0], lacking[0].label


def _is_like(cell: Cell, label: str) -> bool:
    return fuzz.ratio(fold(cell.text), fold(label)) >= _ALIKE
