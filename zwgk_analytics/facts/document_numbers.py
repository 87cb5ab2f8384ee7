"""文号 as printed → series, year and serial: 粤府函〔2023〕223号 → 粤府函, 2023, 223."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

_OPEN, _CLOSE = r"[〔﹝\[【(<〈《{〖［（＜]", r"[〕﹞\]】)>〉》}〗］）＞]"
_DIGIT = "[0-9０-９]"
_GAP = "[ \u00a0\u3000\t\r\n]*"
_SERIES = "(?P<series>[一-鿿㐀-䶿A-Za-z0-9·. \u3000-]*?[一-鿿㐀-䶿])"
_YEAR = rf"(?P<year>(?:19|20|１９|２０){_DIGIT}{{2}}){_GAP}年?"
_SERIAL = rf"(?P<serial>{_DIGIT}{{1,6}}){_GAP}号?{_GAP}文?"
# One regex in the common tongue of Rust's and Python's engines: a bracketed year; or none, where
# orders and notices are counted by 第…号 (国务院令第711号, 财政部公告2015年第3号).
_NUMBER: Final = (
    rf"^{_GAP}(?:{_SERIES}{_GAP}{_OPEN}{_GAP}{_YEAR}{_GAP}{_CLOSE}{_GAP}第?{_GAP}{_SERIAL}"
    rf"|{_SERIES.replace('series', 'series2')}{_GAP}"
    rf"(?:{_YEAR.replace('year', 'year2').removesuffix('?')}{_GAP})?"
    rf"第{_GAP}{_SERIAL.replace('serial', 'serial2')}){_GAP}$"
)
# The usual form, which engines match without going back.
_PLAIN: Final = (
    rf"^(?P<series>[一-鿿]+){_OPEN}(?P<year>(?:19|20)[0-9]{{2}}){_CLOSE}"
    r"(?P<serial>[0-9]{1,6}) ?号?$"
)
ABSENT: Final = frozenset(
    {"", "无", "暂无", "无文号", "没有", "空", "-", "--", "—", "——", "/", "\\"}
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The parts of a 文号; `year` is None where it is counted without (国务院令第711号)."""

    series: str
    year: int | None
    serial: int


def is_absent(text: str) -> bool:
    """Whether a printed 文号 says that there is none (无, -, /, blank)."""
    return text.strip() in ABSENT


def parse_number(text: str) -> DocumentNumber | None:
    """The parts of one 文号; None where the text has not its form or holds more than one."""
    match = re.match(_NUMBER, text)
    if not match:
        return None
    part = match.groupdict()
    year = part["year"] or part["year2"]
    series = re.sub("[ \u3000]+", "", part["series"] or part["series2"])
    return DocumentNumber(
        series, int(year) if year else None, int(part["serial"] or part["serial2"])
    )


def numbers(column: "pl.Series") -> "pl.DataFrame":
    """One row a 文号: `document_number` as printed, `series`, `series_year`, `serial`.

    `无`, dashes and blanks are null; what has not the form keeps its text and has null parts.
    """
    import polars as pl

    text = column.str.strip_chars()
    is_absent = text.is_in(pl.Series(sorted(ABSENT)).implode())
    text = text.set(is_absent, None) if is_absent.any() else text
    series, year, serial = _parts(text)
    if series.str.contains("[ \u3000]").any():
        series = series.str.replace_all("[ \u3000]+", "")
    return pl.DataFrame(
        {
            "document_number": text,
            "series": series,
            "series_year": _integers(year),
            "serial": _integers(serial),
        }
    )


def _parts(texts: "pl.Series") -> "Iterator[pl.Series]":
    """Series, year and serial as printed; the slow regex sees only what the plain one left."""
    plain = texts.str.extract_groups(_PLAIN).struct.unnest()
    odd = (plain["series"].is_null() & texts.is_not_null()).arg_true()
    left = texts.gather(odd).str.extract_groups(_NUMBER).struct
    for name in plain.columns:
        found, other = left.field(name), left.field(f"{name}2")
        yield plain[name].scatter(odd, found.zip_with(found.is_not_null(), other))


def _integers(digits: "pl.Series") -> "pl.Series":
    import polars as pl

    found = digits.cast(pl.Int32, strict=False)
    is_plain = found.null_count() == digits.null_count()
    return found if is_plain else digits.str.normalize("NFKC").cast(pl.Int32, strict=False)
