"""Readers: bytes of any supported format → one `Document`. They know no statutory form."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Block, Cell, Document, Grid, Paragraph

__all__ = ["Block", "Cell", "Document", "Grid", "Paragraph", "read", "sniff"]

# media → module with `read(data: bytes) -> Document`; imported when first needed
_READERS = {"html": "html", "docx": "docx", "pdf": "pdf", "xlsx": "spreadsheet", "xls": "spreadsheet"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(data: bytes, name: str = "") -> str:
    """The media kind of `data`, from its bytes; `name` decides only where bytes cannot.

    Returns one of html, docx, pdf, xlsx, xls, text, or the suffix of a kind we do not read.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    head = data[:1024].lstrip()
    if head.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _sniff_zip(data, suffix)
    if data.startswith(_OLE):
        return suffix if suffix in {"doc", "wps"} else _sniff_ole(data)
    if suffix in {"htm", "html", "shtml", "xhtml", "mht"} or b"<" in head[:1]:
        return "html"
    if any(tag in data[:4096].lower() for tag in (b"<html", b"<table", b"<body", b"<p")):
        return "html"
    return "text"


def _sniff_zip(data: bytes, suffix: str) -> str:
    for media, marker in (("docx", b"word/"), ("xlsx", b"xl/"), ("ofd", b"OFD.xml")):
        if marker in data:
            return media
    return suffix or "zip"


def _sniff_ole(data: bytes) -> str:
    streams = {"Workbook": "xls", "Book": "xls", "EncryptedPackage": "xls"}
    return next((m for s, m in streams.items() if s.encode("utf-16-le") in data), "doc")


def read(data: bytes, name: str = "") -> Document:
    """One `Document` from the bytes of a file.

    Raises:
        ReadError: the file is empty, of a kind we do not read, or damaged.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("empty", "the file is empty; expected a report, a log or a table")
    media = sniff(data, name)
    if media not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise ReadError("unsupported", f"a {media} file is not read; expected one of {known}")
    module = import_module(f"zwgk_analytics.readers.{_READERS[media]}")
    reader: Callable[[bytes], Document] = module.read
    return reader(data)
