"""Documents that list items without being tables of them → a publication log."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.headings import recognise
from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.tables import fill
from zwgk_analytics.readers import Document, Paragraph
from zwgk_analytics.readers.link_list import FEWEST, read_links
from zwgk_analytics.readers.tabular import RawTable, numbered_rows

_LOG: Final = "publication_log"
_SHARE: Final = 0.6  # of the lines of a list that are items
_NAMES: Final = ("标题", "文号", "日期", "栏目")
_DATE: Final = r"(?:19|20)[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*日?"
_LINE = re.compile(
    r"(?:[0-9]{1,4}\s*[.、．)）]\s*)?(?P<title>.{4,}?)\s*"
    rf"(?:[\[（(【]\s*(?:(?P<number>[^，,；;]{{4,40}}号)\s*[，,；;]\s*)?(?P<date>{_DATE})"
    rf"\s*(?P<what>公开|发布|印发|成文)?\s*[\]）)】]|[\s…·]+(?P<bare>{_DATE}))"
)
_TWO = re.compile(rf"{_DATE}\s*$")  # of two dates nothing says what they are
_SITE = re.compile("[_|｜-]")


def read_items(
    document: Document, data: bytes, into: Extraction, told: Mapping[str, Any]
) -> Extraction:
    """Fills `into` with the items of a site's list page, or of lines that end in a date each.

    `into` stays as it is where the document is no list.
    """
    table = read_links(data) if document.media == "html" else None
    table = table or _of_lines(document)
    if table is None:
        return into
    columns = recognise(table, {**told, "kind": _LOG})
    if columns.kind != _LOG:
        return into
    site = _site(document)
    return fill(into, [(table, columns)], {"agency": site, **told} if site else told)


def _site(document: Document) -> str | None:
    """Whose site it is, as its title ends: 通知公告_梅溪县人民政府."""
    names = [document.meta.get("sitename", ""), *_SITE.split(document.meta.get("title", ""))[:0:-1]]
    return next((n.strip() for n in names if is_body(n.strip())), None)


def _of_lines(document: Document) -> RawTable | None:
    lines = [p for p in document.paragraphs if p.text.strip()]
    rows = list(_rows(lines))
    items = [row for row in rows if row is not None]
    if len(items) < FEWEST or len(items) < _SHARE * len(lines):
        return None
    dated = {what for *_, what in items}
    heading = "成文日期" if dated <= {"印发", "成文"} else "发布日期"
    names = [heading if name == "日期" else name for name in _NAMES]
    columns = [[item[i] or None for item in items] for i in range(len(_NAMES))]
    batch = numbered_rows(columns, [n for n, row in enumerate(rows, 1) if row is not None])
    return RawTable(document.media, tuple(names), iter([batch]))


def _rows(lines: list[Paragraph]) -> Iterator[tuple[str, str, str, str, str] | None]:
    """Each line as title, number, date, heading above and what the date is of; None where none."""
    channel = ""
    for index, line in enumerate(lines):
        match = _LINE.fullmatch(line.text.strip())
        if match is None or _TWO.search(match["title"]):
            is_title = index == 0 or "目录" in line.text or "清单" in line.text
            channel = channel if is_title or len(line.text) > 20 else line.text.strip()
            yield None
        else:
            date = match["date"] or match["bare"]
            yield match["title"], match["number"] or "", date, channel, match["what"] or ""
