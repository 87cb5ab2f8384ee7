"""Scores and ranks: what is printed comes through, what cannot be read is null and told."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.facts.scores import parse_period, parse_rank
from zwgk_analytics.facts.tables import extract_table


def table(tmp_path, text, sidecar=None):
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return extract_table(path, "scores.csv", "", sidecar or {})


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("2014", "2014"), ("2014年", "2014"), ("２０１４年度", "2014"),
        ("2014年第一季度", "2014Q1"), ("2014年4季度", "2014Q4"), ("2014年二季度", "2014Q2"),
        ("2014Q3", "2014Q3"), ("2014-q3", "2014Q3"),
        ("2014年上半年", "2014H1"), ("2014年下半年", "2014H2"),
        ("2014年3月", "2014-03"), ("2014年12月份", "2014-12"), ("2014年十一月", "2014-11"),
        ("2014-03", "2014-03"), ("201403", "2014-03"), ("2014/3", "2014-03"),
        ("14年", None), ("2014年13月", None), ("2013-2014", None), ("第一季度", None), ("", None),
    ],
)  # fmt: skip
def test_periods(printed, period):
    assert parse_period(printed) == period


@pytest.mark.parametrize(
    ("printed", "rank"),
    [("3", (3, None)), ("第3名", (3, None)), ("第十二名", (12, None)), ("并列第3", (3, None)),
     ("3/21", (3, 21)), ("3.0", (3, None)), ("前三", None), ("3.5", None), ("", None)],
)  # fmt: skip
def test_ranks(printed, rank):
    assert parse_rank(printed) == rank


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_period_or_none(text):
    assert parse_period(text) is None or parse_period(text)[:2] in {"19", "20"}
    assert parse_rank(text) is None or parse_rank(text)[0] >= 0


def test_rank_without_score_and_score_without_rank(tmp_path):
    found = table(
        tmp_path,
        "考评,年度,季度,单位,指标,得分(100),名次,参评数,来源\n"
        "网站测评,2014,第一季度,甲市,总分,96.4,,21,https://a.cn\n"
        "网站测评,2014,,乙市,总分,,第2名,21,\n"
        "网站测评,约2014,,丙市,总分,优,前三,,\n",
    )
    assert found.kind == "assessment"
    keys = ("period", "agency", "score", "rank", "ranked_of", "url", "place")
    assert [tuple(r[k] for k in keys) for r in found.rows("scores")] == [
        ("2014Q1", "甲市", Decimal("96.4"), None, 21, "https://a.cn", "row 2"),
        ("2014", "乙市", None, 2, 21, None, "row 3"),
        (None, "丙市", None, None, None, None, "row 4"),
    ]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("rank.unreadable", "row 4"),
        ("score.period", "row 4"),
        ("number.unreadable", "row 4"),
    ]


def test_the_sidecar_names_scheme_and_period(tmp_path):
    sidecar = {"scheme": "某市政务公开考核", "period": 2022}
    found = table(tmp_path, "部门,得分,排名\n甲局,88.5,1\n", sidecar)
    (row,) = found.rows("scores")
    assert (row["scheme"], row["period"], row["agency"], row["rank"]) == (
        "某市政务公开考核", "2022", "甲局", 1,
    )  # fmt: skip
    assert found.rows("problems") == []


def test_the_scores_that_we_ship(raw):
    found = extract_table(raw / "assessments" / "scores.csv", "s", "", {})
    scores = found.tables["scores"]
    assert found.rows("problems") == []
    assert (len(scores), scores["score"].null_count, scores["rank"].null_count) == (93, 0, 79)
    assert (scores["period"].null_count, scores["ranked_of"].null_count) == (0, 24)
