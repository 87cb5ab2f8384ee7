"""Pending applications from year to year: 上年结转 + 新收 − 办结 = 结转下年度."""

from dataclasses import dataclass

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.application_handling import where_told
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import by_size
from zwgk_analytics.charts.text import agency, named, number, say

NAME = "carry_over_waterfall"
STEPS = {
    "carried_in": "absolute",
    "received": "relative",
    "closed": "relative",
    "carried_out": "absolute",
}
_PANELS, _YEARS = 4, 5


def carry_over_waterfall_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Pending applications, one row per agency and year.

    Columns: agency, year, carried_in, received, closed, carried_out, expected (carried_in +
    received − closed), carried_before (carried_out of the report before), follows (that report is
    of the year before), source. From `application_handling`.
    """
    return rows(marts, "carry_over", **scope(agencies, years))


def carry_over_waterfall_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Waterfalls of the newest years, a panel an agency: pending, received, closed, pending."""
    whole = data.drop_nulls(["carried_in", "received", "closed", "carried_out"])
    if whole.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    names = by_size(whole, "received")
    shown = names[: context.limit(_PANELS)]
    figure = theme.panels([agency(name, lang) for name in shown], 1, 0.34)
    for index, name in enumerate(shown):
        own = whole.filter(pl.col("agency") == name).sort("year").tail(_YEARS)
        steps = _steps(own)
        figure.add_waterfall(**_waterfall(steps, lang), **theme.place(index, 1))
        figure.add_scatter(**_labels(steps, lang), **theme.place(index, 1))
        most = own.select(pl.col("carried_in") + pl.col("received")).to_series().to_list()
        figure.update_yaxes(theme.count_axis(most), **theme.place(index, 1))
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang), row=(len(shown) + 1) // 2, col=1)
    figure.update_xaxes(tickangle=0, tickfont={"size": 11}, showdividers=True, dividercolor="white")
    notes = [*_notes(data, lang), *left_out(len(names) - len(shown), lang)]
    frame = theme.Frame(plot=250 * len(shown) + 40, top=34, bottom=64)
    return Chart(NAME, figure, data).framed(context, _title(whole, names[0], lang), notes, frame)


@dataclass(frozen=True, slots=True)
class _Step:
    """One bar: how much it adds, and up to where it reaches."""

    year: int
    key: str
    value: int
    top: int


def _steps(own: pl.DataFrame) -> list[_Step]:
    steps = []
    for row in own.iter_rows(named=True):
        due = row["carried_in"] + row["received"]
        tops = {"carried_in": row["carried_in"], "carried_out": row["carried_out"]}
        for key in STEPS:
            value = -row[key] if key == "closed" else row[key]
            steps.append(_Step(row["year"], key, value, tops.get(key, due)))
    return steps


def _axis(steps: list[_Step], lang: str) -> list[list[str]]:
    return [
        [say("common.year", lang, year=step.year) for step in steps],
        [named("steps", step.key, lang) for step in steps],
    ]


def _waterfall(steps: list[_Step], lang: str) -> dict[str, object]:
    return {
        "x": _axis(steps, lang),
        "y": [step.value for step in steps],
        "measure": [STEPS[step.key] for step in steps],
        "width": max(0.3, 0.75 * len(steps) / (len(STEPS) * _YEARS)),
        "connector": {"line": {"color": theme.GRID, "width": 1}},
        "increasing": {"marker": {"color": theme.BLUE}},
        "decreasing": {"marker": {"color": theme.GREEN}},
        "totals": {"marker": {"color": theme.GREY}},
        "showlegend": False,
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
    }


def _labels(steps: list[_Step], lang: str) -> dict[str, object]:
    """Numbers above the bars: below a falling bar they would lie on the axis."""
    return {
        "x": _axis(steps, lang),
        "y": [step.top for step in steps],
        "text": [number(step.value).replace("-", "−") for step in steps],
        "mode": "text",
        "textposition": "top center",
        "textfont": {"size": 11, "color": theme.QUIET},
        "cliponaxis": False,
        "name": "labels",
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _notes(data: pl.DataFrame, lang: str) -> list[str]:
    balance = pl.col("expected") != pl.col("carried_out")
    carried = pl.col("follows") & (pl.col("carried_before") != pl.col("carried_in"))
    holes = pl.any_horizontal(pl.col(step).is_null() for step in STEPS)
    notes = [say(f"{NAME}.read", lang)]
    for kind, doubt in {"unbalanced": balance, "broken": carried, "unfilled": holes}.items():
        found = data.filter(doubt).select("agency", "year").rows()
        notes += [say(f"{NAME}.{kind}", lang, where=where_told(found, lang))] if found else []
    return notes


def _title(whole: pl.DataFrame, name: str, lang: str) -> str:
    own = whole.filter(pl.col("agency") == name).sort("year")
    last = own.row(-1, named=True)
    due = last["carried_in"] + last["received"]
    said = {key: last[key] for key in ("year", "closed", "carried_out")}
    return say(f"{NAME}.found", lang, agency=agency(name, lang), due=due, **said)
