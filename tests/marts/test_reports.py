from datetime import date

from tests.marts.facts import cell, document, line, marts, rows


def test_the_newest_document_of_an_agency_and_year_is_in_force():
    con = marts(
        documents=[
            document("a.html", published_on=date(2024, 1, 5)),
            document("b.html", published_on=date(2024, 3, 5)),
            document("c.html"),
            document("d.html", agency="乙市"),
            document("e.html", agency="乙市"),
        ]
    )
    assert rows(con, "SELECT report_id, source FROM reports ORDER BY 2") == [
        ("甲市-2023", "b.html"),
        ("乙市-2023", "e.html"),
    ]
    versions = "SELECT source, is_in_force FROM report_versions ORDER BY 1"
    assert rows(con, versions) == [
        ("a.html", False),
        ("b.html", True),
        ("c.html", False),
        ("d.html", False),
        ("e.html", True),
    ]


def test_cells_of_a_superseded_report_are_not_used():
    con = marts(
        documents=[document("a.html"), document("b.html")],
        cells=[
            cell("applications", "received", "total", 1, source="a.html"),
            cell("applications", "received", "total", 2, source="b.html"),
        ],
    )
    assert rows(con, "SELECT value, source FROM report_cells") == [(2, "b.html")]


def test_a_report_that_names_no_agency_or_year_is_quarantined():
    con = marts(
        entries=[{"source": "z.pdf", "sha256": "cd", "reason": "truncated", "detail": "cut off"}],
        documents=[document("a.html", agency=None), document("b.html", year=None)],
    )
    assert rows(con, "SELECT source, reason FROM quarantine ORDER BY 1") == [
        ("a.html", "identity.unknown"),
        ("b.html", "identity.unknown"),
        ("z.pdf", "truncated"),
    ]
    assert rows(con, "SELECT count(*) FROM reports") == [(0,)]


def handling(cells, edition="2021"):
    con = marts(documents=[document(edition=edition)], cells=cells)
    names = "granted, denied, unable, not_processed, other, total, is_total_computed"
    return rows(con, f"SELECT {names} FROM application_handling")


def test_groups_are_the_sums_of_their_reported_rows():
    assert handling(
        [
            *line("granted", 1, 2, 0, 0, 0, 0, 3),
            *line("denied.state_secret", 1, 0, 0, 0, 0, 0, 1),
            *line("denied.internal_affairs", 4, 0, 0, 0, 0, 0, 4),
            *line("unable.not_held", 2, 0, 0, 0, 0, 0, 2),
            *line("unable.needs_creation", *[None] * 7),
            *line("not_processed.petition", *[None] * 7),
            *line("other.other", 0, 0, 0, 0, 0, 0, 0),
            *line("total", 8, 2, 0, 0, 0, 0, 10),
        ]
    ) == [(3, 5, 2, None, 0, 10, False)]


def test_a_blank_total_is_the_sum_of_its_applicants_and_says_so():
    assert handling([*line("granted", 5, 1, None, None, None, None, None)], "2019") == [
        (6, None, None, None, None, None, True)
    ]


def test_a_printed_total_is_kept_even_where_it_is_no_sum():
    assert handling([*line("granted", 26, 0, 0, 0, 0, 0, 20)]) == [
        (20, None, None, None, None, None, False)
    ]


def test_nothing_reported_is_no_number():
    assert handling([*line("granted", *[None] * 7)]) == [
        (None, None, None, None, None, None, False)
    ]


def test_an_unreadable_part_makes_no_sum():
    unreadable = cell("applications", "denied.state_secret", "total", None, "unreadable")
    parts = line("denied.state_secret", 1, 1, 0, 0, 0, 0, None)[:-1]
    other = line("denied.internal_affairs", 4, 0, 0, 0, 0, 0, 4)
    assert handling([*parts, unreadable, *other])[0][1] is None
    blank = cell("applications", "denied.state_secret", "total", None)
    broken = cell("applications", "denied.state_secret", "business", None, "unreadable")
    assert handling([parts[0], broken, blank, *other])[0][1] is None


def test_half_an_application_is_no_count():
    assert handling([*line("granted", 2.5, 0, 0, 0, 0, 0, 2.5)])[0][0] is None


def test_applications_are_by_applicant_and_outcome():
    con = marts(
        documents=[document()],
        cells=[
            *line("received", 9, 0, 0, 0, 0, 0, 9),
            *line("denied.state_secret", 1, None, 0, 0, 0, 0, 1),
            *line("total", 1, 0, 0, 0, 0, 0, 1),
        ],
    )
    found = "SELECT applicant, outcome, outcome_group, requests FROM applications ORDER BY 1"
    assert rows(con, found)[:2] == [
        ("business", "denied.state_secret", "denied", None),
        ("legal_service", "denied.state_secret", "denied", 0),
    ]
    assert rows(con, "SELECT count(*) FROM applications") == [(6,)]


def test_a_blank_total_of_reviews_is_the_sum_of_the_results():
    con = marts(
        documents=[document()],
        cells=[
            cell("review", "reconsideration", "upheld", 2),
            cell("review", "reconsideration", "corrected", 1),
            cell("review", "reconsideration", "total", None),
            cell("review", "litigation_direct", "upheld", 2),
            cell("review", "litigation_direct", "pending", None, "unreadable"),
            cell("review", "litigation_direct", "total", None),
            cell("review", "litigation_after_review", "upheld", 2),
            cell("review", "litigation_after_review", "total", 5),
        ],
    )
    found = (
        "SELECT channel, cases, is_computed FROM review_litigation "
        "WHERE result = 'total' ORDER BY 1"
    )
    assert rows(con, found) == [
        ("litigation_after_review", 5, False),
        ("litigation_direct", None, False),
        ("reconsideration", 3, True),
    ]
    part = "SELECT cases FROM review_litigation WHERE result = 'corrected'"
    assert rows(con, part) == [(1,)]


def test_money_keeps_its_decimals():
    con = marts(
        documents=[document()],
        cells=[cell("proactive", "administrative_fees", "amount", "24252.311082", unit="万元")],
    )
    found = "SELECT item, measure, CAST(value AS VARCHAR), unit FROM proactive_disclosure"
    assert rows(con, found) == [("administrative_fees", "amount", "24252.311082", "万元")]


def test_a_problem_told_twice_at_one_place_is_one_row():
    told = {"source": "a.html", "code": "cell.unreadable", "message": "«x»", "place": "row 1"}
    con = marts(problems=[told, told, told | {"place": "row 2"}], only=["reading_problems"])
    assert rows(con, "SELECT place FROM reading_problems ORDER BY 1") == [("row 1",), ("row 2",)]
