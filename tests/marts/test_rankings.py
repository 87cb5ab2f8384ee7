from datetime import date
from statistics import NormalDist

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.marts.facts import document, line, marts, rows
from zwgk_analytics.marts.metric_relations import metric_relations, rank_levels
from zwgk_analytics.marts.models import models

RANKS = "SELECT agency, value, rank, ranked_of, change FROM rankings ORDER BY period, 1"


def score(agency, score, rank=None, of=None, period="2020", indicator="总分", **more):
    base = {"source": "s.csv", "place": "row 2", "scheme": "考评", "period": period}
    facts = {"agency": agency, "indicator": indicator, "score": score}
    return base | facts | {"rank": rank, "ranked_of": of} | more


def test_scores_are_ranked_among_themselves_and_ties_share_a_rank():
    con = marts(scores=[score("甲", 90), score("乙", 80), score("丙", 80), score("丁", 70)])
    assert rows(con, RANKS) == [
        ("丁", 70, 4, 4, None),
        ("丙", 80, 2, 4, None),
        ("乙", 80, 2, 4, None),
        ("甲", 90, 1, 4, None),
    ]


def test_a_stated_rank_goes_before_our_own():
    con = marts(scores=[score("甲", 90, 3, 40), score("乙", 80, 9, 40)])
    assert rows(con, RANKS) == [("乙", 80, 9, 40, None), ("甲", 90, 3, 40, None)]


def test_a_part_of_a_ranking_is_not_ranked():
    con = marts(scores=[score("甲", 90, of=59), score("乙", 80, of=59)])
    assert rows(con, RANKS) == [("乙", 80, None, 59, None), ("甲", 90, None, 59, None)]
    con = marts(scores=[score("甲", 90, 1), score("乙", 80)])
    assert rows(con, RANKS) == [("乙", 80, None, None, None), ("甲", 90, 1, None, None)]
    con = marts(scores=[score("甲", 90)])
    assert rows(con, RANKS) == [("甲", 90, None, None, None)]


def test_only_the_whole_is_ranked_and_a_contradiction_is_left_out():
    con = marts(
        scores=[
            score("甲", 90),
            score("乙", 80, indicator=None),
            score("丙", 70),
            score("丙", 71),
            score("甲", 9, indicator="平台建设"),
        ]
    )
    assert rows(con, RANKS) == [("乙", 80, 2, 2, None), ("甲", 90, 1, 2, None)]


def test_change_is_against_the_period_before():
    con = marts(
        scores=[
            *[score("甲", 90), score("乙", 80), score("丙", 85)],
            *[score(a, s, period="2021") for a, s in (("甲", 70), ("乙", 80))],
            *[score(a, s, period="2022") for a, s in (("丙", 70), ("乙", 80))],
            score("甲", 1, period="2021Q1"),
        ]
    )
    changes = {(p, a): c for p, a, c in rows(con, "SELECT period, agency, change FROM rankings")}
    assert changes == {
        ("2020", "甲"): None,
        ("2020", "乙"): None,
        ("2020", "丙"): None,
        ("2021", "甲"): -1,
        ("2021", "乙"): 2,
        ("2021Q1", "甲"): None,
        ("2022", "丙"): None,  # was not ranked in 2021
        ("2022", "乙"): 0,
    }


def test_the_same_score_from_two_files_is_one_assessment():
    con = marts(scores=[score("甲", 90), score("甲", 90, source="t.csv"), score("甲", 91)])
    assert rows(con, "SELECT score, source FROM assessments ORDER BY 1") == [
        (90, "s.csv"),
        (91, "s.csv"),
    ]


def share(agency, granted, total):
    source = f"{agency}.html"
    values = {"granted": granted, "partially_granted": 0, "total": total}
    cells = [c for row, n in values.items() for c in line(row, n, 0, 0, 0, 0, 0, n, source=source)]
    return document(source, agency=agency), cells


