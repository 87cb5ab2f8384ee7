"""The funnel of a share and two metrics in quadrants: their data, their limits, what they say."""

import pytest

from tests.charts.conftest import notes
from tests.charts.test_rankings import ranked
from zwgk_analytics.charts import draw, theme
from zwgk_analytics.charts.metric_quadrant import metric_quadrant_data
from zwgk_analytics.charts.rate_funnel import limit, rate_funnel_data
from zwgk_analytics.errors import UsageError


def share(agency, k, n, period="2023", metric="granted_share", **more):
    return ranked(period, agency, k / n, 1, metric, n=n, **more)


FUNNEL = (
    share("甲", 400, 1000),  # the pooled share is 680 of 1700 = 40 %
    share("乙", 10, 20),
    share("丙", 230, 600),
    share("丁", 40, 80, least=0.39, most=0.61),
    share("戊", 1, 1, period="2022"),
)


def test_the_funnel_takes_the_fullest_period_and_pools_it(marts):
    marts.add("rankings", *FUNNEL)
    data = rate_funnel_data(marts)
    assert data["period"].unique().to_list() == ["2023"]
    assert data["pooled"].unique().round(12).to_list() == [0.4]
    assert dict(data.select("agency", "outside").rows()) == {"甲": 0, "乙": 0, "丙": 0, "丁": 0}


def test_who_lies_outside_is_judged_by_its_own_n(marts):
    marts.add("rankings", share("甲", 500, 1000), share("乙", 300, 600), share("丙", 40, 50),
              share("丁", 33, 50), share("戊", 3, 4))  # fmt: skip
    data = rate_funnel_data(marts)
    pooled = data["pooled"][0]
    assert pooled == pytest.approx(876 / 1704)
    # 丙: 0.286 above, error 0.0707, 4.0 errors; 丁: 2.1 errors; 戊: 0.9 errors
    outside = dict(data.select("agency", "outside").rows())
    assert outside == {"甲": 0, "乙": 0, "丙": 99.8, "丁": 95, "戊": 0}
    figure = draw("rate_funnel", marts).figure
    dots = figure.data[-1]
    colours = dict(zip(dots.y, dots.marker.color, strict=True))
    assert (colours[0.8], colours[0.66], colours[0.75]) == (theme.RED, theme.RED, theme.BLUE)
    assert draw("rate_funnel", marts).title == (
        "占全部办理结果的实质公开率（2023年）：5个机关中2个落在95%控制限之外，偶然波动难以解释"
    )


def test_limits_narrow_with_n_and_stay_within_0_and_1():
    assert limit(0.4, 24, 1.959964) == pytest.approx((0.204, 0.596), abs=0.0005)
    assert limit(0.4, 2400, 1.959964) == pytest.approx((0.3804, 0.4196), abs=0.0005)
    assert limit(0.05, 1, 3.09) == (0.0, pytest.approx(0.7235, abs=0.0005))


def test_the_lines_of_the_funnel_are_its_limits(marts):
    marts.add("rankings", *FUNNEL)
    figure = draw("rate_funnel", marts).figure
    near, far, pooled, dots = figure.data
    half = len(near.x) // 2
    assert near.y[0] == pytest.approx(limit(0.4, near.x[0], 1.959964)[0])
    assert near.y[-1] == pytest.approx(limit(0.4, near.x[-1], 1.959964)[1])
    assert near.x[half] is None, "the lower and the upper limit are not joined"
    assert far.y[0] <= near.y[0]
    assert list(pooled.y) == [pytest.approx(0.4)] * 2
    assert sorted(dots.x) == [20, 80, 600, 1000]
    assert "控制限以全体合计比例为中心" in notes(figure)


def test_only_a_share_has_a_funnel(marts):
    with pytest.raises(UsageError, match="no share to draw a funnel of; there are on_time_share"):
        draw("rate_funnel", marts, ranking="volume")
    with pytest.raises(UsageError, match="released_share"):
        draw("rate_funnel", marts, ranking="released_share")


PAIRS = (
    *(share(a, k, 100, least=0.1, most=0.9) for a, k in (("甲", 80), ("乙", 60), ("丙", 20))),
    share("甲", 70, 100, period="2022"),
    *(share(a, k, 100, metric="carry_over_rate") for a, k in (("甲", 5), ("乙", 20), ("丙", 10))),
    share("甲", 9, 100, period="2022", metric="carry_over_rate"),
    share("丁", 9, 100),
)


def test_a_pair_is_of_one_period_the_latest_that_has_both(marts):
    marts.add("rankings", *PAIRS)
    data = metric_quadrant_data(marts)
    assert data.select("agency", "period", "x", "y").rows() == [
        ("丙", "2023", 0.2, 0.1), ("乙", "2023", 0.6, 0.2), ("甲", "2023", 0.8, 0.05),
    ]  # fmt: skip


def test_quadrants_part_at_the_medians_and_better_is_right_and_up(marts):
    marts.add("rankings", *PAIRS)
    chart = draw("metric_quadrant", marts)
    lines = {(s.x0, s.x1, s.y0, s.y1) for s in chart.figure.layout.shapes}
    assert {(0.6, 0.6, 0, 1), (0, 1, 0.1, 0.1)} == lines
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert chart.figure.layout.xaxis.autorange is None
    dot = next(trace for trace in chart.figure.data if trace.name == "甲")
    assert (dot.error_x.array[0], dot.error_x.arrayminus[0]) == pytest.approx((0.1, 0.7))
    assert chart.title == (
        "“占全部办理结果的实质公开率”和“结转下年度占本年应办的比例”：3个机关中1个两项都好于中位数，如甲"
    )


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [("no_such", "volume", "no such metric; there are"), ("volume", "volume", "name two metrics")],
)
def test_what_cannot_be_compared_is_told(marts, x, y, said):
    with pytest.raises(UsageError, match=said):
        draw("metric_quadrant", marts, x=x, y=y)
