"""The prose of a report → claims: figures that its sentences state, by measure.

Rules, not a model: everything about the language is data in `forms/claims.yml`. A sentence is read
in this order. Its quantities are found and masked (`prose_numbers`). Lists and explicit negatives
are read first («未发生行政复议、行政诉讼», «均为0»). Each other quantity that is a figure of the
reporting year is matched with the wordings of each measure; one that no wording reads is a part
where a breakdown is open (其中…). A figure of another body than the author is a part or nothing.
What is left are figures of the work itself (简报, 会议, 救灾款 …): `work_claims` reads those.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from zwgk_analytics.facts.claim_context import Context, context_of
from zwgk_analytics.facts.claim_lists import read_lists
from zwgk_analytics.facts.claim_matching import Match, match_quantity
from zwgk_analytics.facts.claim_parts import Breakdown, Whole, label_of
from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.facts.identity import identify
from zwgk_analytics.facts.numbers import convert_money, is_money
from zwgk_analytics.facts.personal import masked
from zwgk_analytics.facts.prose_numbers import Quantity
from zwgk_analytics.facts.sentences import sentences
from zwgk_analytics.facts.work_claims import read_work
from zwgk_analytics.readers import Document, Paragraph

_NEAR = 40  # so far into a sentence the heading that opens its paragraph may name the figure
_BY_BODY = {"items_published", "items_published_website", "items_published_new_media"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure that a sentence states.

    `part` is the label of one part of a breakdown of the measure, None for the whole; `qualifier`
    is None, 余 (more than), 近, 约, at_least or at_most; `text` is the sentence as printed, numbers
    of persons (telephone, ID card) masked.
    """

    measure: str
    part: str | None
    value: Decimal
    unit: str | None
    qualifier: str | None
    text: str
    place: str


def read_claims(
    document: Document, agency: str | None = None, year: int | None = None
) -> list[Claim]:
    """The claims of a document's paragraphs, in reading order; table cells are not read.

    Counts have the unit as printed (件, 条, 人次…), fees are in 元 and an explicit negative is 0.
    `agency` and `year` are the author and the reporting year where the caller knows better than
    the document: they decide what is another body's figure or another year's.
    """
    if agency is None or year is None:
        author = identify(document)
        agency, year = agency or author.agency, year or author.year
    return claims_of(document.paragraphs, agency, year)


def claims_of(paragraphs: Iterable[Paragraph], agency: str | None, year: int | None) -> list[Claim]:
    """The claims of paragraphs whose author and reporting year are known (or None)."""
    found: list[Claim] = []
    breakdown, place = Breakdown(), None
    for sentence in sentences(paragraphs):
        if sentence.place != place:
            breakdown, place = Breakdown(), sentence.place
        context = context_of(sentence, agency, year)
        taken: set[int] = set()
        found += _read_sentence(context, breakdown, taken)
        for figure in read_work(context, {context.masked.starts[index] for index in taken}):
            found.append(
                _claim(context, figure.measure, figure.part, figure.quantity, None, figure.money)
            )
    return _settle_website(found)


def _read_sentence(context: Context, breakdown: Breakdown, taken: set[int]) -> Iterator[Claim]:
    """The claims of one sentence; the quantities that they use up are noted in `taken`."""
    lists = read_lists(context)
    taken |= lists.used
    for entry in lists.listed:
        quantity = _zero(entry.rule.unit_of_zero)
        if entry.index is not None:
            quantity = context.masked.quantities[entry.index]
        yield _claim(context, entry.rule.key, None, quantity, entry.rule.unit_of_zero)
    left = 0
    for index, at in enumerate(context.masked.at):
        breakdown.pass_over(context.text[left:at])
        left = at + 1
        if index in lists.used:
            continue
        read = None
        if index in lists.shared_by_none:
            read = _part(context, breakdown, index)
        elif context.is_figure(at):
            read = _read_quantity(context, breakdown, index)
        for claim in read or ():
            taken.add(index)
            yield claim
    breakdown.end_sentence()


def _read_quantity(context: Context, breakdown: Breakdown, index: int) -> Iterator[Claim]:
    match, is_near = match_quantity(context, index), context.masked.at[index] < _NEAR
    if match is None and is_near and (opened := context.opened()):
        match = match_quantity(opened, index)
    if match is None:
        yield from _part(context, breakdown, index)
        return
    quantity, body = context.masked.quantities[index], context.speaker(context.masked.at[index])
    part = match.part
    if body:
        part = _body_part(match, body, breakdown, quantity)
        if part is None:
            return
    elif breakdown.of(match.rule.key) and breakdown.holds(quantity):
        part = match.part or label_of(context, index)
    claim = _claim(context, match.rule.key, part, quantity, quantity.unit)
    yield claim
    if part is None:
        inside = bool(breakdown.whole and breakdown.whole.measure in match.rule.wholes)
        breakdown.say(Whole(claim.measure, quantity.value, quantity.unit), keeps_open=inside)


def _body_part(match: Match, body: str, breakdown: Breakdown, quantity: Quantity) -> str | None:
    """The part that another body's figure is, if it is one of the author's whole."""
    if match.rule.key in _BY_BODY:
        return body
    whole = breakdown.whole or breakdown.last
    if whole is None or whole.measure != match.rule.key or whole.value is None:
        return None
    return body if quantity.value <= whole.value else None


def _part(context: Context, breakdown: Breakdown, index: int) -> Iterator[Claim]:
    """A quantity that no wording reads: a part of the open breakdown, or nothing."""
    quantity = context.masked.quantities[index]
    label = label_of(context, index)
    whole = breakdown.whole
    if whole and label and breakdown.holds(quantity):
        yield _claim(context, whole.measure, label, quantity, quantity.unit)
    else:
        breakdown.say_other(quantity)


def _zero(unit: str | None) -> Quantity:
    return Quantity(Decimal(0), unit, None)


def _claim(
    context: Context,
    measure: str,
    part: str | None,
    quantity: Quantity,
    unit: str | None,
    money: str = "元",
) -> Claim:
    value = quantity.value
    unit = quantity.unit or unit
    if is_money(unit) and unit:
        value, unit = convert_money(value, unit, money), money
    sentence = context.sentence
    text = masked(sentence.text)
    return Claim(measure, part, value, unit, quantity.qualifier, text, sentence.place)


def _settle_website(found: list[Claim]) -> list[Claim]:
    """The only total of a report, stated with the website as its means, is the agency's total."""
    if any(c.measure == "items_published" and c.part is None for c in found):
        return found
    stated = [c for c in found if c.measure == "items_published_website" and c.part is None]
    if len(stated) != 1 or not claim_rules().patterns["as_total"].search(stated[0].text):
        return found
    if any(c.measure == "items_published_new_media" for c in found if c.text == stated[0].text):
        return found
    total = stated[0]
    return [
        replace(c, measure="items_published")
        if c.measure == total.measure and c.text == total.text
        else c
        for c in found
    ]
