"""A damaged table never yields a wrong number in silence: it is right, told, or refused."""

import random
import re
from collections.abc import Callable

import pytest

from tests.facts.grids import filled, numbered
from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.report import read_report
from zwgk_analytics.readers import read
from zwgk_analytics.writers import write

MUTANTS = 60  # of each kind and edition
CELL, ROW = r"<t[dh][^>]*>.*?</t[dh]>", r"<tr[^>]*>.*?</tr>"


def _without(pattern: str) -> Callable[[random.Random, str], str]:
    def cut(chance: random.Random, page: str) -> str:
        found = chance.choice(list(re.finditer(pattern, page, re.S)))
        return page[: found.start()] + page[found.end() :]

    return cut


def _rows_swapped(chance: random.Random, page: str) -> str:
    rows = list(re.finditer(ROW, page, re.S))
    first = chance.randrange(len(rows) - 1)
    one, two = rows[first], rows[first + 1]
    between = page[one.end() : two.start()]
    return page[: one.start()] + two[0] + between + one[0] + page[two.end() :]


def _cut_off(chance: random.Random, page: str) -> str:
    return page[: chance.randrange(page.index("<table"), len(page))]


DAMAGE = {
    "a tag lost": _without(r"</?t[drh][^>]*>"),
    "a cell lost": _without(CELL),
    "a row lost": _without(ROW),
    "a span lost": _without(r'\s(?:row|col)span="\d+"'),
    "rows swapped": _rows_swapped,
    "cut off": _cut_off,
}


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_wrong_is_told(edition, damage):
    values = numbered(edition)
    page = write(filled(edition, values), "html").decode()
    chance = random.Random(f"{edition} {damage}")
    for _ in range(MUTANTS):
        mutant = DAMAGE[damage](chance, page)
        try:
            document = read(mutant.encode(), "mutant.html")
        except ReadError:
            continue
        found = read_report(document, Extraction("mutant.html", "", "html"), {})
        cells = [c for c in found.rows("cells") if c["state"] == "reported"]
        wrong = [c for c in cells if f"{c['value'].normalize():f}" != values.get(_address(c))]
        assert not wrong or found.rows("problems"), (wrong[:3], mutant)


def _address(cell: dict[str, str]) -> tuple[str, str, str]:
    return cell["form_table"], cell["form_row"], cell["form_column"]
