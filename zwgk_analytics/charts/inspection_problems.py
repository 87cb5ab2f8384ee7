"""What inspections found: problems by unit and kind."""

from typing import Any

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, Years, rows, scope
from zwgk_analytics.charts.text import agency, escaped, named, say

NAME = "inspection_problems"
_UNITS, _KINDS = 20, 12


def inspection_problems_data(
    marts: SupportsSql, agencies: Names = None, years: Years = None
) -> pl.DataFrame:
    """Problems found, one row per unit and kind.

    Columns: agency, kind and kind_label (null where the words fit no kind), problems, deducted
    (points; null unless every one of them states its deduction), source (files). From
    `inspections`; `years` are those of its column `year`.
    """
    return rows(marts, NAME, **scope(agencies, years))


def inspection_problems_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A grid of units and kinds, the number of problems in each cell, blank where none."""
    if data.is_empty():
        return empty(NAME, data, context)
    lang = context.lang
    units, kinds = _by_problems(data, "agency"), _by_problems(data, "kind")
    shown, columns = units[: context.limit(_UNITS)], kinds[:_KINDS]
    names = [agency(name, lang, 20) for name in shown]
    labels = {kind: _label(data, kind, lang) for kind in kinds}
    found = {(a, k): n for a, k, n in data.select("agency", "kind", "problems").rows()}
    counts = [[found.get((a, k)) for k in columns] for a in shown]
    figure = theme.panels([""], 1, 0)
    figure.add_heatmap(
        z=counts,
        text=[["" if n is None else f"{n:,}" for n in line] for line in counts],
        x=[labels[kind] for kind in columns],
        y=names,
        colorscale=[list(shade) for shade in theme.SHADES],
        zmin=0,
        zmax=max(found.values()),
        **theme.CELLS,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(tickangle=-40 if len(columns) > 4 else 0, showgrid=False)
    notes = [say(f"{NAME}.read", lang), *left_out(len(units) - len(shown), lang)]
    if len(kinds) > len(columns):
        notes.append(say(f"{NAME}.kinds", lang, count=len(kinds) - len(columns)))
    frame = theme.Frame(
        30 + 32 * len(shown),
        top=12,
        bottom=130 if len(columns) > 4 else 44,
        left=theme.Frame.beside(names),
    )
    return Chart(NAME, figure, data).framed(context, _title(data, labels, lang), notes, frame)


def _by_problems(data: pl.DataFrame, column: str) -> list[Any]:
    totals = data.group_by(column).agg(pl.col("problems").sum())
    return totals.sort("problems", column, descending=[True, False], nulls_last=True)[
        column
    ].to_list()


def _label(data: pl.DataFrame, kind: str | None, lang: str) -> str:
    """The kind's name: as the user's file has it; in English its key if it is not ours."""
    if kind is None:
        return say(f"{NAME}.other", lang)
    if lang != "zh":
        return named("problem_kinds", kind, lang)
    return escaped(str(data.filter(pl.col("kind") == kind)["kind_label"][0]))


def _title(data: pl.DataFrame, labels: dict[str | None, str], lang: str) -> str:
    kinds = data.group_by("kind").agg(pl.col("problems").sum())
    top, most = kinds.sort("problems", "kind", descending=[True, False], nulls_last=True).row(0)
    units = data["agency"].drop_nulls().n_unique()
    said = {"problems": int(data["problems"].sum()), "kind": labels[top], "most": int(most)}
    return say(f"{NAME}.found", lang, units=units, **said)
