"""Composites: the user's weights, and how far the ranks depend on them."""

import pytest

from tests.marts.facts import document, line, marts, rows
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.forms.metrics import composites
from zwgk_analytics.marts.metric_relations import metric_relations

TWO = """
composites:
  - id: two
    label: {zh: 两项, en: two}
    dimensions:
      - {id: a, label: {zh: 甲项, en: a}, weight: 1, inputs: [{indicator: [公开, 信息公开]}]}
      - {id: b, label: {zh: 乙项, en: b}, weight: 3, inputs: [{indicator: 服务}]}
"""
SHARES = """
composites:
  - id: own
    label: {zh: 自有, en: own}
    dimensions:
      - id: requests
        label: {zh: 依申请公开, en: requests}
        weight: 1
        inputs: [{metric: granted_share}, {metric: carry_over_rate}]
"""


@pytest.fixture
def registers(tmp_path):
    def write(text):
        (tmp_path / "composite.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def score(agency, indicator, score, scale=100, **more):
    base = {"source": "s.csv", "place": "row 2", "scheme": "考评", "period": "2022"}
    return base | {"agency": agency, "indicator": indicator, "score": score, "scale": scale} | more


RANKED = """SELECT agency, round(value, 4), n, rank, rank_low, rank_high, ranked_of FROM rankings
    WHERE metric LIKE 'composite:%' ORDER BY value DESC, agency"""


def test_weights_make_the_value_and_their_range_the_interval(registers):
    scores = [
        *(score("甲", "公开", 100), score("甲", "服务", 60)),  # 70 with weights 1 and 3
        *(score("乙", "信息公开", 0.4, 1), score("乙", "服务", 78)),  # 68.5
        *(score("丙", "公开", 10), score("丙", "服务", 20)),  # 17.5
        score("丁", "公开", 100),  # has no 服务
    ]
    con = marts(scores=scores, registers=registers(TWO))
    assert rows(con, "SELECT DISTINCT metric FROM composites") == [("composite:two:考评",)]
    # 0.8 and 3.6 turn 甲 and 乙 around: 67.27 against 71.09
    assert rows(con, RANKED) == [
        ("甲", 70, 2, 1, 1, 2, 3),
        ("乙", 68.5, 2, 2, 1, 2, 3),
        ("丙", 17.5, 2, 3, 3, 3, 3),
    ]


def test_a_part_of_the_scheme_is_not_ranked(registers):
    scores = [score(a, i, 50, ranked_of=49) for a in ("甲", "乙") for i in ("公开", "服务")]
    con = marts(scores=scores, registers=registers(TWO))
    assert [r[3] for r in rows(con, RANKED)] == [None, None]
    assert {r for (r,) in rows(con, "SELECT reason FROM rankings WHERE metric LIKE 'c%'")} == {
        "未掌握该考评的全部单位"
    }


def test_scores_whose_scale_is_not_known_or_that_contradict_make_no_composite(registers):
    scores = [
        *(score("甲", "公开", 9, None), score("甲", "服务", 60)),
        *(score("乙", "公开", 40), score("乙", "信息公开", 41), score("乙", "服务", 60)),
    ]
    assert rows(marts(scores=scores, registers=registers(TWO)), RANKED) == []


def test_a_composite_of_our_own_shares_needs_no_scheme(registers):
    facts, documents = [], []
    for agency, granted in (("甲", 60), ("乙", 30)):
        values = {"received": 80, "carried_in": 20, "granted": granted, "partially_granted": 0,
                  "total": 80, "carried_out": 20}  # fmt: skip
        source = f"{agency}.html"
        documents.append(document(source, agency))
        for row, n in values.items():
            facts += line(row, n, 0, 0, 0, 0, 0, n, source=source)
    con = marts(documents=documents, cells=facts, registers=registers(SHARES))
    # mean of 60 of 80 granted and 80 of 100 not carried over
    assert rows(con, RANKED) == [("甲", 77.5, 1, 1, 1, 1, 2), ("乙", 58.75, 1, 2, 2, 2, 2)]


def test_the_template_has_the_five_dimensions_of_2022():
    (template,) = composites().values()
    assert [d.label["zh"] for d in template.dimensions] == [
        "决策公开", "管理服务公开", "执行和结果公开", "政务公开平台建设", "依申请公开",
    ]  # fmt: skip
    assert sum(d.weight for d in template.dimensions) == pytest.approx(1)


def test_weights_are_shifted_by_a_fifth_at_most_and_the_same_on_every_refresh():
    drawn = metric_relations()["composite_weights"].to_pylist()
    assert drawn == metric_relations()["composite_weights"].to_pylist()
    assert {r["weight"] for r in drawn if r["draw"] == 0} == {0.2}
    assert all(0.16 - 1e-12 <= r["weight"] <= 0.24 + 1e-12 for r in drawn)
    assert len({r["draw"] for r in drawn}) == 1 + 2**5 + 200


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: 3", "weight: 0", r"two, b: the weight must be above 0"),
        ("weight: 3", "weight: much", r"not a composite as forms/composite.yml shows it"),
        ("{indicator: 服务}", "{metric: volume}", r"two, b: no share volume; there are carry_over"),
        ("{indicator: 服务}", "{row: 服务}", r"two, b: row is neither metric nor indicator"),
        ("[{indicator: 服务}]", "[]", r"two has a dimension without inputs"),
        ("composites:", "composite:", r"not a composite as forms/composite.yml shows it"),
    ],
)
def test_a_mistake_in_the_users_file_is_told_with_its_name(registers, old, new, said):
    path = registers(TWO.replace(old, new)) / "composite.yml"
    with pytest.raises(ZwgkError, match=said):
        composites(path)
