import pytest

from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.league_table import league_table_data
from zwgk_analytics.charts.ranked import period
from zwgk_analytics.charts.ranking_trends import placed, ranking_trends_data
from zwgk_analytics.errors import UsageError


def ranked(period, agency, value, rank, metric="volume", **more):
    known = {"n": None, "low": rank, "high": rank, "of": 3, "change": None, "reason": None}
    known |= {"least": value, "most": value} | more
    tail = ("n", "least", "most")
    ranks = ("low", "high", "of", "change", "reason")
    tail, ranks = (tuple(known[k] for k in keys) for keys in (tail, ranks))
    return (metric, period, agency, value, *tail, rank, *ranks)


VOLUME = (
    ranked("2021", "甲", 9, 1),
    ranked("2021", "乙", 5, 2),
    ranked("2021", "丙", 5, 2),
    ranked("2023", "乙", 9, 1),
    ranked("2023", "甲", 8, 2),
    ranked("2022", "甲", 8, 1),
    ranked("2022", "丙", 7, None),
)


def test_one_metric_with_ties_and_nothing_unranked(marts):
    marts.add("rankings", *VOLUME, ranked("2021", "甲", 1, 1, metric="score:考评"))
    data = ranking_trends_data(marts)
    assert data.select("period", "agency", "rank", "ranked_alike").rows() == [
        ("2021", "甲", 1, 1),
        ("2021", "丙", 2, 2),
        ("2021", "乙", 2, 2),
        ("2022", "甲", 1, 1),
        ("2023", "乙", 1, 1),
        ("2023", "甲", 2, 1),
    ]


def test_asking_for_an_agency_does_not_change_its_rank_or_ties(marts):
    marts.add("rankings", *VOLUME)
    rows = ranking_trends_data(marts, agencies="乙", ranking="volume").select(
        "rank", "ranked_alike"
    )
    assert rows.rows() == [(2, 2), (1, 1)]


def test_years_and_months_are_not_mixed(marts):
    marts.add("rankings", *VOLUME, ranked("2021-03", "甲", 1, 1))
    assert ranking_trends_data(marts)["period"].unique().sort().to_list() == [
        "2021",
        "2022",
        "2023",
    ]


def test_lines_break_where_a_rank_is_missing_and_dots_hold_ranks(marts):
    marts.add("rankings", *VOLUME)
    figure = draw("ranking_trends", marts, agencies=["甲", "乙", "丙"]).figure
    second = next(trace for trace in figure.data if trace.name == "乙")
    assert list(second.x) == ["2021年", "2022年", "2023年"]
    assert list(second.y) == [3, None, 1]
    assert list(second.text) == ["2", "", "1"]
    assert second.connectgaps is False
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "best on top"
    assert figure.layout.yaxis.title.text == "名次（1为最高）"
    labels = [text for text in annotations(figure) if text]
    assert labels == ["乙", "丙（至2021年）", "甲"]


def test_agencies_that_are_seldom_ranked_give_way_unless_asked_for(marts):
    marts.add("rankings", *VOLUME)
    figure = draw("ranking_trends", marts).figure
    assert [text for text in annotations(figure) if text] == ["乙", "甲"]
    assert "另有1个机关未画出" in notes(figure)


def test_ties_are_drawn_beside_each_other(marts):
    marts.add("rankings", *VOLUME)
    drawn = placed(ranking_trends_data(marts, years=2021))
    assert drawn.select("agency", "rank", "slot").rows() == [
        ("甲", 1, 1.0),
        ("丙", 2, 2.0),
        ("乙", 2, 3.0),
    ]


def test_title_names_the_first_and_who_rose(marts):
    marts.add("rankings", *VOLUME)
    title = draw("ranking_trends", marts).title
    assert title == "年发布条数：乙2023年排第1名（共3个）；2021年以来上升最多的是乙（第2名→第1名）"


def test_a_ranking_that_is_not_there(marts):
    marts.add("rankings", *VOLUME)
    with pytest.raises(UsageError, match="there are volume"):
        draw("ranking_trends", marts, ranking="score:无此考评")
    assert draw("league_table", marts, ranking="granted_share").title.endswith("没有可用数据")


SHARES = (
    ranked("2022", "甲", 0.9, 1, metric="granted_share", n=10),
    ranked("2023", "甲", 0.5, 1, metric="granted_share", n=20, low=1, high=2, of=2),
    ranked("2023", "乙", 0.4, 2, metric="granted_share", n=800, low=1, high=2, of=2),
)


