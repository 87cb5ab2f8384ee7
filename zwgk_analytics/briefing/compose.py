"""A briefing put together from the marts: of one agency and year, or of all agencies of a year."""

from collections.abc import Sequence
from pathlib import Path

from zwgk_analytics.briefing import checks as quality
from zwgk_analytics.briefing import ledgers, scope
from zwgk_analytics.briefing.checks import Checks
from zwgk_analytics.briefing.figures import Observed, keys, peers_of
from zwgk_analytics.briefing.illustrations import pictures
from zwgk_analytics.briefing.model import Block, Briefing, Paragraph, Run, Section, Table
from zwgk_analytics.briefing.notes import Notes, noted, noted_spread
from zwgk_analytics.briefing.overview import agencies, figure_cards, spread_cards
from zwgk_analytics.briefing.sentences import paragraphs
from zwgk_analytics.briefing.words import clean, say, texts
from zwgk_analytics.marts.api import Marts, open_marts

Parts = Sequence[tuple[str, Sequence[Block]]]


def brief(marts: Marts | str | Path, *, year: int, agency: str | None = None) -> Briefing:
    """The briefing on one agency and year; on all agencies of the year without `agency`.

    Args:
        marts: as `open_marts()` gives them, or the folder that they are in.
        year: the reporting year.
        agency: by any name that the register knows.

    Raises:
        UsageError: no such agency, or nothing of it in that year; the message lists what there is.
        NoMartsError: nothing is published in that folder, or by another version.
    """
    if not isinstance(marts, Marts):
        with open_marts(marts) as opened:
            return brief(opened, year=year, agency=agency)
    named = None if agency is None else marts.canonical(agency)[0]
    scope.check(marts, year, named)
    return _of_all(marts, year) if named is None else _of_one(marts, year, named)


def _of_one(marts: Marts, year: int, agency: str) -> Briefing:
    notes, group = Notes(), peers_of(marts, agency)
    observed, checks = Observed(marts, year), quality.checked(marts, year, agency)
    files = scope.files(marts, year, agency)
    found = (observed.figure(key, agency, group) for key in keys())
    figures = tuple(noted(f, notes, checks.doubts, files) for f in found if f is not None)
    drawn, missing = pictures(marts, year, agency)
    missing = [(f.label, say("unassessed.no_value")) for f in figures if f.value is None] + missing
    missing += quality.unassessed(checks) + scope.problems(marts, year, agency)
    parts: Parts = [
        ("figures", [figure_cards(figures, notes, group)] if figures else []),
        ("words", paragraphs(figures)),
        ("charts", drawn),
        *ledgers.parts(marts, year, agency, notes),
        ("findings", _findings(checks, notes, is_named=False)),
        ("unassessed", [_unassessed(missing)]),
    ]
    return Briefing(
        title=say("title.agency", agency=clean(agency), year=year),
        about=(*scope.about_report(marts, year, agency), *scope.about_data(marts)),
        year=year,
        agency=agency,
        refreshed_on=scope.refreshed_on(marts),
        figures=figures,
        spreads=(),
        sections=_sections(parts),
        notes=notes.all,
        notes_title=say("sections.notes"),
    )


def _of_all(marts: Marts, year: int) -> Briefing:
    notes = Notes()
    observed, checks = Observed(marts, year), quality.checked(marts, year, None)
    found = (observed.spread(key) for key in keys())
    spreads = tuple(noted_spread(spread, notes) for spread in found if spread is not None)
    drawn, missing = pictures(marts, year, None)
    missing += quality.unassessed(checks) + scope.problems(marts, year, None)
    parts: Parts = [
        ("figures", [spread_cards(spreads)] if spreads else []),
        ("words", paragraphs(spreads)),
        ("charts", drawn),
        *ledgers.parts(marts, year, None, notes),
        ("agencies", agencies(observed, checks)),
        ("checks", [quality.checks_table(checks)]),
        ("findings", _findings(checks, notes, is_named=True)),
        ("unassessed", [_unassessed(missing)]),
    ]
    reports = marts.mart("reports", years=year).height
    covered = say("about.coverage", reports=reports, agencies=len(observed.agencies))
    return Briefing(
        title=say("title.overview", year=year),
        about=(covered, *scope.about_data(marts)),
        year=year,
        agency=None,
        refreshed_on=scope.refreshed_on(marts),
        figures=(),
        spreads=spreads,
        sections=_sections(parts),
        notes=notes.all,
        notes_title=say("sections.notes"),
    )


def _sections(parts: Parts) -> tuple[Section, ...]:
    return tuple(Section(say(f"sections.{key}"), tuple(blocks)) for key, blocks in parts if blocks)


def _findings(checks: Checks, notes: Notes, *, is_named: bool) -> list[Block]:
    table = quality.findings_table(checks, notes, is_named=is_named)
    told = Paragraph((Run(quality.summary(checks)),))
    return [told, table] if table else [told]


def _unassessed(told: Sequence[tuple[str, str]]) -> Block:
    if not told:
        return Paragraph((Run(say("unassessed.none")),))
    rows = tuple((Run(clean(what)), Run(clean(why))) for what, why in told)
    return Table(tuple(texts()["heads"]["unassessed"]), rows, (3, 5))
