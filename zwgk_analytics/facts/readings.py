"""Digits run together → the one reading whose sums hold, or none.

`10203120001200000` under the fifteen columns of the review table can only be
1 0 2 0 3 · 12 0 0 0 12 · 0 0 0 0 0: of all ways to cut it, no other adds up.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count

Row = tuple[int, ...]
_MANY = 20_000  # more readings than this are not counted further
_STEPS = 700_000  # of the search for the readings of one row: 25 digits under seven columns


@lru_cache(maxsize=4096)
def cuts(runs: tuple[str, ...], groups: tuple[int, ...]) -> tuple[Row, ...]:
    """Every way to cut runs of digits into groups of numbers, each group's last being its sum.

    Args:
        runs: digits as printed; a number never crosses from one run to the next.
        groups: how many numbers each group has, its total last; a group of one has no sum.

    Returns:
        The rows of numbers, at most `_MANY` of them; none where the digits are too many to try.
    """
    found: list[Row] = []
    try:
        for row in _cut(runs, groups, count()):
            found.append(row)
            if len(found) >= _MANY:
                break
    except _EndlessError:
        return ()
    return tuple(found)


class _EndlessError(Exception):
    """The search for readings takes more than `_STEPS`."""


def _cut(runs: tuple[str, ...], groups: tuple[int, ...], steps: Iterator[int]) -> Iterator[Row]:
    if not groups:
        if not any(runs):
            yield ()
        return
    for group, rest in _take(runs, groups[0], sum(groups) - groups[0], steps):
        if len(group) == 1 or sum(group[:-1]) == group[-1]:
            for others in _cut(rest, groups[1:], steps):
                yield (*group, *others)


def _take(
    runs: tuple[str, ...], wanted: int, later: int, steps: Iterator[int]
) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """The first `wanted` numbers, leaving at least `later` digits for those after them."""
    if next(steps) > _STEPS:
        raise _EndlessError
    while runs and not runs[0]:
        runs = runs[1:]
    if wanted == 0:
        yield (), runs
        return
    if not runs:
        return
    run = runs[0]
    spare = sum(map(len, runs)) - (wanted - 1) - later
    longest = 1 if run.startswith("0") else min(len(run), spare)
    for length in range(1, longest + 1):
        for others, rest in _take((run[length:], *runs[1:]), wanted - 1, later, steps):
            yield (int(run[:length]), *others), rest


def consistent(
    candidates: Sequence[Sequence[Row]], signs: Sequence[Sequence[int]]
) -> list[tuple[Row, ...]]:
    """The choices of one reading a row under which every column identity comes to zero.

    Args:
        candidates: the possible readings of each row.
        signs: for each identity, the factor of every row (+1, −1 or 0).

    Returns:
        The readings of the whole table, two at most: one is an answer, two are none.
    """
    width = len(candidates[0][0]) if candidates and candidates[0] else 0
    order = sorted(range(len(candidates)), key=lambda i: len(candidates[i]))
    chosen: list[Row] = [()] * len(candidates)
    answers: list[tuple[Row, ...]] = []
    steps = 0

    def walk(depth: int, sums: list[list[int]]) -> None:
        nonlocal steps
        steps += 1
        if len(answers) > 1 or steps > _MANY * 10:
            return
        if depth == len(order):
            if not any(any(s) for s in sums):
                answers.append(tuple(chosen))
            return
        index = order[depth]
        for row in candidates[index]:
            chosen[index] = row
            walk(
                depth + 1,
                [
                    [have + sign[index] * number for have, number in zip(one, row, strict=True)]
                    for one, sign in zip(sums, signs, strict=True)
                ],
            )

    walk(0, [[0] * width for _ in signs])
    return answers if steps <= _MANY * 10 else []
