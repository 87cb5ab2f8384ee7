"""Items published: by month, and by category."""

from datetime import date

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, escaped, month, say

MONTHS = "publication_volume"
CATEGORIES = "publication_categories"
_BARS = 12
_PANELS = 6


def publication_volume_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Items published, one row per agency and month that holds any.

    Columns: agency, month (its first day), items, source (files). From `publication_volume`.
    """
    return rows(marts, MONTHS, **scope(agencies, years))


def publication_volume_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Lines of items by month, a panel an agency; months without an item are gaps."""
    if data.is_empty():
        return empty(MONTHS, data, context)
    lang = context.lang
    shown, hidden = largest(data, context.limit(_PANELS))
    colours = theme.agency_colours(shown)
    figure = theme.panels(printed(shown, lang), 1, 0.24, shared_xaxes=True)
    for index, name in enumerate(shown):
        own = every_month(data.filter(pl.col("agency").eq_missing(name)))
        figure.add_scatter(
            x=own["month"].to_list(),
            y=own["items"].to_list(),
            name=agency(name, lang),
            mode="lines+markers",
            marker={"size": 3, "color": colours[name]},
            line={"width": 1.4, "color": colours[name]},
            connectgaps=False,
            showlegend=False,
            hovertemplate=say(f"{MONTHS}.hover", lang) + "<extra></extra>",
            **theme.place(index, 1),
        )
        figure.update_yaxes(theme.count_axis(own["items"].to_list()), **theme.place(index, 1))
    figure.update_yaxes(title_text=say(f"{MONTHS}.y", lang), row=(len(shown) + 1) // 2, col=1)
    figure.update_xaxes(theme.month_ticks(lang), nticks=9)
    figure.update_xaxes(title_text=say(f"{MONTHS}.x", lang), row=len(shown), col=1)
    notes = [say(f"{MONTHS}.gaps", lang)]
    notes += [say(f"{MONTHS}.scales", lang)] if len(shown) > 1 else []
    notes += left_out(hidden, lang)
    title = _volume_title(data, lang)
    plot = 300 if len(shown) == 1 else 150 * len(shown)
    return Chart(MONTHS, figure, data).framed(context, title, notes, theme.Frame(plot=plot, top=30))


def publication_categories_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Items published, one row per agency and category; category null where the log states none.

    Columns: agency, category, items, first_month, last_month, source. From `publication_volume`.
    """
    return rows(marts, CATEGORIES, **scope(agencies, years))


def publication_categories_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars of items by category, a panel an agency, longest first."""
    if data.is_empty():
        return empty(CATEGORIES, data, context)
    lang = context.lang
    shown, hidden = largest(data, context.limit(_PANELS))
    bars = [_bars(data.filter(pl.col("agency").eq_missing(name)), lang) for name in shown]
    colours = theme.agency_colours(shown)
    figure = theme.panels(
        printed(shown, lang),
        1,
        0.3,
        row_heights=[len(labels) + 1 for labels, _, _ in bars],
    )
    for index, (name, (labels, items, stated)) in enumerate(zip(shown, bars, strict=True)):
        figure.add_bar(
            x=items,
            y=labels,
            orientation="h",
            name=agency(name, lang),
            marker={"color": [colours[name] if known else theme.GREY for known in stated]},
            text=[f"{n:,}" for n in items],
            textposition="outside",
            cliponaxis=False,
            showlegend=False,
            hovertemplate=say(f"{CATEGORIES}.hover", lang) + "<extra></extra>",
            **theme.place(index, 1),
        )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(rangemode="tozero", showticklabels=False, showgrid=False)
    figure.update_xaxes(title_text=say(f"{CATEGORIES}.x", lang), row=len(shown), col=1)
    months = data.select(pl.col("first_month").min(), pl.col("last_month").max()).row(0)
    first, last = (month(day, lang) for day in months)
    notes = [say(f"{CATEGORIES}.span", lang, first=first, last=last)]
    notes += [say(f"{CATEGORIES}.scales", lang)] if len(shown) > 1 else []
    notes += left_out(hidden, lang)
    frame = theme.Frame(
        sum(28 * len(labels) + 62 for labels, _, _ in bars),
        top=30,
        left=theme.Frame.beside(label for labels, _, _ in bars for label in labels),
    )
    return Chart(CATEGORIES, figure, data).framed(
        context, _category_title(data, lang), notes, frame
    )


def largest(data: pl.DataFrame, limit: int) -> tuple[list[str | None], int]:
    """The agencies with most items, most first, and how many more there are."""
    totals = data.group_by("agency").agg(pl.col("items").sum())
    order = totals.sort("items", "agency", descending=[True, False], nulls_last=True)
    names = order["agency"].to_list()
    return names[:limit], sum(name is not None for name in names[limit:])


def left_out(count: int, lang: str) -> list[str]:
    """The note that tells of agencies that are not drawn."""
    return [say("common.not_shown", lang, count=count)] if count else []


def printed(names: list[str | None], lang: str) -> list[str]:
    """The names to print, in their order."""
    return [agency(name, lang) for name in names]


def every_month(own: pl.DataFrame) -> pl.DataFrame:
    """One agency's months from its first to its last, those without an item null."""
    first, last = own.select(pl.col("month").min(), pl.col("month").max().alias("last")).row(0)
    months = pl.date_range(first, last, "1mo", eager=True).alias("month")
    return months.to_frame().join(own, on="month", how="left").sort("month")


def _volume_title(data: pl.DataFrame, lang: str) -> str:
    stated = data.drop_nulls("agency")
    if stated.is_empty():
        return _title_of(data, lang)
    title, unstated = _title_of(stated, lang), data.filter(pl.col("agency").is_null())
    if unstated.is_empty():
        return title
    return say(f"{MONTHS}.unstated", lang, title=title, items=unstated["items"].sum())


def _title_of(data: pl.DataFrame, lang: str) -> str:
    first, last = data.select(pl.col("month").min(), pl.col("month").max().alias("last")).row(0)
    said = {"first": month(first, lang), "last": month(last, lang), "items": data["items"].sum()}
    names, others = largest(data, 1)
    said["agency"] = agency(names[0], lang)
    if others:
        most = data.filter(pl.col("agency").eq_missing(names[0]))["items"].sum()
        return say(f"{MONTHS}.many", lang, **said, count=others + 1, top=most)
    by_items = data.sort("items", "month", descending=True)
    peak: tuple[date, int] = by_items.select("month", "items").row(0)
    said |= {"peak": month(peak[0], lang), "peak_items": peak[1]}
    return say(f"{MONTHS}.one", lang, **said)


def _category_title(data: pl.DataFrame, lang: str) -> str:
    stated = data.drop_nulls("category").sort("items", "agency", descending=[True, False])
    if stated.is_empty():
        return say(f"{CATEGORIES}.none", lang, items=data["items"].sum())
    name, category, items = stated.select("agency", "category", "items").row(0)
    of = data.filter(pl.col("agency").eq_missing(name))["items"].sum()
    said = {"agency": agency(name, lang), "category": escaped(category), "items": items}
    return say(f"{CATEGORIES}.found", lang, **said, share=items / of)


def _bars(own: pl.DataFrame, lang: str) -> tuple[list[str], list[int], list[bool]]:
    """Labels, items and whether the log states the category; small ones are added up in one bar."""
    known = own.drop_nulls("category").sort("items", "category", descending=[True, False])
    head, tail = known.head(_BARS), known.slice(_BARS)
    bars = [(agency(c, lang, 20), n, True) for c, n in head.select("category", "items").rows()]
    if not tail.is_empty():
        rest = say(f"{CATEGORIES}.rest", lang, count=tail.height)
        bars.append((rest, tail["items"].sum(), True))
    unstated = own.filter(pl.col("category").is_null())
    if not unstated.is_empty():
        bars.append((say(f"{CATEGORIES}.uncategorised", lang), unstated["items"].sum(), False))
    labels, items, stated = (list(part) for part in zip(*bars, strict=True))
    return labels, items, stated
