"""What the ledgers (台账) say of an agency and year: one section a kind that has rows."""

from collections.abc import Callable, Sequence
from typing import Final

from zwgk_analytics.briefing.inspections import inspected, rectified
from zwgk_analytics.briefing.meetings import meetings
from zwgk_analytics.briefing.model import Block
from zwgk_analytics.briefing.notes import Notes
from zwgk_analytics.briefing.requests import requests
from zwgk_analytics.briefing.service_items import service_items
from zwgk_analytics.marts.api import Marts

Maker = Callable[[Marts, int, str | None, Notes], Sequence[Block]]

_MAKERS: Final[tuple[tuple[str, Maker], ...]] = (
    ("inspected", inspected),
    ("rectified", rectified),
    ("requests", requests),
    ("service_items", service_items),
    ("meetings", meetings),
)


def parts(
    marts: Marts, year: int, agency: str | None, notes: Notes
) -> list[tuple[str, Sequence[Block]]]:
    """The sections by the key of their title in texts.yml (`sections`); of all without `agency`.

    A kind without rows of that agency and year has no blocks.
    """
    return [(key, make(marts, year, agency, notes)) for key, make in _MAKERS]
