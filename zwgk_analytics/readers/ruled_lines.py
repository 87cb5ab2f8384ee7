"""Pieces of ruled lines → whole lines, and the lines that make up one table."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_SNAP = 3.0  # points: double lines, per-cell borders and gaps this small are one line
_SHORTEST = 4.0
_MAX_PAIRS = 2_000_000


class Rule(NamedTuple):
    """A straight line: the coordinate it keeps, and where it starts and ends along the other."""

    at: float
    start: float
    end: float


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines joined from pieces that overlap or nearly meet, on common coordinates."""
    lines = []
    for group in _near([r for r in rules if r.end >= r.start], _SNAP):
        total = sum(r.end - r.start + 0.01 for r in group)
        at = sum(r.at * (r.end - r.start + 0.01) for r in group) / total
        for start, end in _joined(group):
            if end - start >= _SHORTEST:
                lines.append(Rule(at, start, end))
    return lines


def _near(rules: list[Rule], reach: float) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= reach:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _joined(group: list[Rule]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for _, start, end in sorted(group, key=lambda r: r.start):
        if spans and start <= spans[-1][1] + _SNAP:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of lines that touch each other, those of one direction only left out.

    None where there are so many that the page is a drawing.
    """
    if len(across) * len(down) > _MAX_PAIRS:
        return []
    leader = list(range(len(across) + len(down)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if meet(h, v):
                leader[find(i)] = find(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, rule in enumerate(across + down):
        groups[find(i)][0 if i < len(across) else 1].append(rule)
    return [g for g in groups.values() if g[0] and g[1]]


def meet(h: Rule, v: Rule) -> bool:
    """Whether a horizontal and a vertical line touch or cross."""
    return h.start - _SNAP <= v.at <= h.end + _SNAP and v.start - _SNAP <= h.at <= v.end + _SNAP
