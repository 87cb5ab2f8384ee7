"""`prose.yml` compiled: sections, complete lists, shares and years as sentences put them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from zwgk_analytics.forms.load import FOLDER


@dataclass(frozen=True, slots=True)
class ProseWords:
    """The vocabulary of `prose.yml`; the fields are those that the file explains."""

    sections: Mapping[str, re.Pattern[str]]
    longest_heading: int
    complete: tuple[tuple[re.Pattern[str], ...], ...]
    many_parts: int
    patterns: Mapping[str, re.Pattern[str]]  # every single pattern, by its name in the file


@lru_cache(maxsize=1)
def prose_words() -> ProseWords:
    """The words of `prose.yml`, read once."""
    text = (FOLDER / "prose.yml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return ProseWords(
        sections={key: re.compile(pattern) for key, pattern in raw["sections"].items()},
        longest_heading=raw["longest_heading"],
        complete=tuple(tuple(re.compile(p) for p in names) for names in raw["complete"]),
        many_parts=raw["many_parts"],
        patterns={key: re.compile(value) for key, value in raw.items() if isinstance(value, str)},
    )
