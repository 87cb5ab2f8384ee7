"""`claims.yml` compiled: how sentences state figures, as data that an analyst can extend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from zwgk_analytics.forms.load import FOLDER

_LONG_GAP = "[^#，。；：（）]{0,24}?"
_SHORT_GAP = "[^#，。；：（）、]{0,8}?"
_SINGLES = (
    *("resets", "any_channel", "named_channels", "field_between", "as_total"),
    *(
        "ours",
        "bodies",
        "opening",
        "unrelated",
        "contents",
        "compared_year",
        "carried_year",
        "comparison",
        "stand_alone",
    ),
    *("opens", "label_after", "not_labels", "outcomes"),
    *("negators", "last_year", "at_end", "empty_object", "shared", "separately", "apart"),
)
_NEVER = re.compile(r"(?!)")
_SIGN = re.compile(r"#(?![^\[\]]*\])")  # not one inside a class [^#…]


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """How one measure is stated; the fields are those that `claims.yml` explains."""

    key: str
    units: frozenset[str]
    before: tuple[re.Pattern[str], ...]  # the figure comes after its name
    after: tuple[re.Pattern[str], ...]  # the figure comes first
    in_topic: Mapping[str, tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]]
    names: tuple[re.Pattern[str], ...]
    forbids: re.Pattern[str]
    forbids_clause: re.Pattern[str]
    forbids_sentence: re.Pattern[str]
    forbids_zero: re.Pattern[str]
    about: re.Pattern[str] | None
    about_sentence: re.Pattern[str] | None
    forbids_topic: str | None
    part_words: re.Pattern[str]
    kinds: re.Pattern[str]
    channel: str | None
    unit_of_zero: str | None
    unitless: bool
    ordinal: bool
    wholes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """Everything that the reader of prose knows about the language of reports."""

    counted: frozenset[str]
    other_units: frozenset[str]
    not_after: Mapping[str, str]
    qualifiers: Mapping[str, Mapping[str, str]]
    measures: tuple[MeasureRule, ...]
    topics: Mapping[str, re.Pattern[str]]
    channels: Mapping[str, re.Pattern[str]]
    breakdowns: Mapping[str, re.Pattern[str]]
    not_figures: tuple[re.Pattern[str], ...]
    patterns: Mapping[str, re.Pattern[str]]  # every single pattern, by its name in the file
    routine_measures: frozenset[str]
    same_kind: frozenset[str | None]


@lru_cache(maxsize=1)
def claim_rules() -> ClaimRules:
    """The rules of `claims.yml`, read once."""
    text = (FOLDER / "claims.yml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    patterns = {name: re.compile(raw[name]) for name in _SINGLES}
    patterns["routine"] = re.compile(raw["routine"]["clause"])
    patterns["running_clause"] = re.compile(raw["running_total"]["clause"])
    patterns["running_sentence"] = re.compile(raw["running_total"]["sentence"])
    patterns["label_start"] = re.compile(rf"^(?:{raw['label_edges']['start']})+")
    patterns["label_end"] = re.compile(rf"(?:{raw['label_edges']['end']})+$")
    return ClaimRules(
        counted=frozenset(raw["units"]["counted"]),
        other_units=frozenset(raw["units"]["other"]),
        not_after=raw["units"]["not_after"],
        qualifiers=raw["qualifiers"],
        measures=tuple(_measure(k, m, raw["words"]) for k, m in raw["measures"].items()),
        topics=_compiled(raw["topics"]),
        channels=_compiled(raw["channels"]),
        breakdowns=_compiled(raw["breakdowns"]),
        not_figures=tuple(re.compile(p) for p in raw["not_figures"]),
        patterns=patterns,
        routine_measures=frozenset(raw["routine"]["measures"]),
        same_kind=frozenset(raw["same_kind"]),
    )


def _compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


def _measure(key: str, raw: Mapping[str, Any], words: Mapping[str, str]) -> MeasureRule:
    before, after = _says(raw.get("says", []), words)
    return MeasureRule(
        key=key,
        units=frozenset(raw["units"]),
        before=before,
        after=after,
        in_topic={t: _says(p, words) for t, p in raw.get("says_in", {}).items()},
        names=tuple(re.compile(n) for n in raw.get("names", [])),
        forbids=optional(raw.get("not")),
        forbids_clause=optional(raw.get("not_clause")),
        forbids_sentence=optional(raw.get("not_sentence")),
        forbids_zero=optional(raw.get("not_zero")),
        about=re.compile(raw["about"]) if "about" in raw else None,
        about_sentence=re.compile(raw["about_sentence"]) if "about_sentence" in raw else None,
        forbids_topic=raw.get("not_topic"),
        part_words=optional(raw.get("part_words")),
        kinds=optional(raw.get("kinds")),
        channel=raw.get("channel"),
        unit_of_zero=raw.get("unit_of_zero"),
        unitless=raw.get("unitless", False),
        ordinal=raw.get("ordinal", False),
        wholes=frozenset(raw.get("of", [])),
    )


def optional(pattern: str | None) -> re.Pattern[str]:
    """The pattern compiled; one that matches nothing where there is none."""
    return re.compile(pattern) if pattern else _NEVER


def with_words(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with the alternatives of each {word} in its place."""
    for name, alternatives in words.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{alternatives})")
    return pattern


def _says(
    wordings: list[str], words: Mapping[str, str]
) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """Wordings whose figure comes last or in the middle, and those that start with it."""
    compiled = [(w.startswith("#"), compile_wording(w, words)) for w in wordings]
    before = tuple(p for first, p in compiled if not first)
    return before, tuple(p for first, p in compiled if first)


def compile_wording(wording: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A wording as a pattern that finds overlapping matches: group 1 is all of one match."""
    wording = with_words(wording, words).replace("…", _LONG_GAP).replace("‥", _SHORT_GAP)
    if "(?P<n>" not in wording:
        wording = _SIGN.sub("(?P<n>#)", wording, count=1)
    return re.compile(f"(?=({wording}))")
