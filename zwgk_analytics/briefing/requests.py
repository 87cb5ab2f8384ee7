"""What the ledger of requests (依申请公开台账) says: how soon replies came, what is overdue."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from zwgk_analytics.briefing.model import Block, Paragraph, Run, Table
from zwgk_analytics.briefing.notes import Notes, where
from zwgk_analytics.briefing.words import SHARE, amount, clean, number, say, texts, unit
from zwgk_analytics.marts.api import Marts

_LISTED: Final = 20
_COUNTS: Final = ("received", "closed", "on_time", "extended", "corrected", "running", "overdue")
_BY_YEAR: Final = """
SELECT * FROM requests_by_year
WHERE year = $year AND ($agency IS NULL OR agency = $agency)
ORDER BY received DESC, agency
"""
_OVERDUE: Final = """
SELECT agency, request_no, place, deadline_on, workdays_left, source FROM requests
WHERE is_overdue AND NOT is_repeat AND year <= $year AND ($agency IS NULL OR agency = $agency)
ORDER BY workdays_left, agency, request_no, place
"""


def requests(marts: Marts, year: int, agency: str | None, notes: Notes) -> Sequence[Block]:
    """A table of the year by agency, and of the requests that run past their deadline."""
    scope = {"year": year, "agency": agency}
    by_year = marts.sql(_BY_YEAR, scope).rows(named=True)
    if not by_year:
        return []
    note = notes.add(say("requests.note"))
    rows = tuple(_row(row, notes) for row in by_year[:_LISTED])
    head = tuple(texts()["heads"]["requests"])
    blocks: list[Block] = [
        Paragraph((Run(say("requests.read"), (note,)),)),
        Table(head, rows, (2.4, *[1.0] * 10), frozenset(range(1, 11))),
    ]
    if len(by_year) > _LISTED:
        blocks.append(_said("requests.more", n=len(by_year) - _LISTED))
    return [*blocks, *_overdue(marts.sql(_OVERDUE, scope).rows(named=True), notes)]


def _row(row: dict[str, Any], notes: Notes) -> tuple[Run, ...]:
    counts = {key: Run(f"{row[key]:,}") for key in _COUNTS}
    share = row["on_time_share"]
    days = [_days(row["median_workdays"]), _days(row["p90_workdays"])]
    return (
        Run(unit(row), (notes.add(say("requests.source", files=clean(row["source"]))),)),
        counts["received"],
        counts["closed"],
        counts["on_time"],
        Run(say("requests.untold") if share is None else amount(Decimal(str(share)), SHARE)),
        *map(Run, days),
        *(counts[key] for key in _COUNTS[3:]),
    )


def _days(value: float | None) -> str:
    return say("requests.untold") if value is None else number(Decimal(f"{value:.1f}"))


def _overdue(late: Sequence[dict[str, Any]], notes: Notes) -> list[Block]:
    if not late:
        return []
    rows = tuple(
        (
            Run(unit(row)),
            Run(clean(row["request_no"] or say("requests.unnumbered")), (where(row, notes),)),
            Run(str(row["deadline_on"])),
            Run(f"{-row['workdays_left']:,}"),
        )
        for row in late[:_LISTED]
    )
    table = Table(tuple(texts()["heads"]["overdue_requests"]), rows, (3, 3, 2, 2), frozenset({3}))
    return [_said("requests.overdue", n=f"{len(late):,}", listed=len(rows)), table]


def _said(key: str, **values: object) -> Paragraph:
    return Paragraph((Run(say(key, **values)),))
