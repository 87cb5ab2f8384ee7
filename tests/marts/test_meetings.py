"""Topics of meetings: what was kept of the limits and what was published."""

from datetime import date

import pytest

from tests.marts.facts import rows
from tests.marts.only import only

HELD = date(2024, 5, 13)  # a Monday
NAME = "市政府第12次常务会议"


def topic(place=2, name="防汛预案", **more):
    base = {"source": "meetings.csv", "place": f"row {place}", "host": "甲市人民政府"}
    return base | {"meeting": NAME, "held_on": HELD, "topic": name, "agency": "甲局"} | more


def told(*topics, columns, registers=None, mart="meetings", order="source, length(place), place"):
    names = ("meetings", "meeting_sessions")
    con = only(*names, kind="meetings", facts=topics, registers=registers)
    return rows(con, f"SELECT {columns} FROM {mart} ORDER BY {order}")


@pytest.mark.parametrize(
    ("held", "last_day"),
    [
        (date(2024, 5, 12), date(2024, 5, 2)),  # a Sunday ends the week
        (date(2024, 5, 13), date(2024, 5, 9)),
        (date(2024, 5, 19), date(2024, 5, 9)),
        (date(2024, 3, 1), date(2024, 2, 22)),
    ],
)
def test_topics_are_due_by_thursday_of_the_week_before(held, last_day):
    due = told(topic(held_on=held), columns="submit_by, submit_by_time")
    assert due == [(last_day, "17:00")]


@pytest.mark.parametrize(
    ("day", "time", "kept"),
    [
        (8, None, True),
        (9, "16:30", True),
        (9, "17:00", True),
        (9, "17:01", False),
        (9, None, None),
        (10, "08:00", False),
    ],
)
def test_submission(day, time, kept):
    row = topic(submitted_on=date(2024, 5, day), submitted_time=time)
    assert told(row, columns="submission_kept") == [(kept,)]


def test_what_is_not_known_is_null():
    kept = "submission_kept, report_length_kept, consultation_kept, legal_review_kept, "
    kept += "minutes_kept, follow_up_kept, published_kept, comments_kept, feedback_kept"
    assert told(topic(), columns=kept) == [(None,) * 9]
    undated = topic(held_on=None, meeting=None, submitted_on=date(2024, 5, 8))
    assert told(undated, columns=f"meeting_id, {kept}") == [(None,) * 10]


@pytest.mark.parametrize(("characters", "kept"), [(2500, True), (2501, False), (None, None)])
def test_report_length(characters, kept):
    assert told(topic(report_characters=characters), columns="report_length_kept") == [(kept,)]


LATER = topic(9, "其他", meeting="市政府第20次常务会议", held_on=date(2024, 12, 30))


@pytest.mark.parametrize(
    ("cells", "told_of"),
    [
        ({"minutes_drafted_on": date(2024, 5, 16)}, (3, True)),
        ({"minutes_drafted_on": date(2024, 5, 17)}, (4, False)),
        ({"minutes_drafted_on": date(2024, 5, 12)}, (None, None)),
        ({"minutes_issued_on": date(2024, 5, 15)}, (None, True)),
        ({"minutes_issued_on": date(2024, 5, 20)}, (None, None)),
        ({}, (None, False)),
    ],
)
def test_minutes(cells, told_of):
    other = LATER | {"minutes_drafted_on": date(2024, 12, 31)}
    found = told(topic(**cells), other, columns="minutes_workdays, minutes_kept")
    assert found[0] == told_of


def test_working_days_count_the_days_made_up_for():
    row = topic(held_on=date(2024, 4, 30), minutes_drafted_on=date(2024, 5, 8))
    assert told(row, columns="minutes_workdays") == [(3,)]  # 1 to 5 May off; none made up for


def test_minutes_that_no_ledger_records_or_that_are_not_due_yet_are_not_missing():
    assert told(topic(), LATER, columns="minutes_kept") == [(None,), (None,)]
    other = topic(3, meeting="市政府第11次常务会议", held_on=date(2024, 5, 6))
    done = other | {"minutes_drafted_on": date(2024, 5, 7)}
    assert told(topic(), done, columns="minutes_kept") == [(None,), (True,)]


def test_minutes_are_of_the_meeting_and_not_of_one_topic():
    first = topic(2, minutes_drafted_on=date(2024, 5, 14))
    assert told(first, topic(3, "乙"), LATER, columns="minutes_kept")[:2] == [(True,), (True,)]


@pytest.mark.parametrize(
    ("followed", "kept"),
    [
        (date(2024, 8, 13), (92, True)),
        (date(2024, 8, 14), (93, False)),
        (date(2024, 5, 1), (None, None)),
        (None, (None, False)),
    ],
)
def test_follow_up(followed, kept):
    other = LATER | {"followed_up_on": date(2024, 12, 31)}
    row = topic(followed_up_on=followed)
    assert told(row, other, columns="follow_up_days, follow_up_kept")[0] == kept


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"is_published": True}, (True, True)),
        ({"minutes_published_on": date(2024, 5, 20)}, (True, True)),
        ({"is_published": False}, (False, False)),
        ({"is_published": False, "withheld_because": "无"}, (False, False)),
        ({"is_published": False, "withheld_because": "涉及国家秘密"}, (False, None)),
    ],
)
def test_publication(cells, kept):
    assert told(topic(**cells), columns="is_published, published_kept") == [kept]


FROM = {"comment_from": date(2024, 3, 1), "comment_to": date(2024, 3, 30)}


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (FROM | {"is_major": True}, (30, True)),
        (FROM | {"is_major": True, "comment_to": date(2024, 3, 29)}, (29, False)),
        (FROM, (30, None)),
        (FROM | {"is_major": True, "comment_to": date(2024, 2, 1)}, (None, None)),
    ],
)
def test_comment_period_of_major_decisions(cells, kept):
    assert told(topic(**cells), columns="comment_days, comments_kept") == [kept]


