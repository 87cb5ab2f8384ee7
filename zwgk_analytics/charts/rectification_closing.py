"""How far each unit has mended what inspections found."""

import polars as pl

from zwgk_analytics.charts import theme
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
        counts = [
            _of(data, name, status) / total
            for name, total in zip(shown["agency"], shown["problems"], strict=True)
        ]
        figure.add_bar(
            x=counts,
            y=names,
            orientation="h",
            name=named("rectification_status", status, lang),
            customdata=[_of(data, name, status) for name in shown["agency"]],
            marker={"color": COLOURS[status]},
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        )
    for name, (_, closed, total, rate) in zip(names, shown.rows(), strict=True):
        figure.add_annotation(
            x=1,
            y=name,
            text=say(f"{NAME}.rate", lang, closed=closed, total=total, rate=rate),
            showarrow=False,
            xanchor="left",
            xshift=8,
            font={"size": 12, "color": theme.QUIET},
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text=say(f"{NAME}.x", lang))
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
