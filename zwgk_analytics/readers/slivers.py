"""Word's columns too narrow for text, which come of cell edges that were meant to be one.

Dragging a border by a hair in one row, or a conversion that rounds row by row, leaves a column of
a few twips that some cells start before and others after.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from zwgk_analytics.readers.flow import TableCell

_SLIVER: Final = 100  # twips: 5 points, half a character


def merge_slivers(rows: Sequence[list[TableCell]], widths: Sequence[int]) -> None:
    """Takes the slivers out of the spans of `rows`; `widths` are those of the columns, in twips.

    Nothing changes where the widths do not cover the table, or where a cell with text would
    lose its last column.
    """
    merged = _merged([0, *accumulate(widths)])
    spans: list[tuple[TableCell, int]] = []
    for row in rows:
        column = 0
        for cell in row:
            end = column + max(cell.colspan, 1)
            if end >= len(merged):
                return
            span = merged[end] - merged[column]
            if not span and cell.drafts:
                return
            spans.append((cell, span))
            column = end
    for cell, span in spans:
        cell.colspan = span
    for row in rows:
        row[:] = [cell for cell in row if cell.colspan]


def _merged(edges: Sequence[int]) -> list[int]:
    """By edge, its number when edges nearer than a sliver are one."""
    numbers = [0]
    first = edges[0]
    for edge in edges[1:]:
        is_same = edge - first < _SLIVER
        numbers.append(numbers[-1] + (not is_same))
        first = first if is_same else edge
    return numbers