def test_a_share_of_few_cases_has_a_wide_rank():
    reports = [share("甲", 4, 8), share("乙", 450, 1000), share("丙", 100, 1000)]
    con = marts(documents=[d for d, _ in reports], cells=[c for _, cells in reports for c in cells])
    query = (
        "SELECT agency, value, n, rank, rank_low, rank_high FROM rankings "
        "WHERE metric = 'granted_share' ORDER BY rank"
    )
    # Wilson, 95 % together: 甲 18.0–82.0 %, 乙 41.3–48.8 %, 丙 8.0–12.5 %
    assert rows(con, query) == [
        ("乙", 0.45, 1000, 1, 1, 2),
        ("甲", 0.5, 8, 2, 1, 2),
        ("丙", 0.1, 1000, 3, 3, 3),
    ]


def test_no_share_without_its_parts_or_of_nothing():
    source, cells = share("甲", 0, 0)
    con = marts(documents=[source], cells=cells)
    assert rows(con, "SELECT * FROM rankings WHERE metric = 'granted_share'") == []


def item(agency, title, day):
    base = {"source": "l.csv", "place": f"row {title}", "agency": agency, "title": title}
    return base | {"published_on": day}


def test_volume_is_ranked_by_what_was_published_and_its_interval_by_the_months():
    items = [item("甲", f"{m}-{n}", date(2022, m, n)) for m in (1, 2, 3) for n in (1, 2, 3)]
    items += [item("乙", f"{m}-{n}", date(2022, m, n)) for m in (1, 2) for n in range(1, 2 + 3 * m)]
    items += [
        item("丙", "1", date(2022, 5, 6)),
        *(item("丁", str(n), date(2022, 1, n)) for n in range(1, 9)),
    ]
    query = """SELECT agency, value, n, round(low, 2), round(high, 2), rank, rank_low, rank_high,
        ranked_of, reason FROM rankings WHERE metric = 'volume' ORDER BY value DESC, n, agency"""
    # 乙: 4 and 7 items, variance of a sum of two months drawn anew (2 - 1) * 4.5
    assert rows(marts(items=items), query) == [
        ("乙", 11, 11, 6.84, 15.16, 1, 1, 2, 2, None),
        ("甲", 9, 9, 9, 9, 2, 1, 2, 2, None),
        ("丁", 8, 8, None, None, None, None, None, None, "只有一个月的数据，无从估计波动"),
        ("丙", 1, 1, None, None, None, None, None, None, "样本数低于排名所需的最少数"),
    ]


def test_the_released_share_is_as_sure_as_the_estimate_of_the_whole():
    def numbered(agency, series, serials):
        base = {"source": "l.csv", "agency": agency, "series": series, "series_year": 2022}
        return [base | {"place": f"{series} {n}", "title": f"{n}", "serial": n} for n in serials]

    items = numbered("甲", "甲府", range(1, 41)) + numbered("乙", "乙府", range(2, 41, 2))
    items += numbered("丙", "丙府", (1, 2, 3, 9))
    query = """SELECT agency, round(value, 3), n, round(low, 3), round(high, 3), rank, rank_low,
        rank_high FROM rankings WHERE metric = 'released_share' ORDER BY rank"""
    # 甲: 40 of 40, may be 41; 乙: 20 of 40 + 40 / 20 - 1 = 41; 丙 has under five
    found = rows(marts(items=items), query)
    assert [(r[0], r[1], r[2], *r[5:]) for r in found] == [
        ("甲", 1, 40, 1, 1, 1),
        ("乙", 0.488, 41, 2, 2, 2),
    ]
    assert found[0][3] <= 1 and found[0][4] == 1
    assert 0.4 < found[1][3] < 0.488 < found[1][4] < 0.6


