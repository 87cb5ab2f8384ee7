"""A briefing put together from the marts: of one agency and year, or of all agencies of a year."""

import difflib
from collections.abc import Sequence
from datetime import date
from typing import Any

from zwgk_analytics.briefing import checks as quality
from zwgk_analytics.briefing.checks import Checks
from zwgk_analytics.briefing.figures import Observed, Peers, keys, peers_of, unit_of
from zwgk_analytics.briefing.illustrations import pictures
from zwgk_analytics.briefing.model import (
    Block,
    Briefing,
    Card,
    Cards,
    Figure,
    Paragraph,
    Run,
    Section,
    Spread,
    Table,
)
from zwgk_analytics.briefing.notes import Notes, noted, noted_spread, peers_note
from zwgk_analytics.briefing.sentences import paragraphs
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
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import Marts, open_marts

_NAMED, _AGENCIES = 20, 40
_SCOPE = """
SELECT DISTINCT agency, year FROM (
  SELECT agency, year FROM reports
  UNION ALL SELECT agency, year FROM annual_figures WHERE value IS NOT NULL
  UNION ALL SELECT agency, year FROM publication_timeliness
) WHERE agency IS NOT NULL AND year IS NOT NULL
"""


def brief(marts: Marts | str, *, year: int, agency: str | None = None) -> Briefing:
    """The briefing on one agency and year; on all agencies of the year without `agency`.

    Args:
        marts: as `open_marts()` gives them, or the folder that they are in.
        year: the reporting year.
        agency: as the marts name it.

    Raises:
        UsageError: no such agency, or nothing of it in that year; the message lists what there is.
    """
    if not isinstance(marts, Marts):
        with open_marts(marts) as opened:
            return brief(opened, year=year, agency=agency)
    _check(marts, year, agency)
    return _of_all(marts, year) if agency is None else _of_one(marts, year, agency)


def _of_one(marts: Marts, year: int, agency: str) -> Briefing:
    notes, group = Notes(), peers_of(marts, agency)
    observed, checks = Observed(marts, year), quality.checked(marts, year, agency)
    files = _files(marts, year, agency)
    found = (observed.figure(key, agency, group) for key in keys())
    figures = tuple(
        noted(figure, notes, checks.doubts, files) for figure in found if figure is not None
    )
    drawn, missing = pictures(marts, year, agency)
    missing = [(f.label, say("unassessed.no_value")) for f in figures if f.value is None] + missing
    blocks: list[tuple[str, list[Block]]] = [
        ("figures", [_figure_cards(figures, notes, group)] if figures else []),
        ("words", list(paragraphs(figures))),
        ("charts", list(drawn)),
        ("findings", _findings(checks, notes, is_named=False)),
        ("unassessed", _unassessed(marts, checks, missing, year, agency)),
    ]
    title = say("title.agency", agency=clean(agency), year=year)
    about = (*_report(marts, year, agency), *_generated(marts))
    return _briefing(title, about, year, agency, marts, notes, blocks, figures=figures)


def _of_all(marts: Marts, year: int) -> Briefing:
    notes = Notes()
    observed, checks = Observed(marts, year), quality.checked(marts, year, None)
    found = (observed.spread(key) for key in keys())
    spreads = tuple(noted_spread(spread, notes) for spread in found if spread is not None)
    drawn, missing = pictures(marts, year, None)
    blocks: list[tuple[str, list[Block]]] = [
        ("figures", [_spread_cards(spreads)] if spreads else []),
        ("words", list(paragraphs(spreads))),
        ("charts", list(drawn)),
        ("agencies", _agencies(observed, checks)),
        ("checks", [quality.checks_table(checks)]),
        ("findings", _findings(checks, notes, is_named=True)),
        ("unassessed", _unassessed(marts, checks, missing, year, None)),
    ]
    reports = marts.mart("reports", years=year).height
    covered = say("about.coverage", reports=reports, agencies=len(observed.agencies))
    title = say("title.overview", year=year)
    about = (covered, *_generated(marts))
    return _briefing(title, about, year, None, marts, notes, blocks, spreads=spreads)


def _briefing(
    title: str,
    about: tuple[str, ...],
    year: int,
    agency: str | None,
    marts: Marts,
    notes: Notes,
    blocks: Sequence[tuple[str, Sequence[Block]]],
    *,
    figures: tuple[Figure, ...] = (),
    spreads: tuple[Spread, ...] = (),
) -> Briefing:
    sections = tuple(Section(say(f"sections.{key}"), tuple(own)) for key, own in blocks if own)
    return Briefing(
        title=title,
        about=about,
        year=year,
        agency=agency,
        refreshed_on=_refreshed_on(marts),
        figures=figures,
        spreads=spreads,
        sections=sections,
        notes=notes.all,
        notes_title=say("sections.notes"),
    )


def _figure_cards(figures: tuple[Figure, ...], notes: Notes, group: Peers) -> Cards:
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
    cards = tuple(_card(figure) for figure in figures if figure.key in texts()["cards"])
    return Cards(cards, table)


