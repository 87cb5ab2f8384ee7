"""The quantities of a sentence: number, unit, qualifier. Dates, shares and clauses are not any."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zwgk_analytics.facts.claim_rules import claim_rules

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_TITLE = re.compile(r"《([^《》]*)》")
_GAZETTE = re.compile("[公政]报")
_ASIDE = re.compile(r"（(?!含(?:予以|同意)?部分公开)[^（）#]*）|〔[^〔〕#]*〕")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a sentence; `ordinal` for a place in an order (第七位, 前12强).

    `unit` is None where none is printed. `value` is in that unit: 2.3万条 is 23000 条.
    """

    value: Decimal
    unit: str | None
    qualifier: str | None
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence in which each quantity is the sign #: what patterns are matched against."""

    text: str
    quantities: tuple[Quantity, ...]
    at: tuple[int, ...]  # where in `text` each quantity stands
    starts: tuple[int, ...]  # where in the tidy sentence


def chinese_number(text: str) -> Decimal | None:
    """The number that Chinese numerals spell (二十三, 两千, 二〇二一, 三万五千); None if none."""
    myriads, sign, ones = text.partition("万")
    if sign:
        high, low = chinese_number(myriads), chinese_number(ones) if ones else Decimal(0)
        is_spoken = len(ones) == 1  # 三万五: 35,000 to some, no number to others
        return None if high is None or low is None or is_spoken else high * _LARGE["万"] + low
    if not text or not set(text) <= {*_DIGIT, *_SCALE}:
        return None
    if not set(text) & set(_SCALE):
        return Decimal("".join(str(_DIGIT[c]) for c in text))
    total, digit = 0, None
    for char in text:
        if char in _SCALE:
            total += (1 if digit is None or digit == 0 else digit) * _SCALE[char]
            digit = None
        else:
            digit = _DIGIT[char]
    return Decimal(total + (digit or 0))


def mask(
    tidy: str, units: frozenset[str] = frozenset(), titles: re.Pattern[str] = _GAZETTE
) -> Masked:
    """A tidy sentence with its quantities taken out, titles and brackets without figures too.

    Args:
        tidy: the sentence.
        units: those that count here beside the usual ones.
        titles: what a title in 《》 must hold to be kept.
    """
    found: list[Quantity] = []
    starts: list[int] = []

    def take(match: re.Match[str]) -> str:
        quantity = _quantity(match, tidy, units)
        if quantity is None:
            return match[0]
        found.append(quantity)
        starts.append(match.start())
        return "#"

    tidy = tidy.replace("#", "")
    untitled = _TITLE.sub(lambda m: m[0] if titles.search(m[1]) else "　" * len(m[0]), tidy)
    text = _ASIDE.sub("", _quantities().sub(take, untitled).replace("　", ""))
    at = tuple(m.start() for m in re.finditer("#", text))
    return Masked(text, tuple(found), at, tuple(starts))


@lru_cache(maxsize=1)
def _quantities() -> re.Pattern[str]:
    rules = claim_rules()
    units = sorted([*rules.counted, *rules.other_units], key=len, reverse=True)
    guarded = [
        re.escape(u) + (f"(?![{rules.not_after[u]}])" if u in rules.not_after else "")
        for u in units
    ]
    inside = "|".join(rules.qualifiers["inside"])
    words = "[零〇一二三四五六七八九十百千两]+"
    return re.compile(
        rf"(?:(?P<order>第|(?<!提)前)|(?<![“第每这某]))(?P<before>{_longest(rules.qualifiers['before'])})?"
        r"(?:(?P<digits>(?<![\d.])\d+(?:\.\d+)?)"
        rf"|(?<![统唯单同另任首逐进])(?P<words>(?:{words}万(?={words}))?{words}))"
        rf"(?P<inner>{inside})?(?P<large>[万亿])?(?P<outer>{inside})?"
        rf"(?P<unit>{'|'.join(guarded)})?(?P<after>{_longest(rules.qualifiers['after'])})?"
        r"|(?P<top>榜首|首位)"
    )


def _longest(words: Mapping[str, str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _quantity(match: re.Match[str], tidy: str, units: frozenset[str]) -> Quantity | None:
    """The quantity that a match is; None for a date, a share, or a number that counts nothing."""
    rules = claim_rules()
    if match["top"]:
        return Quantity(Decimal(1), "位", None, ordinal=True)
    number = Decimal(match["digits"]) if match["digits"] else chinese_number(match["words"])
    unit = match["unit"]
    if number is None or unit in rules.other_units - units or (match["large"] and _is_name(match)):
        return None
    if match["order"] and unit not in {"位", "名", "强", None}:
        return None
    if unit is None and not _stands_alone(match, tidy):
        return None
    qualifier = next((table[w] for table, w in _signs(match) if w), None)
    if match["order"] == "前":
        qualifier = "at_most"
    value = number * _LARGE.get(match["large"], Decimal(1))
    return Quantity(value, unit, qualifier, ordinal=match["order"] is not None)


def _signs(match: re.Match[str]) -> list[tuple[Mapping[str, str], str | None]]:
    tables = claim_rules().qualifiers
    return [
        (tables["before"], match["before"]),
        (tables["inside"], match["inner"]),
        (tables["inside"], match["outer"]),
        (tables["after"], match["after"]),
    ]


def _is_name(match: re.Match[str]) -> bool:
    return match["unit"] is None and bool(match["words"])  # 千万, 百万 as words


def _enumerates(left: str, right: str) -> bool:
    """Whether a number opens an item of a list (方式有：1、当面)."""
    return left.endswith("：") and right.startswith("、")


def _stands_alone(match: re.Match[str], tidy: str) -> bool:
    """Whether a number without a unit ends its clause and is introduced as a figure."""
    left, right = tidy[: match.start()], tidy[match.end() :]
    if not re.match(r"$|[，。；、）]|的(?:好)?成绩", right) or _enumerates(left, right):
        return False
    if match["order"]:
        return True
    introduced = claim_rules().patterns["stand_alone"].search(left)
    return match["large"] is not None or introduced is not None
