"""文号 as printed → series, year and serial: 粤府函〔2023〕223号 → 粤府函, 2023, 223."""

import re
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

    text = pl.col("text").str.strip_chars()
    part = pl.col("part").struct
    printed = (
        column.rename("text")
        .to_frame()
        .select(pl.when(text.is_in(ABSENT).not_()).then(text).alias("text"))
    )
    return printed.with_columns(pl.col("text").str.extract_groups(_NUMBER).alias("part")).select(
        pl.col("text").alias("document_number"),
        pl.coalesce(part.field("series"), part.field("series2"))
        .str.replace_all("[ \u3000]+", "")
        .alias("series"),
        _integer(pl.coalesce(part.field("year"), part.field("year2"))).alias("series_year"),
        _integer(pl.coalesce(part.field("serial"), part.field("serial2"))).alias("serial"),
    )


def _integer(digits: "pl.Expr") -> "pl.Expr":
    import polars as pl

    return digits.str.normalize("NFKC").cast(pl.Int32, strict=False)
