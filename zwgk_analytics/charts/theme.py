"""One look for every chart: colours, fonts, title, source line, caveats and form breaks."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from zwgk_analytics.charts.text import say, wrapped
from zwgk_analytics.forms import editions
from zwgk_analytics.forms.crosswalk import breaks

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONTS = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif'
INK, QUIET, GRID = "#222222", "#5F6670", "#E3E6EA"
BLUE, SKY, GREEN, ORANGE, RED, PINK, GREY = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#8C8C8C",
)
AGENCIES = (BLUE, RED, GREEN, PINK, ORANGE, SKY, "#6A51A3", "#7F6000")
OUTCOMES = {
    "granted": BLUE,
    "partially_granted": SKY,
    "denied": RED,
    "unable": ORANGE,
    "not_processed": PINK,
    "other": GREY,
}
RULE_OUTCOMES = {"broken": RED, "not_assessable": "#C9CDD2", "holds": GREEN}
SHADES = ((0.0, "#FDF1E7"), (0.5, "#F0A868"), (1.0, "#B34A00"))
CELLS = {
    "texttemplate": "%{text}",
    "showscale": False,
    "hoverongaps": False,
    "xgap": 2,
    "ygap": 2,
}  # of a grid whose cells print their numbers
WIDTH, PANELS = 920, 12
_BUTTONS = ["zoom", "pan", "select", "lasso", "zoomin", "zoomout", "autoscale", "resetscale"]
_TITLE_LINE, _NOTE_LINE, SIDE = 27, 18, 24


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels: height of the plot itself, and what legend, axis and labels need around it."""

    plot: int
    top: int = 0
    bottom: int = 58
    right: int = SIDE
    left: int = 70

    @staticmethod
    def beside(labels: Iterable[str]) -> int:
        """The left margin that labels of an axis need."""
        lines = (line for label in labels for line in label.split("<br>"))
        return SIDE + 10 + 13 * max(map(len, lines), default=0)


def agency_colours(names: Iterable[str | None]) -> dict[str | None, str]:
    """A colour for each agency, the same in every chart unless two on one chart want the same."""
    taken: dict[str | None, str] = {}
    for name in sorted(set(names), key=str):
        first = zlib.crc32(str(name).encode()) % len(AGENCIES)
        wanted = [AGENCIES[(first + step) % len(AGENCIES)] for step in range(len(AGENCIES))]
        free = [colour for colour in wanted if colour not in taken.values()]
        taken[name] = (free or wanted)[0]
    return taken


@lru_cache(maxsize=1)
def template() -> "go.layout.Template":
    """The Plotly template that every chart uses."""
    import plotly.graph_objects as go  # slow to import

    axis = {
        "gridcolor": GRID,
        "zeroline": False,
        "linecolor": QUIET,
        "ticks": "",
        "automargin": True,
        "title": {"font": {"size": 13, "color": QUIET}, "standoff": 8},
    }
    layout = {
        "font": {"family": FONTS, "size": 13, "color": INK},
        "colorway": list(AGENCIES),
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "separators": ".,",
        "xaxis": axis,
        "yaxis": axis,
        "hoverlabel": {"font": {"family": FONTS}, "align": "left"},
        "bargap": 0.25,
        "modebar": {"remove": _BUTTONS, "color": GRID, "activecolor": QUIET},
    }
    return go.layout.Template(layout=layout)


def framed(figure: "go.Figure", title: str, notes: Sequence[str], frame: Frame) -> "go.Figure":
    """The figure, changed in place: its title above the plot, its notes below, both wrapped."""
    heading = wrapped(title, 41)
    foot = [line for note in notes for line in wrapped(note, 72)]
    above = 20 + _TITLE_LINE * len(heading) + frame.top
    below = frame.bottom + 12 + _NOTE_LINE * len(foot)
    height = above + frame.plot + below
    figure.update_layout(
        template=template(),
        width=WIDTH,
        height=height,
        margin={"t": above, "b": below, "l": frame.left, "r": frame.right},
        title={
            "text": "<br>".join(heading),
            "font": {"size": 19},
            "x": SIDE / WIDTH,
            "xanchor": "left",
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 14 + 12 * (len(heading) - 1)},
        },
        legend={
            "orientation": "h",
            "x": SIDE / WIDTH,
            "xref": "container",
            "y": 1 - (18 + _TITLE_LINE * len(heading)) / height,
            "yref": "container",
            "yanchor": "top",
            "traceorder": "normal",
        },
    )
    figure.add_annotation(
        name="notes",
        text="<br>".join(foot),
        showarrow=False,
        align="left",
        font={"size": 12, "color": QUIET},
        xref="paper",
        x=0,
        xanchor="left",
        xshift=SIDE - frame.left,
        yref="paper",
        y=0,
        yanchor="top",
        yshift=-frame.bottom,
    )
    return figure


def panels(titles: Sequence[str], columns: int, gap: float, **options: object) -> "go.Figure":
    """An empty figure of small multiples, a panel for each title, rows filled first."""
    from plotly.subplots import make_subplots  # slow to import

    rows = -(-len(titles) // columns)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=list(titles),
        vertical_spacing=gap / rows if rows > 1 else 0,
        **options,
    )
    figure.update_annotations(font={"size": 13, "color": INK})
    return figure


def count_axis(values: Sequence[float | None]) -> dict[str, object]:
    """Settings of an axis of counts: from zero, room for labels above, no fractions as ticks."""
    most = max((value for value in values if value is not None), default=0)
    ticks = {"dtick": 1} if most < 5 else {"nticks": 5}
    return {"range": [0, 1.18 * most or 1], "separatethousands": True, **ticks}


def month_ticks(lang: str) -> dict[str, object]:
    """Settings of an axis of months: 2024年3月 where months are told apart, else 2024年."""
    years = {"dtickrange": ["M12", None], "value": say("common.year_axis", lang)}
    months = {"dtickrange": [None, "M12"], "value": say("common.month_axis", lang)}
    return {"tickformatstops": [years, months]}


def place(index: int, columns: int) -> dict[str, int]:
    """Where the panel of that index stands, as Plotly's `row` and `col`."""
    return {"row": index // columns + 1, "col": index % columns + 1}


def form_breaks(years: Iterable[int]) -> list[int]:
    """The first years of the form editions that start within the years, the first left out."""
    seen = sorted(years)
    starts = sorted(edition.first_year for edition in editions().values())
    return [start for start in starts if seen and seen[0] < start <= seen[-1]]


def measure_breaks(measure: str, years: Iterable[int]) -> list[int]:
    """The years within those seen from which a measure is defined otherwise, the first left out."""
    seen = sorted(years)
    return [b.year for b in breaks(measure) if seen and seen[0] < b.year <= seen[-1]]


def draw_breaks(
    figure: "go.Figure", years: Iterable[int], lang: str, measure: str | None = None
) -> list[str]:
    """Draws a dashed line in every panel where definitions change; the note that tells it.

    That is where a new form edition starts; for one measure, where its own definition changes.
    """
    starts = form_breaks(years) if measure is None else measure_breaks(measure, years)
    for start in starts:
        figure.add_vline(
            x=start - 0.5, line={"dash": "dash", "width": 1, "color": QUIET}, row="all", col="all"
        )
    told = say("common.joiner", lang).join(str(start) for start in starts)
    key = "common.breaks" if measure is None else "common.measure_breaks"
    return [say(key, lang, years=told)] if starts else []


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Places for labels near their values, at least `gap` apart, in the order of the values."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = [0.0] * len(values)
    last = float("-inf")
    for i in order:
        last = placed[i] = max(values[i], last + gap)
    return placed
