"""What briefings say, from texts.yml, and numbers, changes and places as they are printed."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from zwgk_analytics.briefing.model import Figure, Rank, Spread

FOLDER = files("zwgk_analytics.briefing")
SHARE = "比例"
_PLACE = re.compile(r"\b(page|sheet|table|row|column|paragraph|line|cell) ([\w.]+)", re.IGNORECASE)
_PLACES = 4
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def say(key: str, **values: object) -> str:
    """One text of texts.yml by its path, `part.text`, filled with values."""
    found: Any = texts()
    for name in key.split("."):
        found = found[name]
    return str(found).format(**values)


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """Everything in texts.yml."""
    read: dict[str, Any] = yaml.load(
        (FOLDER / "texts.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return read


def clean(text: str) -> str:
    """Text without what no XML file can hold, on one line."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def amount(value: Decimal | None, unit: str | None) -> str:
    """A value with its unit as printed, every digit of it; 未报告 where there is none.

    A share is printed as a percentage with one decimal.
    """
    if value is None:
        return say("missing")
    if unit == SHARE:
        return f"{value:.1%}"
    return f"{number(value)}{unit or ''}"


def number(value: Decimal) -> str:
    """A number as printed: thousands apart, all of its decimals, no zero behind them."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def change(figure: Figure) -> str:
    """The change against the year before, or why none is told."""
    if figure.value is None or figure.change != "known" or figure.before is None:
        return say(f"change.{'not_comparable' if figure.change == 'not_comparable' else 'none'}")
    return moved(figure.value, figure.before, figure.unit)


def moved(now: Decimal, before: Decimal, unit: str | None) -> str:
    """How far a value moved: by how much, and by what share of the value before."""
    if now == before:
        return say("change.same")
    way = "up" if now > before else "down"
    if unit == SHARE:
        return say(f"change.{way}_points", by=f"{abs(now - before) * 100:.1f}")
    by = amount(abs(now - before), unit)
    if before <= 0:
        return say(f"change.{way}_from_none", by=by)
    return say(f"change.{way}", by=by, share=f"{abs(now - before) / before:.1%}")


def peers(figure: Figure) -> str:
    """The median of the peers and how many they are; why there is none."""
    if figure.median is None:
        return say("peers.few", n=figure.peers)
    return say("peers.median", n=figure.peers, median=amount(figure.median, figure.unit))


def against_peers(figure: Figure) -> str:
    """Where the value stands by the median of the peers, as a clause; empty without either."""
    if figure.median is None or figure.value is None:
        return ""
    way = "at" if figure.value == figure.median else "over"
    way = "under" if figure.value < figure.median else way
    said = {"n": figure.peers, "median": amount(figure.median, figure.unit)}
    return say(f"peers.{way}", **said)


def ranked(rank: Rank | None) -> str:
    """A rank, of how many, and its interval."""
    if rank is None:
        return say("rank.none")
    of = say("rank.of", of=rank.of) if rank.of is not None else ""
    if rank.low is not None and rank.high is not None:
        of += say("rank.interval", low=rank.low, high=rank.high)
    return say("rank.rank", rank=rank.rank) + of


def spread_change(spread: Spread) -> str:
    """How the median of the agencies with both years moved; why none is told."""
    if spread.median_now is None or spread.median_before is None:
        return say("spread.few", n=spread.paired)
    told = moved(spread.median_now, spread.median_before, spread.unit)
    return say("spread.change", n=spread.paired, moved=told)


def unit(row: Mapping[str, Any]) -> str:
    """The agency of a row of a mart; what stands for it where the row names none."""
    return clean(row["agency"] or say("findings.unnamed"))


def place(text: str) -> str:
    """A place in a document in Chinese: 第2页第1个表第4行第10列; the rest of many is counted."""
    words = texts()["places"]
    places = [part.strip() for part in text.split(";")]
    told = [
        _PLACE.sub(lambda m: words[m[1].lower()].format(n=m[2]), part).replace(", ", "")
        for part in places[:_PLACES]
    ]
    joined = "；".join(told)
    return joined if len(places) <= _PLACES else say("places.more", places=joined, n=len(places))
