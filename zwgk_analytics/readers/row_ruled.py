"""Tables ruled between the rows only: the columns follow from the gaps in their text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from zwgk_analytics.readers.ruled_lines import Rule
from zwgk_analytics.readers.text_lines import Char

_SAME_END = 3.0
_FEWEST = 3  # lines: fewer are as likely to be ornaments
_HIGHEST = 100.0  # points between two of them
_CLEAR = 0.8  # of the rows must leave a gap free

Span = tuple[float, float]


def implied_verticals(across: Sequence[Rule], chars: Sequence[Char]) -> list[Rule]:
    """The column lines that a stack of equally long row lines leaves out, row by row.

    A row whose text runs over a gap gets no line there: its cell spans the columns.
    """
    return [rule for stack in _stacks(across) for rule in _columns(stack, chars)]


def _stacks(across: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Runs of at least `_FEWEST` lines below each other that start and end alike."""
    stack: list[Rule] = []
    for rule in sorted(across):
        if stack and not _continues(stack[-1], rule):
            if len(stack) >= _FEWEST:
                yield stack
            stack = []
        stack.append(rule)
    if len(stack) >= _FEWEST:
        yield stack


def _continues(above: Rule, rule: Rule) -> bool:
    return (
        rule.at - above.at <= _HIGHEST
        and abs(rule.start - above.start) <= _SAME_END
        and abs(rule.end - above.end) <= _SAME_END
    )


def _columns(stack: list[Rule], chars: Sequence[Char]) -> list[Rule]:
    left, right = stack[0].start, stack[0].end
    rows = [
        [c for c in chars if above.at < c.middle < below.at and left <= c.centre <= right]
        for above, below in pairwise(stack)
    ]
    if not any(rows):
        return []
    em = median(c.bottom - c.top for row in rows for c in row)
    if len(stack) == _FEWEST and not all(_is_one_line(row, em) for row in rows if row):
        return []
    covered = [_covered(row, em) for row in rows]
    edges = [(start + end) / 2 for start, end in _gaps([c for c in covered if c], em)]
    if not edges:
        return []
    sides = [Rule(x, stack[0].at, stack[-1].at) for x in (left, right)]
    inner = [
        Rule(x, above.at, below.at)
        for (above, below), spans in zip(pairwise(stack), covered, strict=True)
        for x in edges
        if not any(start < x < end for start, end in spans)
    ]
    return sides + inner


def _is_one_line(row: list[Char], em: float) -> bool:
    """Whether a row is a line of text: three lines may also frame a whole block of rows."""
    return max(c.middle for c in row) - min(c.middle for c in row) < em


def _covered(row: list[Char], em: float) -> list[Span]:
    """Stretches of text; white space narrower than an em belongs to them."""
    spans: list[Span] = []
    for char in sorted(row, key=lambda c: c.left):
        if spans and char.left - spans[-1][1] < em:
            spans[-1] = spans[-1][0], max(char.right, spans[-1][1])
        else:
            spans.append((char.left, char.right))
    return spans


def _gaps(rows: list[list[Span]], em: float) -> Iterator[Span]:
    """Stretches between text that nearly all rows leave free."""
    events = sorted((x, step) for spans in rows for a, b in spans for x, step in ((a, 1), (b, -1)))
    most = (1 - _CLEAR) * len(rows)
    depth, start = 0, None
    for x, step in events:
        if step > 0 and depth <= most < depth + 1 and start is not None and x - start >= em / 2:
            yield start, x
        depth += step
        if step < 0 and depth <= most < depth + 1:
            start = x
