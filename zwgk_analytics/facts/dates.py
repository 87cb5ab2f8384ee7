"""Printed dates → dates, by one set of rules for log columns and for running text.

A date that cannot be, or lies outside 1949 … next year, is null and told; a two-digit year is not
guessed. Moments with a time zone are taken to the date in China.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

IMPOSSIBLE: Final = "date.impossible"
UNREADABLE: Final = "date.unreadable"
EXPECTED: Final = "a date such as 2021-10-08 or 2021年10月8日, from 1949 to next year"

_SIGNS = str.maketrans("—–−‐‒―○〇零一二三四五六七八九", "------000123456789")
_TENS = (("廿", "2十"), ("卅", "3十"), ("元月", "1月"))
_DAY = re.compile(
    r"(?<![0-9])(?:([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?![0-9])\s*[日号]?"
    r"|((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?=[0-9]{6}(?:[0-9]{3})?(?![0-9])|(?![0-9])))"
)
_TIME = re.compile(  # an offset only behind seconds: 09:00-11:30 is a span
    r"[T\s(]*(?:星期.|周.)?[)T\s]*(?:[上下]午)?\s*(?:(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})"
    r"(?:[:分][0-9]{1,2}(?:[.,][0-9]+)?\s*(?P<offset>[+-][0-9]{2}:?[0-9]{2})?)?[分秒]?"
    r"\s*(?P<utc>Z|UTC|GMT)?(?:[AaPp][Mm])?|[0-9]{6}(?:[0-9]{3})?)?"
)
_SHORT_DAY = re.compile(
    r"(?:(?P<year>[0-9]{2})\s*[-/.年]\s*)?(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})"
    rf"\s*[日号]?{_TIME.pattern}"
)
_BEFORE = re.compile(r"(?:[^0-9]{0,8}:)?\s*[\[(【〔]?\s*")
_BEHIND = re.compile(r"\s*[\])】〕]?(?:\.0+)?\s*")
_EPOCH = re.compile(r"(1[0-9]{9})(?:[0-9]{3})?(?:\.[0-9]*)?")  # seconds, milliseconds: 2001 … 2033
_SERIAL = re.compile(r"([1-6][0-9]{4})(?:\.[0-9]+)?")  # days as spreadsheets count them
_TIMES_OF_DAY: Final = (
    (":", r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$", ""),
    ("T", r"(T[0-9]{2}):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?00)$", "${1}:00:00${2}"),
)
_CLOCK: Final = (
    r"[0-9日][T\s]+((?:[01]?[0-9]|2[0-3]):[0-5][0-9])(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:\+08:?00)?$"
)
_SPOKEN = re.compile("([0-9]{1,2})[时点]([0-9]{2})分?")
_EPOCHS: Final = "^(1[0-9]{9})(?:[0-9]{3})?$"
_CHINA = timezone(timedelta(hours=8))


def parse_date(text: str) -> date | None:
    """The first date in `text`, in any of the ways that a column may print it; None if none.

    A date that cannot be (2021-02-30) or lies before 1949 or over a year ahead is passed over.
    """
    plain = _spelled(text)
    found = (_moment(day, _TIME.match(plain, day.end())) for day in _DAY.finditer(plain))
    return next((d for d in found if d and _is_in_range(d)), None)


def dates(column: "pl.Series", serials: bool = False) -> "pl.DataFrame":
    """One row a value of `column` (strings): `date`, and `fault` where a value is no date.

    Args:
        column: dates as printed; a null gives neither date nor fault.
        serials: whether five digits are the day number of a spreadsheet.

    Returns:
        `date` (Date) and `fault` (date.impossible, date.unreadable or null).
    """
    import polars as pl

    short = _without_time(column.rename("text")).to_frame()
    distinct = short["text"].unique().drop_nulls()  # a log repeats its days: each is read once
    read = [read_date(text, serials) for text in distinct]
    known = pl.DataFrame(
        {"text": distinct, "date": [r[0] for r in read], "fault": [r[1] for r in read]},
        schema={"text": pl.String, "date": pl.Date, "fault": pl.String},
    )
    return short.join(known, on="text", how="left", maintain_order="left").select("date", "fault")


def times(column: "pl.Series") -> "pl.Series":
    """The time of day (16:30) that each value of `column` prints behind its date, else null.

    Midnight is null: systems print it where they know the day alone. So is a time of another zone.
    """
    import polars as pl

    if not column.str.contains(":", literal=True).any():
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
    found = column.str.extract(_CLOCK).str.zfill(5)
    return found.set(found == "00:00", None)


def _without_time(texts: "pl.Series") -> "pl.Series":
    """The texts without what cannot change their date, so that few distinct ones are left."""
    import polars as pl

    text = pl.col("text")
    marks = {m: text.str.contains(m, literal=True).any() for m, *_ in _TIMES_OF_DAY}
    frame = texts.to_frame("text")
    has = frame.select(**marks, epoch=text.str.contains(_EPOCHS).any()).row(0, named=True)
    for mark, pattern, kept in _TIMES_OF_DAY:
        text = text.str.replace(pattern, kept) if has[mark] else text
    if has["epoch"]:
        moment = text.str.extract(_EPOCHS).cast(pl.Int64)
        midnight = moment - (moment + 28_800) % 86_400  # in China
        text = pl.coalesce(midnight.cast(pl.String), text)
    return frame.select(text)["text"]


def read_time(text: str) -> str | None:
    """The time of day (16:30) that a text prints behind its date; None where it is midnight."""
    found = re.search(_CLOCK, _SPOKEN.sub(r" \1:\2", text.strip()))
    clock = found[1].zfill(5) if found else "00:00"
    return None if clock == "00:00" else clock


@lru_cache(maxsize=65_536)
def read_date(text: str, serials: bool) -> tuple[date | None, str | None]:
    """The date that a whole cell is, else what is wrong with it (see `dates`)."""
    plain = _spelled(text)
    day = _DAY.match(plain, _end(_BEFORE, plain, 0))
    time = _TIME.match(plain, day.end()) if day else None
    if day and time and _BEHIND.fullmatch(plain, time.end()):
        found = _moment(day, time)
    elif epoch := _EPOCH.fullmatch(plain):
        found = datetime.fromtimestamp(int(epoch[1]), _CHINA).date()
    elif serials and (serial := _SERIAL.fullmatch(plain)):
        found = date(1899, 12, 30) + timedelta(days=int(serial[1]))
    else:
        return None, UNREADABLE
    return (found, None) if found and _is_in_range(found) else (None, IMPOSSIBLE)


def read_day(text: str, years: set[int]) -> tuple[date, bool] | None:
    """The date of a cell that states no year, or two digits of one, in a table of those years.

    With it, whether it states the two digits: they must be those of one of the years, or of one
    before or after it. Without them, there must be one year.
    """
    day = _SHORT_DAY.fullmatch(_spelled(text))
    if day is None or not (day["year"] or len(years) == 1):
        return None
    year = 2000 + int(day["year"]) if day["year"] else min(years)
    try:
        found = date(year, int(day["month"]), int(day["day"]))
    except ValueError:
        return None
    is_near = any(abs(year - other) <= 1 for other in years)
    return (found, bool(day["year"])) if is_near and _is_in_range(found) else None


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _spelled(text: str) -> str:
    """The text with every numeral in ASCII digits: 二〇二一年十月廿一日 → 2021年10月21日."""
    text = unicodedata.normalize("NFKC", text).strip().translate(_SIGNS)
    for old, new in _TENS:
        text = text.replace(old, new)
    if "十" in text:
        text = re.sub("([1-3])十(?=[0-9])", r"\1", text)
        text = re.sub("([1-3])十", r"\g<1>0", text)
        text = re.sub("十(?=[0-9])", "1", text).replace("十", "10")
    if "O" in text or "o" in text:  # 二OO八年: the letter for the numeral
        text = re.sub("(?<=[0-9])[Oo]+(?=[0-9年])", lambda m: "0" * len(m[0]), text)
    return text


def _moment(day: re.Match[str], time: re.Match[str] | None) -> date | None:
    """The date in China of a printed day and, where a zone is printed, its time."""
    year, month, number = (int(part) for part in day.groups() if part)
    try:
        printed = datetime(year, month, number, tzinfo=_CHINA)
        offset = "+00:00" if time and time["utc"] else time["offset"] if time else None
        if not (offset and time):
            return printed.date()
        shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
        zone = timezone(-shift if offset.startswith("-") else shift)
        clock = timedelta(hours=int(time["hour"]), minutes=int(time["minute"]))
        return (printed.replace(tzinfo=zone) + clock).astimezone(_CHINA).date()
    except (ValueError, OverflowError):
        return None


def _is_in_range(found: date) -> bool:
    return date(1949, 1, 1) <= found <= date.today() + timedelta(days=366)
