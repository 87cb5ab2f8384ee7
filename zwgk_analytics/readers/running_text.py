"""Lines outside the tables of paged documents → body lines and paragraphs.

Page numbers and running heads are no body text: they stand in the margin and recur.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from zwgk_analytics.readers.text_lines import Line

_MARGIN = 0.12  # of the page height
_LEAST_MARGIN = 60.0  # points
_SAME_HEIGHT = 4.0
_PAGE_NUMBER = re.compile(
    r"[-—–－―·•~\s]*(第|page)?\s*\d{1,4}\s*(页)?\s*[,，]?\s*((/|of|共)\s*\d{1,4}\s*页?)?[-—–－―·•~\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a page outside its tables, from top to bottom."""

    number: int
    height: float
    lines: list[Line]

    @property
    def _margin(self) -> float:
        return min(max(_MARGIN * self.height, _LEAST_MARGIN), self.height / 4)

    def is_head(self, line: Line) -> bool:
        """Whether a line stands in the upper margin."""
        return line.bottom < self._margin

    def is_foot(self, line: Line) -> bool:
        """Whether a line stands in the lower margin."""
        return line.top > self.height - self._margin


def body_lines(sheets: Sequence[Sheet]) -> list[list[Line]]:
    """Sheet by sheet, the lines that are neither page number nor running head or foot."""
    recurring = _recurring(sheets)
    return [_without_margins(sheet, recurring) for sheet in sheets]


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page, paragraph by paragraph."""
    if not lines:
        return []
    measure = Measure.of(lines)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        if measure.breaks(before, line):
            groups.append([])
        groups[-1].append(line)
    return groups


def joined(lines: Sequence[Line]) -> str:
    """The text of a paragraph; only between Latin letters does a line end stand for a space."""
    text = ""
    for line in lines:
        piece = line.text
        latin = text[-1:].isascii() and text[-1:].isalpha() and piece[0].isascii()
        text += f" {piece}" if latin and piece[0].isalpha() else piece
    return text


@dataclass(frozen=True, slots=True)
class Measure:
    """Where the text of a page begins and ends, and how far its lines lie apart."""

    left: float
    right: float
    gap: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Measure":
        """The measure of `lines`, which may not be empty."""
        gaps = [b.top - a.bottom for a, b in pairwise(lines)]
        usual = median(g for g in gaps if g > 0) if any(g > 0 for g in gaps) else 0.0
        return cls(min(x.left for x in lines), max(x.right for x in lines), usual)

    def breaks(self, before: Line, line: Line) -> bool:
        """Whether a paragraph begins with `line`."""
        size = min(before.size, line.size)
        gap = line.top - before.bottom
        return (
            self.is_short(before)
            or self.is_indented(line)
            or abs(line.size - before.size) > 0.15 * size
            or gap > max(1.6 * self.gap, 0.8 * size)
            or gap < -size
        )

    def is_short(self, line: Line) -> bool:
        """Whether a line ends before the right edge."""
        return line.right < self.right - 2.2 * line.size

    def is_indented(self, line: Line) -> bool:
        """Whether a line begins after the left edge."""
        return line.left > self.left + 1.4 * line.size


def _without_margins(sheet: Sheet, recurring: set[tuple[int, int]]) -> list[Line]:
    lines = list(sheet.lines)
    while lines and sheet.is_head(lines[0]) and _is_margin(lines[0], sheet, recurring):
        del lines[0]
    while lines and sheet.is_foot(lines[-1]) and _is_margin(lines[-1], sheet, recurring):
        del lines[-1]
    return lines


def _is_margin(line: Line, sheet: Sheet, recurring: set[tuple[int, int]]) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text)) or (sheet.number, id(line)) in recurring


def _recurring(sheets: Sequence[Sheet]) -> set[tuple[int, int]]:
    """(page, line) of margin lines that stand at one height on several pages, digits aside."""
    seen: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            if sheet.is_head(line) or sheet.is_foot(line):
                seen[re.sub(r"\d+", "#", line.text)].append((sheet.number, line))
    found = set()
    for places in seen.values():
        for number, line in places:
            twins = {n for n, other in places if abs(other.top - line.top) <= _SAME_HEIGHT}
            if len(twins) >= max(2, 0.4 * len(sheets)):
                found.add((number, id(line)))
    return found
