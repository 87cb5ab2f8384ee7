"""The vocabulary of score tables (`forms/score_tables.yml`): its expressions and lists of words."""

import re
from functools import lru_cache
from typing import Any

import yaml

from zwgk_analytics.facts.periods import squeezed
from zwgk_analytics.forms import fold
from zwgk_analytics.forms.load import FOLDER


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The vocabulary of score tables (`forms/score_tables.yml`)."""
    text = (FOLDER / "score_tables.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@lru_cache(maxsize=32)
def pattern(name: str) -> re.Pattern[str]:
    """One expression of the vocabulary, compiled."""
    return re.compile(words()[name])


@lru_cache(maxsize=16)
def folded(name: str) -> frozenset[str]:
    """One list of the vocabulary, its words folded."""
    return frozenset(map(fold, words()[name]))


def is_summary(name: str) -> bool:
    """Whether a row of that name sums up others: 平均分, 县市区平均."""
    text = squeezed(name)
    return fold(text) in folded("summaries") or bool(pattern("summary_ending").search(text))
