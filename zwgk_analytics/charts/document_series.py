"""Gaps in series of document numbers (文号): how much of a series was published."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, escaped, say

NAME = "document_series"
SHADES = ((0.0, "#C8500A"), (0.5, "#F6E7D2"), (1.0, "#0072B2"))
_SERIES, _YEARS = 24, 12


def document_series_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Series of document numbers, one row per agency, series and year.

    Columns: agency, series, year, observed (numbers seen), highest (the highest number seen),
    estimated_total, released_share, issued_by (null where the series is none of the agency's
    own), source (files). From `document_series`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def document_series_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A grid of agencies' own series and years: numbers seen of the highest, colour by share."""
    known = data.filter(
        pl.col("highest") > 0, pl.col("issued_by") == pl.col("agency")
    ).with_columns((pl.col("observed") / pl.col("highest")).alias("seen"))
    if known.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    order = _order(known)
    shown = order[:_SERIES]
    drawn = known.join(
        pl.DataFrame(shown, ["agency", "series"], orient="row"), ["agency", "series"]
    )
    every = sorted(drawn["year"].unique())
    years = list(range(every[0], every[-1] + 1))[-_YEARS:]
    labels = [
        say(f"{NAME}.series", lang, agency=agency(a, lang), series=escaped(s)) for a, s in shown
    ]
    cells = {
        (row["agency"], row["series"], row["year"]): row for row in known.iter_rows(named=True)
    }
    grid = [[cells.get((*pair, year)) for year in years] for pair in shown]
    figure = theme.panels([""], 1, 0)
    figure.add_heatmap(
        z=[[cell and cell["seen"] for cell in line] for line in grid],
        x=years,
        y=labels,
        text=[
            [f"{cell['observed']:,}/{cell['highest']:,}" if cell else "" for cell in line]
            for line in grid
        ],
        textfont={"size": 11},
        colorscale=[list(shade) for shade in SHADES],
        zmin=0,
        zmax=1,
        **theme.CELLS,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(dtick=1, tickformat="d", showgrid=False, side="top")
    notes = [say(f"{NAME}.read", lang), say(f"{NAME}.why", lang)]
    hidden = len(order) - len(shown)
    notes += [say(f"{NAME}.hidden", lang, count=hidden)] if hidden else []
    if len(every) > len(years):
        notes.append(say(f"{NAME}.years", lang, first=years[0]))
    frame = theme.Frame(12 + 30 * len(shown), top=30, bottom=14, left=theme.Frame.beside(labels))
    return Chart(NAME, figure, data).framed(context, _title(drawn, lang), notes, frame)


def _order(known: pl.DataFrame) -> list[tuple[str, str]]:
    """Series with most numbers seen, most first."""
    size = known.group_by("agency", "series").agg(pl.col("observed").sum())
    order = size.sort("observed", "agency", "series", descending=[True, False, False])
    return order.select("agency", "series").rows()


def _title(known: pl.DataFrame, lang: str) -> str:
    wide = known.with_columns((pl.col("highest") - pl.col("observed")).alias("gap"))
    newest = wide.filter(pl.col("year") == pl.col("year").max())
    first = newest.sort("gap", "agency", "series", descending=[True, False, False]).row(
        0, named=True
    )
    said = {key: first[key] for key in ("year", "observed", "highest", "gap")}
    names = {"agency": agency(first["agency"], lang), "series": escaped(first["series"])}
    return say(f"{NAME}.found" if first["gap"] else f"{NAME}.whole", lang, **said, **names)
