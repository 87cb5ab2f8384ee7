"""Random grids as a form has them: spans of any kind, blanks, no empty row at the edges."""

from collections.abc import Iterator

from hypothesis import strategies as st

from zwgk_analytics.readers.document import Cell, Grid

LABELS = ["本年新收", "总计", "（一）予以公开", "<p>甲&乙</p>"]
NUMBERS = ["3001", "0", "12.5", "-5", "007", "1.50", "1e5"]
SIGNS = ["/", "—", "=1+1", "+8", "@总计", "#REF!"]
TEXTS = st.sampled_from([*LABELS, *NUMBERS, *SIGNS])


@st.composite
def grids(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Grid:
    """A grid of up to 5 rows and 2–5 columns; the first row and column have no blank cell."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < width and (row, right) not in taken:
                right += 1
            colspan = draw(st.integers(1, min(right - column, width - 1)))
            rowspan = draw(st.integers(1, min(height - row, height - 1 or 1)))
            filled = row == 0 or column == 0 or draw(st.booleans())
            text = draw(texts) if filled else ""
            cells.append(Cell(text, row, column, rowspan, colspan))
            taken |= {(row + i, column + j) for i in range(rowspan) for j in range(colspan)}
    return Grid(tuple(_folded(cells)), "table 1")


def _folded(cells: list[Cell]) -> Iterator[Cell]:
    """Without the rows and columns that no cell starts in: print does not show them."""
    rows, columns = sorted({c.row for c in cells}), sorted({c.column for c in cells})
    for c in cells:
        rowspan = sum(c.row <= row < c.row + c.rowspan for row in rows)
        colspan = sum(c.column <= column < c.column + c.colspan for column in columns)
        yield Cell(c.text, rows.index(c.row), columns.index(c.column), rowspan, colspan)


def shape(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    """What a round trip must keep."""
    return [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells]
