"""How far each unit has mended what inspections found."""

import polars as pl

from zwgk_analytics.charts import share_bars, theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, labelled, named, say

NAME = "rectification_closing"
COLOURS = {
    "done": theme.GREEN,
    "explained": theme.SKY,
    "open": "#C9CDD2",
    "overdue": theme.ORANGE,
    "reopened": theme.RED,
}
_CLOSED = ("done", "explained")
_UNITS = 20


def rectification_closing_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Problems of the rectification ledgers, one row per unit and status.

    Columns: agency (null where a ledger names none), status (`done`, `explained`, `open`,
    `overdue`, `reopened`), problems, source (files). From `rectifications`; `years`
    are those of its column `year`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def rectification_closing_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Stacked bars of statuses, a bar a unit, the least closed first; rates stand beside."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    units = by_rate(data)
    shown = units.head(context.limit(_UNITS))
    names = [agency(name, lang, 20) for name in shown["agency"]]
    figure = theme.panels([""], 1, 0)
    for status in labelled("rectification_status"):
        counts = [_of(data, name, status) for name in shown["agency"]]
        share_bars.add_share(
            figure,
            names,
            [n / total for n, total in zip(counts, shown["problems"], strict=True)],
            counts=counts,
            name=named("rectification_status", status, lang),
            colour=COLOURS[status],
            hover=say(f"{NAME}.hover", lang),
        )
    beside = [
        say(f"{NAME}.rate", lang, closed=closed, total=total, rate=rate)
        for _, closed, total, rate in shown.rows()
    ]
    share_bars.finish(figure, names, beside, say(f"{NAME}.x", lang))
    notes = [say(f"{NAME}.read", lang), *left_out(units.height - shown.height, lang)]
    frame = theme.Frame(40 + 34 * shown.height, top=40, right=190, left=theme.Frame.beside(names))
    return Chart(NAME, figure, data).framed(context, _title(data, units, lang), notes, frame)


def by_rate(data: pl.DataFrame) -> pl.DataFrame:
    """One row per unit: agency, closed, problems, rate; the lowest rate first, no name last."""
    closed = pl.col("problems").filter(pl.col("status").is_in(_CLOSED)).sum().alias("closed")
    each = data.group_by("agency").agg(closed, pl.col("problems").sum())
    rated = each.with_columns((pl.col("closed") / pl.col("problems")).alias("rate"))
    order = [pl.col("agency").is_null(), "rate", "problems", "agency"]
    return rated.sort(order, descending=[False, False, True, False])


def _of(data: pl.DataFrame, name: str | None, status: str) -> int:
    own = data.filter(pl.col("agency").eq_missing(name) & (pl.col("status") == status))
    return int(own["problems"].sum())


def _title(data: pl.DataFrame, units: pl.DataFrame, lang: str) -> str:
    closed, total = int(units["closed"].sum()), int(units["problems"].sum())
    explained = int(data.filter(pl.col("status") == "explained")["problems"].sum())
    return say(
        f"{NAME}.{'many' if units.height > 1 else 'one'}",
        lang,
        count=units.height,
        agency=agency(units["agency"][0], lang),
        total=total,
        closed=closed,
        rate=closed / total,
        explained=explained,
    )
