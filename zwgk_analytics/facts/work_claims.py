"""Figures of the work itself: channels, briefings, meetings and their terms, staff, welfare.

The words are data in `forms/work_claims.yml`. Only quantities that the wordings of `claims.yml`
have left are read, and days, characters or 斤 count here, which are never figures there. A number
whose meaning no wording knows yields nothing.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from zwgk_analytics.facts.claim_context import Context
from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.facts.prose_numbers import Quantity, mask
from zwgk_analytics.facts.work_rules import WorkRule, work_rules

_REACH = 90
_SHORTEST_PLACE = 2


@dataclass(frozen=True, slots=True)
class WorkFigure:
    """One figure of the work; sums of money are to be told in `money`."""

    measure: str
    part: str | None
    quantity: Quantity
    money: str


def read_work(context: Context, taken: Set[int]) -> Iterator[WorkFigure]:
    """The figures of the work that a sentence states, in its order.

    `taken` are the places in the tidy sentence of the quantities that are claims already.
    """
    rules = work_rules()
    masked = mask(context.sentence.tidy, rules.units, rules.titles)
    wide = replace(context, masked=masked)
    for at, start, quantity in zip(masked.at, masked.starts, masked.quantities, strict=True):
        if start not in taken and not quantity.ordinal:
            yield from _read(wide, at, quantity)


def _read(context: Context, at: int, quantity: Quantity) -> Iterator[WorkFigure]:
    for rule in work_rules().measures:
        if quantity.unit not in rule.units or (rule.needs and quantity.qualifier != rule.needs):
            continue
        match = _match(rule, context.text, at)
        if match and _holds(rule, context, match.start() if rule.change else at):
            yield from _figures(rule, match, context, at, quantity)
            return


def _match(rule: WorkRule, text: str, at: int) -> re.Match[str] | None:
    for wording in rule.says:
        for found in wording.finditer(text, max(0, at - _REACH), at + _REACH):
            if found.start("n") == at and not rule.forbids.search(found[1]):
                return found
    return None


def _holds(rule: WorkRule, context: Context, at: int) -> bool:
    """Whether what stands around a figure lets a rule read it."""
    clause = context.clause(at)
    if rule.forbids_clause.search(clause) or rule.forbids_sentence.search(context.text):
        return False
    if rule.about and not rule.about.search(context.surroundings()):
        return False
    if rule.about_sentence and not rule.about_sentence.search(context.headed()):
        return False
    if rule.term:
        return True
    is_routine = claim_rules().patterns["routine"].search(clause)
    is_others = not rule.others and context.speaker(at)
    return not is_routine and not is_others and _is_result(context, at)


def _is_result(context: Context, at: int) -> bool:
    """Whether a figure is one of the year; in a list (会议4次、座谈会2次) the first tells it."""
    if work_rules().plans.search(context.text[max(0, at - _REACH) : at]):
        return False
    first = at
    while (before := context.text.rfind("#", 0, first)) >= 0:
        if context.text[before + 1] != "、":
            break
        first = before
    return context.is_figure(at) and (first == at or context.is_figure(first))


def _figures(
    rule: WorkRule, match: re.Match[str], context: Context, at: int, quantity: Quantity
) -> Iterator[WorkFigure]:
    groups, unit = match.groupdict(), quantity.unit
    if unit:
        quantity = replace(quantity, unit=work_rules().counted_as.get(unit, unit))
    if groups.get("at_most"):
        quantity = replace(quantity, qualifier="at_most")
    if groups.get("each"):
        places = work_rules().divides.split(groups["each"])
        if min(map(len, places)) >= _SHORTEST_PLACE:  # else a name was cut in two
            yield from (WorkFigure(rule.key, p, quantity, rule.money) for p in places)
        return
    part = groups.get("part") or _named_before(rule, context, at)
    yield WorkFigure(rule.key, part, quantity, rule.money)


def _named_before(rule: WorkRule, context: Context, at: int) -> str | None:
    """What the paragraph named last that divides the measure into parts."""
    said = f"{context.sentence.heading}。{context.sentence.before}{context.text[:at]}"
    return next((m[1] for m in reversed(list(rule.part_from.finditer(said)))), None)
