"""Tables ruled between the rows only, and lines that make no table."""

from tests.readers.pdf_files import hand_written, text
from zwgk_analytics.readers import pdf

_ROWS = (("item", "unit", "year"), ("ab", "x", "12"), ("cd", "x", "345"), ("ef", "y", "6"))


def _line(y: int, start: int = 100, end: int = 400) -> str:
    return f"{start} {y} m {end} {y} l S "


def _words(rows: tuple[tuple[str, ...], ...]) -> str:
    return "".join(
        text(x, 726 - 20 * i, word)
        for i, row in enumerate(rows)
        for x, word in zip((110, 220, 320), row, strict=False)
    )


def _rows(content: str) -> list[list[list[str]]]:
    grids = pdf.read(hand_written(content)).grids
    return [[[c.text if c else "-" for c in row] for row in grid.slots()] for grid in grids]


def test_columns_follow_from_the_gaps_in_the_text():
    lines = "".join(_line(740 - 20 * i) for i in range(5))
    assert _rows(lines + _words(_ROWS)) == [[list(row) for row in _ROWS]]


def test_a_row_that_runs_over_a_gap_spans_the_columns():
    lines = "".join(_line(740 - 20 * i) for i in range(7))
    rows = (("all the items of this long year",), *_ROWS, ("gh", "y", "7"))
    found = _rows(lines + _words(rows))
    assert found == [[["all the items of this long year"] * 2 + [""], *map(list, rows[1:])]]


def test_a_block_between_three_lines_is_not_taken_for_a_row():
    lines = _line(740) + _line(720) + _line(655)
    assert _rows(lines + _words(_ROWS)) == []


def test_lines_of_different_length_are_no_table():
    lines = "".join(_line(740 - 20 * i, end=400 - 40 * i) for i in range(5))
    assert _rows(lines + _words(_ROWS)) == []


def test_prose_between_lines_is_no_table():
    lines = "".join(_line(740 - 20 * i) for i in range(5))
    prose = "".join(
        text(110, 726 - 20 * i, "words that run on and on and on and on") for i in range(4)
    )
    assert _rows(lines + prose) == []
