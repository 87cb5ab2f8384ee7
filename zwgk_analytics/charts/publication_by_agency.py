"""Items published by year, agencies beside each other."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import largest, left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, month, say, short

NAME = "publication_by_agency"
_COLUMNS, _YEARS = 3, 12


def publication_by_agency_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Items published, one row per agency and year that holds any.

    Columns: agency, year, items, last_month (the newest month of the agency's log), source
    (files). From `publication_volume`; items that name no agency are left out.
    """
    return rows(marts, NAME, **scope(agencies, years))


def publication_by_agency_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars of items by year, a small panel an agency, each with its own scale."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    newest = max(data["year"])
    recent = data.filter(pl.col("year") > newest - _YEARS)
    shown, hidden = largest(recent, context.limit(theme.PANELS))
    names = [str(name) for name in shown]
    columns = min(_COLUMNS, len(names))
    colours = theme.agency_colours(shown)
    figure = theme.panels(
        [agency(name, lang, 20) for name in names], columns, 0.32, horizontal_spacing=0.07
    )
    years = list(range(min(recent["year"]), newest + 1))
    for index, name in enumerate(names):
        own = recent.filter(pl.col("agency") == name)
        where = theme.place(index, columns)
        figure.add_bar(
            x=own["year"].to_list(),
            y=own["items"].to_list(),
            name=agency(name, lang),
            marker={"color": colours[name]},
            text=[short(n, lang) for n in own["items"]],
            textposition="outside",
            textangle=0,
            constraintext="none",
            width=0.75,
            textfont={"size": 10, "color": theme.QUIET},
            cliponaxis=False,
            showlegend=False,
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
            **where,
        )
        figure.update_yaxes(theme.count_axis(own["items"].to_list()), **where)
    lowest = -(-len(names) // columns)
    figure.update_yaxes(title_text=say(f"{NAME}.y", lang), row=(lowest + 1) // 2, col=1)
    ends = [years[0] - 0.6, years[-1] + 0.6]
    figure.update_xaxes(range=ends, dtick=max(1, -(-len(years) * columns // 14)), tickformat="d")
    notes = [_until(recent, lang), say(f"{NAME}.scales", lang), *left_out(hidden, lang)]
    if recent.height < data.height:
        notes.append(say(f"{NAME}.years", lang, count=_YEARS))
    frame = theme.Frame(plot=300 if lowest == 1 else 180 * lowest, top=34, bottom=40)
    return Chart(NAME, figure, data).framed(context, _title(recent, lang), notes, frame)


def _until(recent: pl.DataFrame, lang: str) -> str:
    first, last = recent.select(
        pl.col("last_month").min(), pl.col("last_month").max().alias("last")
    ).row(0)
    return say(f"{NAME}.until", lang, first=month(first, lang), last=month(last, lang))


def _title(recent: pl.DataFrame, lang: str) -> str:
    names, others = largest(recent, 1)
    own = recent.filter(pl.col("agency") == names[0]).sort("items", "year", descending=True)
    year, items = own.select("year", "items").row(0)
    said = {"agency": agency(names[0], lang), "year": year, "peak": items}
    said |= {"items": own["items"].sum(), "first": min(own["year"]), "last": max(own["year"])}
    return say(f"{NAME}.many" if others else f"{NAME}.one", lang, **said, count=others + 1)
