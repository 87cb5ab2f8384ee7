from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import draw
from zwgk_analytics.charts.findings import findings_by_rule_data, findings_heatmap_data

RESULTS = (
    ("review.sum", "holds", 3),
    ("review.sum", "broken", 1),
    ("review.sum", "not_assessable", 0),
    ("cells.blank", "holds", 5),
    ("cells.blank", "broken", 5),
    ("publication.stale", "holds", 0),
    ("publication.stale", "broken", 0),
)
FINDINGS = (
    ("甲", "review.sum", "error", "2024", "a.html#table 3"),
    ("甲", "review.sum", "error", "2024", "a.html#table 3, row 2"),
    ("乙", "cells.blank", "warning", "2023", "b.html#table 1"),
    (None, "cells.blank", "warning", None, "c.html"),
)


def test_shares_are_of_the_subjects_of_a_rule(marts):
    marts.add("rule_results", *RESULTS)
    assert findings_by_rule_data(marts).rows() == [
        ("cells.blank", "broken", 5, 0.5),
        ("cells.blank", "holds", 5, 0.5),
        ("publication.stale", "broken", 0, None),
        ("publication.stale", "holds", 0, None),
        ("review.sum", "broken", 1, 0.25),
        ("review.sum", "holds", 3, 0.75),
        ("review.sum", "not_assessable", 0, 0.0),
    ]


def test_rules_are_bars_with_the_most_broken_first(marts):
    marts.add("rule_results", *RESULTS)
    chart = draw("findings_by_rule", marts)
    broken, unassessed, holds = chart.figure.data
    assert list(broken.y) == ["表格空白项", "复议诉讼合计", "栏目更新逾期"]
    assert list(broken.x) == [0.5, 0.25, None]
    assert [trace.name for trace in (broken, unassessed, holds)] == ["不符", "无法判定", "符合"]
    assert [trace.marker.color for trace in (broken, holds)] == ["#D55E00", "#009E73"]
    assert annotations(chart.figure)[-3:] == [
        "5处不符 / 10个对象",
        "1处不符 / 4个对象",
        "0处不符 / 0个对象",
    ]
    assert chart.title == "3条规则中2条发现问题，共6处；最多的是“表格空白项”（5处）"
    assert "不计为符合" in notes(chart.figure)


def test_rules_without_findings_say_so(marts):
    marts.add("rule_results", ("review.sum", "holds", 3))
    assert draw("findings_by_rule", marts).title == "1条规则都没有发现问题"


def test_heatmap_rows(marts):
    marts.add("findings", *FINDINGS)
    assert findings_heatmap_data(marts).rows() == [
        ("乙", "cells.blank", "warning", 1, ["b.html"]),
        ("甲", "review.sum", "error", 2, ["a.html"]),
        (None, "cells.blank", "warning", 1, ["c.html"]),
    ]
    assert findings_heatmap_data(marts, years=2023)["agency"].to_list() == ["乙"]


def test_heatmap_leaves_cells_without_findings_blank(marts):
    marts.add("findings", *FINDINGS)
    chart = draw("findings_heatmap", marts)
    (grid,) = chart.figure.data
    assert list(grid.y) == ["甲", "乙", "未注明机关"]
    assert list(grid.x) == ["表格空白项", "复议诉讼合计"]
    assert list(grid.text[0]) == ["", "2"]
    assert grid.z[0][0] is None
    assert chart.title == "2个机关共发现4处问题，甲最多（2处），主要是“复议诉讼合计”"


def test_a_rule_without_a_name_shows_its_id(marts):
    marts.add("findings", ("甲", "new.rule", "info", "2024", "a.html"))
    assert list(draw("findings_heatmap", marts).figure.data[0].x) == ["new.rule"]
