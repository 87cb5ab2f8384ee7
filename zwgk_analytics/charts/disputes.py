"""From applications to reconsideration and litigation (复议、诉讼), and what they corrected."""

from typing import Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import newest
from zwgk_analytics.charts.text import agency, named, say

NAME = "disputes_funnel"
COLOURS = {
    "closed": "#C9CDD2",
    "disputed": theme.BLUE,
    "decided": theme.SKY,
    "corrected": theme.RED,
}
INSIDE = dict.fromkeys(COLOURS, "white") | {"closed": theme.INK, "decided": theme.INK}
_PANELS = 6


def disputes_funnel_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Applications closed and the cases about them, one row per agency, year and stage.

    Columns: agency, year, position, stage (`closed` applications; cases `disputed`, `decided`,
    `corrected`), cases (null where a cell that it needs is not filled), source. From
    `review_litigation` and `application_handling`.
    """
    return rows(marts, "disputes", **scope(agencies, years))


def disputes_funnel_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Funnels of each agency's newest year: applications closed, cases, decided, corrected."""
    last = newest(data)
    disputed = last.filter(pl.col("stage") == "disputed").drop_nulls("cases")
    if disputed["cases"].sum() == 0:
        return empty(NAME, data, context)
    lang = context.lang
    order = disputed.filter(pl.col("cases") > 0).sort("cases", "agency", descending=[True, False])
    names = order["agency"].to_list()
    shown = names[: context.limit(_PANELS)]
    columns = min(2, len(shown))
    titles = [
        say(f"{NAME}.panel", lang, agency=agency(name, lang, 24), year=year)
        for name, year in order.select("agency", "year").rows()[: len(shown)]
    ]
    figure = theme.panels(titles, columns, 0.34, shared_yaxes=True, horizontal_spacing=0.08)
    for index, name in enumerate(shown):
        own = last.filter(pl.col("agency") == name).sort("position")
        figure.add_funnel(**_funnel(own, lang), **theme.place(index, columns))
    figure.update_layout(funnelgap=0.25)
    figure.update_yaxes(showgrid=False, linecolor="white")
    figure.update_xaxes(visible=False)
    lowest = -(-len(shown) // columns)
    labels = [named("stages", stage, lang) for stage in COLOURS]
    notes = [say(f"{NAME}.read", lang), say(f"{NAME}.twice", lang)]
    notes += left_out(len(names) - len(shown), lang)
    without = last["agency"].n_unique() - len(names)
    notes += [say(f"{NAME}.without", lang, count=without)] if without else []
    frame = theme.Frame(210 * lowest, top=34, bottom=20, left=theme.Frame.beside(labels))
    return Chart(NAME, figure, data).framed(context, _title(last, names[0], lang), notes, frame)


def _funnel(own: pl.DataFrame, lang: str) -> dict[str, Any]:
    before = [None, *own["cases"].to_list()[:-1]]
    stages, cases = own["stage"].to_list(), own["cases"].to_list()
    return {
        "y": [named("stages", stage, lang) for stage in stages],
        "x": cases,
        "text": [_told(n, of, lang) for n, of in zip(cases, before, strict=True)],
        "textinfo": "text",
        "textposition": "auto",
        "insidetextfont": {"color": [INSIDE[stage] for stage in stages]},
        "marker": {"color": [COLOURS[stage] for stage in stages]},
        "connector": {"fillcolor": "#F2F4F6", "line": {"width": 0}},
        "cliponaxis": False,
        "showlegend": False,
        "hovertemplate": say(f"{NAME}.hover", lang) + "<extra></extra>",
    }


def _told(cases: int | None, of: int | None, lang: str) -> str:
    if cases is None:
        return say(f"{NAME}.unfilled", lang)
    if not of:
        return f"{cases:,}"
    return say(f"{NAME}.stage", lang, cases=cases, share=cases / of)


def _title(last: pl.DataFrame, name: str, lang: str) -> str:
    own = last.filter(pl.col("agency") == name)
    stages: dict[str, int | None] = dict(own.select("stage", "cases").rows())
    said = {"agency": agency(name, lang), "year": own["year"][0], "disputed": stages["disputed"]}
    closed, corrected = stages["closed"], stages["corrected"]
    if not closed or corrected is None or not stages["disputed"]:
        return say(f"{NAME}.plain", lang, **said)
    per = 100 * stages["disputed"] / closed
    return say(f"{NAME}.found", lang, **said, closed=closed, per=per, corrected=corrected)
