"""How many service items state each element that is asked of them."""

import polars as pl

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.chart import DEFAULT, Chart, Context, empty
from zwgk_analytics.charts.publication_volume import left_out
from zwgk_analytics.charts.query import Names, SupportsSql, rows, scope
from zwgk_analytics.charts.text import agency, escaped, named, say

NAME = "service_completeness"
_AGENCIES = 20


def service_completeness_data(marts: SupportsSql, agencies: Names = None) -> pl.DataFrame:
    """Elements of service items, one row per agency and element asked of its items.

    Columns: agency, element, label, position, items (that it is asked of), assessed (whose ledger
    has a column for it), present, share (present over assessed; null where none can be told),
    source (files). From `service_elements`; repeats and cancelled items are left out.
    """
    return rows(marts, NAME, agencies=scope(agencies, None)["agencies"])


def service_completeness_chart(data: pl.DataFrame, context: Context = DEFAULT) -> Chart:
    """A grid of agencies and elements: the share of items that state it; worst agency first."""
    told = data.filter(pl.col("assessed") > 0)
    if told.is_empty():
        return empty(NAME, data, context)
    lang, worst = context.lang, _by_share(told)
    shown = worst[: context.limit(_AGENCIES)]
    names = [agency(name, lang, 20) for name in shown]
    elements = data.sort("position").unique("element", maintain_order=True)
    keys = elements["element"].to_list()
    labels = {k: _label(k, z, lang) for k, z in elements.select("element", "label").rows()}
    cells = {(a, e): (s, p, n) for a, e, s, p, n in told.select(*_CELL).rows()}
    grid = [[cells.get((a, e)) for e in keys] for a in shown]
    figure = theme.panels([""], 1, 0)
    figure.add_heatmap(
        z=[[cell and cell[0] for cell in line] for line in grid],
        text=[["" if cell is None else f"{cell[0]:.0%}" for cell in line] for line in grid],
        customdata=[[cell and f"{cell[1]:,}/{cell[2]:,}" for cell in line] for line in grid],
        x=[labels[key] for key in keys],
        y=names,
        colorscale=[[1 - at, colour] for at, colour in reversed(theme.SHADES)],
        zmin=0,
        zmax=1,
        **theme.CELLS,
        hovertemplate=say(f"{NAME}.hover", lang) + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(tickangle=-40 if len(keys) > 8 or lang != "zh" else 0, showgrid=False)
    notes = [say(f"{NAME}.read", lang), *left_out(len(worst) - len(shown), lang)]
    bottom = 70 if len(keys) > 8 or lang != "zh" else 44
    frame = theme.Frame(30 + 32 * len(shown), top=12, bottom=bottom, left=theme.Frame.beside(names))
    return Chart(NAME, figure, data).framed(context, _title(told, labels, lang), notes, frame)


_CELL = ("agency", "element", "share", "present", "assessed")


def _by_share(told: pl.DataFrame) -> list[str | None]:
    sums = told.group_by("agency").agg(pl.col("present", "assessed").sum())
    order = sums.with_columns(share=pl.col("present") / pl.col("assessed"))
    return order.sort("share", "agency", nulls_last=True)["agency"].to_list()


def _label(element: str, label: str, lang: str) -> str:
    return escaped(label) if lang == "zh" else named("elements", element, lang)


def _title(told: pl.DataFrame, labels: dict[str, str], lang: str) -> str:
    each = told.group_by("element").agg(pl.col("present", "assessed").sum())
    each = each.with_columns(missing=pl.col("assessed") - pl.col("present"))
    element, _, _, missing = each.sort("missing", "element", descending=[True, False]).row(0)
    present, assessed = told.select(pl.col("present", "assessed").sum()).row(0)
    said = {"agencies": told["agency"].n_unique(), "share": present / assessed}
    key = "found" if missing else "whole"
    return say(f"{NAME}.{key}", lang, element=labels[element], missing=missing, **said)
