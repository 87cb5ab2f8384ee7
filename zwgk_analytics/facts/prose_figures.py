"""Sentences → their figures in order: counts with their place in a list, shares, years.

This is what the arithmetic of the prose is checked with: parts against their whole, a share
against its ratio, a year against the reporting year. What a figure measures is for `claims`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from zwgk_analytics.facts.claim_context import Context, context_of
from zwgk_analytics.facts.claim_parts import label_of
from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.facts.prose_numbers import Quantity
from zwgk_analytics.facts.prose_words import prose_words
from zwgk_analytics.facts.sentences import sentences
from zwgk_analytics.readers import Paragraph

_REACH = 12  # characters between a figure and its share


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """One figure of a sentence, `position` counted in it from 1.

    `kind` is count, share (value in percent), plan_year or result_year. `whole` is the position of
    the figure that a part belongs to, or that a share is of; `whole_measure` is named where the
    sentence opens a list without its total. `is_complete`: the list leaves nothing out.
    """

    sentence: int
    position: int
    kind: str
    label: str | None
    value: Decimal
    decimals: int
    unit: str | None
    qualifier: str | None
    whole: int | None
    whole_measure: str | None
    is_complete: bool
    text: str
    place: str


def prose_figures(
    paragraphs: Iterable[Paragraph], agency: str | None, year: int | None
) -> list[ProseFigure]:
    """The figures of all sentences, in reading order."""
    found: list[ProseFigure] = []
    for number, sentence in enumerate(sentences(paragraphs), 1):
        if "#" in sentence.tidy or not re.search(r"\d|[一二三四五六七八九十百]", sentence.tidy):
            continue
        context = context_of(sentence, agency, year)
        found += _Reader(context, number).read()
    return found


@dataclass(slots=True)
class _Open:
    """A list that is open: of which figure, or of which measure, and its parts so far."""

    whole: int | None
    measure: str | None
    unit: str | None
    parts: list[int] = field(default_factory=list)  # indices into the figures read
    divided: int | None = None  # how many parts stood before the last ；


@dataclass(slots=True)
class _Reader:
    """Reads one sentence from left to right."""

    context: Context
    number: int
    figures: list[ProseFigure] = field(default_factory=list)
    last: int | None = None
    opened: _Open | None = None
    outside: list[_Open | None] = field(default_factory=list)
    at_last: int = 0

    def read(self) -> list[ProseFigure]:
        """The figures of the sentence."""
        text, index = self.context.text, 0
        self._read_years(text)
        for token in _tokens().finditer(text):
            sign = token[0]
            if sign == "#":
                self._count(index, token.start())
                index += 1
            elif sign == "（":
                self.outside.append(self.opened)
                self.opened = self._of_last()
            elif sign == "）":
                self._close()
                self.opened = self.outside.pop() if self.outside else None
            elif sign == "；":
                if self.opened:
                    self.opened.divided = len(self.opened.parts)
            elif token["percent"]:
                self._share(token)
            else:
                self._open(token[0])
        self._close()
        return self.figures

    def _count(self, index: int, at: int) -> None:
        quantity = self.context.masked.quantities[index]
        if quantity.ordinal or not self.context.is_figure(at):
            self.last = None
            return
        whole = self._whole_for(quantity)
        figure = self._figure("count", quantity.value, label_of(self.context, index))
        self.figures.append(
            replace(
                figure,
                unit=quantity.unit,
                qualifier=quantity.qualifier,
                whole=whole.whole if whole else None,
                whole_measure=whole.measure if whole else None,
            )
        )
        self.last, self.at_last = len(self.figures) - 1, at
        if whole:
            whole.parts.append(self.last)

    def _whole_for(self, quantity: Quantity) -> _Open | None:
        opened = self.opened
        same = claim_rules().same_kind
        if opened and (opened.unit == quantity.unit or {opened.unit, quantity.unit} <= same):
            return opened
        return None

    def _share(self, token: re.Match[str]) -> None:
        near = self.last is not None and token.start() - self.at_last <= _REACH
        is_whole = prose_words().patterns["whole"].match(token["of"] or "")
        if near and self.last is not None and is_whole:
            figure = self._figure("share", Decimal(token["percent"]), token["of"] or None)
            decimals = len(token["percent"].partition(".")[2])
            whole = self.figures[self.last].position
            self.figures.append(replace(figure, unit="%", decimals=decimals, whole=whole))

    def _open(self, words: str) -> None:
        measures = claim_rules().breakdowns
        named = next((m for m, p in measures.items() if p.search(words)), None)
        if self.opened and not self.outside:
            self._leave_next_whole(self.opened)
        if named or self._of_last():
            self._close()
            self.opened = _Open(None, named, "条") if named else self._of_last()

    def _leave_next_whole(self, opened: _Open) -> None:
        """«甲351件，其中…；乙46件，其中…»: 乙 is no part of 甲."""
        last, parts = self.last, opened.parts
        if last is None or last not in parts or opened.divided is None:
            return
        if parts.index(last) >= opened.divided:
            parts.remove(last)
            self.figures[last] = replace(self.figures[last], whole=None, whole_measure=None)

    def _of_last(self) -> _Open | None:
        if self.last is None:
            return None
        figure = self.figures[self.last]
        return _Open(figure.position, None, figure.unit)

    def _close(self) -> None:
        """Marks the parts of a list that leaves nothing out: up to its remainder (其他…)."""
        if not self.opened:
            return
        remainder = prose_words().patterns["remainder"]
        parts = self.opened.parts
        labels = [self.figures[i].label or "" for i in parts]
        last = next((n for n, label in enumerate(labels) if n and remainder.match(label)), None)
        named = parts if last is None else parts[: last + 1]
        if last is not None or _is_complete(labels):
            for i in named:
                self.figures[i] = replace(self.figures[i], is_complete=True)

    def _read_years(self, text: str) -> None:
        patterns = prose_words().patterns
        for match in patterns["year"].finditer(text):
            after = text[match.end() :]
            kind = None
            if patterns["plans"].match(after):
                kind = "plan_year"
            elif patterns["results"].match(after) and not patterns["not_results"].search(text):
                kind = "result_year"
            if kind:
                self.figures.append(self._figure(kind, Decimal(match["year"]), None))

    def _figure(self, kind: str, value: Decimal, label: str | None) -> ProseFigure:
        sentence = self.context.sentence
        return ProseFigure(
            sentence=self.number,
            position=len(self.figures) + 1,
            kind=kind,
            label=label,
            value=value,
            decimals=0,
            unit=None,
            qualifier=None,
            whole=None,
            whole_measure=None,
            is_complete=False,
            text=sentence.text,
            place=sentence.place,
        )


def _is_complete(labels: list[str]) -> bool:
    words = prose_words()
    if len(labels) >= words.many_parts:
        return True
    return any(
        all(any(pattern.search(label) for label in labels) for pattern in names)
        for names in words.complete
    )


def _tokens() -> re.Pattern[str]:
    words, rules = prose_words(), claim_rules()
    lists = [p.pattern for p in rules.breakdowns.values()]
    opens = "|".join([*lists, rules.patterns["opens"].pattern])
    return re.compile(rf"#|（|）|；|{words.patterns['share'].pattern}|{opens}")
