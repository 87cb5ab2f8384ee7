"""Grids of consecutive pages: when they are one table, and what the page break did to it."""

from tests.readers.pdf_files import hand_written, text
from zwgk_analytics.readers import pdf
from zwgk_analytics.readers.pdf_join import Table
from zwgk_analytics.readers.ruled_grid import RuledCell, RuledGrid
from zwgk_analytics.readers.text_lines import Char

_XS = [0.0, 50.0, 150.0, 200.0, 250.0]


def _cell(words: str, row: int, column: int, rowspan: int = 1, colspan: int = 1, **sides: bool):
    chars = [Char(c, 10.0 * i, 0, 10.0 * i + 10, 10) for i, c in enumerate(words)]
    return RuledCell(row, column, rowspan, colspan, **sides, chars=chars)


def _grid(*cells: RuledCell, xs: list[float] = _XS) -> RuledGrid:
    rows = max(c.row + c.rowspan for c in cells)
    return RuledGrid(list(xs), [20.0 * i for i in range(rows + 1)], list(cells))


def _row(row: int, *words: str, first: int = 0, **sides: bool) -> list[RuledCell]:
    return [_cell(w, row, column, **sides) for column, w in enumerate(words, first)]


def _joined(first: RuledGrid, second: RuledGrid) -> list[list[str]]:
    table = Table.of(first, 1)
    assert table.continues_in(second)
    table.extend(second, 2)
    return [[c.text if c else "-" for c in row] for row in table.grid("table 1").slots()]


def test_a_header_printed_again_is_dropped():
    head = _row(0, "项目", "内容", "甲", "乙")
    first = _grid(*head, *_row(1, "一、", "a", "1", "2"))
    second = _grid(*_row(0, "项目", "内容", "甲", "乙"), *_row(1, "二、", "b", "3", "4"))
    assert _joined(first, second)[1:] == [["一、", "a", "1", "2"], ["二、", "b", "3", "4"]]


def test_a_row_of_figures_like_the_first_is_kept():
    rows = _joined(_grid(*_row(0, "0", "0", "0", "0")), _grid(*_row(0, "0", "0", "0", "0")))
    assert rows == [["0"] * 4, ["0"] * 4]


def test_a_label_cut_in_two_is_one_cell():
    first = _grid(_cell("（四）无", 0, 0), *_row(0, "1.甲", "5", "6", first=1))
    second = _grid(
        _cell("法提供", 0, 0, 2),
        *_row(0, "2.乙", "7", "8", first=1),
        *_row(1, "3.丙", "9", "0", first=1),
    )
    label = "（四）无\n法提供"
    assert _joined(first, second) == [
        [label, "1.甲", "5", "6"],
        [label, "2.乙", "7", "8"],
        [label, "3.丙", "9", "0"],
    ]


def test_a_label_that_is_blank_or_repeated_after_the_break_goes_on():
    first = _grid(_cell("（四）", 0, 0, 1), *_row(0, "1.甲", "5", "6", first=1))
    for words in ("", "（四）"):
        second = _grid(_cell(words, 0, 0), *_row(0, "2.乙", "7", "8", first=1))
        assert _joined(first, second) == [
            ["（四）", "1.甲", "5", "6"],
            ["（四）", "2.乙", "7", "8"],
        ]


def test_a_new_label_is_not_taken_for_the_rest_of_the_old():
    first = _grid(*_row(0, "行政许可", "甲", "5", "6"))
    second = _grid(*_row(0, "行政处罚", "乙", "7", "8"))
    assert _joined(first, second) == [["行政许可", "甲", "5", "6"], ["行政处罚", "乙", "7", "8"]]


def test_a_blank_figure_stays_blank():
    first = _grid(*_row(0, "（四）", "1.甲", "5", "6"))
    second = _grid(*_row(0, "（五）", "1.乙", "", "8"))
    assert _joined(first, second)[1] == ["（五）", "1.乙", "", "8"]


def test_a_row_cut_in_two_is_one_row():
    first = _grid(*_row(0, "（四）", "1.本机关不掌", "5", "6"))
    second = _grid(*_row(0, "", "握信息", "", ""), *_row(1, "（五）", "1.乙", "7", "8"))
    assert _joined(first, second) == [
        ["（四）", "1.本机关不掌\n握信息", "5", "6"],
        ["（五）", "1.乙", "7", "8"],
    ]


def test_a_row_that_no_line_closes_at_the_break_is_one_row():
    first = _grid(*_row(0, "行政事业", "甲", "5", "", is_open_below=True))
    second = _grid(*_row(0, "性收费", "", "", "6", is_open_above=True))
    assert _joined(first, second) == [["行政事业\n性收费", "甲", "5", "6"]]


def test_rows_with_figures_in_one_column_are_two():
    first = _grid(*_row(0, "1.甲", "a", "5", "6", is_open_below=True))
    second = _grid(*_row(0, "乙", "b", "7", "8", is_open_above=True))
    assert [row[2] for row in _joined(first, second)] == ["5", "7"]


def test_a_column_left_unruled_after_the_break_belongs_to_the_cell_above():
    first = _grid(_cell("三、", 0, 0), *_row(0, "甲", "1", "2", first=1))
    second = _grid(*_row(0, "乙", "3", "4"), *_row(1, "丙", "5", "6"), xs=_XS[1:])
    assert _joined(first, second) == [
        ["三、", "甲", "1", "2"],
        ["三、", "乙", "3", "4"],
        ["三、", "丙", "5", "6"],
    ]


def test_fragments_with_fewer_edges_share_the_lattice_of_the_table():
    first = _grid(*_row(0, "a", "b", "1", "2"))
    second = _grid(_cell("总计", 0, 0), _cell("3", 0, 1), xs=[0.0, 150.0, 250.0])
    assert _joined(first, second) == [["a", "b", "1", "2"], ["总计", "总计", "3", "3"]]


def test_other_columns_make_another_table():
    table = Table.of(_grid(*_row(0, "a", "b", "1", "2")), 1)
    assert not table.continues_in(_grid(*_row(0, "a", "b"), xs=[0.0, 90.0, 250.0]))
    assert not table.continues_in(_grid(*_row(0, "a", "b"), xs=[20.0, 90.0, 300.0]))


def _ruled(y: int, left: str, right: str) -> str:
    lines = f"100 {y} 200 20 re S 200 {y} m 200 {y + 20} l S "
    return lines + text(110, y + 6, left) + text(210, y + 6, right)


def test_body_text_between_parts_two_tables():
    first = _ruled(100, "ab", "1") + text(290, 30, "4")
    whole = pdf.read(hand_written(first, _ruled(700, "cd", "2") + text(290, 30, "5")))
    parted = pdf.read(hand_written(first, text(100, 730, "words") + _ruled(700, "cd", "2")))
    assert [g.n_rows for g in whole.grids] == [2]
    assert whole.paragraphs == []
    assert [g.n_rows for g in parted.grids] == [1, 1]
    assert [c.page for c in whole.grids[0].cells] == [1, 1, 2, 2]