@pytest.mark.parametrize(
    ("feedback", "kept"),
    [
        (date(2024, 4, 29), (30, True)),
        (date(2024, 4, 30), (31, False)),
        (date(2024, 3, 15), (None, None)),
        (None, (None, False)),
    ],
)
def test_feedback(feedback, kept):
    other = LATER | {"feedback_on": date(2024, 12, 1)}
    row = topic(**FROM, feedback_on=feedback)
    assert told(row, other, columns="feedback_days, feedback_kept")[0] == kept


def test_a_normative_draft_needs_a_legal_review():
    drafts = [topic(2, "甲", is_normative=True, legal_review=True)]
    drafts.append(topic(3, "乙", is_normative=True, legal_review=False))
    drafts.append(topic(4, "丙", is_normative=False, legal_review=False))
    assert told(*drafts, columns="legal_review_kept") == [(True,), (False,), (None,)]


def test_limits_are_settings_by_name_of_host_meeting_or_unit(tmp_path):
    own = "meeting_report_characters: {甲市: 3000, 甲市人民政府: 2000}\n"
    own += "meeting_submission_weekday: {甲市: 3}\nmeeting_submission_time: {甲市: 930}\n"
    own += "meeting_submission_weeks: {甲市: 0}\n"
    (tmp_path / "limits.yml").write_text(own, encoding="utf-8")
    columns = "limit_characters, submit_by, submit_by_time"
    here, there = topic(), topic(3, host="乙市人民政府")
    found = told(here, there, columns=columns, registers=tmp_path)
    assert found == [
        (2000, date(2024, 5, 15), "09:30"),
        (2500, date(2024, 5, 9), "17:00"),
    ]


def test_of_an_informal_meeting_nothing_is_asked():
    row = topic(meeting_kind="briefing", report_characters=9000, submitted_on=HELD)
    assert told(row, columns="submission_kept, report_length_kept, submit_by") == [(None,) * 3]
    many = [topic(n, f"议题{n}", meeting_kind="briefing") for n in range(2, 12)]
    assert told(*many, columns="topics, topics_kept", mart="meeting_sessions", order="1") == [
        (10, None)
    ]


def several(count, first=2, **more):
    return [topic(first + n, f"议题{first + n}", **more) for n in range(count)]


def sessions(*topics, columns="topics, joined_topics, topics_kept", registers=None):
    return told(
        *topics, columns=columns, mart="meeting_sessions", order="meeting", registers=registers
    )


OTHER = "市长办公会议"


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        ((5, {}), (0, {}), [(5, None, True)]),
        ((6, {}), (0, {}), [(6, None, False)]),
        ((3, {"follows": OTHER}), (3, {}), [(3, 6, True), (3, 6, True)]),
        ((4, {"follows": OTHER}), (3, {}), [(4, 7, False), (3, 7, False)]),
        ((4, {"is_joined": True}), (3, {"is_joined": True}), [(4, 7, False), (3, 7, False)]),
        ((4, {"follows": "是"}), (3, {}), [(4, 7, False), (3, 7, False)]),
        ((4, {"follows": "否"}), (3, {}), [(4, None, True), (3, None, True)]),
        ((4, {"is_joined": True}), (3, {"is_joined": False}), [(4, None, None), (3, None, True)]),
        ((4, {}), (3, {}), [(4, None, True), (3, None, True)]),
        ((4, {"follows": "省里的会"}), (0, {}), [(4, None, None)]),
    ],
)
def test_topics_of_a_meeting_and_of_meetings_held_together(ours, theirs, kept):
    (n, cells), (m, others) = ours, theirs
    rows_of = several(n, **cells) + several(m, 20, meeting=f"第3次{OTHER}", **others)
    assert sessions(*rows_of) == kept


def test_a_day_printed_once_for_a_meeting_is_that_of_all_its_topics():
    rows_of = [topic(2, "甲"), topic(3, "乙", held_on=None)]
    assert sessions(*rows_of, columns="held_on, topics") == [(HELD, 2)]
    rows_of += [topic(4, "丙", held_on=date(2024, 6, 1))]
    found = sessions(*rows_of, columns="topics, held_on")
    assert sorted(found, key=str) == [
        (1, None),
        (1, HELD),
        (1, date(2024, 6, 1)),
    ]


def test_topics_without_a_meeting_leave_the_number_of_topics_open():
    stray = topic(9, "无主", meeting=None, held_on=None)
    assert sessions(*several(5), stray) == [(5, None, None)]
    assert sessions(*several(6), stray) == [(6, None, False)]
    assert sessions(*several(5), stray | {"source": "other.csv"}) == [(5, None, True)]


def test_a_ledger_kept_twice_counts_once_and_the_fuller_row_stays():
    once = topic(source="a.csv")
    again = topic(source="b.csv", followed_up_on=date(2024, 6, 1))
    repeats = told(once, again, columns="source, is_repeat")
    assert repeats == [("a.csv", True), ("b.csv", False)]
    assert sessions(once, again, columns="topics, source, place") == [(1, "b.csv", "row 2")]


def test_what_was_published_is_counted_and_silence_is_no_zero():
    rows_of = [
        topic(2, "甲", is_published=True),
        topic(3, "乙", is_published=False),
        topic(4, "丙", is_published=False, withheld_because="涉密"),
        topic(5, "丁"),
        topic(6, "戊", meeting="市政府第13次常务会议"),
    ]
    found = sessions(*rows_of, columns="published, unpublished, withheld")
    assert found == [(1, 2, 1), (None, None, 0)]
