"""A chart's plain numbers as a chart of PowerPoint's own, that can be edited there."""

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.util import Pt

from zwgk_analytics.briefing import slides
from zwgk_analytics.briefing.layout import ACCENT, GRID, INK, Loose
from zwgk_analytics.briefing.model import Plain
from zwgk_analytics.charts import theme
from zwgk_analytics.marts.safe import for_spreadsheet

_TYPES = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "pie": XL_CHART_TYPE.PIE,
    "funnel": XL_CHART_TYPE.BAR_STACKED,
}
_FLAT = {"bar", "stacked_bar", "funnel"}
_LABELS_UP_TO = 30


def add(slide: Loose, plain: Plain, box: tuple[int, int, int, int]) -> None:
    """Puts the chart on a slide; its sheet holds the numbers, its texts are no formulas."""
    shape = slide.shapes.add_chart(_TYPES[plain.kind], *box, _data(plain))
    chart = shape.chart
    chart.font.size = Pt(12)
    chart.font.color.rgb = slides.colour(INK)
    slides.set_font(chart.font._rPr)
    chart.has_title = False
    _legend(chart, plain)
    if plain.kind == "pie":
        _paint_points(chart, plain)
    else:
        _axes(chart, plain)
        _paint_series(chart, plain)
    _labels(chart, plain)


def _data(plain: Plain) -> Loose:
    data: Loose = CategoryChartData(number_format=_format(plain))  # type: ignore[no-untyped-call]
    data.categories = [for_spreadsheet(category) for category in plain.categories]
    if plain.kind == "funnel":
        data.add_series("", _padding(plain))
    for name, values in plain.series:
        data.add_series(for_spreadsheet(name), values)
    return data


def _padding(plain: Plain) -> list[float | None]:
    """What stands before each bar of a funnel, unseen, so that it is in the middle."""
    ((_, values),) = plain.series
    most = max((value for value in values if value is not None), default=0)
    return [None if value is None else (most - value) / 2 for value in values]


def _format(plain: Plain) -> str:
    if plain.is_share:
        return "0.0%"
    values = [value for _, own in plain.series for value in own if value is not None]
    return "#,##0" if all(value == int(value) for value in values) else "#,##0.######"


def _legend(chart: Loose, plain: Plain) -> None:
    chart.has_legend = plain.kind == "pie" or len(plain.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False


def _axes(chart: Loose, plain: Plain) -> None:
    category, value = chart.category_axis, chart.value_axis
    category.format.line.color.rgb = slides.colour(GRID)
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.has_major_gridlines = False
    category.reverse_order = plain.kind in _FLAT
    value.minimum_scale = 0
    value.major_gridlines.format.line.color.rgb = slides.colour(GRID)
    value.format.line.fill.background()
    value.tick_labels.number_format = "0%" if plain.is_share else "#,##0"
    value.tick_labels.number_format_is_linked = False
    if plain.is_share and plain.kind == "stacked":
        value.maximum_scale = 1
    value.visible = plain.kind not in _FLAT
    value.has_major_gridlines = value.visible


def _paint_series(chart: Loose, plain: Plain) -> None:
    plot = chart.plots[0]
    if plain.kind != "line":
        plot.gap_width = max(45, 300 // len(plain.categories))
    drawn = list(plot.series)
    if plain.kind == "funnel":
        drawn.pop(0).format.fill.background()
    for index, series in enumerate(drawn):
        colour = slides.colour(_colour(plain, index, single=len(drawn) == 1))
        if plain.kind == "line":
            series.smooth = False
            series.format.line.color.rgb = colour
            series.format.line.width = Pt(2.25)
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour
            series.marker.format.line.color.rgb = colour
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour


def _paint_points(chart: Loose, plain: Plain) -> None:
    series = chart.plots[0].series[0]
    for index in range(len(plain.categories)):
        fill = series.points[index].format.fill
        fill.solid()
        fill.fore_color.rgb = slides.colour(_colour(plain, index, single=False))


def _colour(plain: Plain, index: int, *, single: bool) -> str:
    told = plain.colours[index] if index < len(plain.colours) else ""
    other = ACCENT if single else theme.AGENCIES[index % len(theme.AGENCIES)]
    if plain.kind == "funnel":
        other = theme.SKY  # light enough for the label within, and beside a bar that is too short
    return (told or other).lstrip("#")


def _labels(chart: Loose, plain: Plain) -> None:
    """Direct labels where there is room: a few bars, a single line, the parts of a pie."""
    if len(plain.categories) > _LABELS_UP_TO or (len(plain.series) > 1 and plain.kind != "pie"):
        return
    series = chart.plots[0].series[-1]
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _format(plain), False
    labels.font.size = Pt(11)
    slides.set_font(labels.font._rPr)
    if plain.kind in {"line", "column", "bar"}:
        above = plain.kind == "line"
        labels.position = XL_LABEL_POSITION.ABOVE if above else XL_LABEL_POSITION.OUTSIDE_END
