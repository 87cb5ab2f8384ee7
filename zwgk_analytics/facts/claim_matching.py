"""A quantity and the words around it → the measure it is a figure of, by the rules of the data."""

from collections.abc import Iterable
from dataclasses import dataclass
from re import Pattern

from zwgk_analytics.facts.claim_context import Context
from zwgk_analytics.facts.claim_rules import MeasureRule, claim_rules
from zwgk_analytics.facts.prose_numbers import Quantity

_REACH = 90  # no wording is longer; keeps the time even for endless sentences


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that reads a quantity, the words it was read by, and the part that they name."""

    rule: MeasureRule
    words: str
    part: str | None = None


def match_quantity(context: Context, index: int) -> Match | None:
    """The measure of the quantity `index` of a sentence; None when no rule reads it.

    A name before the figure counts before one after it; among those the order of the file.
    """
    at, quantity = context.masked.at[index], context.masked.quantities[index]
    topic = context.topic(at) or ""
    fitting = _fitting(quantity, context, at, topic)
    for first in (False, True):
        for rule in fitting:
            plain = rule.after if first else rule.before
            topical = rule.in_topic.get(topic, ((), ()))[first]
            words = _words(rule, (*plain, *topical), context.text, at)
            if words is not None:
                return _read(rule, words, context, at)
    return None


def _fitting(quantity: Quantity, context: Context, at: int, topic: str) -> list[MeasureRule]:
    """The rules that may read a quantity here at all: by its unit, and by what it must be about."""
    rules = claim_rules()
    clause, channel = context.clause(at), context.channel(at)[0]
    around, headed = context.surroundings(), context.headed()
    is_routine = bool(rules.patterns["routine"].search(clause))
    return [
        rule
        for rule in rules.measures
        if _counts(rule, quantity)
        and rule.forbids_topic != topic
        and (not is_routine or rule.key in rules.routine_measures)
        and (rule.about is None or bool(rule.about.search(around)))
        and (rule.about_sentence is None or bool(rule.about_sentence.search(headed)))
        and (rule.channel is None or channel == rule.channel)
        and not rule.forbids_clause.search(clause)
        and not rule.forbids_sentence.search(context.text)
    ]


def _counts(rule: MeasureRule, quantity: Quantity) -> bool:
    """Whether a quantity has a unit and an order that figures of the measure have."""
    if quantity.ordinal != rule.ordinal and not (rule.ordinal and quantity.unit == "强"):
        return False
    if quantity.unit is None:
        return rule.unitless or bool(rule.names)
    return quantity.unit in rule.units


def _words(rule: MeasureRule, wordings: Iterable[Pattern[str]], text: str, at: int) -> str | None:
    """The words of the first wording that holds at a quantity, at their longest."""
    for wording in wordings:
        for found in wording.finditer(text, max(0, at - _REACH), at + _REACH):
            if found.start("n") == at:
                if rule.forbids.search(found[1]):
                    break
                return found[1]
    return None


def _read(rule: MeasureRule, words: str, context: Context, at: int) -> Match:
    kind = rule.kinds.search(words)
    part = rule.part_words.search(words)
    if kind and len(rule.kinds.findall(context.text)) > 1:
        part = kind
    if part:
        return Match(rule, words, part[0])
    return Match(rule, words, context.channel(at)[1] if rule.channel else None)
