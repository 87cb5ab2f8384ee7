"""What befalls documents: bits turned, files cut off, rows, cells, tags and spans lost."""

import random
import re
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

Damage = Callable[[random.Random, bytes], tuple[bytes, bool]]
"""Gives the damaged bytes, and whether digits of a number may have changed: nobody could tell."""


def _flipped(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
    """One to four bits turned."""
    changed, is_digits = bytearray(data), False
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        changed[at] ^= 1 << chance.randrange(8)
        is_number = {data[at], changed[at]} & set(b"0123456789.,-+/")
        is_digits |= bool(is_number) and data.rfind(b"<", 0, at) <= data.rfind(b">", 0, at)
    return bytes(changed), is_digits


def _cut(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
    at = chance.randrange(len(data))
    return data[:at], data[at - 1 : at + 1].isdigit()


def _lost(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
    start = chance.randrange(len(data))
    end = min(start + chance.randint(1, 400), len(data))
    is_digits = data[start - 1 : start + 1].isdigit() or data[end - 1 : end + 1].isdigit()
    return data[:start] + data[end:], is_digits


def _without(pattern: bytes, most: int = 1) -> Damage:
    def damage(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        for _ in range(chance.randint(1, most)):
            found = _one(chance, pattern, data)
            if found:
                data = data[: found.start()] + data[found.end() :]
        return data, False

    return damage


def _one(chance: random.Random, pattern: bytes, data: bytes) -> re.Match[bytes] | None:
    found = list(re.finditer(pattern, data, re.DOTALL))
    return chance.choice(found) if found else None


def _swapped(pattern: bytes) -> Damage:
    """Two of them in each other's place."""

    def damage(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        found = list(re.finditer(pattern, data, re.DOTALL))
        if len(found) < 2:
            return data, False
        one, two = sorted(chance.sample(found, 2), key=lambda m: m.start())
        between = data[one.end() : two.start()]
        return data[: one.start()] + two[0] + between + one[0] + data[two.end() :], False

    return damage


def _shuffled(pattern: bytes) -> Damage:
    """All of them in another order."""

    def damage(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        rows = re.findall(pattern, data, re.DOTALL)
        chance.shuffle(rows)
        left = iter(rows)
        return re.sub(pattern, lambda _: next(left), data, flags=re.DOTALL), False

    return damage


def _renumbered(pattern: bytes) -> Damage:
    """Another number in a span."""

    def damage(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        found = _one(chance, pattern, data)
        if not found:
            return data, False
        span = re.sub(rb"\d+", b"%d" % chance.randint(0, 9), found[0], count=1)
        return data[: found.start()] + span + data[found.end() :], False

    return damage


def _added(pattern: bytes, spans: Sequence[bytes]) -> Damage:
    """A span in a cell that had none."""

    def damage(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        found = _one(chance, pattern, data)
        if not found:
            return data, False
        return data[: found.end()] + chance.choice(spans) + data[found.end() :], False

    return damage


def _in_part(part: str, damage: Damage) -> Damage:
    """The damage done to one part of a package, which is zipped anew."""

    def packed(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        out, is_digits = BytesIO(), False
        with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                if re.fullmatch(part, name):
                    content, is_digits = damage(chance, content)
                new.writestr(name, content)
        return out.getvalue(), is_digits

    return packed


def _in_stream(damage: Damage) -> Damage:
    """The damage done to the plain text of one stream of a PDF, which is packed anew."""

    def packed(chance: random.Random, data: bytes) -> tuple[bytes, bool]:
        found = _one(chance, rb"stream\r?\n(.*?)\r?\nendstream", data)
        try:
            content = zlib.decompress(found[1]) if found else b""
        except zlib.error:
            content = b""
        if not found or len(content) < 2:
            return data, False
        changed, _ = damage(chance, content)
        stream = zlib.compress(changed, 9).ljust(len(found[1]), b"\0")
        # what a stream draws tells no place apart from its digits
        return data[: found.start(1)] + stream + data[found.end(1) :], True

    return packed


_ANY: dict[str, Damage] = {"bits": _flipped, "cut off": _cut, "stretch lost": _lost}


def _markup(
    row: bytes, cell: bytes, span: bytes, opens: bytes, spans: Sequence[bytes]
) -> dict[str, Damage]:
    return {
        **_ANY,
        "tags lost": _without(rb"<[^>]+>", 3),
        "cell lost": _without(cell),
        "row lost": _without(row),
        "rows swapped": _swapped(row),
        "rows shuffled": _shuffled(row),
        "span lost": _without(span),
        "span changed": _renumbered(span),
        "span added": _added(opens, spans),
    }


def _parts(part: str, damages: dict[str, Damage]) -> dict[str, Damage]:
    inside = {f"{name} in {part}": _in_part(part, damage) for name, damage in damages.items()}
    return {**_ANY, **inside}


DAMAGE: dict[str, dict[str, Damage]] = {
    "html": _markup(
        rb"<tr\b.*?</tr>",
        rb"<t[dh]\b.*?</t[dh]>",
        rb"\s(?:row|col)span=\S?\d+\"?",
        rb"<t[dh]\b",
        [b' colspan="2"', b' colspan="3"', b' rowspan="2"', b' rowspan="3"'],
    ),
    "docx": _parts(
        r"word/document\.xml",
        _markup(
            rb"<w:tr[ >].*?</w:tr>",
            rb"<w:tc[ >].*?</w:tc>",
            rb"<w:(?:gridSpan|vMerge)\b[^>]*/>",
            rb"<w:tcPr>",
            [b'<w:gridSpan w:val="2"/>', b"<w:vMerge/>", b'<w:vMerge w:val="restart"/>'],
        ),
    ),
    "xlsx": _parts(
        r"xl/worksheets/sheet1\.xml",
        _markup(
            rb"<row\b.*?</row>",
            rb"<c\b[^>]*?(?:/>|>.*?</c>)",
            rb'<mergeCell ref="[^"]+"/>',
            rb"<mergeCells[^>]*>",
            [
                b'<mergeCell ref="B3:C5"/>',
                b'<mergeCell ref="D8:F8"/>',
                b'<mergeCell ref="A20:A30"/>',
            ],
        ),
    ),
    "pdf": {**_ANY, **{f"{name} in a stream": _in_stream(damage) for name, damage in _ANY.items()}},
}  # fmt: skip
