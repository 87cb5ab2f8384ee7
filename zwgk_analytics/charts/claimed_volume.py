"""How much agencies say that they published (主动公开信息数), against what their logs hold."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, caveat, say

NAME = "claimed_volume"
_ROWS = 30


def claimed_volume_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Items published as stated and as counted, one row per agency and year that has both.

    Columns: agency, year, claimed, origin (`table`, `prose`, `figures`), caveat, observed (items
    of the log, repeats left out), ratio (observed of claimed), source. From `annual_figures` and
    `publication_volume`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def claimed_volume_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Pairs of points joined by a line: hollow as stated, full as counted in the log."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    drawn = data.sort("year", "agency", descending=[True, False]).head(_ROWS)
    labels = [
        say(f"{NAME}.row", lang, agency=agency(name, lang), year=year)
        for name, year in drawn.select("agency", "year").rows()
    ]
    claimed, observed = drawn["claimed"].to_list(), drawn["observed"].to_list()
    figure = theme.panels([""], 1, 0)
    figure.add_scatter(
        x=[x for pair in zip(claimed, observed, strict=True) for x in (*pair, None)],
        y=[y for label in labels for y in (label, label, label)],
        mode="lines",
        line={"color": theme.GRID, "width": 4},
        showlegend=False,
        hoverinfo="skip",
    )
    for kind, values, symbol in (
        ("claimed", claimed, "circle-open"),
        ("observed", observed, "circle"),
    ):
        figure.add_scatter(
            x=values,
            y=labels,
            mode="markers",
            name=say(f"{NAME}.{kind}", lang),
            cliponaxis=False,
            marker={
                "color": theme.BLUE,
                "size": 12,
                "symbol": symbol,
                "line": {"width": 2, "color": theme.BLUE},
            },
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
        )
    for label, ratio in zip(labels, drawn["ratio"], strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            y=label,
            text=say(f"{NAME}.ratio", lang, ratio=ratio) if ratio is not None else "",
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": 12, "color": theme.QUIET},
        )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(rangemode="tozero", separatethousands=True, nticks=7)
    figure.update_xaxes(title_text=say(f"{NAME}.x", lang))
    frame = theme.Frame(50 + 32 * drawn.height, top=40, right=150, left=theme.Frame.beside(labels))
    notes = [say(f"{NAME}.read", lang)]
    notes += [caveat(text, lang) for text in sorted(drawn["caveat"].drop_nulls().unique())]
    hidden = data.height - drawn.height
    notes += [say(f"{NAME}.hidden", lang, count=hidden)] if hidden else []
    return Chart(NAME, figure, data).framed(context, _title(data, lang), notes, frame)


def _title(data: pl.DataFrame, lang: str) -> str:
    apart = data.drop_nulls("ratio").with_columns((pl.col("ratio") - 1).abs().alias("apart"))
    if apart.is_empty():
        return say(f"{NAME}.plain", lang, count=data.height)
    near = apart.filter(pl.col("apart") <= 0.1).height
    worst = apart.sort("apart", "agency", "year", descending=[True, False, False]).row(
        0, named=True
    )
    said = {key: worst[key] for key in ("year", "claimed", "observed")}
    return say(
        f"{NAME}.found",
        lang,
        count=apart.height,
        near=near,
        agency=agency(worst["agency"], lang),
        **said,
    )
