"""Tables of one page, drawn in the ways producers draw them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.pdf_files import hand_written, stream, text, typeset
from zwgk_analytics.readers import pdf
from zwgk_analytics.readers.document import Grid

_XS, _YS = (100, 200, 300), (700, 720, 740)
_WORDS = text(110, 726, "ab") + text(210, 726, "12") + text(110, 706, "cd") + text(210, 706, "345")
_EXPECTED = [["ab", "12"], ["cd", "345"]]


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell.text if cell else "-" for cell in row] for row in grid.slots()]


def _stroked() -> str:
    across = "".join(f"100 {y} m 300 {y} l S " for y in _YS)
    return across + "".join(f"{x} 700 m {x} 740 l S " for x in _XS)


def _thin_rectangles() -> str:
    across = "".join(f"100 {y} 200 .5 re f " for y in _YS)
    return across + "".join(f"{x} 700 .5 40 re f " for x in _XS)


def _box_per_cell() -> str:
    cells = [(x + 0.6, y + 0.6) for x in _XS[:2] for y in _YS[:2]]
    return "".join(f"{x} {y} 98.8 18.8 re S " for x, y in cells)


def _frame_per_cell() -> str:
    cells = [(x, y) for x in _XS[:2] for y in _YS[:2]]
    return "".join(f"{x} {y} 100 20 re {x + 0.7} {y + 0.7} 98.6 18.6 re f* " for x, y in cells)


def _dashes() -> str:
    across = "".join(f"{x} {y} 2 .5 re f " for y in _YS for x in range(100, 300, 4))
    return across + "".join(f"{x} {y} .5 2 re f " for x in _XS for y in range(700, 740, 4))


def _dots() -> str:
    across = "".join(f"{x} {y} .8 .8 re f " for y in _YS for x in range(100, 301, 2))
    return across + "".join(f"{x} {y} .8 .8 re f " for x in _XS for y in range(700, 741, 2))


def _double_lines() -> str:
    across = "".join(f"98 {y + d} m 302 {y + d} l S " for y in _YS for d in (-1, 1))
    return across + "".join(f"{x + d} 698 m {x + d} 742 l S " for x in _XS for d in (-1, 1))


def _open_corners() -> str:
    across = "".join(f"102 {y} m 298 {y} l S " for y in _YS)
    return across + "".join(f"{x} 702 m {x} 738 l S " for x in _XS)


def _wide_pen() -> str:
    across = "".join(f"200 w 200 {y} m 200 {y + 0.5} l S " for y in _YS)
    return across + "".join(f"40 w {x} 720 m {x + 0.5} 720 l S " for x in _XS)


@pytest.mark.parametrize(
    "lines",
    [
        _stroked,
        _thin_rectangles,
        _box_per_cell,
        _frame_per_cell,
        _dashes,
        _dots,
        _double_lines,
        _open_corners,
        _wide_pen,
    ],
    ids=lambda f: f.__name__.strip("_"),
)
def test_lines_are_read_however_they_are_drawn(lines):
    (grid,) = pdf.read(hand_written(lines() + _WORDS)).grids
    assert _texts(grid) == _EXPECTED


def test_lines_and_text_inside_a_form_stand_where_its_matrix_puts_them():
    form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 900 900]/Matrix[1 0 0 1 3 4]"
        "/Resources<</Font<</F 3 0 R>>>>",
        _stroked() + _WORDS,
    )
    page = hand_written("q .5 0 0 .5 20 30 cm /X Do Q " + text(50, 50, "below"), extra=[form])
    document = pdf.read(page)
    assert [_texts(grid) for grid in document.grids] == [_EXPECTED]
    assert [p.text for p in document.paragraphs] == ["below"]


def test_replaced_text_inside_a_form_falls_into_its_cell():
    replaced = (
        "BT /F 10 Tf 210 726 Td /Span<</ActualText<FEFF00310032>>> BDC (xy) Tj EMC ET "
        + text(110, 726, "ab")
        + text(110, 706, "cd")
        + text(210, 706, "345")
    )
    form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 900 900]/Resources<</Font<</F 3 0 R>>>>",
        _stroked() + replaced,
    )
    (grid,) = pdf.read(hand_written("q .5 0 0 .5 20 30 cm /X Do Q", extra=[form])).grids
    assert _texts(grid) == _EXPECTED


def test_a_table_without_side_lines_keeps_its_outer_columns():
    lines = "".join(f"100 {y} m 300 {y} l S " for y in _YS) + "200 700 m 200 740 l S "
    (grid,) = pdf.read(hand_written(lines + _WORDS)).grids
    assert _texts(grid) == _EXPECTED


def test_a_missing_inner_line_makes_one_cell():
    lines = (
        "100 700 200 40 re S 200 700 m 200 720 l S 100 720 m 300 720 l S "
        + text(110, 726, "head")
        + text(110, 706, "1")
        + text(210, 706, "2")
    )
    (grid,) = pdf.read(hand_written(lines)).grids
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        ("head", 0, 0, 1, 2),
        ("1", 1, 0, 1, 1),
        ("2", 1, 1, 1, 1),
    ]


def test_a_misaligned_header_line_makes_no_column():
    """Header and body lines that miss each other by a few points are one edge."""
    lines = "100 700 200 40 re S 100 720 m 300 720 l S 196 720 m 196 740 l S 204 700 m 204 720 l S "
    (grid,) = pdf.read(hand_written(lines + _WORDS)).grids
    assert _texts(grid) == _EXPECTED


def test_a_number_that_overruns_its_column_stays_whole():
    lines = _stroked() + text(140, 726, "1234567890123") + text(290, 706, "7")
    (grid,) = pdf.read(hand_written(lines)).grids
    assert _texts(grid) == [["1234567890123", ""], ["", "7"]]


def test_two_numbers_in_one_cell_are_not_run_together():
    (grid,) = pdf.read(hand_written(_stroked() + text(110, 726, "12") + text(140, 726, "34"))).grids
    assert grid.cells[0].text == "12 34"


def test_bold_faked_by_printing_twice_is_read_once():
    twice = text(110, 726, "1101") + text(110.3, 726, "1101")
    (grid,) = pdf.read(hand_written(_stroked() + twice)).grids
    assert grid.cells[0].text == "1101"


def test_an_inner_table_keeps_its_text_from_the_frame_around_it():
    frame = "50 600 500 200 re S 50 650 m 550 650 l S " + text(60, 610, "note")
    document = pdf.read(hand_written(frame + _stroked() + _WORDS))
    outer, inner = document.grids
    assert _texts(inner) == _EXPECTED
    assert [c.text for c in outer.cells] == ["", "note"]


def test_a_page_frame_is_no_table():
    frame = "50 50 500 750 re S " + text(60, 760, "first line")
    document = pdf.read(hand_written(frame + _stroked() + _WORDS))
    assert [_texts(grid) for grid in document.grids] == [_EXPECTED]
    assert [p.text for p in document.paragraphs] == ["first line"]


@pytest.mark.parametrize(
    ("rotate", "turn"),
    [(90, "0 1 -1 0 595 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 0 842")],
)
def test_a_rotated_page_is_read_upright(rotate, turn):
    content = f"q {turn} cm " + _stroked() + _WORDS + "Q"
    for page in (f"/Rotate {rotate}", ""):
        (grid,) = pdf.read(hand_written(content, page=page)).grids
        assert _texts(grid) == _EXPECTED


def test_a_slanted_watermark_is_no_content():
    mark = "BT /F 40 Tf .7 .7 -.7 .7 100 690 Tm (COPY) Tj ET "
    (grid,) = pdf.read(hand_written(mark + _stroked() + _WORDS)).grids
    assert _texts(grid) == _EXPECTED


def test_a_label_column_set_downwards_is_read_downwards():
    cell = "#stack(dir: rtl, spacing: 4pt, ..({}))"
    column = "stack(dir: ttb, spacing: 2pt, ..({}))"
    columns = (column.format(", ".join(f"[{c}]" for c in part)) for part in ("本年度", "办理结"))
    table = f"#table(columns: 2, {cell.format(', '.join(columns))[1:]}, [1.属于国家秘密])"
    (grid,) = pdf.read(typeset(table)).grids
    assert grid.cells[0].text == "本年度\n办理结"


@st.composite
def _spans(draw):
    """Cells that tile a small grid: (row, column, rowspan, colspan)."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = column
            while free < columns and (row, free) not in taken:
                free += 1
            colspan = draw(st.integers(1, min(3, free - column)))
            rowspan = draw(st.integers(1, min(3, rows - row)))
            taken |= {
                (r, c) for r in range(row, row + rowspan) for c in range(column, column + colspan)
            }
            cells.append((row, column, rowspan, colspan))
    return cells, rows, columns


