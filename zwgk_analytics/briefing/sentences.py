"""Paragraphs written from figures by rules: the number, the change, the peers, the rank."""

from collections.abc import Mapping, Sequence
from typing import Any

from zwgk_analytics.briefing.model import Figure, Paragraph, Run, Spread
from zwgk_analytics.briefing.words import (
    against_peers,
    amount,
    moved,
    ranked,
    say,
    texts,
)


def paragraphs(figures: Sequence[Figure] | Sequence[Spread]) -> tuple[Paragraph, ...]:
    """A paragraph for each part of texts.yml that has figures, a sentence a figure."""
    by_key: Mapping[str, Any] = {figure.key: figure for figure in figures}
    written = []
    for part in texts()["parts"]:
        own = [by_key[key] for key in part["figures"] if key in by_key]
        if own:
            lead = Run(say("sentences.part", title=part["title"]))
            written.append(Paragraph((lead, *map(sentence, own))))
    return tuple(written) or (Paragraph((Run(say("sentences.empty")),)),)


def sentence(figure: Figure | Spread) -> Run:
    """One sentence of one figure, with the numbers of its notes."""
    parts = _of_all(figure) if isinstance(figure, Spread) else _of_one(figure)
    return Run("".join(parts) + say("sentences.end"), figure.notes)


def _of_one(figure: Figure) -> list[str]:
    if figure.value is None:
        return [say("sentences.missing", label=figure.label)]
    value = amount(figure.value, figure.unit)
    parts = [say("sentences.value", label=figure.label, value=value), _before(figure)]
    parts.append(against_peers(figure))
    if figure.rank is not None:
        parts.append(say("sentences.rank", rank=ranked(figure.rank)))
    return parts


def _before(figure: Figure) -> str:
    if figure.change != "known" or figure.before is None or figure.value is None:
        kind = "not_comparable" if figure.change == "not_comparable" else "none"
        return say(f"sentences.{kind}")
    if figure.value == figure.before:
        return say("sentences.same")
    told = moved(figure.value, figure.before, figure.unit)
    return say("sentences.before", before=amount(figure.before, figure.unit), change=told)


def _of_all(spread: Spread) -> list[str]:
    said = {name: amount(getattr(spread, name), spread.unit) for name in ("median", "low", "high")}
    kind = "single" if spread.count == 1 else "spread"
    parts = [say(f"sentences.{kind}", label=spread.label, n=spread.count, **said)]
    if spread.median_now is not None and spread.median_before is not None:
        ends = {
            "before": amount(spread.median_before, spread.unit),
            "now": amount(spread.median_now, spread.unit),
        }
        told = moved(spread.median_now, spread.median_before, spread.unit)
        parts.append(say("sentences.paired", n=spread.paired, moved=told, **ends))
    return parts
