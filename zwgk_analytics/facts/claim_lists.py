"""Several things named at once: explicit negatives, «均为0», «各1件», «分别为4件、6件»."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zwgk_analytics.facts.claim_context import Context
from zwgk_analytics.facts.claim_rules import MeasureRule, claim_rules

_CLAUSES = re.compile(r"[^，。；：！？]+")
_LAST_YEAR = "上年"  # as the names in the data have it


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure that a list names: its value is that of a quantity, or 0 where `index` is None."""

    rule: MeasureRule
    index: int | None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists of a sentence say, the quantities that they use up, and those of no one.

    One number after several names (行政复议、行政诉讼共3件) is the figure of none of them.
    """

    listed: tuple[Listed, ...]
    used: frozenset[int]
    shared_by_none: frozenset[int]


def read_lists(context: Context) -> Lists:
    """The claims of negatives and lists in one sentence."""
    listed: list[Listed] = []
    used: set[int] = set()
    shared: set[int] = set()
    for found in _CLAUSES.finditer(context.text):
        inside = [i for i, at in enumerate(context.masked.at) if found.start() <= at < found.end()]
        negated = _negated(context, found.start(), found.end())
        ours = context.is_figure(found.start()) and not context.speaker(found.end())
        if negated is not None:
            listed += [Listed(rule, None) for rule in negated if ours]
            if negated:
                used.update(i for i in inside if context.masked.quantities[i].value <= 1)
        elif inside and ours:
            for entry, indices in _enumerated(context, found.start(), inside):
                listed += entry
                (used if entry else shared).update(indices)
    return Lists(tuple(listed), frozenset(used), frozenset(shared))


def _negated(context: Context, start: int, end: int) -> list[MeasureRule] | None:
    """The measures that a clause denies; None where it denies nothing."""
    clause, patterns = context.text[start:end], claim_rules().patterns
    negator = patterns["negators"].search(clause)
    last = patterns["at_end"].search(clause)
    if negator is None and last is None:
        return None
    said = clause[negator.end() :] if negator else ""
    if negator and _is_of_last_year(clause[: negator.start()], context):
        return _denied_of_last_year(said, clause, context)
    if patterns["empty_object"].match(said) and last:
        said = clause[: last.start()]
        if not said and context.text[start - 1 : start] == "：":
            said = context.clause(start - 2)
    return [r for r in _named(said) if r.unit_of_zero and _may_be_zero(r, clause, context)]


def _is_of_last_year(before: str, context: Context) -> bool:
    is_named = context.year is not None and f"{context.year - 1}年" in before
    return is_named or claim_rules().patterns["last_year"].search(before) is not None


def _denied_of_last_year(said: str, clause: str, context: Context) -> list[MeasureRule]:
    """What came over from last year is a figure of this one (上年没有结转); nothing else is."""
    this_year = _named(said)
    named = [r for r in _named(_LAST_YEAR + said) if r.unit_of_zero and r not in this_year]
    return [r for r in named if _may_be_zero(r, clause, context)]


def _may_be_zero(rule: MeasureRule, clause: str, context: Context) -> bool:
    about = rule.about_sentence
    return not rule.forbids_zero.search(clause) and (
        about is None or about.search(context.surroundings()) is not None
    )


def _enumerated(
    context: Context, start: int, inside: list[int]
) -> Iterator[tuple[list[Listed], list[int]]]:
    """The lists of a clause that share one quantity or take theirs in turn."""
    left, patterns = start, claim_rules().patterns
    for place, index in enumerate(inside):
        at = context.masked.at[index]
        said = context.text[left:at]
        left = at + 1
        rules = [
            r for r in _named(said) if context.masked.quantities[index].unit in {*r.units, None}
        ]
        if len(rules) < 2:
            continue
        rest = inside[place : place + len(rules)]
        if patterns["separately"].search(said) and len(rest) == len(rules):
            yield [Listed(r, i) for r, i in zip(rules, rest, strict=True)], rest
            return
        shared = patterns["shared"].search(said) or context.masked.quantities[index].value == 0
        yield ([Listed(r, index) for r in rules] if shared else []), [index]


def _named(text: str) -> list[MeasureRule]:
    """The measures named in a stretch of text, in its order.

    Of two names without a mark of enumeration between them the one that comes first in the data
    counts: the other only modifies it (上年结转的申请, 复议被纠错).
    """
    found: list[tuple[int, int, MeasureRule]] = []
    for rule in claim_rules().measures:
        matches = [m for n in rule.names if (m := n.search(text))]
        if matches:
            first = min(matches, key=lambda m: m.start())
            if all(_listed_apart(text, first.span(), (a, b)) for a, b, _ in found):
                found.append((*first.span(), rule))
    return [rule for _, _, rule in sorted(found, key=lambda f: f[0])]


def _listed_apart(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    (_, end), (start, _) = sorted([one, other])
    between = text[end:start]
    return end <= start and claim_rules().patterns["apart"].search(between) is not None
