"""Text and path objects of an OFD page → characters and ruled lines, in points."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from lxml import etree

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.pdf_page import Page
from zwgk_analytics.readers.ruled_lines import Rule
from zwgk_analytics.readers.text_lines import Char, plain

Box = tuple[float, float, float, float]
"""Left, top, width, height."""
Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

_POINTS: Final = 72 / 25.4  # a millimetre
_STRAIGHT: Final = 0.5  # points: lines that lean less are level or upright
_THICKEST: Final = 5.0
_LEVEL: Final = 0.1  # slope of a baseline: watermarks lean more
_MOST_GLYPHS: Final = 1_000_000
_SAME: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_COMMANDS: Final = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def box_of(element: etree._Element | None, default: Box) -> Box:
    """A box that an element states in millimetres, in points."""
    numbers = _numbers(element.text if element is not None else None)
    return _box(numbers) if len(numbers) == 4 else default


def add_objects(page: Page, content: etree._Element, left: float, top: float) -> None:
    """Puts the visible objects of a page or template on `page`, whose origin is (left, top)."""
    for element in content.iterfind("{*}Content//{*}*"):
        name = etree.QName(element).localname
        if name not in {"TextObject", "PathObject"} or not _is_visible(element):
            continue
        x, y, *_ = _box(_numbers(element.get("Boundary")) or [0.0] * 4)
        matrix = _matrix(element, x - left, y - top)
        if name == "TextObject":
            page.chars.extend(_chars(element, matrix))
            if len(page.chars) > _MOST_GLYPHS:
                raise ReadError("too_large", f"page {page.number} has too many characters")
        else:
            _add_path(page, element, matrix)


def _is_visible(element: etree._Element) -> bool:
    return element.get("Visible", "true") != "false" and element.get("Alpha", "255") != "0"


def _matrix(element: etree._Element, x: float, y: float) -> Matrix:
    """Object space in millimetres → page space in points."""
    numbers = _numbers(element.get("CTM"))
    a, b, c, d, e, f = numbers if len(numbers) == 6 else _SAME
    k = _POINTS
    return a * k, b * k, c * k, d * k, e * k + x, f * k + y


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


# ---- text


def _chars(element: etree._Element, matrix: Matrix) -> Iterator[Char]:
    size = _number(element.get("Size"))
    if abs(matrix[1]) > _LEVEL * abs(matrix[0]):
        return
    height, width = size * math.hypot(matrix[2], matrix[3]), size * abs(matrix[0])
    wide = width * (_number(element.get("HScale")) or 1.0)
    for code in element.iterfind("{*}TextCode"):
        letters = code.text or ""
        for letter, (x, y) in zip(letters, _origins(code, letters, size), strict=False):
            left, baseline = _at(matrix, x, y)
            advance = wide if ord(letter) > 0x2E7F else 0.5 * wide
            if not letter.isspace():
                top, bottom = baseline - 0.86 * height, baseline + 0.14 * height
                yield Char(plain(letter), left, top, left + advance, bottom)


def _origins(code: etree._Element, letters: str, size: float) -> Iterator[Point]:
    """Where each letter stands: from the first one on by DeltaX and DeltaY."""
    x, y = _number(code.get("X")), _number(code.get("Y"))
    across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
    is_told = code.get("DeltaX") is not None or code.get("DeltaY") is not None
    for letter in letters:
        yield x, y
        own = 0.0 if is_told else size * (1.0 if ord(letter) > 0x2E7F else 0.5)
        x, y = x + next(across, own), y + next(down, 0.0)


def _deltas(text: str | None) -> Iterator[float]:
    """The distances; "g 3 10" stands for 10 10 10."""
    tokens = iter((text or "").replace(",", " ").split())
    for token in tokens:
        if token.lower() != "g":
            yield float(token)
            continue
        count, distance = int(next(tokens, "0")), float(next(tokens, "0"))
        if count > _MOST_GLYPHS:
            raise ReadError("too_large", f"a distance between glyphs is repeated {count} times")
        yield from (distance for _ in range(count))


# ---- paths


def _add_path(page: Page, element: etree._Element, matrix: Matrix) -> None:
    is_stroked = element.get("Stroke", "true") != "false"
    is_filled = element.get("Fill", "false") == "true"
    for outline in _outlines(element, matrix):
        if is_stroked:
            for (x0, y0), (x1, y1) in pairwise(outline):
                _add_line(page, x0, y0, x1, y1)
        elif is_filled:
            _add_bar(page, outline)


def _add_line(page: Page, x0: float, y0: float, x1: float, y1: float) -> None:
    if abs(y1 - y0) <= _STRAIGHT:
        page.horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x1 - x0) <= _STRAIGHT:
        page.vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _add_bar(page: Page, outline: list[Point]) -> None:
    """A thin area is a line that was drawn with its thickness."""
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if bottom - top <= min(_THICKEST, right - left):
        _add_line(page, left, (top + bottom) / 2, right, (top + bottom) / 2)
    elif right - left <= _THICKEST:
        _add_line(page, (left + right) / 2, top, (left + right) / 2, bottom)


def _outlines(element: etree._Element, matrix: Matrix) -> Iterator[list[Point]]:
    """The straight parts of a path, each as its corners; curves part them."""
    outlines: list[list[Point]] = [[]]
    for command, numbers in _steps(element.findtext("{*}AbbreviatedData") or ""):
        points = outlines[-1]
        if command == "C":
            points.extend(points[:1])
        elif command == "L":
            points.append(_at(matrix, numbers[0], numbers[1]))
        else:
            outlines.append([_at(matrix, numbers[-2], numbers[-1])])
    return (points for points in outlines if len(points) > 1)


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(data)
    i = 0
    while i < len(tokens):
        command = tokens[i].upper()
        count = _COMMANDS.get(command)
        if count is None or len(tokens) < i + 1 + count:
            raise ValueError(f"a path has {tokens[i]!r} where a command should be")
        yield command, [float(token) for token in tokens[i + 1 : i + 1 + count]]
        i += 1 + count


def _box(numbers: list[float]) -> Box:
    left, top, width, height = (n * _POINTS for n in numbers)
    return left, top, width, height


def _numbers(text: str | None) -> list[float]:
    return [float(token) for token in (text or "").replace(",", " ").split()]


def _number(text: str | None) -> float:
    return float(text) if text else 0.0