def test_league_table_is_the_latest_period_with_intervals(marts):
    marts.add("rankings", *SHARES)
    data = league_table_data(marts)
    assert data.select("agency", "rank", "rank_low", "rank_high").rows() == [
        ("甲", 1, 1, 2),
        ("乙", 2, 1, 2),
    ]
    chart = draw("league_table", marts)
    bars, ranks = chart.figure.data
    assert list(bars.text) == ["50.0%  第1名（1–2），n=20", "40.0%  第2名（1–2），n=800"]
    assert (list(ranks.x), list(ranks.error_x.array), list(ranks.error_x.arrayminus)) == (
        [1, 2],
        [1, 0],
        [0, 1],
    )
    assert (
        chart.title
        == "占全部办理结果的实质公开率（2023年）：甲排第1，50.0%；但按名次区间，2个机关都可能排第1"
    )
    assert "名次区间" in notes(chart.figure)


def test_values_carry_their_own_intervals_and_what_is_told_stands_beside(marts):
    marts.add(
        "rankings",
        ranked("2023", "甲", 0.5, 1, "granted_share", n=20, low=1, high=2, least=0.3, most=0.75),
        ranked("2023", "乙", 0.25, 2, "granted_share", n=40, low=1, high=2, least=0.125, most=0.5),
        ranked("2023", "丙", 1.0, None, "granted_share", n=2, reason="样本数低于排名所需的最少数"),
    )
    figure = draw("league_table", marts).figure
    bars = figure.data[0]
    assert list(bars.y) == ["甲", "乙"]
    assert (list(bars.error_x.array), list(bars.error_x.arrayminus)) == ([0.25, 0.25], [0.2, 0.125])
    assert bars.textposition == "none"
    assert annotations(figure) == ["50.0%  第1名（1–2），n=20", "25.0%  第2名（1–2），n=40"]
    assert "丙（100.0%，n=2）未排名：样本数低于排名所需的最少数" in notes(figure)
    english = notes(draw("league_table", marts, lang="en").figure)
    assert "丙 (100.0%, n=2) is not ranked: n is below what a rank needs" in english


def test_the_bump_chart_shows_how_sure_each_rank_is(marts):
    marts.add(
        "rankings",
        *(ranked(str(y), "甲", 0.5, 1, "granted_share", low=1, high=2) for y in (2022, 2023)),
        *(ranked(str(y), "乙", 0.4, 2, "granted_share", low=1, high=3) for y in (2022, 2023)),
        *(ranked(str(y), "丙", 0.1, 3, "granted_share", low=3, high=3) for y in (2022, 2023)),
    )
    figure = draw("ranking_trends", marts).figure
    drawn = [(s.line.color, s.x0, s.y0, s.y1) for s in figure.layout.shapes]
    colours = {trace.name: trace.line.color for trace in figure.data}
    ends = {(name, s[2], s[3]) for name, c in colours.items() for s in drawn if s[0] == c}
    assert ends == {("甲", 1, 2), ("乙", 1, 3)}, "丙 is sure of its rank"
    assert len({x for _, x, *_ in drawn}) == 4, "side by side, not over each other"
    assert "权重上下浮动20%" in notes(figure)


def test_league_table_without_intervals_has_bars_alone_and_tells_ties(marts):
    marts.add("rankings", *(row for row in VOLUME if row[1] == "2021"))
    chart = draw("league_table", marts)
    (bars,) = chart.figure.data
    assert list(bars.text) == ["9条  第1名", "5条  并列第2名", "5条  并列第2名"]
    assert chart.figure.layout.xaxis.title.text == "年发布条数（条）"
    assert chart.title == "年发布条数（2021年）：甲排第1，9条"


def test_a_scheme_is_named_as_it_is(marts):
    marts.add("rankings", ranked("2021", "甲", 90.5, 1, metric="score:<考评>"))
    assert draw("league_table", marts).title == "“&lt;考评&gt;”得分（2021年）：甲排第1，90.5分"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2014", "2014年"),
        ("2014Q1", "2014年第1季度"),
        ("2014-03", "2014年3月"),
        ("2014H1", "2014年上半年"),
        ("2014H2", "2014年下半年"),
        ("<x>", "&lt;x&gt;"),
    ],
)
def test_periods(text, printed):
    assert period(text, "zh") == printed


def test_halves_and_quarters_are_not_mixed(marts):
    marts.add("rankings", *(ranked(p, "甲", 1, 1) for p in ("2021Q1", "2021Q2", "2021H1")))
    assert ranking_trends_data(marts)["period"].to_list() == ["2021Q1", "2021Q2"]


def test_a_composite_is_named_with_its_scheme(marts):
    key = "composite:transparency_2022:某考评"
    marts.add("rankings", ranked("2021", "甲", 80, 1, metric=key))
    title = draw("league_table", marts).title
    assert title == "“某考评”综合指数（transparency_2022）（2021年）：甲排第1，80分"
