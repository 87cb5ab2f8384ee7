from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.disputes import disputes_funnel_data

CHANNELS = ("reconsideration", "litigation_direct", "litigation_after_review")


def cases(agency, year, **results):
    return [
        (agency, year, channel, result, number, "a.html")
        for result, numbers in results.items()
        for channel, number in zip(CHANNELS, numbers, strict=True)
    ]


def handled(agency, year, total):
    return (agency, year, "2021", *(None,) * 8, total, None, "a.html")


PINGTAN = cases("平潭", 2024, total=(7, 0, 19), pending=(1, 0, 0), corrected=(1, 0, 2))


def test_stages_add_up_the_channels(marts):
    marts.add("review_litigation", *PINGTAN).add("application_handling", handled("平潭", 2024, 218))
    assert disputes_funnel_data(marts).select("stage", "cases").rows() == [
        ("closed", 218),
        ("disputed", 26),
        ("decided", 25),
        ("corrected", 3),
    ]


def test_a_channel_that_is_not_filled_leaves_the_stage_unknown(marts):
    gap = cases("甲", 2024, total=(7, None, 1), pending=(0, 0, 0), corrected=(0, 0, 1))
    marts.add("review_litigation", *gap)
    assert disputes_funnel_data(marts)["cases"].to_list() == [None, None, None, 1]


def test_encodings(marts):
    none = cases("乙", 2024, total=(0, 0, 0), pending=(0, 0, 0), corrected=(0, 0, 0))
    marts.add("review_litigation", *PINGTAN, *none)
    marts.add("application_handling", handled("平潭", 2024, 218), handled("乙", 2024, 5))
    chart = draw("disputes_funnel", marts)
    (funnel,) = chart.figure.data
    assert list(funnel.x) == [218, 26, 25, 3]
    assert list(funnel.y) == ["办结的申请", "复议诉讼案件", "已审结", "结果纠正"]
    assert list(funnel.text) == ["218", "26（11.9%）", "25（96.2%）", "3（12.0%）"]
    assert annotations(chart.figure) == ["平潭（2024年）"]
    assert chart.title == "平潭2024年每办结100件申请有11.9件复议诉讼，26件案件中3件被纠正"
    assert "1个机关没有案件或未填这张表" in notes(chart.figure)
