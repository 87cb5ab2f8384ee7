"""One measure over the years, from whatever source knows it best."""

from typing import Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import by_size
from zwgk_analytics.charts.text import agency, caveat, measures, named, number, say, short
from zwgk_analytics.charts.text import measure as measure_name
from zwgk_analytics.errors import UsageError

NAME = "annual_figures"
MEASURE = "applications_received"
ORIGINS = {"table": "circle", "prose": "diamond", "figures": "square"}
_COLUMNS = 3


def annual_figures_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None, *, measure: str = MEASURE
) -> pl.DataFrame:
    """Values of one measure, one row per agency and year that has one.

    Columns: agency, year, measure, value, unit, origin (`table`, `prose`, `figures`), comparable,
    caveat, source. From `annual_figures`.

    Raises:
        UsageError: the forms have no such measure; the message names those that they have.
    """
    if measure not in measures():
        there = ", ".join(measures())
        raise UsageError(f"measure={measure!r}: the forms have no such measure; use one of {there}")
    return rows(marts, NAME, measure=measure, **scope(agencies, years))


def annual_figures_chart(
    data: pl.DataFrame,
    context: Context = DEFAULT,
    *,
    measure: str = MEASURE,
) -> Chart:
    """Lines over years, a panel an agency; points that are not comparable are hollow."""
    lang = context.lang
    unit = measures()[measure]["unit"]
    drawn = data.filter(pl.col("unit") == unit)
    if drawn.is_empty():
        return empty(NAME, data, context, measure=measure_name(measure, lang))
    names = by_size(drawn, "value")
    shown = _followed(drawn, names) if context.agencies is None else names
    columns = min(_COLUMNS, len(shown))
    figure = theme.panels(
        [agency(name, lang, 20) for name in shown], columns, 0.3, horizontal_spacing=0.07
    )
    seen = drawn.filter(pl.col("agency").is_in(shown))
    years = seen["year"]
    span = range(min(years), max(years) + 1)
    colours = theme.agency_colours(shown)
    for index, name in enumerate(shown):
        own = seen.filter(pl.col("agency") == name)
        for comparable in (True, False):
            part = own.filter(pl.col("comparable") == comparable)
            if not part.is_empty():
                line = _line(part, span, colours[name], comparable, lang)
                figure.add_scatter(**line, **theme.place(index, columns))
        figure.update_yaxes(theme.count_axis(own["value"].to_list()), **theme.place(index, columns))
    said = {"measure": measure_name(measure, lang), "unit": unit}
    figure.update_yaxes(
        title_text=say(f"{NAME}.y", lang, **said), row=_middle(shown, columns), col=1
    )
    ends = [span[0] - 0.6, span[-1] + 0.6]
    figure.update_xaxes(range=ends, dtick=max(1, -(-len(span) * columns // 16)), tickformat="d")
    lowest = -(-len(shown) // columns)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang), row=lowest)
    notes = _notes(data, seen, unit, lang) + theme.draw_breaks(figure, span, lang, measure)
    notes += left_out(len(names) - len(shown), lang)
    title = _title(seen, said, lang)
    plot = 320 if lowest == 1 else 210 * lowest
    return Chart(NAME, figure, data).framed(context, title, notes, theme.Frame(plot=plot, top=34))


def _line(
    own: pl.DataFrame, span: range, colour: str, comparable: bool, lang: str
) -> dict[str, Any]:
    every = pl.DataFrame({"year": list(span)}, schema={"year": own.schema["year"]})
    every = every.join(own, on="year", how="left").sort("year")
    told = [_hover(row, lang) for row in every.iter_rows(named=True)]
    marks = [ORIGINS.get(origin, "circle") for origin in every["origin"]]
    return {
        "x": list(span),
        "y": every["value"].to_list(),
        "name": agency(own["agency"][0], lang),
        "customdata": told,
        "mode": "lines+markers+text",
        "connectgaps": False,
        "line": {"color": colour, "width": 2, "dash": "solid" if comparable else "dot"},
        "marker": {
            "color": colour,
            "size": 8,
            "symbol": marks if comparable else [f"{mark}-open" for mark in marks],
        },
        "text": ["" if value is None else short(value, lang) for value in every["value"]],
        "textposition": "top center",
        "textfont": {"size": 11, "color": theme.QUIET},
        "cliponaxis": False,
        "showlegend": False,
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
    }


def _hover(row: dict[str, Any], lang: str) -> list[str]:
    if row["value"] is None:
        return ["", "", ""]
    told = [named("origins", row["origin"], lang)]
    if row["caveat"] is not None:
        told.append(caveat(row["caveat"], lang))
    clause = say("common.clause", lang)
    return [agency(row["agency"], lang), row["unit"], clause.join(told)]


def _followed(drawn: pl.DataFrame, names: list[str]) -> list[str]:
    """The agencies to draw when none is named: those with several years, if there are any."""
    several = drawn.filter(pl.col("year").n_unique().over("agency") > 1)["agency"].unique()
    followed = [name for name in names if name in several]
    return (followed or names)[: theme.PANELS]


def _middle(shown: list[str], columns: int) -> int:
    return (-(-len(shown) // columns) + 1) // 2


def _notes(data: pl.DataFrame, seen: pl.DataFrame, unit: str, lang: str) -> list[str]:
    notes = [say(f"{NAME}.origins", lang)]
    if seen["agency"].n_unique() > 1:
        notes.append(say(f"{NAME}.scales", lang))
    if not seen["comparable"].all():
        notes.append(say(f"{NAME}.hollow", lang))
        notes += [caveat(text, lang) for text in sorted(seen["caveat"].drop_nulls().unique())]
    count = data.filter(pl.col("unit").ne_missing(unit)).height
    if count:
        notes.append(say(f"{NAME}.other_unit", lang, count=count, unit=unit))
    return notes


def _title(drawn: pl.DataFrame, said: dict[str, str], lang: str) -> str:
    fair = drawn.filter(pl.col("comparable")) if drawn["comparable"].any() else drawn
    newest = fair.filter(pl.col("year") == pl.col("year").max())
    best = newest.sort("value", "agency", descending=[True, False]).row(0, named=True)
    told = {**said, "year": best["year"], "value": number(best["value"])}
    told["agency"] = agency(best["agency"], lang)
    if drawn["agency"].n_unique() > 1:
        return say(f"{NAME}.many", lang, **told, count=newest.height)
    if fair.height == 1:
        return say(f"{NAME}.one_point", lang, **told)
    before = fair.sort("year").row(-2, named=True)
    earlier = {"before_year": before["year"], "before": number(before["value"])}
    return say(f"{NAME}.one", lang, **told, **earlier)
