from tests.charts.conftest import notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.application_flow import application_flow_data


def report(agency, year, received, carried_in, outcomes, carried_out):
    closed = None if None in outcomes else sum(outcomes)
    counts = (received, carried_in, *outcomes, closed, carried_out)
    return (agency, year, "2021", *counts, f"{year}.html")


HUAIAN = report("淮安", 2024, 3119, 34, (1362, 452, 178, 781, 88, 189), 103)


def test_one_row_a_strand(marts):
    marts.add("application_handling", HUAIAN)
    strands = application_flow_data(marts).select("side", "strand", "requests").rows()
    assert strands == [
        ("in", "received", 3119),
        ("in", "carried_in", 34),
        ("out", "granted", 1362),
        ("out", "partially_granted", 452),
        ("out", "denied", 178),
        ("out", "unable", 781),
        ("out", "not_processed", 88),
        ("out", "other", 189),
        ("out", "carried_out", 103),
    ]


def test_strands_flow_through_what_is_due(marts):
    marts.add("application_handling", HUAIAN)
    chart = draw("application_flow", marts)
    (sankey,) = chart.figure.data
    labels = sankey.node.label
    flows = [
        (labels[a].split(" ")[0], labels[b].split(" ")[0], value)
        for a, b, value in zip(
            sankey.link.source, sankey.link.target, sankey.link.value, strict=True
        )
    ]
    assert flows[:3] == [
        ("本年新收", "本年应办理", 3119),
        ("上年结转", "本年应办理", 34),
        ("本年应办理", "予以公开", 1362),
    ]
    assert flows[-1] == ("本年应办理", "结转下年度", 103)
    assert "予以公开 1,362件（43.2%）" in labels
    assert sankey.node.color[labels.index("予以公开 1,362件（43.2%）")] == "#0072B2"
    assert list(sankey.node.y[2:9]) == sorted(sankey.node.y[2:9]), "in the order of the form"
    assert chart.title == (
        "淮安2024年应办理申请3,153件，办结的申请中予以公开和部分公开1,814件，占59.5%"
    )


def test_only_the_newest_year_is_drawn_and_agencies_are_added_up(marts):
    marts.add(
        "application_handling",
        HUAIAN,
        report("平潭", 2024, 10, 0, (4, 1, 0, 5, 0, 0), 0),
        report("平潭", 2020, 99, 0, (99, 0, 0, 0, 0, 0), 0),
    )
    chart = draw("application_flow", marts)
    assert chart.title.startswith("2个机关2024年应办理申请3,163件")
    assert "只画2024年" in notes(chart.figure)
    (sankey,) = chart.figure.data
    assert max(sankey.link.value) == 3129


def test_what_is_not_filled_or_does_not_balance_is_told(marts):
    marts.add(
        "application_handling",
        report("甲", 2024, 10, None, (4, None, 0, 5, 0, 0), 0),
        report("乙", 2024, 10, 0, (4, 0, 0, 5, 0, 0), 0),
    )
    chart = draw("application_flow", marts)
    told = notes(chart.figure)
    assert "甲2024年：表格有未填的项" in told
    assert "乙2024年：收到的与各去向之和不等" in told
    assert chart.title == "2个机关2024年应办理申请20件，办理结果未填全"
