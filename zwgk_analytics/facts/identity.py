"""Who filed a report, for which year, when and where: found in the document or left null."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from zwgk_analytics.facts.dates import parse_date
from zwgk_analytics.forms.load import FOLDER
from zwgk_analytics.forms.traditional import to_simplified
from zwgk_analytics.readers import Document

_YEAR = re.compile(
    r"(?:((?:19|20)\d{2})|([二一][〇零○OＯ0一二三四五六七八九]{3}))(?:年度|年(?!度)|(?=政府信息))"
)
_DIGITS = str.maketrans("〇零○OＯ一二三四五六七八九", "00000123456789")
_BRACKETS = re.compile(r"[(（\[【《〈<](.*?)[)）\]】》〉>]")
_NAME = re.compile(r"[\u4e00-\u9fff（）()·、]{2,40}")
_TITLE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of itself; None where it does not say it."""

    title: str | None = None
    agency: str | None = None
    year: int | None = None
    published_on: date | None = None
    url: str | None = None
    period_year: int | None = None  # of the sentence that states the period of the figures

    @property
    def is_report(self) -> bool:
        """Whether the title is that of an annual report on openness."""
        return self.title is not None and _is_title(self.title)


def identify(document: Document) -> Identity:
    """The identity of one document.

    A title in the meta tags counts before one in the text: pages list other years' reports
    beside their own. The agency is the title's; else a stated source or the signature.
    """
    period = _period_year(document)
    title = _title(document, period)
    agency, year = _split(title) if title else (None, None)
    return Identity(
        title=title,
        agency=agency or stated_agency(document) if title else None,
        year=year or period,
        published_on=_published_on(document),
        url=_meta(document, "url"),
        period_year=period,
    )


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, Any]:
    text = (FOLDER / "identity.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@lru_cache(maxsize=8)
def _words(name: str) -> re.Pattern[str]:
    return re.compile(_vocabulary()[name])


@lru_cache(maxsize=2048)
def _squeeze(text: str) -> str:
    return to_simplified("".join(unicodedata.normalize("NFKC", text).split()))


def _meta(document: Document, field: str) -> str | None:
    for name in _vocabulary()["meta"][field]:
        value = document.meta.get(name, "").strip()
        if value:
            return value
    return None


def _title(document: Document, period: int | None) -> str | None:
    titles = [t for t in _titles(document) if _is_title(t)]
    years = {t: year for t in titles if (year := _split(t)[1])}
    only = period or (next(iter(years.values())) if len({*years.values()}) == 1 else None)
    return next((t for t in titles if only and years.get(t) == only), next(iter(titles), None))


def _is_title(line: str) -> bool:
    """Whether a line names an annual report, wherever in the name the year stands."""
    return bool(_words("report").search(_YEAR.sub("", line, count=1)))


def _titles(document: Document) -> Iterator[str]:
    """Everything short enough to be a title: meta tags, single lines, two lines together."""
    if document.media == "html":
        for name in _vocabulary()["meta"]["title"]:
            text = _squeeze(document.meta.get(name, ""))
            yield re.split(r"[_|｜]|-(?=\D)|——", text)[0]
    lines = [line for t in document.texts() for line in map(_squeeze, t.split("\n")) if line][:400]
    for index, line in enumerate(lines):
        if len(line) <= _TITLE_LENGTH and _is_title(line):
            yield _with_lines_above(lines, index)
        elif _YEAR.search(line) and len(line + "".join(lines[index + 1 : index + 2])) <= 40:
            yield line + "".join(lines[index + 1 : index + 2])


def _with_lines_above(lines: Sequence[str], index: int) -> str:
    """A title that is set in several lines: the name of the body, the year, the word report."""
    title = lines[index]
    for above in lines[max(index - 2, 0) : index][::-1]:
        has_agency, has_year = (part is not None for part in _split(title))
        is_missing_year = not has_year and bool(_YEAR.fullmatch(above) or _YEAR.search(above))
        if not (is_missing_year or (not has_agency and is_body(above))) or len(above) > 40:
            break
        title = above + title
    return title


def _split(title: str) -> tuple[str | None, int | None]:
    """Agency and year of a title: what is left of it without the year and the word report."""
    match = _YEAR.search(title)
    rest = title[: match.start()] + title[match.end() :] if match else title
    rest = _words("report").sub("", rest, count=1)
    rest = _BRACKETS.sub(lambda m: m[1], rest)
    rest = _words("noise").sub("", rest).strip("的 、,，.。:：-—_()（）《》")
    year = int((match[1] or match[2]).translate(_DIGITS)) if match else None
    return (rest if _NAME.fullmatch(rest) else None), year


def is_body(name: str) -> bool:
    """Whether a name ends as the names of bodies that file do (局, 委, 人民政府 …)."""
    endings = _vocabulary()["body_endings"]
    return bool(_NAME.fullmatch(name) and re.search(rf"(?:{endings})$", name))


def stated_agency(document: Document) -> str | None:
    """A stated source, else the signature: a line that is nothing but the name of a body."""
    stated = _meta(document, "agency") if document.media == "html" else None
    if stated and is_body(_squeeze(stated)):
        return _squeeze(stated)
    texts = [p.text for p in document.paragraphs]
    for text in texts:
        match = _words("source_line").search(unicodedata.normalize("NFKC", text))
        if match and is_body(match[1]):
            return match[1]
    ends = (line for line in map(_squeeze, reversed(texts[-6:])) if len(line) <= 30)
    return next((line for line in ends if is_body(line)), None)


def _period_year(document: Document) -> int | None:
    for text in document.texts():
        match = _words("period").search(text)
        if match:
            return int(match[1])
    return None


def _published_on(document: Document) -> date | None:
    stated = _meta(document, "published_on")
    if stated and (found := parse_date(stated)):
        return found
    for text in document.texts():
        match = _words("published_line").search(text)
        if match and (found := parse_date(match[1])):
            return found
    return None


def is_work_title(line: str, *, in_head: bool) -> bool:
    """Whether a line is the title of a work report (政务公开工作总结), not of an annual report.

    `in_head`: it stands where documents have their title, so that a weaker wording is enough.
    """
    if len(line) > _TITLE_LENGTH or _is_title(line):
        return False
    return bool(
        _words("work_title").search(line) or (in_head and _words("work_heading").search(line))
    )


def author_of_work(title: str) -> tuple[str | None, int | None]:
    """Agency and year that the title of a work report names; None for what it does not."""
    match = _YEAR.search(title)
    rest = _YEAR.sub("", title, count=1).removeprefix("关于")
    name = _words("work_subject").split(rest)[0].strip("的年度 ")
    year = int((match[1] or match[2]).translate(_DIGITS)) if match else None
    return (name if is_body(name) else None), year


def speaks_of_openness(text: str) -> bool:
    """Whether a paragraph has a sentence on the openness of government."""
    return bool(_words("openness").search(text))
