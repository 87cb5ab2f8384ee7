"""The charts of a briefing, drawn from the marts, and those that there is no data for."""

import math
import re
from collections.abc import Iterator
from typing import Any

from zwgk_analytics.briefing.model import Picture
from zwgk_analytics.briefing.plain import plain, shown
from zwgk_analytics.briefing.words import say, texts
from zwgk_analytics.charts import Chart, catalogue, draw, text
from zwgk_analytics.marts.api import Marts


def pictures(
    marts: Marts, year: int, agency: str | None
) -> tuple[tuple[Picture, ...], list[tuple[str, str]]]:
    """The charts that have data, and the names of those without, with the reason."""
    drawn, without = [], []
    for told in texts()["charts"]["overview" if agency is None else "agency"]:
        chart = _drawn(dict(told), marts, year, agency)
        picture = _picture(chart) if chart.figure.data else None
        if picture is not None and _values(picture) > 1:
            drawn.append(picture)
        else:
            why = "no_data" if picture is None else "one_value"
            name = say("unassessed.chart", name=catalogue()[chart.name].title)
            without.append((name, say(f"unassessed.{why}")))
    return tuple(drawn), list(dict.fromkeys(without))


def _drawn(told: dict[str, Any], marts: Marts, year: int, agency: str | None) -> Chart:
    name, span = told.pop("name"), told.pop("span")
    years = range(year - 9, year + 1) if span == "history" else [year]
    return draw(name, marts, agency, years, **told)


def _picture(chart: Chart) -> Picture:
    return Picture(shown(chart.title), tuple(_notes(chart)), chart, plain(chart.figure))


def _values(picture: Picture) -> float:
    """How many numbers a chart shows, as far as its plain numbers tell."""
    if picture.plain is None:
        return math.inf
    return sum(value is not None for _, own in picture.plain.series for value in own)


def _notes(chart: Chart) -> Iterator[str]:
    """Each note below the figure, its lines joined again."""
    starts = (text.say("common.note", "zh", text=""), text.say("common.source", "zh", marts=""))
    parted = re.compile(f"<br>(?={'|'.join(map(re.escape, starts))})")
    for annotation in chart.figure.layout.annotations:
        if annotation.name == "notes":
            yield from map(shown, parted.split(annotation.text))
