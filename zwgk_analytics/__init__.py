"""What agencies disclose about their own openness (政务公开), as data to trust.

>>> import zwgk_analytics as zwgk
>>> zwgk.refresh()
>>> marts = zwgk.open_marts()
>>> marts.application_handling(agency="淮安市人民政府", years=range(2021, 2025))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zwgk_analytics import charts
    from zwgk_analytics.briefing import brief
    from zwgk_analytics.facts.extract import extract
    from zwgk_analytics.marts.api import Marts, findings, open_marts
    from zwgk_analytics.marts.dictionary import dictionary
    from zwgk_analytics.pipeline import refresh

__all__ = [
    "Marts",
    "brief",
    "charts",
    "dictionary",
    "extract",
    "findings",
    "open_marts",
    "refresh",
]

# name → where it is; imported when first asked for, so that importing the package costs nothing
_HOMES = {
    "Marts": "zwgk_analytics.marts.api",
    "brief": "zwgk_analytics.briefing",
    "dictionary": "zwgk_analytics.marts.dictionary",
    "extract": "zwgk_analytics.facts.extract",
    "findings": "zwgk_analytics.marts.api",
    "open_marts": "zwgk_analytics.marts.api",
    "refresh": "zwgk_analytics.pipeline",
}


def __getattr__(name: str) -> object:
    if name == "charts":
        return import_module("zwgk_analytics.charts")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
