"""Paragraphs → sentences as a reader of Chinese hears them: heading, text, and the text tidied."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.readers import Paragraph

_END = re.compile(r"(?<=[。！？!?])(?![”’」』）)])|\n+")
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")
_MARKS = str.maketrans(",;:()!?", "，；：（）！？")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0e\uff05]+")
_HEADING_LENGTH = 34
_LONGEST = 2000  # what is longer is no sentence of a report: it is cut at a comma
_PIECE = re.compile(rf"(?s).{{1,{_LONGEST}}}(?:[，；,;]|$)|.{{1,{_LONGEST}}}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text` as printed on one line, `tidy` for reading, and what stands before it.

    `heading` is the nearest heading above; `before` is the tidy text of the same paragraph up to
    here, `above` that of the paragraphs since the heading, each its last 2,000 characters. They
    tell what a clause without a subject is about.
    """

    text: str
    tidy: str
    place: str
    heading: str
    before: str
    above: str = ""


def sentences(paragraphs: Iterable[Paragraph]) -> Iterator[Sentence]:
    """The sentences of a document in reading order; headings are sentences too."""
    heading = above = ""
    for paragraph in paragraphs:
        printed = [s.strip() for s in _split(paragraph.text) if s.strip()]
        tidied = [tidy(s) for s in printed]
        if len(tidied) == 1 and _is_heading(tidied[0]):
            heading, above = tidied[0], ""
        before = ""
        for text, plain in zip(printed, tidied, strict=True):
            yield Sentence(_SPACE.sub(" ", text), plain, paragraph.place, heading, before, above)
            before = (before + plain)[-_LONGEST:]
        above = (above + before)[-_LONGEST:]


def _split(text: str) -> Iterator[str]:
    for sentence in _END.split(text):
        yield from [sentence] if len(sentence) <= _LONGEST else _PIECE.findall(sentence)


def tidy(text: str) -> str:
    """A sentence without spaces, with Chinese marks, and plain digits without separators.

    Markup splits digits by spaces, and clerks write half-width marks: `1,234` and `1，234` are one
    number, every other comma divides clauses. Digits apart are one number only before a unit;
    elsewhere they may be the cells of a flattened table, and a bar keeps them apart.
    """
    text = _WIDE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = _spaced_digits().sub(_joined, text)
    text = _SPACE.sub("", text)
    text = _THOUSANDS.sub(lambda m: re.sub("[,，]", "", m[0]), text)
    return text.translate(_MARKS).replace("专（兼）职", "专兼职")


@lru_cache(maxsize=1)
def _spaced_digits() -> re.Pattern[str]:
    """A run of digits with spaces, and the unit behind it if there is one."""
    rules = claim_rules()
    units = [*rules.counted, *rules.other_units, *rules.qualifiers["inside"], "万", "亿"]
    digits = r"\d[\d.,，]*+"
    return re.compile(rf"{digits}(?:\s+{digits})++(?P<unit>\s*(?:{'|'.join(units)}))?")


def _joined(run: re.Match[str]) -> str:
    return _SPACE.sub("" if run["unit"] else "|", run[0])


def _is_heading(text: str) -> bool:
    return len(text) <= _HEADING_LENGTH and not re.search(r"[。；！？，]|\d(?!\d*年)", text)
