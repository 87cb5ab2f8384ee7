"""Rows of texts → the tables in them: the heading of each, of one row or several, and its rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

HEAD_ROWS: Final = 20  # titles above a header at most
_DEEPEST: Final = 3  # rows of a heading
_ALIKE: Final = 3  # names that a further heading shares with the one before
IsHeader = Callable[[Sequence[str]], bool]
Texts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Span:
    """A cell over several slots, 0-based, the last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Headed:
    """A table: its headings, its rows from `start` to before `stop`, and the rows `above` all.

    `groups` are the rows that one text fills from side to side; `merged` has, by row and column,
    what a cell merged over several rows says of those below its first. Rows are 0-based.
    """

    names: tuple[str, ...]
    start: int
    stop: int
    above: tuple[tuple[str, ...], ...]
    groups: dict[int, str]
    merged: dict[int, dict[int, str]]


def headed(rows: Texts, spans: Iterable[Span], is_header: IsHeader) -> list[Headed]:
    """The tables among rows: each from a row that heads one to before the next that does.

    The first heading stands among the first `HEAD_ROWS`. Further ones name most of its columns
    in another order. A heading whose cells reach down, or that has another below it, is of
    several rows: the lowest text of each column is its name.
    """
    spans = list(spans)
    down = _reaching_down(spans)
    heads = list(_heads(rows, down, is_header))
    stops = [top for top, _, _ in heads[1:]] + [len(rows)]
    above = tuple(tuple(row) for row in rows[: heads[0][0]]) if heads else ()
    tables = []
    for (_, start, names), stop in zip(heads, stops, strict=False):
        within = [s for s in spans if start <= s.top < stop]
        groups = dict(_groups(rows, within, len(names)))
        tables.append(Headed(names, start, stop, above, groups, _merged(rows, within, stop)))
    return tables


def _reaching_down(spans: Sequence[Span]) -> dict[int, int]:
    """By row, the last row that one of its cells covers, where these may be a heading's."""
    down: dict[int, int] = {}
    for span in spans:
        if span.top < span.bottom < span.top + _DEEPEST:
            down[span.top] = max(span.bottom, down.get(span.top, 0))
    return down


def _heads(
    rows: Texts, down: dict[int, int], is_header: IsHeader
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Each heading: its first row, the first row below it, and the names."""
    known: set[str] = set()
    latest: tuple[str, ...] = ()
    row = 0
    while row < (len(rows) if known else min(HEAD_ROWS, len(rows))):
        is_new = len(known.intersection(rows[row])) >= _ALIKE and tuple(rows[row]) != latest
        if known and not is_new:
            row += 1
            continue
        last = min(down.get(row, row), len(rows) - 1)
        names = _lowest(rows[row : last + 1])
        if not is_header(names):
            row += 1
            continue
        if last == row and row + 1 < len(rows) and is_header(rows[row + 1]):
            last = row + 1
            names = _lowest(rows[row : last + 1])
        known, latest = {n for n in names if n}, tuple(names)
        yield row, last + 1, latest
        row = last + 1


def _lowest(rows: Texts) -> list[str]:
    """The lowest text of each column of a heading."""
    names = [""] * max(map(len, rows))
    for row in rows:
        for column, text in enumerate(row):
            names[column] = text.strip() or names[column]
    return names


def _groups(rows: Texts, spans: Iterable[Span], width: int) -> Iterator[tuple[int, str]]:
    for span in spans:
        is_whole = span.top == span.bottom and span.right - span.left + 1 >= max(width - 1, 2)
        if is_whole and (text := _text(rows, span)):
            yield span.top, text


def _merged(rows: Texts, spans: Iterable[Span], stop: int) -> dict[int, dict[int, str]]:
    said: dict[int, dict[int, str]] = {}
    for span in spans:
        if text := _text(rows, span):
            for row in range(span.top + 1, min(span.bottom + 1, stop)):
                said.setdefault(row, {})[span.left] = text
    return said


def _text(rows: Texts, span: Span) -> str:
    row = rows[span.top] if span.top < len(rows) else ()
    return row[span.left].strip() if span.left < len(row) else ""
