"""MHTML, a page saved with all that it shows (.mht, .mhtml) → `Document` of its HTML."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import html
from zwgk_analytics.readers.document import Document

_HEADERS: Final = ("Subject", "Date", "Snapshot-Content-Location", "Content-Location")
# what `encoding.decode` tells from the bytes better than a header does
_TOLD_BY_BYTES: Final = frozenset(
    ("ascii", "utf-8", "gb2312", "gbk", "gb18030", "iso8859-1", "cp1252")
)


def read(data: bytes) -> Document:
    """The page of an MHTML file as the HTML reader gives it; `media` is "mhtml".

    Of several HTML parts it is the first one that shows anything: the page before its frames.
    `meta` has the headers subject, date and the location that the page was saved from, too.

    Raises:
        ReadError: `damaged` where the file has no HTML part.
    """
    message = message_from_bytes(data, policy=default)
    pages = [(part, html.read(_bytes_of(part))) for part in _html_parts(message)]
    if not pages:
        raise ReadError("damaged", "the saved page has no HTML in it; save it again as HTML")
    part, page = next(((part, page) for part, page in pages if page.blocks), pages[0])
    return replace(page, media="mhtml", meta=_headers(part) | _headers(message) | page.meta)


def _html_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            yield part


def _bytes_of(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        name = codecs.lookup(part.get_content_charset("utf-8")).name
    except LookupError:
        return content
    if name in _TOLD_BY_BYTES:
        return content
    return codecs.BOM_UTF8 + content.decode(name, "replace").encode()


def _headers(part: EmailMessage) -> dict[str, str]:
    found = {name.lower(): str(part[name] or "").strip() for name in _HEADERS}
    return {name: value for name, value in found.items() if value}
