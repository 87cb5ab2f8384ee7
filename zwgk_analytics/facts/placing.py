"""The value cells of one data row → the header's leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from zwgk_analytics.facts.header import Leaf
from zwgk_analytics.readers import Cell


@dataclass(frozen=True, slots=True)
class Placed:
    """A value cell under a leaf; `is_certain` is False where the print leaves room for doubt."""

    leaf: Leaf
    cell: Cell
    is_certain: bool = True


def place_values(values: Sequence[Cell], leaves: Sequence[Leaf]) -> tuple[list[Placed], list[Cell]]:
    """The cells under their leaves, and the non-blank cells that no leaf claims.

    As many cells as leaves are read in the order of the header: spans of header and body often
    disagree by a column. Otherwise a cell belongs to the leaf that it shares most columns with,
    and a row with fewer cells than leaves, or with one from the row above, is uncertain: a cell
    may be missing or pushed aside anywhere in it.
    """
    if len(values) == len(leaves):
        pairs = list(zip(leaves, values, strict=True))
        return [Placed(leaf, cell, cell.rowspan == 1) for leaf, cell in pairs], []
    claims = {leaf: _best(leaf, values) for leaf in leaves}
    claimed = [cell for cell in claims.values() if cell is not None]
    is_certain = len(values) > len(leaves) and all(cell.rowspan == 1 for cell in values)
    placed = [
        Placed(leaf, cell, is_certain and claimed.count(cell) == 1)
        for leaf, cell in claims.items()
        if cell is not None
    ]
    return placed, [c for c in values if c not in claimed and c.text.strip()]


def _best(leaf: Leaf, values: Sequence[Cell]) -> Cell | None:
    cell = max(values, key=leaf.overlap, default=None)
    return cell if cell is not None and leaf.overlap(cell) > 0 else None