def _card(figure: Figure) -> Card:
    lines = [say("cards_lines.change", change=change(figure))]
    if figure.median is not None:
        lines.append(say("cards_lines.peers", peers=peers(figure)))
    if figure.rank is not None:
        lines.append(say("cards_lines.rank", rank=ranked(figure.rank)))
    told = tuple(lines) if figure.value is not None else ()
    return Card(figure.label, Run(amount(figure.value, figure.unit), figure.notes), told)


def _spread_cards(spreads: tuple[Spread, ...]) -> Cards:
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
    cards = tuple(
        Card(
            spread.label,
            Run(amount(spread.median, spread.unit), spread.notes),
            (say("cards_lines.count", n=f"{spread.count:,}"), spread_change(spread)),
        )
        for spread in spreads
        if spread.key in texts()["cards"]
    )
    return Cards(cards, table)


def _agencies(observed: Observed, checks: Checks) -> list[Block]:
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
    return [table, *told] if rows else []


def _findings(checks: Checks, notes: Notes, *, is_named: bool) -> list[Block]:
    table = quality.findings_table(checks, notes, is_named=is_named)
    told = Paragraph((Run(quality.summary(checks)),))
    return [told, table] if table else [told]


def _unassessed(
    marts: Marts, checks: Checks, missing: list[tuple[str, str]], year: int, agency: str | None
) -> list[Block]:
    told = missing + quality.unassessed(checks) + _problems(marts, year, agency)
    if not told:
        return [Paragraph((Run(say("unassessed.none")),))]
    rows = tuple((Run(clean(what)), Run(clean(why))) for what, why in told)
    return [Table(tuple(texts()["heads"]["unassessed"]), rows, (3, 5))]


def _problems(marts: Marts, year: int, agency: str | None) -> list[tuple[str, str]]:
    told = []
    sources = marts.mart("reports", years=year, **({"agency": agency} if agency else {}))["source"]
    for row in marts.mart("reading_problems", source=sources.to_list()).iter_rows(named=True):
        told.append((say("unassessed.problem", file=row["source"]), row["message"]))
    if agency is None:
        for row in marts.mart("quarantine").iter_rows(named=True):
            told.append((say("unassessed.quarantine", file=row["source"]), row["detail"] or ""))
    return told


def _report(marts: Marts, year: int, agency: str) -> tuple[str, ...]:
    reports = marts.mart("reports", agency=agency, years=year).rows(named=True)
    if not reports:
        return (say("about.no_report"),)
    report = reports[0]
    title = clean(report["title"] or report["source"])
    lines = [say("about.report", title=title, edition=report["edition"])]
    if report["published_on"]:
        lines.append(_published(report))
    return tuple(lines)


def _published(report: dict[str, Any]) -> str:
    said = {"day": _day(report["published_on"])}
    if report["deadline_on"] and report["days_late"] and report["days_late"] > 0:
        said |= {"deadline": _day(report["deadline_on"]), "days": report["days_late"]}
        return say("about.late", **said)
    return say("about.published", **said)


def _generated(marts: Marts) -> tuple[str, ...]:
    on = _refreshed_on(marts)
    day = [say("about.refreshed", day=_day(on))] if on else []
    return (*day, say("about.generated"))


def _refreshed_on(marts: Marts) -> date | None:
    found = marts.sql("SELECT CAST(max(finished_at) AS DATE) FROM refreshes").item()
    return found if isinstance(found, date) else None


def _day(day: date) -> str:
    return say("day", year=day.year, month=day.month, day=day.day)


def _files(marts: Marts, year: int, agency: str) -> str:
    """The files that figures of the agency and year are calculated from, named in a few words."""
    query = """
SELECT DISTINCT source FROM (
  SELECT source FROM reports WHERE agency = $agency AND year = $year
  UNION ALL
  SELECT source FROM publications WHERE agency = $agency AND year(published_on) = $year
) ORDER BY source"""
    names = [clean(name) for name in marts.sql(query, {"agency": agency, "year": year})["source"]]
    few = say("joiner").join(names[:3])
    return few if len(names) <= 3 else say("notes.files_many", files=few, n=len(names))


def _check(marts: Marts, year: int, agency: str | None) -> None:
    there = marts.sql(_SCOPE)
    years = sorted(there["year"].unique())
    if agency is not None:
        own = there.filter(there["agency"] == agency)
        if own.is_empty():
            raise UsageError(_no_agency(agency, sorted(there["agency"].unique())))
        years = sorted(own["year"])
    if year not in years:
        who = agency or "the marts"
        listed = ", ".join(map(str, years)) or "no year; run `zwgk refresh`"
        raise UsageError(f"{who}: nothing of {year}; there is {listed}")


def _no_agency(agency: str, names: list[str]) -> str:
    close = [name for name in names if agency in name or name in agency]
    close += difflib.get_close_matches(agency, names, n=_NAMED, cutoff=0.3)
    few = list(dict.fromkeys([*close, *names]))[:_NAMED]
    more = f" and {len(names) - len(few):,} more" if len(names) > len(few) else ""
    return f"{agency}: no such agency in the marts; there are {', '.join(few)}{more}"
