"""A list page → the links, items and next page that it shows: HTML, JSON, RSS and Atom."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from zwgk_analytics.collect.sources import Source
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.readers.encoding import decode
from zwgk_analytics.readers.link_text import text_of, title_of

Row = dict[str, str]

_DATE: Final = re.compile(r"(?<!\d)\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*日?")
_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHINA: Final = re.compile(r"\bCST\b")  # here China's time, not that of the American Midwest


class ListError(ZwgkError):
    """A list page does not show what its source says it does."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list page shows: links to documents or rows of items, and the next list page."""

    links: tuple[str, ...]
    rows: tuple[Row, ...]
    next: str | None


def read_listing(data: bytes, url: str, source: Source) -> Listing:
    """What a list page at `url` shows.

    Raises:
        ListError: it is not in the format that the source says.
    """
    if source.format != "html":
        read = _json_rows if source.format == "json" else _feed_rows
        rows = tuple(row | _joined(url, row) for row in read(data, url, source))
        wanted = (r["url"] for r in rows if r.get("url") and _fits(source, r.get("title", "")))
        return Listing(tuple(dict.fromkeys(wanted)), rows, None)
    page = _Html(data, url)
    rows = tuple(page.rows(source)) if source.reads == "log" else ()
    links = page.links(source.links, source.text) if source.reads != "log" else ()
    return Listing(tuple(links), rows, page.first(source.next) if source.next else None)


def _joined(url: str, row: Row) -> Row:
    return {"url": urljoin(url, row["url"])} if row.get("url") else {}


def _fits(source: Source, title: str) -> bool:
    return re.search(source.text, title) is not None


def attachments(data: bytes, url: str, suffixes: tuple[str, ...]) -> list[str]:
    """The addresses of the files that a page links to."""
    from zwgk_analytics.collect.shelf import suffix_of

    return [link for link in _Html(data, url).links("a[href]", "") if suffix_of(link) in suffixes]


def visible(data: bytes, ignore: str | None) -> str:
    """The text of a page as compared between visits, without what `ignore` selects."""
    tree = LexborHTMLParser(decode(data))
    for node in tree.css(f"script, style, {ignore}" if ignore else "script, style"):
        node.decompose()
    return " ".join((tree.root.text(separator=" ") if tree.root else "").split())


class _Html:
    def __init__(self, data: bytes, url: str) -> None:
        self._tree = LexborHTMLParser(decode(data))
        base = self._tree.css_first("base[href]")
        self._base = urljoin(url, base.attributes.get("href") or "") if base else url

    def links(self, css: str, text: str) -> list[str]:
        nodes = (n for n in self._tree.css(css) if re.search(text, title_of(n)))
        return list(dict.fromkeys(link for n in nodes if (link := self._address(n))))

    def first(self, css: str) -> str | None:
        return next(iter(self.links(css, "")), None)

    def rows(self, source: Source) -> Iterator[Row]:
        for node in self._tree.css(source.items or "li, tr"):
            row = self._row(node, source)
            if row["title"] and (source.items or row["published_on"]):
                yield row

    def _row(self, node: LexborNode, source: Source) -> Row:
        css = source.fields
        anchor = node.css_first(css.get("url", "a[href]"))
        named = node.css_first(css["title"]) if "title" in css else anchor
        row = {"title": title_of(named) if named else "", "published_on": ""}
        row["url"] = (self._address(anchor) or "") if anchor else ""
        for column in css.keys() - {"title", "url"}:
            found = node.css_first(css[column])
            row[column] = text_of(found) if found else ""
        if "published_on" not in css and (
            date := _DATE.search(text_of(node).replace(row["title"], ""))
        ):
            row["published_on"] = date[0]
        return row

    def _address(self, node: LexborNode) -> str | None:
        try:
            link = urldefrag(urljoin(self._base, (node.attributes.get("href") or "").strip())).url
        except ValueError:
            return None  # such as http://[bad
        return link if link.startswith(("http://", "https://")) and link != self._base else None


def _json_rows(data: bytes, url: str, source: Source) -> Iterator[Row]:
    try:
        found = json.loads(decode(data))
    except ValueError as error:
        raise ListError(f"source {source.name}: {url}: no JSON: {error}") from error
    items = _at(found, source.items) if source.items else found
    if not isinstance(items, list) or not all(isinstance(i, Mapping) for i in items):
        where = f"source {source.name}: {url}"
        raise ListError(f"{where}: no list of objects at `items: {source.items or ''}`")
    for item in items:
        if source.fields:
            yield {column: _scalar(_at(item, path)) for column, path in source.fields.items()}
        else:
            yield {k: _scalar(v) for k, v in item.items() if not isinstance(v, list | Mapping)}


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 (JSON)
    for key in path.split("."):
        if isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _scalar(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _feed_rows(data: bytes, url: str, source: Source) -> Iterator[Row]:
    import feedparser  # type: ignore[import-untyped]  # slow to import

    # what decodes, not what the feed says of itself
    text = _DECLARED.sub("", decode(data), count=1)
    feed = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise ListError(f"source {source.name}: {url}: neither RSS nor Atom")
    is_rss = feed.version.startswith("rss")  # its dc:date; what Atom updated was published before
    for entry in feed.entries:
        yield {
            "title": " ".join(entry.get("title", "").split()),
            "published_on": _moment(
                entry.get("published") or (is_rss and entry.get("updated")) or ""
            ),
            "url": entry.get("link", ""),
        }


def _moment(text: str) -> str:
    """A moment of a feed as ISO, its time zone kept; the text itself in any other form."""
    try:
        moment: datetime = parsedate_to_datetime(_CHINA.sub("+0800", text))
    except (ValueError, TypeError):
        return text.strip()
    return moment.isoformat()
