"""Breakdowns in a sentence: which figures are parts of which total, and what they are called."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from zwgk_analytics.facts.claim_context import Context
from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.facts.prose_numbers import Quantity

_EDGE = re.compile(r"[#，。；：（）！？]")
_AFTER = re.compile(r"[^#，。；：（）、！？]*")


@dataclass(frozen=True, slots=True)
class Whole:
    """A figure that may be broken down; `value` is None where only its measure is named."""

    measure: str
    value: Decimal | None
    unit: str | None


@dataclass(slots=True)
class Breakdown:
    """The breakdown that a paragraph is in: `last` is the figure said last, `whole` what is open.

    Inside brackets a breakdown of its own may be open; the one outside goes on after them.
    """

    last: Whole | None = None
    whole: Whole | None = None
    outside: list[Whole | None] = field(default_factory=list)

    def pass_over(self, between: str) -> None:
        """Takes note of the words between two quantities: what they open and close."""
        rules = claim_rules()
        for char in re.findall(r"[（）]", between):
            if char == "（":
                self.outside.append(self.whole)
                self.whole = self.last
            elif self.outside:
                self.whole = self.outside.pop()
        for measure, pattern in rules.breakdowns.items():
            if pattern.search(between):
                self.last = self.whole = Whole(measure, None, "条")
        if rules.patterns["opens"].search(between):
            self.whole = self.last

    def of(self, measure: str) -> bool:
        """Whether what is open is a breakdown of a measure."""
        return self.whole is not None and self.whole.measure == measure

    def holds(self, quantity: Quantity) -> bool:
        """Whether a quantity can be a part of the open whole: its unit, and no more than it."""
        if self.whole is None or quantity.ordinal:
            return False
        if not _same_kind(quantity.unit, self.whole.unit):
            return False
        return self.whole.value is None or quantity.value <= self.whole.value

    def say(self, said: Whole, *, keeps_open: bool) -> None:
        """Takes note of a claim: what 其中 after it would break down."""
        self.last = said
        if not keeps_open:
            self.whole = None

    def say_other(self, quantity: Quantity) -> None:
        """Takes note of a figure that is no claim: 其中 after it may not mean the one before."""
        if self.last and _same_kind(quantity.unit, self.last.unit):
            self.last = None

    def end_sentence(self) -> None:
        """Closes what is open; only 其中 takes a total up again in the next sentence."""
        self.whole = None
        self.outside.clear()


def _same_kind(unit: str | None, other: str | None) -> bool:
    return unit == other or {unit, other} <= claim_rules().same_kind


def label_of(context: Context, index: int) -> str | None:
    """The name of a part as printed: the words before its figure, else those after it."""
    patterns, text, at = claim_rules().patterns, context.text, context.masked.at[index]
    said = text[:at].rstrip("：")
    before = said[max((m.end() for m in _EDGE.finditer(said)), default=0) :]
    label = patterns["label_end"].sub("", patterns["label_start"].sub("", before))
    if not label:
        follows = _AFTER.match(text, at + 1)
        label = patterns["label_start"].sub("", follows[0] if follows else "")
        label = patterns["label_after"].sub("", label)
    return label if label and not patterns["not_labels"].match(label) else None
