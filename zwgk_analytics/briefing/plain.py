"""The numbers of a Plotly figure as an office program or a table shows them."""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

from zwgk_analytics.briefing.layout import Loose
from zwgk_analytics.briefing.model import Kind, Plain
from zwgk_analytics.briefing.words import clean, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

_TAGS = re.compile(r"<br\s*/?>|</?[bi]>")


def plain(figure: "go.Figure") -> Plain | None:
    """The figure's categories and series; None where it is no single line, bar, pie or funnel.

    Text labels and marks beside the bars are left out. A category without a value of a series is
    None there, never 0.
    """
    drawn = [trace for trace in figure.data if not _is_label(trace)]
    kinds = {trace.type for trace in drawn}
    if kinds == {"pie"} and len(drawn) == 1:
        return _of_pairs("pie", drawn[0].labels, drawn[0].values)
    if kinds == {"funnel"} and len(drawn) == 1:
        return _of_pairs("funnel", drawn[0].y, drawn[0].x)
    bars = [trace for trace in drawn if trace.type == "bar"]
    marks = [trace for trace in drawn if trace.type == "scatter"]
    if bars and not any("lines" in (trace.mode or "") for trace in marks):
        is_whole = len(bars) + len(marks) == len(drawn)
        return _bars(figure, bars) if is_whole and _share_axes(bars) else None
    is_told = figure.layout.yaxis.showticklabels is not False  # else places, not values
    if marks and kinds == {"scatter"} and is_told and _share_axes(marks):
        return _of_traces(figure, "line", marks)
    return None


def shown(text: object) -> str:
    """A label of a figure as it is read: without tags, entities resolved."""
    return clean(unescape(_TAGS.sub("", str(text))))


def _bars(figure: "go.Figure", bars: Sequence[Any]) -> Plain:
    is_flat = bars[0].orientation == "h"
    is_stacked = figure.layout.barmode in {"stack", "relative"} and len(bars) > 1
    kind: Kind = "bar" if is_flat else "column"
    if is_stacked:
        kind = "stacked_bar" if is_flat else "stacked"
    drawn = _of_traces(figure, kind, bars, is_flat=is_flat)
    is_one_whole = is_stacked and drawn.is_share and len(drawn.categories) == 1
    return _as_pie(drawn) if is_one_whole else drawn


def _as_pie(bar: Plain) -> Plain:
    """A single bar of shares as a pie of them."""
    names = tuple(name for name, _ in bar.series)
    numbers = tuple(values[0] for _, values in bar.series)
    return Plain("pie", names, ((bar.categories[0], numbers),), bar.is_share, bar.colours)


def _of_traces(
    figure: "go.Figure", kind: Kind, traces: Sequence[Any], *, is_flat: bool = False
) -> Plain:
    along = figure.layout.yaxis if is_flat else figure.layout.xaxis
    axis = figure.layout.xaxis if is_flat else figure.layout.yaxis
    pairs = [_pairs(trace, is_flat=is_flat) for trace in traces]
    categories = list(dict.fromkeys(category for own in pairs for category in own))
    ticks = dict(zip(along.tickvals or (), along.ticktext or (), strict=False))
    if kind == "line":
        categories.sort(key=_order)
    return Plain(
        kind,
        tuple(_label(ticks.get(category, category)) for category in categories),
        tuple(
            (_name(trace), tuple(own.get(category) for category in categories))
            for trace, own in zip(traces, pairs, strict=True)
        ),
        _is_share(traces[0], axis, "x" if is_flat else "y"),
        tuple(_colour(trace) for trace in traces),
    )


def _is_share(trace: Loose, axis: Loose, letter: str) -> bool:
    shape = rf"%\{{{letter}:[^}}]*%\}}"
    told = re.search(shape, str(trace.hovertemplate or ""))
    return bool(told) or str(axis.tickformat or "").endswith("%")


def _pairs(trace: Loose, *, is_flat: bool) -> dict[Any, float | None]:
    where, values = (trace.y, trace.x) if is_flat else (trace.x, trace.y)
    pairs = zip(where, values, strict=True)
    return {at: None if value is None else float(value) for at, value in pairs}


def _label(category: Loose) -> str:
    """Months as 2024年3月; every other category as it is read."""
    if hasattr(category, "strftime"):
        return say("month", year=category.year, month=category.month)
    return shown(category)


def _order(category: Loose) -> tuple[bool, Loose]:
    return isinstance(category, str), category


def _of_pairs(kind: Kind, labels: Iterable[Any], values: Iterable[Any]) -> Plain:
    numbers = tuple(None if value is None else float(value) for value in values)
    return Plain(kind, tuple(map(shown, labels)), (("", numbers),))


def _name(trace: Loose) -> str:
    name = shown(trace.name or "")
    symbol = getattr(trace.marker, "symbol", None)
    first = symbol if isinstance(symbol, str) else next(iter(symbol or ()), "")
    return say("open_series", name=name) if str(first).endswith("-open") else name


def _colour(trace: Loose) -> str:
    colour = trace.marker.color
    if colour is None and trace.type == "scatter":
        colour = trace.line.color
    return colour if isinstance(colour, str) and colour.startswith("#") else ""


def _is_label(trace: Loose) -> bool:
    return trace.type == "scatter" and set((trace.mode or "").split("+")) <= {"text", "markers"}


def _share_axes(traces: Sequence[Any]) -> bool:
    return {(trace.xaxis or "x", trace.yaxis or "y") for trace in traces} <= {("x", "y")}
