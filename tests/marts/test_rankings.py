from datetime import date

from tests.marts.facts import document, line, marts, rows

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
    reports = [share("甲", 1, 2), share("乙", 450, 1000), share("丙", 100, 1000)]
    con = marts(documents=[d for d, _ in reports], cells=[c for _, cells in reports for c in cells])
    query = (
        "SELECT agency, value, n, rank, rank_low, rank_high FROM rankings "
        "WHERE metric = 'granted_share' ORDER BY rank"
    )
    # Wilson, 95 %: 甲 9.5–90.5 %, 乙 41.9–48.1 %, 丙 8.3–12.0 %
    assert rows(con, query) == [
        ("甲", 0.5, 2, 1, 1, 3),
        ("乙", 0.45, 1000, 2, 1, 2),
        ("丙", 0.1, 1000, 3, 2, 3),
    ]


def test_no_share_without_its_parts_or_of_nothing():
    source, cells = share("甲", 0, 0)
    con = marts(documents=[source], cells=cells)
    assert rows(con, "SELECT * FROM rankings WHERE metric = 'granted_share'") == []


def test_volume_is_ranked_by_year():
    def item(agency, title, year):
        base = {"source": "l.csv", "place": f"row {title}", "agency": agency, "title": title}
        return base | {"published_on": date(year, 5, 6)}

    con = marts(items=[item("甲", "1", 2022), item("甲", "2", 2022), item("乙", "3", 2022)])
    assert rows(
        con, "SELECT metric, period, agency, value, n, rank FROM rankings ORDER BY 3 DESC"
    ) == [
        ("volume", "2022", "甲", 2, 2, 1),
        ("volume", "2022", "乙", 1, 1, 2),
    ]