def test_few_cases_are_shown_but_not_ranked():
    found = {
        r[0]: r[1:] for r in shares({"甲": (1, 1), "乙": (480, 500), "丙": (5, 5), "丁": (9, 500)})
    }
    assert found["甲"][:2] == (1.0, 1)
    assert found["甲"][4:] == (None, None, None, "样本数低于排名所需的最少数")
    # all of 5 may be luck: Wilson says 56.6 % at least, where 480 of 500 says 93.9 %
    assert [found[a][4:7] for a in ("乙", "丙", "丁")] == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]
    assert [round(x, 3) for x in found["丙"][2:4]] == [0.566, 1.0]


def test_where_less_is_better_the_upper_end_counts():
    found = shares({"甲": (0, 5), "乙": (20, 500), "丙": (400, 500)}, metric="carry_over_rate")
    assert [(r[0], *r[5:8]) for r in found] == [("乙", 1, 1, 2), ("甲", 2, 1, 2), ("丙", 3, 3, 3)]


def test_a_part_that_exceeds_its_whole_is_told_and_not_ranked():
    found = {r[0]: r for r in shares({"甲": (9, 8), "乙": (9, 10), "丙": (8, 10)})}
    assert found["甲"][1] is None
    assert found["甲"][8] == "分子大于分母或为负，所填数据有误"
    assert [found[a][5] for a in ("乙", "丙")] == [1, 2]


def test_one_that_stands_alone_is_not_ranked():
    ((_, value, *_, rank, _, _, reason),) = shares({"甲": (9, 10)})
    assert (value, rank, reason) == (0.9, None, "同期没有其他可排名的单位")


def test_change_is_shown_only_where_the_rank_intervals_part():
    before = {"甲": (10, 1000), "乙": (500, 1000), "丙": (30, 60)}
    now = {"甲": (900, 1000), "乙": (500, 1000), "丙": (31, 60)}
    changes = rows(
        ranked_values([("2020", before), ("2021", now)]),
        "SELECT agency, rank, change FROM ranked WHERE period = '2021' ORDER BY rank",
    )
    assert changes == [("甲", 1, 2), ("乙", 2, None), ("丙", 3, None)]


def test_halves_and_quarters_are_periods_of_different_kinds():
    lists = [("2020H2", {"甲": 1, "乙": 2}), ("2021Q1", {"甲": 2, "乙": 1})]
    con = marts(scores=[score(a, s, period=p) for p, found in lists for a, s in found.items()])
    assert {c for (c,) in rows(con, "SELECT change FROM rankings")} == {None}


def test_three_shares_of_what_was_granted_differ_by_their_denominator():
    values = {"granted": 30, "partially_granted": 10, "denied.third_party_rights": 10,
              "unable.not_held": 20, "not_processed.petition": 30, "total": 100}  # fmt: skip
    facts = [c for row, n in values.items() for c in line(row, n, 0, 0, 0, 0, 0, n)]
    query = "SELECT metric, value, n FROM metric_values WHERE metric LIKE 'granted%' ORDER BY 1"
    assert rows(marts(documents=[document()], cells=facts), query) == [
        ("granted_share", 0.4, 100),
        ("granted_share_decided", 0.8, 50),
        ("granted_share_processed", 40 / 70, 70),
    ]


def test_findings_per_report_counts_errors_and_warnings_of_reports_only():
    documents = [document(f"{a}.html", a) for a in ("甲", "乙")]
    facts = [c for a in ("甲", "乙") for c in line("received", *[1] * 7, source=f"{a}.html")]
    base = {"agency": "甲", "period": "2023", "severity": "error", "review_state": "open"}
    found = [
        base | {"finding_id": "1", "rule": "applications.balance"},
        base | {"finding_id": "2", "rule": "cells.blank", "severity": "warning"},
        base | {"finding_id": "3", "rule": "text.too_long", "severity": "info"},
        base | {"finding_id": "4", "rule": "publication.duplicate"},
        base | {"finding_id": "5", "rule": "applications.balance", "period": "2022"},
        base | {"finding_id": "6", "rule": "review.sum", "review_state": "waived"},
    ]
    query = """SELECT agency, value, n, round(low, 2), round(high, 2), rank, rank_low, rank_high
        FROM rankings WHERE metric = 'findings_per_report' ORDER BY rank"""
    # Poisson, 95 %: none found may be up to 3.67, two may be 0.22 to 7.22
    assert rows(marts(documents=documents, cells=facts, findings=found), query) == [
        ("乙", 0, 1, 0, 3.67, 1, 1, 2),
        ("甲", 2, 1, 0.22, 7.22, 2, 1, 2),
    ]


