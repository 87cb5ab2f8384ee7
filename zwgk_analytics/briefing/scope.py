"""What the marts know of an agency and year: is there anything, from which report, as of when."""

import difflib
from datetime import date
from typing import Any

from zwgk_analytics.briefing.words import clean, say
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import Marts

_NAMED = 20
_SCOPE = """
SELECT DISTINCT agency, year FROM (
  SELECT agency, year FROM reports
  UNION ALL SELECT agency, year FROM annual_figures WHERE value IS NOT NULL
  UNION ALL SELECT agency, year FROM publication_timeliness
  UNION ALL SELECT agency, year FROM inspections
  UNION ALL SELECT agency, year FROM rectifications
  UNION ALL SELECT agency, year FROM requests_by_year
  UNION ALL SELECT agency, year(held_on) FROM meetings
  UNION ALL SELECT host, year(held_on) FROM meeting_sessions
) WHERE agency IS NOT NULL AND year IS NOT NULL
"""
_FILES = """
SELECT DISTINCT source FROM (
  SELECT source FROM reports WHERE agency = $agency AND year = $year
  UNION ALL
  SELECT source FROM publications WHERE agency = $agency AND year(published_on) = $year
) ORDER BY source
"""


def check(marts: Marts, year: int, agency: str | None) -> None:
    """Nothing where the marts have something to tell.

    Raises:
        UsageError: no such agency, or nothing of it in that year; the message lists what there is.
    """
    there = marts.sql(_SCOPE)
    years = sorted(there["year"].unique())
    if agency is not None:
        own = there.filter(there["agency"] == agency)
        if own.is_empty():
            raise UsageError(_no_agency(agency, sorted(there["agency"].unique())))
        years = sorted(own["year"])
    if year not in years:
        listed = ", ".join(map(str, years)) or "no year; run `zwgk refresh`"
        raise UsageError(f"{agency or 'the marts'}: nothing of {year}; there is {listed}")


def about_report(marts: Marts, year: int, agency: str) -> tuple[str, ...]:
    """Lines on the report that the figures rest on: title, edition, day of publication."""
    reports = marts.mart("reports", agency=agency, years=year).rows(named=True)
    if not reports:
        return (say("about.no_report"),)
    report = reports[0]
    title = clean(report["title"] or report["source"])
    lines = [say("about.report", title=title, edition=report["edition"])]
    if report["published_on"]:
        lines.append(_published(report))
    return tuple(lines)


def about_data(marts: Marts) -> tuple[str, ...]:
    """Lines on how old the data is and how the briefing was made."""
    on = refreshed_on(marts)
    day = [say("about.refreshed", day=_day(on))] if on else []
    return (*day, say("about.generated"))


def refreshed_on(marts: Marts) -> date | None:
    """The day of the newest refresh; None where none is recorded."""
    found = marts.sql("SELECT CAST(max(finished_at) AS DATE) FROM refreshes").item()
    return found if isinstance(found, date) else None


def files(marts: Marts, year: int, agency: str) -> str:
    """The files that figures of the agency and year are calculated from, named in a few words."""
    names = [clean(name) for name in marts.sql(_FILES, {"agency": agency, "year": year})["source"]]
    few = say("joiner").join(names[:3])
    return few if len(names) <= 3 else say("notes.files_many", files=few, n=len(names))


def problems(marts: Marts, year: int, agency: str | None) -> list[tuple[str, str]]:
    """What could not be read: of the reports told of, and over all the files not used."""
    sources = marts.mart("reports", agency=agency, years=year)["source"].to_list()
    read = marts.mart("reading_problems", source=sources).rows(named=True)
    told = [(say("unassessed.problem", file=row["source"]), row["message"] or "") for row in read]
    unused = [] if agency else marts.mart("quarantine").rows(named=True)
    return told + [
        (say("unassessed.quarantine", file=row["source"]), row["detail"] or "") for row in unused
    ]


def _published(report: dict[str, Any]) -> str:
    said = {"day": _day(report["published_on"])}
    if report["deadline_on"] and report["days_late"] and report["days_late"] > 0:
        said |= {"deadline": _day(report["deadline_on"]), "days": report["days_late"]}
        return say("about.late", **said)
    return say("about.published", **said)


def _day(day: date) -> str:
    return say("day", year=day.year, month=day.month, day=day.day)


def _no_agency(agency: str, names: list[str]) -> str:
    close = [name for name in names if agency in name or name in agency]
    close += difflib.get_close_matches(agency, names, n=_NAMED, cutoff=0.3)
    few = list(dict.fromkeys([*close, *names]))[:_NAMED]
    more = f" and {len(names) - len(few):,} more" if len(names) > len(few) else ""
    return f"{agency}: no such agency in the marts; there are {', '.join(few)}{more}"
