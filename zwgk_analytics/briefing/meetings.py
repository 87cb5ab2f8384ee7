"""What meetings of a year decided, what was kept of their rules, and what was published."""

from collections.abc import Sequence
from typing import Any, Final

from zwgk_analytics.briefing.model import Block, Paragraph, Run, Table
from zwgk_analytics.briefing.notes import Notes, where
from zwgk_analytics.briefing.words import clean, say, texts
from zwgk_analytics.charts import text
from zwgk_analytics.charts.meeting_checks import meeting_checks_data
from zwgk_analytics.marts.api import Marts

_LISTED: Final = 20
_SESSIONS: Final = """
SELECT
  count(*) AS meetings,
  CAST(sum(topics) AS BIGINT) AS topics,
  CAST(sum(published) AS BIGINT) AS published,
  CAST(sum(unpublished) AS BIGINT) AS unpublished,
  CAST(sum(withheld) AS BIGINT) AS withheld,
  string_agg(DISTINCT source, '、' ORDER BY source) AS source
FROM meeting_sessions
WHERE year(held_on) = $year AND ($agency IS NULL OR host = $agency)
"""
_SUBMITTED: Final = """
SELECT
  meeting, held_on, topic, submission_kept, report_length_kept, follow_up_kept, published_kept,
  place, source
FROM meetings
WHERE NOT is_repeat AND year(held_on) = $year
  AND ($agency IS NULL OR host = $agency OR agency = $agency)
  AND (
    NOT submission_kept OR NOT report_length_kept OR NOT follow_up_kept OR NOT published_kept
  )
ORDER BY held_on, source, length(place), place
"""
_CHECKS: Final = {
    "submission_kept": "meetings.submission",
    "report_length_kept": "meetings.report_length",
    "follow_up_kept": "meetings.follow_up",
    "published_kept": "meetings.published",
}


def meetings(marts: Marts, year: int, agency: str | None, notes: Notes) -> Sequence[Block]:
    """The agency's meetings by check, and the topics, its own too, that kept something not."""
    scope = {"year": year, "agency": agency}
    (told,) = marts.sql(_SESSIONS, scope).rows(named=True)
    failing = marts.sql(_SUBMITTED, scope).rows(named=True)
    blocks: list[Block] = []
    if told["meetings"]:
        blocks += [_summary(told, notes), _checks(marts, year, agency)]
    return [*blocks, *_failing(failing, notes)]


def _summary(told: dict[str, Any], notes: Notes) -> Paragraph:
    files = clean(told["source"])
    counted = say("meetings.found", n=f"{told['meetings']:,}", topics=f"{told['topics']:,}")
    runs = [Run(counted, (notes.add(say("meetings.of", files=files)),))]
    if told["published"] is not None:
        said = {key: f"{told[key]:,}" for key in ("published", "unpublished", "withheld")}
        runs.append(Run(say("meetings.published", **said)))
    return Paragraph((*runs, Run(say("meetings.read"), (notes.add(say("meetings.note")),))))


def _checks(marts: Marts, year: int, agency: str | None) -> Table:
    data = meeting_checks_data(marts, agency, year)
    found = {(c, o): n for c, o, n in data.select("check_name", "outcome", "subjects").rows()}
    rows = tuple(
        (
            Run(text.named("meeting_checks", check, "zh")),
            *(Run(f"{found.get((check, o), 0):,}") for o in ("kept", "not_kept", "unknown")),
        )
        for check in dict.fromkeys(data["check_name"])
    )
    head = tuple(texts()["heads"]["meeting_checks"])
    return Table(head, rows, (4, 1.2, 1.2, 1.2), frozenset({1, 2, 3}))


def _failing(found: Sequence[dict[str, Any]], notes: Notes) -> list[Block]:
    if not found:
        return []
    rows = tuple(
        (
            Run(clean(row["meeting"] or say("meetings.unnamed"))),
            Run(str(row["held_on"])),
            Run(clean(row["topic"] or ""), (where(row, notes),)),
            Run(_faults(row)),
        )
        for row in found[:_LISTED]
    )
    said = say("meetings.failing", n=f"{len(found):,}", listed=len(rows))
    table = Table(tuple(texts()["heads"]["meeting_faults"]), rows, (2.6, 1.4, 4, 2.6))
    return [Paragraph((Run(said),)), table]


def _faults(row: dict[str, Any]) -> str:
    broken = [rule for column, rule in _CHECKS.items() if row[column] is False]
    return say("joiner").join(text.named("rules", rule, "zh") for rule in broken)
