"""The numbers of a figure, for office programs: literal figures in, categories and series out."""

from datetime import date

import plotly.graph_objects as go
import pytest

from zwgk_analytics.briefing.model import Plain
from zwgk_analytics.briefing.plain import plain
from zwgk_analytics.charts import catalogue


def test_a_line_keeps_its_gaps_and_the_order_of_time():
    figure = go.Figure()
    figure.add_scatter(x=[date(2024, 10, 1)], y=[7], mode="lines+markers", name="乙&lt;局")
    figure.add_scatter(x=[date(2024, 2, 1), date(2024, 10, 1)], y=[1, None], mode="lines")
    assert plain(figure) == Plain(
        "line",
        ("2024年2月", "2024年10月"),
        (("乙<局", (None, 7.0)), ("", (1.0, None))),
        colours=("", ""),
    )


def test_labels_above_bars_are_no_series():
    figure = go.Figure()
    figure.add_bar(x=[2023, 2024], y=[0.25, 0.5], name="公开", marker={"color": "#0072B2"})
    figure.add_bar(x=[2023, 2024], y=[0.75, 0.5], name="其他", marker={"color": "#8C8C8C"})
    figure.add_scatter(x=[2023, 2024], y=[1, 1], text=["4", "8"], mode="text")
    figure.update_layout(barmode="stack", yaxis={"tickformat": ".0%"})
    assert plain(figure) == Plain(
        "stacked",
        ("2023", "2024"),
        (("公开", (0.25, 0.5)), ("其他", (0.75, 0.5))),
        True,
        ("#0072B2", "#8C8C8C"),
    )


def test_one_bar_of_shares_is_a_pie():
    figure = go.Figure()
    for name, share in (("公开", 0.25), ("其他", 0.75)):
        figure.add_bar(x=[2024], y=[share], name=name)
    figure.update_layout(barmode="stack", yaxis={"tickformat": ".1%"})
    found = plain(figure)
    assert (found.kind, found.categories) == ("pie", ("公开", "其他"))
    assert found.series == (("2024", (0.25, 0.75)),)


def test_flat_bars_and_words_for_places():
    figure = go.Figure(go.Bar(x=[0.5, 0.25], y=["甲<br>市", "乙市"], orientation="h"))
    figure.data[0].hovertemplate = "%{y}：%{x:.1%}"
    assert plain(figure) == Plain("bar", ("甲市", "乙市"), (("", (0.5, 0.25)),), True, ("",))
    figure = go.Figure(go.Bar(x=[0, 1], y=[3, 4]))
    figure.update_xaxes(tickvals=[0, 1], ticktext=["当天", "1–7"])
    assert plain(figure).categories == ("当天", "1–7")


def test_hollow_points_are_told_apart():
    figure = go.Figure()
    figure.add_scatter(x=[2023], y=[1], mode="lines", name="甲市", marker={"symbol": ["circle"]})
    figure.add_scatter(
        x=[2018], y=[2], mode="lines", name="甲市", marker={"symbol": ["circle-open"]}
    )
    assert [name for name, _ in plain(figure).series] == ["甲市", "甲市（口径不同）"]


def test_a_funnel_is_its_steps():
    figure = go.Figure(go.Funnel(y=["办结", "纠正"], x=[10, 1]))
    assert plain(figure) == Plain("funnel", ("办结", "纠正"), (("", (10.0, 1.0)),))


def panels():
    figure = go.Figure()
    figure.add_bar(x=[1], y=[1])
    figure.add_bar(x=[1], y=[1], xaxis="x2", yaxis="y2")
    return figure


def ranks():
    figure = go.Figure(go.Scatter(x=["2023", "2024"], y=[1, 2], mode="lines+markers"))
    figure.update_yaxes(showticklabels=False)
    return figure


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(),
        go.Figure(go.Heatmap(z=[[1]])),
        go.Figure(go.Scatter(x=[1], y=[1], mode="markers")),
        panels(),
        ranks(),
    ],
)
def test_what_is_no_single_chart_of_numbers_has_none(figure):
    assert plain(figure) is None


def test_the_charts_that_briefings_name_exist():
    from zwgk_analytics.briefing.words import texts

    named = {told["name"] for part in texts()["charts"].values() for told in part}
    assert named <= set(catalogue())
