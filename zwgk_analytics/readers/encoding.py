"""Bytes of a Chinese text file → str, by what decodes, not by what the file says of itself."""

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNREADABLE: Final = "\ufffd"
_BIG5 = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*(?:big5|x-x-big5|cn-big5)", re.IGNORECASE)


def decode(data: bytes) -> str:
    """The text of `data`, without its byte order mark.

    In this order: the byte order mark; UTF-8; GB18030, which is what pages mean by gb2312 and gbk
    (Big5 before it where the page declares Big5, as GB18030 accepts any Big5); where none decodes
    whole, the one that leaves the fewest U+FFFD. A character cut off at the end of the file, or a
    few damaged bytes in much good UTF-8, do not change the choice.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if (text := _whole(data, "utf-8")) is not None:
        return text
    damaged = data.decode("utf-8", "replace")
    if _is_mostly_utf8(damaged):
        return damaged
    names = ("big5hkscs", "gb18030") if _BIG5.search(data[:4096]) else ("gb18030",)
    for name in names:
        if (text := _whole(data, name)) is not None:
            return text
    return min((damaged, *(data.decode(n, "replace") for n in names)), key=_errors)


def _whole(data: bytes, name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return text + _UNREADABLE if decoder.getstate()[0] else text  # the last character is cut off


def _is_mostly_utf8(text: str) -> bool:
    # GB18030 reads almost any UTF-8 as other Chinese; the reverse leaves an error every character
    errors = _errors(text)
    return errors * 4 < sum(char > "\x7f" for char in text) - errors


def _errors(text: str) -> int:
    return text.count(_UNREADABLE)