def _bounded(cells: list[tuple[int, int, int, int]], axis: int, count: int) -> bool:
    """Whether every inner edge bounds some cell: an edge that none shows cannot be read."""
    edges = {c[axis] for c in cells} | {c[axis] + c[axis + 2] for c in cells}
    return edges == set(range(count + 1))


@settings(max_examples=15, deadline=None)
@given(_spans())
def test_any_tiling_of_cells_is_read_back(tiling):
    cells, rows, columns = tiling
    expected = [(f"格{i}·{i * 137}", *cell) for i, cell in enumerate(cells)]
    source = ", ".join(
        f"table.cell(x: {c}, y: {r}, rowspan: {rs}, colspan: {cs})[{words}]"
        for words, r, c, rs, cs in expected
    )
    widths = ", ".join(["2.5cm"] * columns)
    heights = ", ".join(["1cm"] * rows)
    page = typeset(f"#table(columns: ({widths}), rows: ({heights}), {source})")
    if not (_bounded(cells, 0, rows) and _bounded(cells, 1, columns)) or len(cells) == 1:
        assert sum(len(g.cells) for g in pdf.read(page).grids) in (0, len(cells))
        return
    (grid,) = pdf.read(page).grids
    found = [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells]
    assert found == sorted(expected, key=lambda c: (c[1], c[2]))
