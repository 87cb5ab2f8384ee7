"""A printed cell → a number, a blank, a dash, or unreadable. Blank is not zero."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DASH = re.compile(r"^(?:[-/\\—–―−─━_*]+|无|暂无|不适用)$")
_MONEY_SCALE = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_COUNTED = "件|条|个|项|次|人次|人|宗|起|份|篇|期|家|类"
UNITS = rf"亿元|万元|元|{_COUNTED}"
_NUMBER = re.compile(
    r"^(?P<word>增加?|减少?)?(?P<sign>[-+−])?"
    r"(?P<whole>[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*|0)(?P<decimals>\.\d+)?"
    rf"(?P<unit>{UNITS})?$"
)
_FOOTNOTE = re.compile(
    "(?<=[0-9０-９])(?:[⁰¹²³⁴-⁹①-⑳⑴-⒇]{1,3}|[*＊※])$"
)  # NFKC makes digits of them
_ASIDE = re.compile(r"(?<=[0-9])\((?:其中|含|包括|不含|均|注)[^()]*\)$")
LARGEST = Decimal(10) ** 14  # the facts hold numbers below this, to six decimals
_ZERO_WORDS = {"零": "0", "〇": "0"}
_STATED_UNIT = re.compile(r"(亿元|万元|元)\s*[)）\]】]?\s*$|单位\s*[:：]?\s*(亿元|万元|元)")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell says: `state` (reported, blank, dash, unreadable), the number, a stated unit."""

    state: str
    number: Decimal | None = None
    unit: str | None = None


@lru_cache(maxsize=8192)
def parse(text: str) -> Printed:
    """One number from the text of a cell, exactly as printed; never a guess.

    Understood are full-width digits, spaces between digits (markup splits them), thousands
    separators in groups of three, a sign, a counted or money unit behind, the mark of a footnote
    and an aside (51（其中网上25）). Anything else is
    `unreadable`, a zero in front too: 02 is two cells run together, no count; and so is a number
    of more than 14 digits. Decimals are kept to the sixth.
    """
    bare = _FOOTNOTE.sub("", _SPACE.sub("", text))
    bare = _ASIDE.sub("", _SPACE.sub("", unicodedata.normalize("NFKC", bare)))
    if not bare:
        return Printed("blank")
    if _DASH.match(bare):
        return Printed("dash")
    match = _NUMBER.match(_ZERO_WORDS.get(bare, bare))
    if not match:
        return Printed("unreadable")
    number = Decimal(match["whole"].replace(",", "") + (match["decimals"] or ""))
    if number >= LARGEST:
        return Printed("unreadable")
    number = _rounded(number)
    negative = (match["sign"] in {"-", "−"}) != (match["word"] or "").startswith("减")
    return Printed("reported", -number if negative else number, match["unit"])


@lru_cache(maxsize=1024)
def stated_money_unit(text: str) -> str | None:
    """The money unit that a heading states (本年收费金额（单位：万元） → 万元), None if none."""
    match = _STATED_UNIT.search(_SPACE.sub("", unicodedata.normalize("NFKC", text)))
    return (match[1] or match[2]) if match else None


def convert_money(number: Decimal, stated: str, wanted: str) -> Decimal:
    """A sum of money in another unit (元, 万元, 亿元), to six decimals: 分 as 万元."""
    return _rounded(number * _MONEY_SCALE[stated] / _MONEY_SCALE[wanted])


def _rounded(number: Decimal) -> Decimal:
    short = round(number, 6)
    return number if number == short else short


def is_unit(text: str) -> bool:
    """Whether a text is a unit and nothing else."""
    return bool(re.fullmatch(UNITS, text))


def is_money(unit: str | None) -> bool:
    """Whether a unit is one of money."""
    return unit in _MONEY_SCALE
