"""Charts as pictures for documents: the one place that asks for a renderer, and does without."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from zwgk_analytics.briefing.model import Picture, Plain
from zwgk_analytics.charts import fonts, theme
from zwgk_analytics.charts import pictures as render
from zwgk_analytics.errors import RenderError

if TYPE_CHECKING:
    import plotly.graph_objects as go

_TITLE_LINE, _NOTE_LINE = 27, 18  # pixels, as the theme's frame reserves them
_MARKS = {"column": "bar", "bar": "bar", "stacked": "bar", "stacked_bar": "bar", "funnel": "bar"}


def images(pictures: Sequence[Picture], kind: Literal["svg", "png"]) -> list[bytes | None]:
    """The pictures without their titles and notes, which documents print themselves.

    Where no renderer works, those with plain numbers are drawn from these, the others are None.
    """
    bare = [replace(picture.chart, figure=untitled(picture.chart.figure)) for picture in pictures]
    try:
        return list(render(bare, kind))
    except RenderError as error:
        logging.getLogger(__name__).info("charts are drawn from their numbers: %s", error)
        return [_from_numbers(p.plain, kind) if p.plain else None for p in pictures]


def untitled(figure: "go.Figure") -> "go.Figure":
    """A copy of a figure of the charts' theme without title, notes and the room that they took."""
    import plotly.graph_objects as go  # slow to import

    copy = go.Figure(figure)
    layout = copy.layout
    kept = [note for note in layout.annotations if note.name != "notes"]
    cut = _TITLE_LINE * _lines(layout.title.text)
    foot = [note.text for note in layout.annotations if note.name == "notes"]
    below = sum(_NOTE_LINE * _lines(text) for text in foot)
    height, margin = layout.height, layout.margin
    layout.annotations = kept
    copy.update_layout(
        title=None,
        height=height - cut - below,
        margin={"t": margin.t - cut, "b": margin.b - below},
        legend={"y": 1},
    )
    return copy


def _lines(text: str | None) -> int:
    return text.count("<br>") + 1 if text else 0


def _from_numbers(plain: Plain, kind: str) -> bytes:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.sans().parent))
    specification = json.dumps(_specification(plain), ensure_ascii=False)
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(specification)).encode()
    drawn: bytes = vl_convert.vegalite_to_png(specification, scale=2)
    return drawn


def _specification(plain: Plain) -> dict[str, Any]:
    """The plain numbers as Vega-Lite; a missing value has no mark."""
    values = [
        {"category": category, "series": name or " ", "value": value, "place": index}
        for name, numbers in plain.series
        for index, (category, value) in enumerate(zip(plain.categories, numbers, strict=True))
        if value is not None
    ]
    font = {"labelFont": "Noto Sans SC", "titleFont": "Noto Sans SC", "labelLimit": 260}
    return {
        "data": {"values": values},
        "width": 720,
        "height": {"step": 30} if plain.kind in {"bar", "stacked_bar", "funnel"} else 300,
        **_drawing(plain),
        "config": {"axis": font, "legend": font, "text": {"font": "Noto Sans SC"}},
    }


def _drawing(plain: Plain) -> dict[str, Any]:
    names = [name or " " for name, _ in plain.series]
    colours = list(plain.colours) if plain.colours and all(plain.colours) else theme.AGENCIES
    series: dict[str, Any] = {"field": "series", "type": "nominal", "title": None, "sort": names}
    series["scale"] = {"domain": names, "range": list(colours)}
    series["legend"] = {"orient": "top"} if len(names) > 1 else None
    amount = {"field": "value", "type": "quantitative", "title": None}
    if plain.kind == "pie":
        part = {**series, "field": "category", "sort": None, "legend": {}, "scale": {}}
        return {"mark": "arc", "encoding": {"theta": amount, "color": part}}
    amount["axis"] = {"format": ".0%" if plain.is_share else ",~f"}  # type: ignore[assignment]
    along = {"field": "category", "type": "nominal", "title": None, "sort": {"field": "place"}}
    flat = plain.kind in {"bar", "stacked_bar", "funnel"}
    encoding = {"y": along, "x": amount} if flat else {"x": along, "y": amount}
    mark = {"type": _MARKS.get(plain.kind, "line"), "point": plain.kind == "line"}
    mark |= {} if plain.kind == "line" else {"tooltip": None}
    return {"mark": mark, "encoding": {**encoding, "color": series}}
