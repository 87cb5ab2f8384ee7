"""Which annual reports are there, which are missing, and which came late."""

from typing import Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, named, say

NAME = "coverage_calendar"
COLOURS = {
    "on_time": theme.GREEN,
    "late": theme.ORANGE,
    "undated": theme.SKY,
    "missing": theme.RED,
}
_AGENCIES = 24


def coverage_calendar_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Annual reports that are due, one row per expected filer and year.

    Columns: agency, year, expected, present, published_on, days_late, status (`on_time`, `late`,
    `undated`: there, but when it was published is not known; `missing`; null where none is due),
    source. From `coverage`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def coverage_calendar_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A calendar of agencies and years, a cell a report; agencies that miss most come first."""
    told = data.drop_nulls("status")
    if told.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    names = _order(told)
    shown = names[: context.limit(_AGENCIES)]
    first, last = told.select(pl.col("year").min(), pl.col("year").max().alias("last")).row(0)
    years = list(range(first, last + 1))
    cells = {(row["agency"], row["year"]): row for row in told.iter_rows(named=True)}
    labels = [agency(name, lang, 20) for name in shown]
    figure = theme.panels([""], 1, 0)
    for status, colour in COLOURS.items():
        figure.add_heatmap(**_layer(status, colour, shown, labels, years, cells, lang))
        figure.add_scatter(**_key(status, colour, lang))
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(
        dtick=max(1, -(-len(years) // 16)), tickformat="d", showgrid=False, side="top"
    )
    figure.update_xaxes(range=[first - 0.5, last + 0.5])
    notes = [say(f"{NAME}.read", lang), *left_out(len(names) - len(shown), lang)]
    frame = theme.Frame(12 + 28 * len(shown), top=70, bottom=14, left=theme.Frame.beside(labels))
    return Chart(NAME, figure, data).framed(context, _title(told, lang), notes, frame)


def _layer(
    status: str,
    colour: str,
    shown: list[str],
    labels: list[str],
    years: list[int],
    cells: dict[tuple[str, int], dict[str, Any]],
    lang: str,
) -> dict[str, Any]:
    """The cells of one status; every status is a layer of its own, so that colours stay whole."""
    own = [
        [
            row if (row := cells.get((name, year))) and row["status"] == status else None
            for year in years
        ]
        for name in shown
    ]
    words = [[_word(row, lang) for row in line] for line in own]
    return {
        "z": [[None if row is None else 1 for row in line] for line in own],
        "x": years,
        "y": labels,
        "text": words,
        "texttemplate": "%{text}",
        "textfont": {
            "size": 11,
            "color": "white" if status in {"on_time", "missing"} else theme.INK,
        },
        "colorscale": [[0, colour], [1, colour]],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "name": named("coverage", status, lang),
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
    }


def _word(row: dict[str, Any] | None, lang: str) -> str:
    if row is None:
        return ""
    if row["status"] == "late":
        return say(f"{NAME}.late", lang, days=row["days_late"])
    return named("coverage", row["status"], lang)


def _key(status: str, colour: str, lang: str) -> dict[str, Any]:
    """A point that is nowhere, for the legend: heat maps have none."""
    return {
        "x": [None],
        "y": [None],
        "mode": "markers",
        "name": named("coverage", status, lang),
        "marker": {"symbol": "square", "size": 11, "color": colour},
        "hoverinfo": "skip",
    }


def _order(told: pl.DataFrame) -> list[str]:
    faults = told.group_by("agency").agg(
        (pl.col("status") == "missing").sum().alias("missing"),
        (pl.col("status") == "late").sum().alias("late"),
    )
    order = faults.sort("missing", "late", "agency", descending=[True, True, False])
    return order["agency"].to_list()


def _title(told: pl.DataFrame, lang: str) -> str:
    counts = dict(told.group_by("status").len().rows())
    return say(
        f"{NAME}.found",
        lang,
        first=told["year"].min(),
        last=told["year"].max(),
        agencies=told["agency"].n_unique(),
        due=told.filter(pl.col("expected")).height,
        missing=counts.get("missing", 0),
        late=counts.get("late", 0),
    )
