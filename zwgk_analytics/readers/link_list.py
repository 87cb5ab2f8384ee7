"""A list page of a site → `RawTable`: a row a link that has a date beside it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from zwgk_analytics.readers.encoding import decode
from zwgk_analytics.readers.link_text import text_of, title_of
from zwgk_analytics.readers.tabular import RawTable, numbered_rows

FEWEST: Final = 5  # links with a date: fewer make no list
_SHARE: Final = 0.5  # of the page's text that is in the list: an article has links beside it too
_LEVELS: Final = 5  # between a link and what holds it with its date
_SHORTEST: Final = 4  # characters of a title: less is 更多 or a page's number
_TITLE, _DATE, _URL = "标题", "发布日期", "链接"
_SEP: Final = r"\s*[-/.年]\s*"
_WHOLE = re.compile(
    rf"(?<![0-9])((?:19|20)[0-9]{{2}}){_SEP}([0-9]{{1,2}})\s*[-/.月]\s*([0-9]{{1,2}})(?![0-9])"
)
_SPLIT = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}})\s+((?:19|20)[0-9]{{2}}){_SEP}([0-9]{{1,2}})(?![0-9])"
)
_SHORT = re.compile(r"(?<![0-9])([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})\s*年?度?\s*")
_STATED = re.compile(r"\s*([^\s:：]{2,6})\s*[:：]\s*(.+?)\s*")


@dataclass(frozen=True, slots=True)
class _Item:
    tag: str
    fields: dict[str, str]
    size: int  # characters of what holds it


def read_links(data: bytes) -> RawTable | None:
    """The items of a list page in the page's order; None where the page is no list.

    Columns: 标题 (the title attribute where it says more than the text), 发布日期 (or what the page
    calls it), 链接, and whatever stands beside a link as 发文字号：…. `row` counts the items.
    """
    tree = LexborHTMLParser(decode(data))
    for node in tree.css("script, style, noscript, template, [hidden], [style*='display:none' i]"):
        node.decompose()
    if tree.body is None:
        return None
    found = list(_items(tree.body))
    usual = Counter(i.tag for i in found).most_common(1)
    items = [i for i in found if i.tag == usual[0][0]] if usual else []
    text = len(text_of(tree.body))
    if len(items) < FEWEST or sum(i.size for i in items) < _SHARE * text:
        return None
    names = list(dict.fromkeys(name for i in items for name in i.fields))
    columns = [[i.fields.get(name) for i in items] for name in names]
    batch = numbered_rows(columns, range(1, len(items) + 1))
    return RawTable("html", tuple(names), iter([batch]))


def _items(body: LexborNode) -> Iterator[_Item]:
    year: str | None = None
    seen: set[str] = set()
    for node in body.traverse(include_text=True):
        if node.tag == "-text":
            stands = _YEAR.fullmatch(node.text_content or "")
            year = stands[1] if stands else year
        elif node.tag == "a" and (href := (node.attributes.get("href") or "").strip()):
            title = title_of(node)
            if (
                len(title) >= _SHORTEST
                and href not in seen
                and (item := _item(node, title, href, year))
            ):
                seen.add(href)
                yield item


def _item(link: LexborNode, title: str, href: str, year: str | None) -> _Item | None:
    """The link with the date in the smallest element around it that holds no other title.

    Where two dates stand there and nothing says what they are, neither is taken.
    """
    holder = link
    for _ in range(_LEVELS):
        parent = holder.parent
        if parent is None or parent.tag == "body" or _others(parent, href):
            break
        holder = parent
        shown = text_of(holder).replace(text_of(link), " ", 1)
        fields = _in_columns(holder, link) or _stated(holder, link)
        is_dated = any("日期" in name or "时间" in name for name in fields)
        if not is_dated and (date := _date(shown, year)):
            fields[_DATE] = date
            is_dated = True
        if is_dated:
            found = {_TITLE: title, **fields, _URL: href}
            return _Item(holder.tag or "", found, len(text_of(holder)))
    return None


def _others(node: LexborNode, href: str) -> bool:
    links = (a for a in node.css("a[href]") if len(title_of(a)) >= _SHORTEST)
    return any((a.attributes.get("href") or "").strip() != href for a in links)


def _in_columns(row: LexborNode, link: LexborNode) -> dict[str, str]:
    """The cells of a table's row by the headings above them, but for that of the link itself."""
    table = row.parent
    while table is not None and table.tag != "table":
        table = table.parent
    head = table.css_first("tr") if table is not None and row.tag == "tr" else None
    if head is None or head.css_first("a[href]") or head.mem_id == row.mem_id:
        return {}
    names, cells = head.css("th, td"), row.css("th, td")
    if len(names) != len(cells) or _WHOLE.search(text_of(head)):
        return {}
    own = text_of(link)
    texts = ((text_of(name), text_of(cell)) for name, cell in zip(names, cells, strict=True))
    return {name: text for name, text in texts if name and own not in text}


def _stated(holder: LexborNode, link: LexborNode) -> dict[str, str]:
    """What pieces of text beside the link say, as 发布机构：市教育局."""
    pieces = (n.text_content or "" for n in holder.traverse(include_text=True) if n.tag == "-text")
    own = text_of(link)
    said = (_STATED.fullmatch(p) for p in pieces if p.strip() and p.strip() not in own)
    return {m[1]: m[2] for m in said if m}


def _date(text: str, year: str | None) -> str | None:
    if found := {"-".join(match.groups()) for match in _WHOLE.finditer(text)}:
        return found.pop() if len(found) == 1 else None
    if match := _SPLIT.search(text):
        return f"{match[2]}-{match[3]}-{match[1]}"
    if year and (match := _SHORT.search(text)):
        return f"{year}-{match[1]}-{match[2]}"
    return None
