"""Why applications were refused (不予公开), could not be met (无法提供) or were not processed."""

from typing import TYPE_CHECKING

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.shares import newest
from zwgk_analytics.charts.text import agency, labelled, named, say

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = "refusal_reasons"
_PANELS = 6


def refusal_reasons_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Applications not granted by reason, one row per agency, year and line of the form.

    Columns: agency, year, edition, outcome (`denied`, `unable`, `not_processed`), reason,
    requests (null where the line is not filled), refused (sum of the report's lines), share (of
    refused), source. From `report_cells`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def refusal_reasons_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """Bars by reason in the form's order, a panel an agency for its newest year."""
    drawn = newest(data).filter(pl.col("refused") > 0)
    if drawn.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    order = drawn.unique("agency").sort("refused", "agency", descending=[True, False])
    names = order["agency"].to_list()
    shown = names[: context.limit(_PANELS)]
    seen = drawn.filter(pl.col("agency").is_in(shown))
    present = set(seen.filter(pl.col("requests") > 0)["reason"])
    reasons = [reason for reason in labelled("reasons") if reason in present]
    labels = [named("reasons", reason, lang) for reason in reasons]
    columns = min(2, len(shown))
    titles = [_panel_title(order, name, lang) for name in shown]
    figure = theme.panels(titles, columns, 0.2, shared_yaxes=True, horizontal_spacing=0.04)
    for index, name in enumerate(shown):
        own = seen.filter(pl.col("agency") == name)
        _bars(figure, own, reasons, theme.place(index, columns), lang, is_first=index == 0)
    figure.update_layout(barmode="stack", bargap=0.3)
    figure.update_yaxes(autorange="reversed", showgrid=False, categoryarray=labels)
    figure.update_xaxes(range=[0, _widest(seen)], showticklabels=False, showgrid=False)
    lowest = -(-len(shown) // columns)
    notes = [say(f"{NAME}.shares", lang), *left_out(len(names) - len(shown), lang)]
    frame = theme.Frame(
        (50 + 25 * len(reasons)) * lowest, top=64, bottom=24, left=theme.Frame.beside(labels)
    )
    return Chart(NAME, figure, data).framed(context, _title(drawn, names[0], lang), notes, frame)


def _bars(
    figure: "go.Figure",
    own: pl.DataFrame,
    reasons: list[str],
    where: dict[str, int],
    lang: str,
    *,
    is_first: bool,
) -> None:
    """One trace a group of outcomes, so that the legend names the groups."""
    for outcome in ("denied", "unable", "not_processed"):
        keys = [reason for reason in reasons if reason.startswith(f"{outcome}.")]
        if not keys:
            continue
        lines = pl.DataFrame({"reason": keys}).join(own, "reason", "left", maintain_order="left")
        figure.add_bar(
            x=lines["share"].to_list(),
            y=[named("reasons", key, lang) for key in keys],
            orientation="h",
            name=named("outcomes", outcome, lang),
            legendgroup=outcome,
            showlegend=is_first,
            marker={"color": theme.OUTCOMES[outcome]},
            customdata=lines["requests"].to_list(),
            text=[_told(n, share, lang) for n, share in lines.select("requests", "share").rows()],
            textposition="outside",
            textfont={"size": 11},
            cliponaxis=False,
            hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
            **where,
        )
    known = set(own.drop_nulls("requests")["reason"])
    blank = [named("reasons", reason, lang) for reason in reasons if reason not in known]
    figure.add_scatter(
        x=[0] * len(blank),
        y=blank,
        mode="text",
        text=[say(f"{NAME}.unfilled", lang)] * len(blank),
        textposition="middle right",
        textfont={"size": 11, "color": theme.QUIET},
        name="unfilled",
        showlegend=False,
        hoverinfo="skip",
        **where,
    )


def _told(requests: int | None, share: float | None, lang: str) -> str:
    if requests is None or share is None:
        return ""
    return say(f"{NAME}.bar", lang, requests=requests, share=share) if requests else "0"


def _widest(seen: pl.DataFrame) -> float:
    widest: float = seen.select(pl.col("share").max()).item()
    return 1.35 * widest


def _panel_title(order: pl.DataFrame, name: str, lang: str) -> str:
    (row,) = order.filter(pl.col("agency") == name).iter_rows(named=True)
    said = {"year": row["year"], "refused": row["refused"]}
    return say(f"{NAME}.panel", lang, agency=agency(name, lang, 22), **said)


def _title(drawn: pl.DataFrame, name: str, lang: str) -> str:
    own = drawn.filter(pl.col("agency") == name)
    top = own.sort("requests", "reason", descending=[True, False], nulls_last=True)
    first = top.row(0, named=True)
    return say(
        f"{NAME}.found",
        lang,
        agency=agency(name, lang),
        year=first["year"],
        refused=first["refused"],
        reason=named("reasons", first["reason"], lang),
        requests=first["requests"],
        share=first["share"],
    )
