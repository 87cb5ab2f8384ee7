"""The lines above a table → what holds for all of its rows: years, whose it is, fields stated."""

import re

from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.readers.tabular import RawTable

_STATED = re.compile(r"([^\s:：]{2,12})[:：]\s*([^\s:：]+)")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:\s*年|\s*[.．/-]\s*[0-9]{1,2}(?![0-9]))")
_FILED = re.compile(r"[填制编上报印][表报制印]|导出|打印|截至|更新|索引|发布|来源|浏览|〔|\[")
_TITLE = re.compile(
    r"(.{2,20}?)(?:关于)?(?:(?:19|20)[0-9]{2}年|政府信息|依申请|信息公开).*(?:台账|登记[簿表册]|汇总|情况|一览)"
)
_LONGEST = 80  # characters: a longer line is prose


def stated(table: RawTable) -> dict[str, str]:
    """What lines above a table state (整改单位：市民政局), by its heading; the nearest one counts.

    In a grid the heading and what it states may stand in cells beside each other.
    """
    found: dict[str, str] = {}
    for line in table.above:
        texts = [text.strip() for text in line if text.strip()]
        if any(len(text) > _LONGEST for text in texts):
            continue
        for text in texts:
            found |= dict(_STATED.findall(text))
        cells = list(dict.fromkeys(texts))
        found |= dict(zip(cells[::2], cells[1::2], strict=False))
    return found


def years_of(table: RawTable) -> set[int]:
    """The years that the nearest line above a table names.

    Lines that say when the table was filled in or published name no year of its rows.
    """
    for line in reversed(table.above):
        texts = [t for t in line if len(t) <= _LONGEST and not _FILED.search(t)]
        years = {int(year) for text in texts for year in _YEAR.findall(text)}
        if years:
            return years
    return set()


def named_agency(table: RawTable) -> str | None:
    """Whose table it is by its title: the body that a line above it begins with."""
    for line in reversed(table.above):
        for text in line:
            title = _TITLE.match("".join(text.split())) if len(text) <= _LONGEST else None
            if title and is_body(title[1]):
                return title[1]
    return None
