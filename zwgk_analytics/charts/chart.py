"""A drawn chart: the figure, the rows that it shows, and ways to show and keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.text import escaped, say

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Context:
    """What a chart says beside its data: language, refresh, and what was asked for."""

    lang: str = "zh"
    refreshed_on: date | None = None
    agencies: Sequence[str] | None = None
    years: Sequence[int] | None = None

    def limit(self, usual: int) -> int:
        """How many agencies to draw: all that were asked for by name, else the usual number."""
        return usual if self.agencies is None else len(self.agencies)


DEFAULT = Context()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that notebooks show: `figure` (Plotly), `data` (the rows drawn), `save(path)`."""

    name: str
    figure: "go.Figure" = field(repr=False)
    data: pl.DataFrame = field(repr=False)
    lang: str = "zh"

    @property
    def title(self) -> str:
        """What is seen, on one line."""
        return str(self.figure.layout.title.text).replace("<br>", "")

    def framed(
        self, context: Context, title: str, notes: Sequence[str], frame: theme.Frame
    ) -> "Chart":
        """The chart, its figure given the title, the notes and the line that tells the source."""
        told = [say("common.note", context.lang, text=note) for note in notes]
        lines = [*told, source_line(self.name, self.data, context)]
        theme.framed(self.figure, title, lines, frame)
        return replace(self, lang=context.lang)

    def save(self, path: str | Path) -> Path:
        """Writes the chart to a file: `.png`, `.svg`, `.pdf` (its text is searchable) or `.html`.

        Raises:
            UsageError: the file's suffix is none that can be written.
            RenderError: nothing on this machine can draw pictures; it is saved as HTML instead.
        """
        from zwgk_analytics.charts.export import save_all

        return save_all([(self, path)])[0]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = self.figure._repr_mimebundle_()
        return {"text/plain": self.title, **bundle}


def empty(name: str, data: pl.DataFrame, context: Context, **values: object) -> Chart:
    """A chart that says that there is nothing to draw, and why."""
    return nothing(name, data, context, say(f"{name}.empty", context.lang, **values))


def nothing(name: str, data: pl.DataFrame, context: Context, reason: str) -> Chart:
    """A chart that gives a reason why nothing is drawn, and what was asked for."""
    import plotly.graph_objects as go  # slow to import

    lang = context.lang
    joiner = say("common.joiner", lang)
    why = [reason]
    if context.agencies is not None:
        names = joiner.join(escaped(a) for a in context.agencies)
        why.append(say("empty.agencies", lang, names=names))
    if context.years is not None:
        why.append(say("empty.years", lang, names=joiner.join(str(y) for y in context.years)))
    figure = go.Figure()
    hidden = {"visible": False}
    figure.update_layout(xaxis=hidden, yaxis=hidden)
    figure.add_annotation(
        text="<br>".join(why), showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper"
    )
    title = say("empty.title", lang, name=say(f"{name}.name", lang))
    return Chart(name, figure, data).framed(context, title, [], theme.Frame(160, bottom=10))


def source_line(name: str, data: pl.DataFrame, context: Context) -> str:
    """Where the numbers come from: mart, files, and the day of the refresh."""
    lang = context.lang
    parts = [say("common.source", lang, marts=say(f"{name}.mart", lang))]
    files = source_files(data)
    if files:
        joined = say("common.joiner", lang).join(escaped(f) for f in files[:2])
        many = say("common.more_files", lang, files=joined, count=len(files))
        parts.append(say("common.files", lang, files=many if len(files) > 2 else joined))
    if context.refreshed_on:
        on = context.refreshed_on
        day = say("common.day", lang, year=on.year, month=on.month, day=on.day)
        parts.append(say("common.refreshed", lang, day=day))
    return say("common.clause", lang).join(parts)


def source_files(data: pl.DataFrame) -> list[str]:
    """The files named in the column `source`, each once; none where there is no such column."""
    if "source" not in data.columns:
        return []
    column = data["source"]
    flat = column.explode() if isinstance(column.dtype, pl.List) else column
    return sorted(str(f) for f in flat.drop_nulls().unique())
