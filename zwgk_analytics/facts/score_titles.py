"""Of which assessment a table of scores is: its scheme, from titles, headings and sections."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from zwgk_analytics.facts.periods import names_period, squeezed, without_period
from zwgk_analytics.facts.score_words import pattern
from zwgk_analytics.readers import Document, Grid, Paragraph

_LONGEST: Final = 60
_NEAR: Final = 4  # paragraphs above a grid that may head it
_EARLY: Final = 12  # paragraphs among which a title stands
_SITE = re.compile(r"[_|｜]|-(?=\D)|——")
_TITLE_META: Final = ("articletitle", "title", "og:title")
_OUTSIDE: Final = " 、,，.。:：-—_·"


def titles(document: Document) -> list[str]:
    """What may be the document's title, the likeliest first: meta tags, then early short lines."""
    meta = [document.meta.get(n, "") for n in _TITLE_META] if document.media == "html" else []
    early = [_cut(squeezed(p.text)) for p in document.paragraphs[:_EARLY]]
    found = [_SITE.split(squeezed(t))[0] for t in meta] + [_joined(early)] + early
    return [t for t in map(squeezed, found) if t and len(t) <= _LONGEST]


def title_of(document: Document) -> str | None:
    """The title that names an assessment; None where none does."""
    return next((t for t in titles(document) if pattern("assessment").search(t)), None)


def is_other(document: Document) -> bool:
    """Whether the title says that the scores are of bidders or candidates, not of agencies."""
    named = titles(document)[:3]
    is_own = any(pattern("own_title").search(t) for t in named)
    return not is_own and any(pattern("other_title").search(t) for t in named)


def above(document: Document, grid: Grid) -> list[str]:
    """The short lines right above a grid that may head it, nearest first."""
    lines: list[str] = []
    for block in document.blocks:
        if block is grid:
            break
        lines = [*lines, squeezed(block.text)] if isinstance(block, Paragraph) else []
    near = [t for t in reversed(lines) if t][:_NEAR]
    return [t for t in near if len(t) <= _LONGEST and _heads(t)]


def scheme(text: str) -> str:
    """The name of an assessment in a title, the same from period to period.

    关于2023年第三季度全市政府网站考核情况的通报 → 全市政府网站考核.
    """
    name = pattern("title_start").sub("", without_period(text))
    name = pattern("about").sub("", name, count=1).strip(_OUTSIDE)
    while (cut := pattern("title_end").sub("", name).strip(_OUTSIDE)) and cut != name:
        name = cut
    return name or squeezed(text)


def schemes(
    title: str | None, headings: Sequence[Sequence[str]], told: Mapping[str, Any]
) -> Iterator[str | None]:
    """The scheme of each grid: the sidecar's or the title's, told apart by what heads the grid."""
    base = told.get("scheme") or (scheme(title) if title else None)
    named = [next((h for h in heads if h != title), None) for heads in headings]
    several = len(set(named)) > 1
    for name, heads in zip(named, headings, strict=True):
        if base is None:
            says = next((h for h in heads if pattern("assessment").search(h)), None)
            yield scheme(says) if says else None
        else:
            yield within(str(base), scheme(name)) if several and name else str(base)


def within(base: str | None, part: str | None) -> str | None:
    """A scheme whose list is one of several: 政府网站考核 and 县区 → 政府网站考核(县区)."""
    if not part or not base or part == base:
        return base
    part = part.removeprefix(base).strip(_OUTSIDE) or part
    return f"{base}({part})"


def _heads(text: str) -> bool:
    """Whether a line is a heading and no sentence."""
    is_sentence = text.endswith(("。", ";", "；")) or text.count("，") + text.count(",") > 1
    return not is_sentence and (
        bool(pattern("assessment").search(text)) or names_period(text) or len(text) <= 20
    )


def _cut(text: str) -> str:
    """The title at the start of a text that runs on."""
    found = pattern("title_runs_on").match(text)
    return found[1] if found else text


def _joined(lines: Sequence[str]) -> str:
    """A title that is set in two lines."""
    for first, second in pairwise(lines):
        text = squeezed(first)
        if "关于" in text and not pattern("title_done").search(text):
            return f"{text}{second}"
    return ""
