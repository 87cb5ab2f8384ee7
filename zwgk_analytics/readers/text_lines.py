"""Characters with their boxes → lines of text, for cells and for running text alike."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

# Radicals that Unicode does not map to their ideograph by normalisation, though fonts draw both
# with one glyph, so that a print to PDF may carry either.
_RADICALS = str.maketrans(
    "⺁⺟⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂母民西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
_SPACE = 0.18  # em: a wider gap between letters or digits is a space
_WIDE = frozenset({"W", "F"})
_left = attrgetter("left")
_middle = attrgetter("middle")


class Char(NamedTuple):
    """A character (or, from recognition, a run of them) and its box; y runs downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Middle from left to right."""
        return (self.left + self.right) / 2


class Line(NamedTuple):
    """Characters that stand side by side, left to right, each glyph once."""

    chars: tuple[Char, ...]

    @property
    def left(self) -> float:
        """Where the line begins."""
        return self.chars[0].left

    @property
    def right(self) -> float:
        """Where the line ends."""
        return max(c.right for c in self.chars)

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(c.top for c in self.chars)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(c.bottom for c in self.chars)

    @property
    def size(self) -> float:
        """Height of its tallest character."""
        return max(c.bottom - c.top for c in self.chars)

    @property
    def text(self) -> str:
        """The characters, with a space where letters or digits stand apart."""
        parts = [self.chars[0].text]
        for before, char in pairwise(self.chars):
            if _is_spaced(before, char):
                parts.append(" ")
            parts.append(char.text)
        return "".join(parts)


def plain(char: str) -> str:
    """The ordinary ideograph or sign for a radical, compatibility or vertical form."""
    if "\u2e80" <= char < "\u2fe0" or "\uf900" <= char < "\ufb00" or "\ufe10" <= char < "\ufe50":
        return unicodedata.normalize("NFKC", char).translate(_RADICALS)
    return char


def text_lines(chars: Iterable[Char]) -> list[Line]:
    """Lines from top to bottom. A character joins the line whose middle it stands on."""
    rows: list[list[Char]] = []
    middle = reach = 0.0
    for char in sorted(chars, key=_middle):
        if rows and char.middle - middle <= reach:
            rows[-1].append(char)
            middle += (char.middle - middle) / len(rows[-1])
            reach = max(reach, (char.bottom - char.top) / 2)
        else:
            rows.append([char])
            middle, reach = char.middle, (char.bottom - char.top) / 2
    return [Line(tuple(_once(sorted(row, key=_left)))) for row in rows]


def follows(before: Char, after: Char) -> bool:
    """Whether `after` continues the number or the Latin word that `before` belongs to."""
    if _is_wide(after.text[0]) or _is_wide(before.text[-1]):
        return False
    size = min(before.bottom - before.top, after.bottom - after.top)
    return (
        abs(after.middle - before.middle) < 0.3 * size
        and -0.3 * size <= after.left - before.right <= 0.1 * size
    )


def block_text(chars: Sequence[Char]) -> str:
    """The text of a cell: its lines joined by a line break, down the columns if set that way."""
    if not chars:
        return ""
    columns = _columns(chars)
    if len(columns) > 1 and all(len(column) > 1 for column in columns[:-1]):
        return "\n".join(columns)
    return "\n".join(line.text for line in text_lines(chars))


def _once(row: list[Char]) -> list[Char]:
    """Each glyph once: bold is often faked by drawing it twice, a hair's breadth apart."""
    kept: list[Char] = []
    for char in row:
        if not any(_is_shadow(char, other) for other in kept[-3:]):
            kept.append(char)
    return kept


def _is_shadow(char: Char, other: Char) -> bool:
    width, height = other.right - other.left, other.bottom - other.top
    return (
        char.text == other.text
        and abs(char.left - other.left) < 0.25 * width
        and abs(char.right - other.right) < 0.25 * width
        and abs(char.top - other.top) < 0.25 * height
    )


def _is_spaced(before: Char, after: Char) -> bool:
    if _is_wide(before.text[-1]) or _is_wide(after.text[0]):
        return False
    return after.left - before.right > _SPACE * min(
        before.bottom - before.top, after.bottom - after.top
    )


@lru_cache(maxsize=8192)
def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE or char in "“”‘’…—·"


def _is_below(char: Char, other: Char) -> bool:
    half = max(other.right - other.left, char.right - char.left) / 2
    return abs(char.centre - other.centre) < 1.2 * half and char.middle > other.middle + half / 2


def _columns(chars: Sequence[Char]) -> list[str]:
    """The runs of characters that follow each other downwards, in the order they were drawn."""
    columns = [[chars[0]]]
    for before, char in pairwise(chars):
        if not _is_below(char, before):
            columns.append([])
        columns[-1].append(char)
    return ["".join(c.text for c in column) for column in columns]
