"""The charts of a briefing: which, drawn from the marts, and what of them the office programs get."""

from collections.abc import Iterator
from typing import Any

from zwgk_analytics.briefing.model import Picture
from zwgk_analytics.briefing.plain import plain, shown
from zwgk_analytics.briefing.words import say, texts
from zwgk_analytics.charts import Chart, catalogue, draw
from zwgk_analytics.marts.api import Marts


def pictures(
    marts: Marts, year: int, agency: str | None
) -> tuple[tuple[Picture, ...], list[tuple[str, str]]]:
    """The charts that have data, and the names of those without, with the reason."""
    drawn, without = [], []
    for told in texts()["charts"]["overview" if agency is None else "agency"]:
        chart = _drawn(dict(told), marts, year, agency)
        if chart.data.is_empty():
            name = say("unassessed.chart", name=catalogue()[chart.name].title)
            without.append((name, say("unassessed.no_data")))
        else:
            drawn.append(_picture(chart))
    return tuple(drawn), list(dict.fromkeys(without))


def _drawn(told: dict[str, Any], marts: Marts, year: int, agency: str | None) -> Chart:
    name, span = told.pop("name"), told.pop("span")
    years = range(year - 9, year + 1) if span == "history" else [year]
    return draw(name, marts, agency, years, **told)


def _picture(chart: Chart) -> Picture:
    return Picture(shown(chart.title), tuple(_notes(chart)), chart, plain(chart.figure))


def _notes(chart: Chart) -> Iterator[str]:
    for annotation in chart.figure.layout.annotations:
        if annotation.name == "notes":
            yield shown(annotation.text)