def ranked_values(periods, metric="granted_share"):
    """The model `rankings` over literal shares (k of n by agency) as the table `ranked`."""
    con = duckdb.connect()
    for name, table in metric_relations().items():
        con.register(name, table)
    con.execute(
        "CREATE TABLE metric_values (metric VARCHAR, period VARCHAR, agency VARCHAR, value DOUBLE, "
        "n BIGINT, numerator DOUBLE, denominator DOUBLE, variance DOUBLE, stated_rank INTEGER, "
        "stated_of INTEGER)"
    )
    con.execute(
        "CREATE TABLE composites (metric VARCHAR, period VARCHAR, agency VARCHAR, value DOUBLE, "
        "n BIGINT, rank BIGINT, rank_low BIGINT, rank_high BIGINT, units BIGINT, stated_of INTEGER)"
    )
    con.executemany(
        "INSERT INTO metric_values VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
        [
            (metric, period, agency, k / n if k <= n else None, n, k, n)
            for period, found in periods
            for agency, (k, n) in found.items()
        ],
    )
    con.execute(f"CREATE TABLE ranked AS {models()['rankings'].select}")
    return con


def shares(found, metric="granted_share"):
    con = ranked_values([("2023", found)], metric)
    query = """SELECT agency, value, n, low, high, rank, rank_low, rank_high, reason
        FROM ranked ORDER BY rank NULLS LAST, agency"""
    return rows(con, query)


CASES = st.tuples(st.integers(0, 400), st.integers(5, 400)).map(lambda t: (min(t), max(t[0], t[1])))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(CASES, min_size=2, max_size=12), st.sampled_from(["granted_share", "carry_over_rate"])
)
def test_every_rank_lies_within_its_interval(cases, metric):
    found = shares({f"机关{i}": case for i, case in enumerate(cases)}, metric)
    size = len(found)
    by_case = {}
    for agency, value, n, low, high, rank, rank_low, rank_high, reason in found:
        k = cases[int(agency.removeprefix("机关"))][0]
        assert 0 <= low <= value + 1e-9 and value - 1e-9 <= high <= 1 + 1e-9
        assert 1 <= rank_low <= rank <= rank_high <= size
        assert reason is None
        by_case.setdefault((k, n), set()).add((rank, rank_low, rank_high))
    assert all(len(ranks) == 1 for ranks in by_case.values()), "equal cases share a rank"
    for one in found:
        for other in found:
            if one[6] > other[7]:  # intervals of ranks part only where those of values do
                better, worse = (other, one) if metric == "granted_share" else (one, other)
                assert better[3] > worse[4]


@settings(deadline=None, max_examples=50)
@given(CASES)
def test_the_wilson_interval_solves_its_equation(case):
    """Each end p is where the observed share lies z standard errors of p away."""
    k, n = case
    ((_, value, _, low, high, *_),) = [r for r in shares({"甲": case, "乙": (1, 2)}) if r[2] == n]
    z = 1.959963984540054
    for end in (low, high):
        assert abs((value - end) ** 2 - z * z * max(end * (1 - end), 0) / n) < 1e-9
    assert low <= k / n <= high and value == k / n


def test_levels_hold_together_at_95_percent():
    levels = dict(zip(*rank_levels().to_pydict().values(), strict=True))
    assert round(levels[1], 6) == 1.959964
    assert round((2 * NormalDist().cdf(levels[20]) - 1) ** 20, 9) == 0.95
    assert levels[1] < levels[2] < levels[5000]
