"""Spans → positions, as a browser lays tables out."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Cell
from zwgk_analytics.readers.spans import MAX_CELLS, MAX_COLUMNS, Spanned, lay_out


def positions(*rows: list[Spanned]) -> dict[str, tuple[int, int, int, int]]:
    return {c.text: (c.row, c.column, c.rowspan, c.colspan) for c in lay_out([rows])}


def test_cells_flow_around_a_rowspan() -> None:
    assert positions(
        [Spanned("三、", 3), Spanned("（一）", 1, 2)],
        [Spanned("（三）", 2), Spanned("1.")],
        [Spanned("2.")],
    ) == {
        "三、": (0, 0, 3, 1),
        "（一）": (0, 1, 1, 2),
        "（三）": (1, 1, 2, 1),
        "1.": (1, 2, 1, 1),
        "2.": (2, 2, 1, 1),
    }


def test_rowspans_end_with_their_section() -> None:
    head, body = [[Spanned("a", 9), Spanned("b", 0)], []], [[Spanned("c")]]
    assert lay_out([head, body]) == (Cell("a", 0, 0, 2), Cell("b", 0, 1, 2), Cell("c", 2, 0))


def test_overlapping_spans_give_up_columns_not_places() -> None:
    assert positions(
        [Spanned("a"), Spanned("b", 2), Spanned("c")], [Spanned("d", 1, 2), Spanned("e")]
    ) == {
        "a": (0, 0, 1, 1),
        "b": (0, 1, 2, 1),
        "c": (0, 2, 1, 1),
        "d": (1, 0, 1, 1),
        "e": (1, 2, 1, 1),
    }


def test_a_gap_takes_its_slots_and_no_cell() -> None:
    assert positions([Spanned(None, 1, 2), Spanned("a")]) == {"a": (0, 2, 1, 1)}


def test_a_colspan_for_all_columns_ends_where_the_columns_end() -> None:
    assert positions([Spanned("title", 1, 999)], [Spanned("a"), Spanned("b")]) == {
        "title": (0, 0, 1, 2),
        "a": (1, 0, 1, 1),
        "b": (1, 1, 1, 1),
    }


@pytest.mark.parametrize(
    "rows",
    [
        [[Spanned("a", 1, 100_000_000), Spanned("b")]],
        [[Spanned("a")] * (MAX_COLUMNS + 1)],
        [[Spanned("a")]] * (MAX_CELLS + 1),
        [[Spanned("a")] * MAX_COLUMNS] * (MAX_CELLS // MAX_COLUMNS + 1),
        [[Spanned("a", 100_000_000)] * MAX_COLUMNS, *([[]] * MAX_CELLS)],
    ],
)
def test_caps_are_told(rows: list[list[Spanned]]) -> None:
    with pytest.raises(ReadError, match="a table has more than") as error:
        lay_out([rows])
    assert error.value.code == "too_large"


def test_the_caps_themselves_are_read() -> None:
    rows = [[Spanned("a")] * MAX_COLUMNS] * (MAX_CELLS // MAX_COLUMNS)
    assert len(lay_out([rows])) == MAX_CELLS


SPANS = st.sampled_from([0, 1, 1, 1, 2, 3, 5, 40, 10**8])
ROWS = st.lists(st.lists(st.tuples(SPANS, SPANS), max_size=5), max_size=6)


@given(st.lists(ROWS, max_size=3))
@settings(deadline=None)
def test_no_slot_is_covered_twice_and_no_text_is_lost(
    sections: list[list[list[tuple[int, int]]]],
) -> None:
    spans = [
        [
            [Spanned(f"{s}.{r}.{c}", *cell) for c, cell in enumerate(row)]
            for r, row in enumerate(rows)
        ]
        for s, rows in enumerate(sections)
    ]
    try:
        cells = lay_out(spans)
    except ReadError as error:
        assert error.code == "too_large"
        return
    assert [c.text for c in cells] == [c.text for rows in spans for row in rows for c in row]
    slots = [
        slot
        for c in cells
        for slot in product(range(c.row, c.row + c.rowspan), range(c.column, c.column + c.colspan))
    ]
    assert len(slots) == len(set(slots))
    assert all(row < sum(map(len, sections)) for row, _ in slots)
