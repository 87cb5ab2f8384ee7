"""Misprinted row labels: read only where spelling and position point to the same line."""

from rapidfuzz import fuzz

from zwgk_analytics.forms import fold
from zwgk_analytics.forms.model import Table

_ALIKE = 60  # of 100; position narrows the choice to the few lines between two known neighbours
_APART = 10


def nearest(label: str, before: str | None, after: str | None, table: Table) -> str | None:
    """The key of the one row between rows `before` and `after` that `label` must mean.

    None unless the best of the rows between is alike enough and clearly ahead of the second, and
    for a label that holds two rows' labels.
    """
    order = [row.key for row in table.rows]
    start = order.index(before) + 1 if before in order else 0
    end = order.index(after) if after in order else len(order)
    folded = fold(label)
    if sum(fold(row.label) in folded for row in table.rows) > 1:
        return None  # two rows run together
    scored = sorted(
        ((_likeness(folded, fold(row.label)), row.key) for row in table.rows[start:end]),
        reverse=True,
    )
    if not scored or scored[0][0] < _ALIKE:
        return None
    is_clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _APART
    return scored[0][1] if is_clear else None


def _likeness(printed: str, label: str) -> float:
    """Alikeness of 100; a label printed together with its group counts as its last part."""
    return max(fuzz.ratio(printed, label), fuzz.ratio(printed[-len(label) :], label))
