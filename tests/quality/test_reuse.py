"""Sections that repeat others: found without comparing every pair, and measured exactly."""

import random

import pytest

from tests.quality.literal import add, marts
from zwgk_analytics.quality import rules, sql
from zwgk_analytics.quality.reuse import Text, longest_span, reuse, write_reuse

SIGNS = "".join(chr(0x4E00 + 37 * n) for n in range(70))


def prose(seed: int, length: int = 300) -> str:
    return "".join(random.Random(seed).choices(SIGNS, k=length))


def text(words: str, agency: str = "甲", year: int = 2020, section: str = "problems") -> Text:
    return Text(agency, year, section, words, "paragraph 1", f"{agency}_{year}.html")


def test_a_section_that_repeats_another_is_found_in_both_directions():
    copied = prose(1)
    found = list(
        reuse([text(copied + prose(2, 60), year=2019), text(copied), text(prose(3), "乙")])
    )
    assert {(r["year"], r["other_year"], round(r["ratio"], 2)) for r in found} == {
        (2019, 2020, 0.83),
        (2020, 2019, 1.0),
    }
    assert {r["span_characters"] for r in found} == {300}
    assert found[0]["longest_span"] == copied


@pytest.mark.parametrize(
    ("a", "b", "span"),
    [("甲乙丙丁", "丙丁戊", "丙丁"), ("甲乙", "丙丁", ""), ("甲", "甲", "甲"), ("", "甲", "")],
)
def test_longest_span(a, b, span):
    assert longest_span(a, b) == span


@pytest.mark.parametrize("kept", [0.85, 0.95])
def test_most_edited_copies_are_found(kept):
    """Copies with a run of new words in each of them: none of fifty may be missed."""
    pairs = []
    for seed in range(50):
        words = prose(seed, 400)
        cut = int(400 * (1 - kept))
        edited = words[:150] + prose(1000 + seed, cut) + words[150 + cut :]
        pairs += [text(words, f"机关{seed}", 2019), text(edited, f"机关{seed}", 2020)]
    found = {(r["agency"], r["year"]) for r in reuse(pairs)}
    assert len(found) == 100


def sections(con, *rows):
    for year, words in rows:
        known = {"section": "problems", "heading": "五、存在的主要问题及改进情况"}
        add(con, "sections", year=year, text=words, characters=len(words), **known)


def test_the_rule_compares_with_every_earlier_year_not_only_the_last():
    con = marts()
    copied = prose(1)
    sections(con, (2016, copied), (2018, prose(2)), (2019, copied + prose(3, 50)), (2020, "短"))
    write_reuse(con)
    found = con.execute(
        f"SELECT period, actual, other_year, span_characters FROM "
        f"({sql.broken(rules()['text.reused'])})"
    ).fetchall()
    assert found == [("2019", "85.7%", 2016, 300)]
    counted = con.execute(sql.results(rules()["text.reused"])).fetchall()
    assert {o: n for _, o, n in counted} == {"broken": 1, "holds": 2, "not_assessable": 1}
