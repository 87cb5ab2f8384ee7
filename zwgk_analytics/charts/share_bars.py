"""Bars of shares that fill the width, a bar a name, with what was counted beside each."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from zwgk_analytics.charts import theme

if TYPE_CHECKING:
    import plotly.graph_objects as go


def add_share(
    figure: "go.Figure",
    names: Sequence[str],
    shares: Sequence[float | None],
    *,
    counts: Sequence[object],
    name: str,
    colour: str,
    hover: str,
) -> None:
    """Adds one part of every bar: its share, and in the hover text its count."""
    figure.add_bar(
        x=shares,
        y=names,
        orientation="h",
        name=name,
        customdata=counts,
        marker={"color": colour},
        hovertemplate=f"{hover}<extra></extra>",
    )


def finish(figure: "go.Figure", names: Sequence[str], beside: Iterable[str], title: str) -> None:
    """Stacks the parts, first name on top, with a text beside each bar; names the axis."""
    for name, text in zip(names, beside, strict=True):
        figure.add_annotation(
            x=1,
            y=name,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=8,
            font={"size": 12, "color": theme.QUIET},
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text=title)
