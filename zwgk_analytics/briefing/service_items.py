"""How complete the service guides and approval items (办事指南, 审批事项) of an agency are."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from zwgk_analytics.briefing.model import Block, Paragraph, Run, Table
from zwgk_analytics.briefing.notes import Notes, where
from zwgk_analytics.briefing.words import SHARE, amount, clean, place, say, texts, unit
from zwgk_analytics.marts.api import Marts

_LISTED: Final = 20
_KNOWN: Final = """
FROM service_items
WHERE NOT is_repeat AND ($agency IS NULL OR agency = $agency)
  AND (updated_on IS NULL OR year(updated_on) <= $year)
"""
_UNITS: Final = f"""
SELECT
  agency,
  count(required) AS items,
  count(*) FILTER (WHERE is_complete) AS complete,
  count(*) FILTER (WHERE NOT is_complete) AS incomplete,
  CAST(sum(assessed) AS BIGINT) AS assessed,
  CAST(sum(present) AS BIGINT) AS present,
  CASE WHEN count(is_cancelled) > 0 THEN count(*) FILTER (WHERE is_cancelled_offered) END
    AS cancelled_offered,
  CASE WHEN count(is_outside_hall) > 0 THEN count(*) FILTER (WHERE is_outside_hall) END
    AS outside_hall,
  string_agg(DISTINCT source, '、' ORDER BY source) AS source
{_KNOWN}
GROUP BY agency
ORDER BY items DESC, agency
"""
_FAULTY: Final = f"""
SELECT agency, item, missing, is_cancelled_offered, is_outside_hall, place, source
{_KNOWN}
  AND (NOT is_complete OR is_cancelled_offered OR is_outside_hall)
ORDER BY is_cancelled_offered DESC NULLS LAST, agency, present - assessed, source, length(place),
  place
"""


def service_items(marts: Marts, year: int, agency: str | None, notes: Notes) -> Sequence[Block]:
    """The items known by the end of the year: a row a unit, then the items that lack something."""
    scope = {"year": year, "agency": agency}
    units = marts.sql(_UNITS, scope).rows(named=True)
    if not units:
        return []
    head = tuple(texts()["heads"]["service_units"])
    rows = tuple(_unit(row, notes) for row in units[:_LISTED])
    table = Table(head, rows, (2.6, *[1.1] * 6), frozenset(range(1, 7)))
    note = notes.add(say("service_items.note"))
    blocks: list[Block] = [Paragraph((Run(say("service_items.read"), (note,)),)), table]
    blocks += _more(len(units))
    return [*blocks, *_faulty(marts.sql(_FAULTY, scope).rows(named=True), notes)]


def _unit(row: dict[str, Any], notes: Notes) -> tuple[Run, ...]:
    note = notes.add(say("service_items.of", files=clean(row["source"])))
    share = Decimal(row["present"]) / row["assessed"] if row["assessed"] else None
    counts = [row[key] for key in ("items", "complete", "incomplete")]
    rest = [row[key] for key in ("cancelled_offered", "outside_hall")]
    return (
        Run(unit(row), (note,)),
        *(Run(f"{n:,}") for n in counts),
        Run(say("service_items.untold") if share is None else amount(share, SHARE)),
        *(Run(say("service_items.untold") if n is None else f"{n:,}") for n in rest),
    )


def _faulty(found: Sequence[dict[str, Any]], notes: Notes) -> list[Block]:
    if not found:
        return []
    rows = tuple(
        (
            Run(unit(row)),
            Run(clean(row["item"] or place(row["place"])), (where(row, notes),)),
            Run(_faults(row)),
        )
        for row in found[:_LISTED]
    )
    said = say("service_items.faulty", n=f"{len(found):,}", listed=len(rows))
    table = Table(tuple(texts()["heads"]["service_faults"]), rows, (2.4, 3.6, 4))
    return [Paragraph((Run(said),)), table]


def _faults(row: dict[str, Any]) -> str:
    told = []
    if row["is_cancelled_offered"]:
        told.append(say("service_items.offered"))
    if row["missing"]:
        told.append(say("service_items.missing", elements=clean(row["missing"])))
    if row["is_outside_hall"]:
        told.append(say("service_items.outside"))
    return say("service_items.clause").join(told)


def _more(count: int) -> list[Block]:
    rest = count - _LISTED
    return [Paragraph((Run(say("service_items.more", n=rest)),))] if rest > 0 else []
