"""Readers: bytes of any supported format → one `Document`. They know no statutory form."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.bundle import package_kind
from zwgk_analytics.readers.document import Block, Cell, Document, Grid, Paragraph

__all__ = ["Block", "Cell", "Document", "Grid", "Paragraph", "read", "sniff"]

# media → module with `read(data: bytes) -> Document`; imported when first needed
_READERS = {
    "doc": "doc",
    "docx": "docx",
    "html": "html",
    "mhtml": "mhtml",
    "ofd": "ofd",
    "pdf": "pdf",
    "rtf": "doc",
    "scan": "ocr",
    "text": "plain_text",
    "xls": "spreadsheet",
    "xlsx": "spreadsheet",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = {
    b"%PDF": "pdf",
    b"{\\rtf": "rtf",
    b"\x89PNG\r\n": "scan",
    b"\xff\xd8\xff": "scan",  # JPEG
    b"II*\0": "scan",  # TIFF
    b"MM\0*": "scan",
    b"GIF8": "scan",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gz",
}
_TAGS = (b"<html", b"<table", b"<body", b"<p")


def sniff(data: bytes, name: str = "") -> str:
    """The media kind of `data`, from its bytes; `name` decides only where bytes cannot.

    Returns one of html, mhtml, docx, doc, rtf, pdf, scan (pictures), ofd, xlsx, xls, text; zip
    for a bundle of documents (`readers.bundle`); or the name of a kind that is not read.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    return _sniff_binary(data, suffix) or _sniff_marked_up(data[:4096].lstrip(), suffix) or "text"


def _sniff_binary(data: bytes, suffix: str) -> str | None:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return package_kind(data) or "zip"
    if data.startswith(_OLE):
        return _sniff_ole(data, suffix)
    head = data[:64].lstrip()
    kinds = (kind for start, kind in _STARTS.items() if head.startswith(start))
    return next(kinds, "scan" if _is_picture(data) else None)


def _sniff_marked_up(head: bytes, suffix: str) -> str | None:
    small = head.lower()
    if b"mime-version:" in small and b"content-type:" in small:
        return "mhtml"
    is_named = suffix in {"htm", "html", "shtml", "xhtml", "mht", "mhtml"}
    return "html" if is_named or head.startswith(b"<") or any(t in small for t in _TAGS) else None


def _is_picture(data: bytes) -> bool:
    """Whether it is a BMP or WebP, whose first letters alone could begin a text."""
    is_bmp = data[:2] == b"BM" and data[6:10] == bytes(4)
    return is_bmp or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _sniff_ole(data: bytes, suffix: str) -> str:
    """By the streams inside; a document may hold another kind as an object: then by its name."""
    streams = {
        "WordDocument": "doc",
        "Workbook": "xls",
        "Book": "xls",
        "EncryptedPackage": "xls",
        "PowerPoint Document": "ppt",
    }
    kinds = [kind for name, kind in streams.items() if name.encode("utf-16-le") in data]
    named = {"doc": "doc", "wps": "doc", "xls": "xls", "et": "xls"}.get(suffix)
    return named if named in kinds else next(iter(kinds), "doc")


def read(data: bytes, name: str = "") -> Document:
    """One `Document` from the bytes of a file; a PDF without text is recognised as a scan.

    Raises:
        ReadError: the file is empty, of a kind we do not read, a bundle, or damaged.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("empty", "the file is empty; expected a report, a log or a table")
    media = sniff(data, name)
    if media == "zip":
        raise ReadError("bundle", "a ZIP of several documents is no document; unpack it")
    if media not in _READERS:
        known = ", ".join(_READERS)
        raise ReadError("unsupported", f"a {media} file is not read; expected one of {known}")
    try:
        return _reader(media)(data)
    except ReadError as error:
        if (media, error.code) != ("pdf", "no_text"):
            raise
        return _reader("scan")(data)


def _reader(media: str) -> Callable[[bytes], Document]:
    module = import_module(f"zwgk_analytics.readers.{_READERS[media]}")
    reader: Callable[[bytes], Document] = module.read
    return reader
