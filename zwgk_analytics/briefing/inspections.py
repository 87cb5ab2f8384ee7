"""What inspections (督查检测) found in a year, and how far it was mended (整改台账)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from zwgk_analytics.briefing.model import Block, Paragraph, Run, Table
from zwgk_analytics.briefing.notes import Notes, where
from zwgk_analytics.briefing.words import SHARE, amount, clean, number, say, texts, unit
from zwgk_analytics.marts.api import Marts

_LISTED: Final = 20
_FOUND: Final = """
SELECT
  inspections.agency, inspections.round, inspections.item, inspections.channel,
  inspections.problem, inspections.kind_label, inspections.deduction, inspections.place,
  inspections.source, own.own_outcome, own.own_actual
FROM inspections
LEFT JOIN inspection_decisions AS own
  ON own.inspection_id = inspections.inspection_id AND own.own_outcome <> 'not_assessable'
WHERE inspections.is_problem AND inspections.year = $year
  AND ($agency IS NULL OR inspections.agency = $agency)
QUALIFY row_number() OVER (PARTITION BY inspections.inspection_id ORDER BY own.own_rule) = 1
ORDER BY inspections.agency, inspections.deduction DESC NULLS LAST, inspections.source,
  inspections.place
"""
_MENDED: Final = """
SELECT agency, problem, status, due_on, days_to_close, place, source FROM rectifications
WHERE year = $year AND ($agency IS NULL OR agency = $agency)
ORDER BY agency, due_on NULLS LAST, source, place
"""
_CLOSED: Final = ("done", "explained")
_PENDING: Final = ("reopened", "overdue", "open")


def inspected(marts: Marts, year: int, agency: str | None, notes: Notes) -> Sequence[Block]:
    """What was found, by kind, and each problem beside what our own data say of it."""
    found = marts.sql(_FOUND, {"year": year, "agency": agency}).rows(named=True)
    if not found:
        return []
    rows = tuple(_problem(row, notes) for row in found[:_LISTED])
    head = tuple(texts()["heads"]["inspected"])
    table = Table(head, rows, (2, 2, 3.6, 1.6, 0.8, 2.4), frozenset({4}))
    return [_summary(found, notes), table, *_more("inspected", len(found))]


def rectified(marts: Marts, year: int, agency: str | None, notes: Notes) -> Sequence[Block]:
    """How much is closed, by unit, and each problem that is not."""
    ledger = marts.sql(_MENDED, {"year": year, "agency": agency}).rows(named=True)
    if not ledger:
        return []
    units = list(dict.fromkeys(row["agency"] for row in ledger))
    told = [_closing(unit, [r for r in ledger if r["agency"] == unit], notes) for unit in units]
    table = Table(
        tuple(texts()["heads"]["rectified"]),
        tuple(told[:_LISTED]),
        (2.6, *[1.0] * 7),
        frozenset(range(1, 8)),
    )
    note = notes.add(say("rectified.note"))
    blocks: list[Block] = [Paragraph((Run(say("rectified.read"), (note,)),)), table]
    return [*blocks, *_more("rectified", len(units)), *_pending(ledger, notes)]


def _summary(found: Sequence[dict[str, Any]], notes: Notes) -> Paragraph:
    kinds: dict[str, int] = {}
    for row in found:
        kind = clean(row["kind_label"] or say("inspected.other"))
        kinds[kind] = kinds.get(kind, 0) + 1
    most = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:5]
    listed = say("joiner").join(say("inspected.kind", kind=kind, n=n) for kind, n in most)
    said = say(
        "inspected.found",
        n=len(found),
        units=len({row["agency"] for row in found}),
        kinds=listed,
        borne_out=sum(row["own_outcome"] == "broken" for row in found),
        not_so=sum(row["own_outcome"] == "holds" for row in found),
    )
    return Paragraph((Run(said, (notes.add(say("inspected.note")),)),))


def _problem(row: dict[str, Any], notes: Notes) -> tuple[Run, ...]:
    own = say(f"inspected.{row['own_outcome'] or 'untold'}")
    if row["own_actual"]:
        own = say("inspected.own", outcome=own, actual=clean(row["own_actual"]))
    return (
        Run(unit(row)),
        Run(clean(row["item"] or row["channel"] or "")),
        Run(clean(row["problem"] or ""), (where(row, notes),)),
        Run(clean(row["kind_label"] or say("inspected.other"))),
        Run(say("missing") if row["deduction"] is None else number(row["deduction"])),
        Run(own),
    )


def _closing(unit: str | None, own: Sequence[dict[str, Any]], notes: Notes) -> tuple[Run, ...]:
    counts = [sum(row["status"] == status for row in own) for status in (*_CLOSED, *_PENDING)]
    rate = Decimal(sum(counts[: len(_CLOSED)])) / len(own)
    sources = say("joiner").join(sorted({clean(row["source"]) for row in own}))
    return (
        Run(
            clean(unit or say("findings.unnamed")), (notes.add(say("rectified.of", file=sources)),)
        ),
        Run(f"{len(own):,}"),
        *(Run(f"{count:,}") for count in counts),
        Run(amount(rate, SHARE)),
    )


def _pending(ledger: Sequence[dict[str, Any]], notes: Notes) -> list[Block]:
    left = [row for status in _PENDING for row in ledger if row["status"] == status]
    if not left:
        return []
    rows = tuple(
        (
            Run(unit(row)),
            Run(clean(row["problem"] or ""), (where(row, notes),)),
            Run(texts()["rectified"]["status"][row["status"]]),
            Run(str(row["due_on"] or say("rectified.undated"))),
        )
        for row in left[:_LISTED]
    )
    table = Table(tuple(texts()["heads"]["pending"]), rows, (2.4, 4.6, 1.4, 1.6))
    said = say("rectified.pending", n=len(left), listed=len(rows))
    return [Paragraph((Run(said),)), table]


def _more(key: str, count: int) -> list[Block]:
    rest = count - _LISTED
    return [Paragraph((Run(say(f"{key}.more", n=rest)),))] if rest > 0 else []
