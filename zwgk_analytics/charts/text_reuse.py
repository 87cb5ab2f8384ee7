"""Which reports repeat each other's words."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, named, say

NAME = "text_reuse"
_REPORTS = 18

Report = tuple[str, int]


def text_reuse_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Pairs of reports that are alike, one row per report and other report, most alike first.

    Columns: agency, year, section (the one that is most alike), other_agency, other_year, ratio
    (share of the section's characters that stand in the other), longest_span. From `text_reuse`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def text_reuse_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A matrix of reports: how much of the row's most repeated section stands in the column's."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    shown, hidden = _reports(data)
    labels = [say(f"{NAME}.report", lang, agency=agency(a, lang), year=y) for a, y in shown]
    pairs = {(row[0:2], row[2:4]): row for row in _rows(data)}
    cells = [[pairs.get((own, other)) for other in shown] for own in shown]
    figure = theme.panels([""], 1, 0)
    figure.add_heatmap(
        z=[[None if cell is None else cell[4] for cell in line] for line in cells],
        x=labels,
        y=labels,
        text=[["" if cell is None else f"{cell[4]:.0%}" for cell in line] for line in cells],
        customdata=[
            ["" if cell is None else named("sections", cell[5], lang) for cell in line]
            for line in cells
        ],
        colorscale=[list(shade) for shade in theme.SHADES],
        zmin=0.5,
        zmax=1,
        **theme.CELLS,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(tickangle=-40, showgrid=False)
    notes = [say(f"{NAME}.read", lang)]
    notes += [say(f"{NAME}.hidden", lang, count=hidden)] if hidden else []
    beside = theme.Frame.beside(labels)
    frame = theme.Frame(40 + 34 * len(shown), top=10, bottom=20 + beside * 2 // 3, left=beside)
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


def _rows(data: pl.DataFrame) -> list[tuple[str, int, str, int, float, str]]:
    columns = ("agency", "year", "other_agency", "other_year", "ratio", "section")
    return data.select(columns).rows()


def _reports(data: pl.DataFrame) -> tuple[list[Report], int]:
    """The reports of the pairs that are most alike, in the order of names and years."""
    chosen: list[Report] = []
    for own, year, other, other_year, *_ in _rows(data.sort("ratio", descending=True)):
        fresh = [r for r in ((own, year), (other, other_year)) if r not in chosen]
        if len(chosen) + len(fresh) <= _REPORTS:
            chosen += fresh
    every = {pair for row in _rows(data) for pair in (row[0:2], row[2:4])}
    return sorted(chosen), len(every) - len(chosen)


def _title(data: pl.DataFrame, lang: str) -> str:
    first = data.sort("ratio", descending=True, maintain_order=True).row(0, named=True)
    said = {
        "agency": agency(first["agency"], lang),
        "other": agency(first["other_agency"], lang),
        "section": named("sections", first["section"], lang),
        **{key: first[key] for key in ("year", "other_year", "ratio")},
    }
    itself = first["agency"] == first["other_agency"]
    return say(f"{NAME}.itself" if itself else f"{NAME}.found", lang, **said)
