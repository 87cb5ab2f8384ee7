"""Quotation marks that no writer escaped: a title "放管服"改革 in a file of quoted fields."""

import io
import re
from collections.abc import Iterator

_LONGEST = 1 << 20  # an open field longer than this is a mark without end


class Escaped(io.RawIOBase):
    """Chunks of delimited text as a file that a parser reads, every record well formed."""

    def __init__(self, chunks: Iterator[bytes], delimiter: str, width: int) -> None:
        self._chunks = _Grammar(delimiter.encode(), width).escaped(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills `buffer` as far as the present chunk goes; 0 at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class _Grammar:
    """What a well-formed record is, and what is made of a line that starts none.

    In such a line a mark ends a field only before a delimiter; where that does not give as many
    fields as the header has, every mark is text.
    """

    def __init__(self, delimiter: bytes, width: int) -> None:
        self._delimiter, self._width = delimiter, width
        e = re.escape(delimiter)
        self._suspect = re.compile(  # a mark inside text, or one that opens and is not closed
            rb'"(?:(?<=[^%b\n\r"]")(?=[^%b\n\r"])|(?<![^%b\n]")(?:[^"\n]|"")*+\n)' % (e, e, e)
        )
        field = rb'(?:"(?:[^"]|"")*+"|[^%b"\r\n][^%b\n]*+|)' % (e, e)
        self._records = re.compile(rb"(?>%b(?:%b%b)*+\r?\n)*+" % (field, e, field))
        self._open = re.compile(rb'(?>(?:%b%b)*+)"(?:[^"]|"")*+\Z' % (field, e))
        self._lenient = re.compile(rb'(?:^|(?<=%b))("[^\n]*?"(?=%b|$)|[^%b]*)(?:%b|$)' % ((e,) * 4))

    def escaped(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, cut between records; those without doubtful marks are passed as they are."""
        rest = b""
        for chunk in chunks:
            done, rest = self._settled(rest + chunk, _LONGEST)
            yield done
        yield self._settled(rest, 0)[0]

    def _settled(self, data: bytes, patience: int) -> tuple[bytes, bytes]:
        """The data with its doubtful lines escaped, and a field still open at its end."""
        if not self._suspect.search(data):
            return data, b""
        parts, at = [], 0
        while True:
            run = self._records.match(data, at)
            end = run.end() if run else at
            parts.append(data[at:end])
            if end == len(data):
                break
            if len(data) - end < patience and self._open.match(data, end):
                return b"".join(parts), data[end:]
            at = data.find(b"\n", end) + 1 or len(data)
            parts.append(self._escaped_line(data[end:at]))
        return b"".join(parts), b""

    def _escaped_line(self, line: bytes) -> bytes:
        text = line.rstrip(b"\r\n")
        fields = self._lenient.findall(text)[: self._width + 1]
        if len(fields) != self._width:
            fields = text.split(self._delimiter)
        return self._delimiter.join(map(_quoted, fields)) + line[len(text) :]


def _quoted(text: bytes) -> bytes:
    if len(text) > 1 and text.startswith(b'"') and text.endswith(b'"'):
        text = text[1:-1].replace(b'""', b'"')
    return b'"%b"' % text.replace(b'"', b'""')
