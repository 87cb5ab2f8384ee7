"""Columns of a Word table that are too narrow to be meant."""

import pytest

from zwgk_analytics.readers.flow import TableCell
from zwgk_analytics.readers.slivers import merge_slivers


def merged(widths: list[int], *rows: str) -> list[list[int]]:
    """The spans of rows given as "2 1 1"; a span followed by a letter is a cell with text."""
    cells = [[TableCell(colspan=int(s.rstrip("x"))) for s in row.split()] for row in rows]
    for row, made in zip(rows, cells, strict=True):
        for span, cell in zip(row.split(), made, strict=True):
            cell.drafts += ["x"] * span.endswith("x")
    merge_slivers(cells, widths)
    return [[cell.colspan for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("widths", "rows", "spans"),
    [
        ([1000, 15, 985], ["1x 2x", "2x 1x"], [[1, 1], [1, 1]]),
        ([1000, 15, 985], ["3x", "1x 1 1x"], [[2], [1, 1]]),
        ([15, 1000, 1000], ["1 1x 1x", "2x 1x"], [[1, 1], [1, 1]]),
        ([1000, 1000, 20], ["1x 2x", "1x 1x 1"], [[1, 1], [1, 1]]),
        ([1000, 99, 99, 1000], ["1x 1 1 1x"], [[1, 1, 1]]),  # together they are no sliver
        ([1000, 15, 985], ["1x 1x 1x"], [[1, 1, 1]]),
        ([1000, 1000], ["1x 1x 1x"], [[1, 1, 1]]),
        ([], ["1x 2x"], [[1, 2]]),
        ([0, 0, 0], ["1x 1x 1x"], [[1, 1, 1]]),
    ],
)
def test_edges_that_nearly_meet_are_one(
    widths: list[int], rows: list[str], spans: list[list[int]]
) -> None:
    assert merged(widths, *rows) == spans
