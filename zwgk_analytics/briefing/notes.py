"""Footnotes: sources and caveats, each once, numbered in the order in which they are first used."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zwgk_analytics.briefing.figures import Peers
from zwgk_analytics.briefing.model import Figure, Spread
from zwgk_analytics.briefing.words import clean, place, say, texts
from zwgk_analytics.forms.metrics import metrics


class Notes:
    """The footnotes of a briefing while it is being written."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, text: str) -> int:
        """The number of the note with this text."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    @property
    def all(self) -> tuple[str, ...]:
        """Every note, the first has the number 1."""
        return tuple(self._numbers)


def noted(figure: Figure, notes: Notes, doubts: dict[str, int], files: str) -> Figure:
    """The figure with the numbers of its notes: source and place, caveats, broken rules.

    `doubts` counts broken relations by the beginning of a rule's id; `files` names the sources
    of figures that are calculated.
    """
    if figure.value is None:
        return figure
    told = [_source(figure, files)]
    told += [say("notes.caveat", label=figure.label, caveat=text) for text in figure.caveats]
    if figure.key in metrics() and figure.origin is None:
        caveat = metrics()[figure.key].caveat["zh"]
        told.append(say("notes.metric", label=figure.label, caveat=caveat))
    for group, n in doubts.items():
        if n and figure.key.startswith(tuple(texts()["doubts"].get(group, ()))):
            told.append(say("notes.doubt", label=figure.label, n=n))
    return replace(figure, notes=tuple(notes.add(text) for text in told))


def noted_spread(spread: Spread, notes: Notes) -> Spread:
    """The figure over all agencies with its note."""
    told = [say("notes.spread")]
    if spread.key in metrics():
        caveat = metrics()[spread.key].caveat["zh"]
        told.append(say("notes.metric", label=spread.label, caveat=caveat))
    return replace(spread, notes=tuple(notes.add(text) for text in told))


def peers_note(peers: Peers) -> str:
    """Who the peers are."""
    if peers.names is None:
        return say("notes.peers_edition")
    return say("notes.peers_level", n=len(peers.names))


def where(row: Mapping[str, Any], notes: Notes) -> int:
    """The number of the note that says where a row of a mart stands: its file and place."""
    return notes.add("，".join((clean(row["source"]), place(clean(row["place"])))))


def _source(figure: Figure, files: str) -> str:
    if figure.origin is None or figure.source is None:
        return say("notes.computed", label=figure.label, files=files)
    return say(
        "notes.place",
        label=figure.label,
        file=figure.source,
        place=place(figure.place or ""),
        origin=texts()["origins"].get(figure.origin, figure.origin),
    )
