"""Quotation marks that no writer escaped: a title "放管服"改革 in a file of quoted fields."""

import io
import re
from collections.abc import Iterator


class Repaired(io.RawIOBase):
    """Chunks as a file that Arrow reads, with unescaped quotation marks escaped."""

    def __init__(self, chunks: Iterator[bytes], delimiter: str, width: int) -> None:
        self._chunks, self._left = chunks, memoryview(b"")
        self._repair = _Quotes(delimiter.encode(), width)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills `buffer` as far as whole chunks go; 0 at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(self._repair(chunk))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class _Quotes:
    """Escapes the quotation marks that a line holds as plain text, where that is certain.

    Certain is: taken line by line, the marks make no well-formed record, and taken as text they
    leave exactly as many fields as the header has. Other lines are left to the parser.
    """

    def __init__(self, delimiter: bytes, width: int) -> None:
        self._delimiter, self._width = delimiter, width
        e = re.escape(delimiter)
        self._suspect = re.compile(  # a mark inside text, or one that opens and is not closed
            rb'"(?:(?<=[^%b\n\r"]")(?=[^%b\n\r"])|(?<![^%b\n]")[^"\n]*\n)' % (e, e, e)
        )
        self._closing = re.compile(rb'[^"]*[^%b"]"(?:%b|\r?\n)' % (e, e))
        field = rb'(?:"(?:[^"]|"")*"|[^%b"][^%b]*|)' % (e, e)
        self._well_formed = re.compile(rb"%b(?:%b%b)*" % (field, e, field))
        self._lenient = re.compile(rb'(?:^|(?<=%b))("[^\n]*?"(?=%b|$)|[^%b]*)(?:%b|$)' % ((e,) * 4))

    def __call__(self, chunk: bytes) -> bytes:
        parts, done = [], 0
        for match in self._suspect.finditer(chunk):
            start, end = chunk.rfind(b"\n", 0, match.start()) + 1, chunk.find(b"\n", match.start())
            if start < done:
                continue
            following = chunk[end + 1 : chunk.find(b"\n", end + 1) + 1]
            parts += [chunk[done:start], self._line(chunk[start:end].rstrip(b"\r"), following)]
            done = end
        return b"".join([*parts, chunk[done:]]) if parts else chunk

    def _line(self, line: bytes, following: bytes) -> bytes:
        if self._well_formed.fullmatch(line):
            return line
        fields = self._lenient.findall(line)[: self._width + 1]
        if len(fields) != self._width:
            fields = line.split(self._delimiter)
        is_open = line.count(b'"') % 2 == 1
        if len(fields) != self._width or (is_open and self._goes_on(following)):
            return line
        return self._delimiter.join(map(self._quoted, fields))

    def _goes_on(self, following: bytes) -> bool:
        """Whether the line below is rather the rest of an open field than a record."""
        is_short = following.count(self._delimiter) < self._width - 1
        return bool(following) and (is_short or bool(self._closing.match(following)))

    @staticmethod
    def _quoted(text: bytes) -> bytes:
        if len(text) > 1 and text.startswith(b'"') and text.endswith(b'"'):
            text = text[1:-1].replace(b'""', b'"')
        return b'"%b"' % text.replace(b'"', b'""')
