"""Figures as cards and tables: of one agency, over all, and agency by agency."""

from collections.abc import Sequence
from typing import Any

from zwgk_analytics.briefing.checks import Checks
from zwgk_analytics.briefing.figures import Observed, Peers, unit_of
from zwgk_analytics.briefing.model import (
    Block,
    Card,
    Cards,
    Figure,
    Paragraph,
    Run,
    Spread,
    Table,
)
from zwgk_analytics.briefing.notes import Notes, peers_note
from zwgk_analytics.briefing.words import (
    amount,
    change,
    clean,
    peers,
    ranked,
    say,
    spread_change,
    texts,
)

_AGENCIES = 40


def figure_cards(figures: Sequence[Figure], notes: Notes, group: Peers) -> Cards:
    """The figures of one agency: value, year before, change, median of the peers, rank."""
    about_peers, about_ranks = notes.add(peers_note(group)), notes.add(say("notes.rank"))
    rows = tuple(
        (
            Run(figure.label),
            Run(amount(figure.value, figure.unit), figure.notes),
            Run(amount(figure.before, figure.unit)),
            Run(change(figure)),
            Run(peers(figure), (about_peers,) if figure.median is not None else ()),
            Run(ranked(figure.rank), (about_ranks,) if figure.rank else ()),
        )
        for figure in figures
    )
    head = tuple(texts()["heads"]["figure"])
    table = Table(head, rows, (2.1, 1.5, 1.4, 1.9, 1.8, 1.9), frozenset({1, 2}))
    return Cards(tuple(map(_card, _headlines(figures))), table)


def spread_cards(spreads: Sequence[Spread]) -> Cards:
    """The figures over all agencies: how many, median, lowest, highest, change."""
    rows = tuple(
        (
            Run(spread.label, spread.notes),
            Run(f"{spread.count:,}"),
            *(
                Run(amount(value, spread.unit))
                for value in (spread.median, spread.low, spread.high)
            ),
            Run(spread_change(spread)),
        )
        for spread in spreads
    )
    head = tuple(texts()["heads"]["spread"])
    table = Table(head, rows, (2.2, 1.1, 1.4, 1.3, 1.6, 2.6), frozenset({1, 2, 3, 4}))
    return Cards(tuple(map(_spread_card, _headlines(spreads))), table)


def agencies(observed: Observed, checks: Checks) -> list[Block]:
    """A row an agency with a value of the year, most applications first; the rest is counted."""
    columns = texts()["table_figures"]
    size = {name: observed.value(columns["received"], name) for name in observed.agencies}
    names = sorted(size, key=lambda name: (size[name] is None, -(size[name] or 0), name))
    rows = tuple(
        (
            Run(clean(name)),
            *(Run(amount(observed.value(key, name), unit_of(key))) for key in columns.values()),
            *(Run(f"{checks.of_severity(s, name):,}") for s in ("error", "warning")),
        )
        for name in names[:_AGENCIES]
    )
    head = tuple(texts()["heads"]["agencies"])
    table = Table(head, rows, (3.6, 1.4, 1.4, 1.4, 0.9, 0.9), frozenset(range(1, 6)))
    more = len(names) - _AGENCIES
    told = [Paragraph((Run(say("agencies.more", n=more)),))] if more > 0 else []
    return [*told, table] if rows else []


def _headlines(figures: Sequence[Any]) -> list[Any]:
    """The figures that are shown large: those of texts.yml; the first few where none is there."""
    chosen = [figure for figure in figures if figure.key in texts()["cards"]]
    return chosen or list(figures[: len(texts()["cards"])])


def _card(figure: Figure) -> Card:
    lines = [say("cards_lines.change", change=change(figure))]
    if figure.median is not None:
        lines.append(say("cards_lines.peers", peers=peers(figure)))
    if figure.rank is not None:
        lines.append(say("cards_lines.rank", rank=ranked(figure.rank)))
    told = tuple(lines) if figure.value is not None else ()
    return Card(figure.label, Run(amount(figure.value, figure.unit), figure.notes), told)


def _spread_card(spread: Spread) -> Card:
    lines = (say("cards_lines.count", n=f"{spread.count:,}"), spread_change(spread))
    return Card(spread.label, Run(amount(spread.median, spread.unit), spread.notes), lines)
