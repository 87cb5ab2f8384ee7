import pytest

from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.league_table import league_table_data
from zwgk_analytics.charts.ranked import period
from zwgk_analytics.charts.ranking_trends import placed, ranking_trends_data
from zwgk_analytics.errors import UsageError


def ranked(period, agency, value, rank, metric="volume", **more):
    known = {"n": None, "low": rank, "high": rank, "of": 3, "change": None} | more
    tail = (known["n"], rank, known["low"], known["high"], known["of"], known["change"])
    return (metric, period, agency, value, *tail)


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
        == "予以公开和部分公开比例（2023年）：甲最高，50.0%；但按95%区间，2个机关都可能排第1"
    )
    assert "名次的95%区间" in notes(chart.figure)


def test_league_table_without_intervals_has_bars_alone_and_tells_ties(marts):
    marts.add("rankings", *(row for row in VOLUME if row[1] == "2021"))
    chart = draw("league_table", marts)
    (bars,) = chart.figure.data
    assert list(bars.text) == ["9条  第1名", "5条  并列第2名", "5条  并列第2名"]
    assert chart.figure.layout.xaxis.title.text == "年发布条数（条）"
    assert chart.title == "年发布条数（2021年）：甲最高，9条"


def test_a_scheme_is_named_as_it_is(marts):
    marts.add("rankings", ranked("2021", "甲", 90.5, 1, metric="score:<考评>"))
    assert draw("league_table", marts).title == "“&lt;考评&gt;”得分（2021年）：甲最高，90.5分"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2014", "2014年"),
        ("2014Q1", "2014年第1季度"),
        ("2014-03", "2014年3月"),
        ("<x>", "&lt;x&gt;"),
    ],
)
def test_periods(text, printed):
    assert period(text, "zh") == printed
