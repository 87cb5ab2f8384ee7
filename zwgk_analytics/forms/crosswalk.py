"""How each measure carries over from form to form: the same, near to it, or broken, and why."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from zwgk_analytics.forms.load import editions

SAME = "same"


@dataclass(frozen=True, slots=True)
class Link:
    """How the figures of a measure stand to what it counts now, in one edition or span of years.

    `link` is `near`, `breaks` or `ends`; `edition` is None where the years alone decide.
    """

    measure: str
    edition: str | None
    first_year: int
    last_year: int
    link: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first year from which a measure counts something else; the caveat that tells why.

    The caveat is None where a form that has no row for the measure came into force.
    """

    year: int
    caveat: str | None


def measured_cells(edition: str) -> dict[tuple[str, str, str], str]:
    """The measure that a cell (table, row, column) of an edition is, where it is that one alone."""
    rows = [row for row in _rows("measure_cells") if row["edition"] == edition]
    needed = Counter(row["measure"] for row in rows)
    return {
        (row["form_table"], row["form_row"], row["form_column"]): row["measure"]
        for row in rows
        if row["link"] == SAME and needed[row["measure"]] == 1
    }


@lru_cache(maxsize=1)
def links() -> tuple[Link, ...]:
    """Every way in which figures are not the same as those of the present form."""
    cells = dict.fromkeys(
        Link(row["measure"], row["edition"], 0, 9999, row["link"], row["caveat"])
        for row in _rows("measure_cells")
        if row["link"] != SAME
    )
    years = (
        Link(
            row["measure"],
            None,
            int(row["first_year"] or 0),
            int(row["last_year"] or 9999),
            row["link"],
            row["caveat"],
        )
        for row in _rows("measure_years")
    )
    return (*cells, *years)


def breaks(measure: str) -> tuple[Break, ...]:
    """The years at which the definition of a measure changes, in their order; none where it holds.

    A measure that first appears on a form does not break there: it has no figures before.
    """
    found = {b.year: b for b in _edition_breaks(measure)}
    for link in links():
        if link.measure == measure and link.edition is None:
            year = link.first_year or link.last_year + 1
            found[year] = Break(year, link.caveat)
    return tuple(found[year] for year in sorted(found))


def crosswalk() -> list[dict[str, str]]:
    """One row per measure of a form: measure, then for each edition its link, `absent` without."""
    order = sorted(editions().values(), key=lambda e: e.first_year)
    measures = dict.fromkeys(row["measure"] for row in _rows("measure_cells"))
    return [
        {"measure": m} | {e.key: _on_form().get((m, e.key), ("absent", ""))[0] for e in order}
        for m in measures
    ]


def _edition_breaks(measure: str) -> list[Break]:
    order = sorted(editions().values(), key=lambda e: e.first_year)
    found = []
    for before, after in pairwise(order):
        old = _on_form().get((measure, before.key))
        new = _on_form().get((measure, after.key))
        if old is not None and old != new:
            caveat = (new and new[1]) or old[1] if new else None
            found.append(Break(after.first_year, caveat))
    return found


@lru_cache(maxsize=1)
def _on_form() -> dict[tuple[str, str], tuple[str, str]]:
    """Measure and edition → link and caveat."""
    rows = _rows("measure_cells")
    return {(row["measure"], row["edition"]): (row["link"], row["caveat"]) for row in rows}


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("zwgk_analytics.forms") / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
