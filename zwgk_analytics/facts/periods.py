"""Periods as assessments print them: in a cell of their own, or inside titles and headings."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_NUMERALS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"((?:19|20)\d\d)年?度?"
_PERIODS: Final = (
    (re.compile(_YEAR), "{}"),
    (re.compile(rf"{_YEAR}[-/.]?(?:第?([1-4])季度?|Q([1-4]))"), "{}Q{}"),
    (re.compile(rf"{_YEAR}[-/.]?(?:上半年|H1)"), "{}H1"),
    (re.compile(rf"{_YEAR}[-/.]?(?:下半年|H2)"), "{}H2"),
    (re.compile(rf"{_YEAR}[-/.]?(0?[1-9]|1[0-2])月份?"), "{}-{:0>2}"),
    (re.compile(r"((?:19|20)\d\d)[-/.]?(0[1-9]|1[0-2])|((?:19|20)\d\d)[-/.]([1-9])"), "{}-{:0>2}"),
)

_TO = r"(?:[-—–~～]|至|到)"
_DAY = re.compile(
    r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|截[至止](?:(?:19|20)\d\d年)?\d{1,2}月份?底?"
)
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|度|[QH第上下]|$)")
_SEVERAL_YEARS = re.compile(rf"(?<!\d)((?:19|20)\d\d)年?{_TO}((?:19|20)\d\d)(?!\d)")
_MONTHS = re.compile(rf"(?<!\d)(\d{{1,2}})月?份?{_TO}(\d{{1,2}})月份?")
_SEVERAL_QUARTERS = re.compile(rf"前[2-4]个?季度|[1-4](?:季度)?(?:{_TO}|[、和及])第?[1-4]季度")
_QUARTER = re.compile(r"第?([1-4])季度?|Q([1-4])(?!\d)")
_HALF = re.compile(r"([上下])半年|H([12])(?!\d)")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月份?")
_WHOLE = re.compile(r"全年")
_WHOLE_UNLESS_PART = re.compile(r"年度|(?<!\d)\d{4}度")
_SPANS: Final = {
    (1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4",
    (1, 6): "H1", (7, 12): "H2", (1, 12): "",
}  # fmt: skip
_ANY_MONTH = r"(?:十[12]?|1[0-2]|0?[1-9])"
_CUT: Final = (
    _DAY,
    re.compile(rf"(?:19|20)\d\d年?{_TO}(?:19|20)\d\d(?:年度?|度)?(?!\d)"),
    re.compile(r"(?<!\d)(?:19|20)\d\d(?:年度?|度|(?=[QH第上下]|$))"),
    re.compile(rf"(?<!\d){_ANY_MONTH}月?份?{_TO}{_ANY_MONTH}月份?"),
    _SEVERAL_QUARTERS,
    re.compile(r"第?[1-4]季度?|[QH][1-4](?!\d)|[上下]半年|全年"),
    re.compile(rf"(?<!\d){_ANY_MONTH}月份?(?![\u4e00-\u9fff]?日)"),
    re.compile(r"^年?度(?!报告)"),
)
_NO_PERIOD: Final = "?"  # a stretch of time that is no year, half, quarter or month


@dataclass(frozen=True, slots=True)
class _Said:
    """The years and the parts of a year that one text names; "" is the whole year."""

    years: frozenset[str]
    parts: frozenset[str]

    @property
    def is_clear(self) -> bool:
        return len(self.years) <= 1 and len(self.parts) <= 1 and _NO_PERIOD not in self.parts


def parse_period(text: str) -> str | None:
    """A printed period as 2014, 2014Q1, 2014H1 or 2014-03; None for anything else."""
    bare = plain(text).upper()
    for pattern, form in _PERIODS:
        if match := pattern.fullmatch(bare):
            return form.format(*(g for g in match.groups() if g))
    return None


def find_period(texts: Iterable[str]) -> str | None:
    """The period that headings name, nearest first; None where they name none or several.

    A quarter, half or month may stand in one text and its year in the next. A bare year
    (2023年) is refined by a farther text that names a part of the same year; 2023年度 is not.
    """
    year: str | None = None
    part: str | None = None
    for said in map(_said, texts):
        if not said.is_clear:
            break
        agrees = year is None or said.years <= {year}
        if part is None and said.parts and agrees:
            (part,) = said.parts
        if year is None and said.years:
            (year,) = said.years
        if year is not None and part is not None:
            break
    return f"{year}{part or ''}" if year else None


def names_period(text: str) -> bool:
    """Whether a text names a year or a part of one."""
    said = _said(text)
    return bool(said.years or said.parts)


def without_period(text: str) -> str:
    """A text without spaces and the periods that it names: 2023年第三季度得分 → 得分."""
    text = squeezed(text)
    for pattern in _CUT:
        found = [m.span() for m in pattern.finditer(text.translate(_NUMERALS))]
        for start, end in reversed(found):
            text = text[:start] + text[end:]
    return text


def squeezed(text: str) -> str:
    """A text without spaces, its full-width letters and digits made plain."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def plain(text: str) -> str:
    """Without spaces, full-width digits and Chinese numerals: 第十二名 → 第12名."""
    text = squeezed(text).translate(_NUMERALS)
    text = re.sub(r"(?<=\d)十(?=\d)", "", text)
    return re.sub(r"(?<=\d)十", "0", re.sub(r"(?<!\d)十(?=\d)", "1", text)).replace("十", "10")


def _said(text: str) -> _Said:
    text = _DAY.sub(" ", plain(text).upper())
    several = {y for m in _SEVERAL_YEARS.finditer(text) for y in m.groups()}
    years = several | {m[1] for m in _YEARS.finditer(text)}
    parts: set[str] = set()
    for match in _MONTHS.finditer(text):
        parts.add(_SPANS.get((int(match[1]), int(match[2])), _NO_PERIOD))
    text = _MONTHS.sub(" ", text)
    if _SEVERAL_QUARTERS.search(text):
        parts.add(_NO_PERIOD)
        text = _SEVERAL_QUARTERS.sub(" ", text)
    parts |= {f"Q{m[1] or m[2]}" for m in _QUARTER.finditer(text)}
    parts |= {f"H{m[2] or '上下'.index(m[1]) + 1}" for m in _HALF.finditer(text)}
    parts |= {f"-{int(m[1]):02}" for m in _MONTH.finditer(text)}
    if _WHOLE.search(text) or (not parts and years and _WHOLE_UNLESS_PART.search(text)):
        parts.add("")
    return _Said(frozenset(years), frozenset(parts))
