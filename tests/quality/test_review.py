"""What people decide about findings survives every refresh, in a file that git can keep."""

import pytest

from tests.quality.literal import add_report, marts
from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.quality import assess, load_reviews, reviews_of
from zwgk_analytics.quality.review import NAME, decide, reviewed


@pytest.fixture
def opened(tmp_path):
    con = marts(str(tmp_path / "zwgk.duckdb"))
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "7"]})
    assess(con)
    con.close()
    with Marts(tmp_path / "zwgk.duckdb") as found:
        yield found


def the_id(opened):
    (found,) = opened.sql("SELECT finding_id FROM findings WHERE rule = 'review.sum'").rows()
    return found[0]


def test_a_decision_is_kept_in_a_file_and_joined_at_the_next_refresh(opened, tmp_path):
    wanted = the_id(opened)
    (made,) = decide(opened, tmp_path, [wanted[:6]], "waived", "表式说明允许")
    assert (made.finding_id, made.state, made.rule) == (wanted, "waived", "review.sum")
    head, line = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()
    assert head == "finding_id,state,reason,decided_on,rule,agency,period,subject"
    assert line.startswith(f"{wanted},waived,表式说明允许,")
    now = reviewed(opened, tmp_path).filter(finding_id=wanted)
    assert now["review_state"].to_list() == ["waived"]

    con = marts()
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "7"]})
    assess(con, load_reviews(tmp_path))
    state = "SELECT review_state, review_reason FROM findings WHERE rule = 'review.sum'"
    assert con.execute(state).fetchall() == [("waived", "表式说明允许")]
    assess(con, reviews_of(con))
    assert con.execute(state).fetchall() == [("waived", "表式说明允许")]


def test_what_was_fixed_and_is_found_again_is_open(opened, tmp_path):
    decide(opened, tmp_path, [the_id(opened)], "fixed")
    con = marts()
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "7"]})
    assess(con, load_reviews(tmp_path))
    state, reason = con.execute("SELECT review_state, review_reason FROM findings").fetchone()
    assert state == "open"
    assert reason.startswith("曾标记为已更正") and reason.endswith("仍然存在")


def test_wrong_decisions_are_refused_and_nothing_is_written(opened, tmp_path):
    with pytest.raises(UsageError, match="give --reason"):
        decide(opened, tmp_path, [the_id(opened)], "waived")
    with pytest.raises(UsageError, match="no finding has an id that begins with 'zz'"):
        decide(opened, tmp_path, ["zz"], "confirmed")
    with pytest.raises(UsageError, match="no state 'done'"):
        decide(opened, tmp_path, [the_id(opened)], "done")
    assert not (tmp_path / NAME).exists()


def test_a_wrong_line_of_the_file_is_told_with_its_number(tmp_path):
    (tmp_path / NAME).write_text("finding_id,state\nabc,done\n", encoding="utf-8")
    with pytest.raises(ZwgkError, match=r"review\.csv:2: no state 'done'"):
        load_reviews(tmp_path)
