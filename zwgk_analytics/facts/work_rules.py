"""`work_claims.yml` compiled: how work reports state figures of the work itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from zwgk_analytics.facts.claim_rules import compile_wording, optional, with_words
from zwgk_analytics.forms.load import FOLDER


@dataclass(frozen=True, slots=True)
class WorkRule:
    """How one measure is stated; the fields are those that `work_claims.yml` explains."""

    key: str
    units: frozenset[str]
    says: tuple[re.Pattern[str], ...]
    about: re.Pattern[str] | None
    about_sentence: re.Pattern[str] | None
    forbids: re.Pattern[str]
    forbids_clause: re.Pattern[str]
    forbids_sentence: re.Pattern[str]
    part_from: re.Pattern[str]
    term: bool
    change: bool
    needs: str | None
    others: bool
    money: str


@dataclass(frozen=True, slots=True)
class WorkRules:
    """The rules, the units that count beside the usual ones, the titles that name what counts.

    `counted_as` maps a word that stands for a unit (三大规划) to the unit.
    """

    measures: tuple[WorkRule, ...]
    units: frozenset[str]
    counted_as: Mapping[str, str]
    titles: re.Pattern[str]
    divides: re.Pattern[str]  # two places of a list
    plans: re.Pattern[str]


@lru_cache(maxsize=1)
def work_rules() -> WorkRules:
    """The rules of `work_claims.yml`, read once."""
    text = (FOLDER / "work_claims.yml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    measures = tuple(_rule(key, rule, raw["words"]) for key, rule in raw["measures"].items())
    return WorkRules(
        measures,
        units=frozenset(raw["units"]),
        counted_as=raw["counted_as"],
        titles=re.compile(raw["titles"]),
        divides=re.compile(raw["and"]),
        plans=re.compile(raw["plans"]),
    )


def _rule(key: str, raw: Mapping[str, Any], words: Mapping[str, str]) -> WorkRule:
    def pattern(name: str) -> re.Pattern[str] | None:
        return re.compile(with_words(raw[name], words)) if name in raw else None

    return WorkRule(
        key=key,
        units=frozenset(raw["units"]),
        says=tuple(compile_wording(wording, words) for wording in raw["says"]),
        about=pattern("about"),
        about_sentence=pattern("about_sentence"),
        forbids=optional(raw.get("not")),
        forbids_clause=optional(raw.get("not_clause")),
        forbids_sentence=optional(raw.get("not_sentence")),
        part_from=pattern("part_from") or optional(None),
        term=raw.get("term", False),
        change=raw.get("change", False),
        needs=raw.get("needs"),
        others=raw.get("others", False),
        money=raw.get("money", "元"),
    )
