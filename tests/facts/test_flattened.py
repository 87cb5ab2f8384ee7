"""Tables that lost their grid are read by label; runs of digits only where one reading holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.grids import addresses, filled, flattened, numbered, reported
from zwgk_analytics.facts.alignment import align
from zwgk_analytics.facts.flattened import restore
from zwgk_analytics.facts.readings import consistent, cuts
from zwgk_analytics.readers import Document, Paragraph

TABLES = ["proactive", "applications", "review"]


def read_flat(document):
    found = restore(document, TABLES)
    alignment = align(Document("text", tuple(r.grid for r in found)))
    return reported(alignment), [note for r in found for note in r.notes]


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("shape", ["a line a cell", "pipes", "lone pipes", "one line"])
def test_every_number_comes_back_from_plain_text(edition, shape):
    values = numbered(edition)
    assert read_flat(flattened(filled(edition, values), shape)) == (values, [])


def test_blanks_between_pipes_stay_blanks():
    values = {a: "" if a[2] == "business" else "3" for a in addresses("2021")}
    found, _ = read_flat(flattened(filled("2021", values), "pipes"))
    assert found == {a: v for a, v in values.items() if v}


@pytest.mark.parametrize(
    ("run", "numbers"),
    [
        ("10203120001200000", "1 0 2 0 3 12 0 0 0 12 0 0 0 0 0"),
        ("110024001510102", "1 1 0 0 2 4 0 0 1 5 1 0 1 0 2"),
        ("21317000001324019", "2 1 3 1 7 0 0 0 0 0 13 2 4 0 19"),
    ],
)
def test_runs_of_real_reports_with_one_reading(run, numbers):
    assert cuts((run,), (5, 5, 5)) == (tuple(map(int, numbers.split())),)


def test_a_run_with_several_readings_is_unreadable_and_counts_them():
    document = Document(
        "text",
        (
            Paragraph("四、政府信息公开行政复议、行政诉讼情况", "paragraph 1"),
            Paragraph("行政复议 行政诉讼 结果维持 结果纠正 其他结果 尚未审结 总计", "paragraph 2"),
            Paragraph("72641783735113481261211620", "paragraph 3"),
        ),
    )
    found, notes = read_flat(document)
    assert not found
    assert [(code, "3 readings" in message) for code, message, _ in notes] == [
        ("run.ambiguous", True)
    ]


def test_prose_that_names_rows_is_no_table():
    text = "一、总体情况\n全年行政许可2293件，行政处罚1282件。"
    assert restore(Document("text", (Paragraph(text, "paragraph 1"),)), TABLES) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=6, max_size=6))
def test_the_true_reading_is_always_among_the_cuts(parts):
    row = (*parts, sum(parts))
    assert row in cuts(("".join(map(str, row)),), (7,))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4),
)
def test_what_is_accepted_is_the_truth(table):
    rows = [(*r, sum(r)) for r in table]
    rows.append(tuple(map(sum, zip(*rows, strict=True))))
    options = [cuts(("".join(map(str, r)),), (4,)) for r in rows]
    answers = consistent(options, [[*(1 for _ in table), -1]])
    assert answers and (len(answers) > 1 or answers[0] == tuple(rows))
