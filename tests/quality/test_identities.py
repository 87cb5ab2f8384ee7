"""The identities of the forms over small reports: what a blank may hide is not asserted."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quality.literal import add_report, marts, outcomes
from zwgk_analytics.forms import editions
from zwgk_analytics.quality import rules, sql


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ("1 2 3 0 6", "holds"),
        ("1 2 3 0 7", "broken"),
        ("_ 2 4 _ 6", "holds"),
        ("_ 2 3 0 6", "not_assessable"),
        ("/ 2 3 0 6", "not_assessable"),
        ("_ 2 5 0 6", "broken"),
        ("1 2 3 0 _", "not_assessable"),
        ("1 2 3 0 ?", "not_assessable"),
        ("? 2 4 0 6", "not_assessable"),
        (". 2 4 0 6", "not_assessable"),
        ("? 9 4 0 6", "not_assessable"),
        ("_ _ _ _ 0", "not_assessable"),
        ("_ _ _ _ _", "not_assessable"),
    ],
)
def test_sum(cells, outcome):
    con = marts()
    add_report(con, {("review", "reconsideration"): cells.split()})
    got = outcomes(con, "review.sum")
    assert got == {
        "review/reconsideration": outcome,
        "review/litigation_direct": "not_assessable",
        "review/litigation_after_review": "not_assessable",
    }


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(*[st.sampled_from(["0", "1", "2", "3", "_"])] * 5), min_size=1, max_size=8)
)
def test_broken_means_that_no_reading_of_the_blanks_fits(rows):
    con = marts()
    for number, cells in enumerate(rows):
        add_report(con, {("review", "reconsideration"): list(cells)}, f"机关{number}")
    found = con.execute(
        f"SELECT agency, outcome FROM ({sql.subjects(rules()['review.sum'])}) "
        "WHERE subject_key = 'review/reconsideration'"
    ).fetchall()
    for agency, outcome in found:
        cells = rows[int(agency.removeprefix("机关"))]
        readings = product(*[range(16) if c == "_" else [int(c)] for c in cells[:4]])
        total = range(16) if cells[4] == "_" else [int(cells[4])]
        fits = any(sum(reading) in total for reading in readings)
        assert (outcome == "broken") == (not fits)
        if outcome == "holds":
            assert sum(int(c) for c in cells[:4] if c != "_") == int(cells[4])


def applications(**rows: str):
    return {("applications", row): cells.split() for row, cells in rows.items()}


@pytest.mark.parametrize(
    ("received", "carried_in", "total", "carried_out", "outcome"),
    [
        ("10", "2", "9", "3", "holds"),
        ("10", "2", "9", "2", "broken"),
        ("10", "_", "9", "1", "holds"),
        ("10", "_", "9", "3", "not_assessable"),  # 2 carried in would explain it
        ("10", "_", "9", "0", "broken"),  # nothing carried in can
        ("10", "2", "9", "_", "not_assessable"),
        ("10", "2", "_", "12", "not_assessable"),
        ("10", "?", "9", "1", "not_assessable"),
    ],
)
def test_balance(received, carried_in, total, carried_out, outcome):
    con = marts()
    rows = applications(
        received=received, carried_in=carried_in, total=total, carried_out=carried_out
    )
    add_report(con, rows)
    got = outcomes(con, "applications.balance")
    assert got["applications/natural_person"] == outcome
    assert got["applications/business"] == "not_assessable"
    assert len(got) == 7


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ("3", "3", "holds"),
        ("3", "2", "broken"),
        ("_", "0", "not_assessable"),
        ("3", "/", "not_assessable"),
    ],
)
@pytest.mark.parametrize(("year", "edition"), [(2022, "2021"), (2020, "2019")])
def test_carry_over_holds_across_editions(before, now, outcome, year, edition):
    con = marts()
    add_report(con, applications(carried_out=before), year=year, edition=edition)
    add_report(con, applications(carried_in=now), year=year + 1)
    assert outcomes(con, "applications.carry_over")["applications/natural_person"] == outcome


def test_carry_over_needs_the_year_before_of_the_same_agency():
    con = marts()
    add_report(con, applications(carried_out="3"), year=2021)
    add_report(con, applications(carried_out="3"), agency="乙", year=2022)
    add_report(con, applications(carried_in="2"), year=2023)
    assert set(outcomes(con, "applications.carry_over").values()) == {"not_assessable"}


def proactive(cells: str):
    return {("proactive", "regulations"): cells.split()}


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ("1 0 10", "2 1 11", "holds"),
        ("1 0 10", "2 1 12", "broken"),
        ("1 0 10", "_ 0 12", "not_assessable"),  # 2 issued would explain it
        ("1 0 10", "_ 0 9", "broken"),
        ("1 0 10", "0 _ 9", "not_assessable"),
        ("1 0 _", "2 1 11", "not_assessable"),
    ],
)
def test_roll_forward(before, now, outcome):
    con = marts()
    add_report(con, proactive(before), year=2022)
    add_report(con, proactive(now), year=2023)
    assert outcomes(con, "proactive.roll_forward")["proactive/regulations"] == outcome


def test_roll_forward_does_not_cross_editions():
    con = marts()
    add_report(con, proactive("1 1 10"), year=2020, edition="2019")
    add_report(con, proactive("0 0 11"), year=2021)
    assert set(outcomes(con, "proactive.roll_forward").values()) == {"not_assessable"}


def test_every_identity_of_the_forms_is_a_rule_and_the_other_way_round():
    in_forms = {
        identity.rule
        for edition in editions().values()
        for table in edition.tables.values()
        for identity in table.identities
    }
    assert in_forms == {rule.id for rule in rules().values() if rule.sql is None}


def test_several_identities_of_a_rule_in_one_table_are_several_subjects():
    con = marts()
    rows = {("statistics", f"requests.{key}"): [printed] for key, printed in {
        "received": "3", "in_person": "1", "fax": "_", "online": "2", "letter": "0",
        "closed": "3", "closed_on_time": "1", "closed_extended": "1",
    }.items()}  # fmt: skip
    add_report(con, rows, year=2016, edition="2014")
    select = sql.subjects(rules()["statistics.sums"])
    found = con.execute(f"SELECT subject, outcome FROM ({select})").fetchall()
    assert dict(found)["（一）收到申请数·统计数（requests.received/value）"] == "holds"
    assert dict(found)["（二）申请办结数·统计数（requests.closed/value）"] == "broken"
    assert len(found) == 7
