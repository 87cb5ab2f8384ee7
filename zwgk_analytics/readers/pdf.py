"""PDF → Document: tables from ruled lines, joined over pages; paragraphs from the rest."""

import ctypes
import re
from threading import Lock

import pypdfium2 as pdfium
from pypdfium2 import raw

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document
from zwgk_analytics.readers.pdf_flow import blocks
from zwgk_analytics.readers.pdf_page import UNKNOWN, Page, read_page

_MAX_PAGES = 2000
_STAMP = 30  # letters a page: a scan may carry its page number or the name of the scanner
_PDFIUM = Lock()  # PDFium is not thread-safe
_LINEARIZED_LENGTH = re.compile(rb"/Linearized[^>]*?/L\s+(\d+)")


def read(data: bytes) -> Document:
    """The text and tables of a PDF; `media` is "pdf".

    A table that runs over several pages is one grid. Paragraphs are placed "page 2, paragraph 5",
    grids "table n" with the page at each cell. `meta` is the document information, lower-cased.

    Raises:
        ReadError: `encrypted`, `truncated`, `damaged`, `too_large`, or `no_text` for a scan.
    """
    with _PDFIUM:
        document = _open(data)
        try:
            meta = _meta(document)
            pages = [_page(document, index) for index in range(len(document))]
        finally:
            document.close()
    _require_text(pages)
    return Document("pdf", tuple(blocks(pages)), meta)


def _meta(document: pdfium.PdfDocument) -> dict[str, str]:
    """The document information; a character that is broken in the file is marked as such."""
    meta = {}
    for key in document.METADATA_KEYS:
        name = key.encode()
        size = raw.FPDF_GetMetaText(document.raw, name, None, 0)
        buffer = ctypes.create_string_buffer(size)
        raw.FPDF_GetMetaText(document.raw, name, buffer, size)
        value = buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")
        if value:
            meta[key.lower()] = value
    return meta


def _open(data: bytes) -> pdfium.PdfDocument:
    if _is_truncated(data):
        raise ReadError("truncated", "the PDF ends before its end mark; download it again")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            message = "the PDF asks for a password; save a copy without one"
            raise ReadError("encrypted", message) from error
        message = "the PDF has no readable structure; download or export it again"
        raise ReadError("damaged", message) from error
    if len(document) > _MAX_PAGES:
        count = len(document)
        document.close()
        raise ReadError("too_large", f"the PDF has {count} pages; at most {_MAX_PAGES} are read")
    return document


def _is_truncated(data: bytes) -> bool:
    """Whether the file stops early: no end mark, objects after it, or shorter than declared."""
    end = data.rfind(b"%%EOF")
    if end < 0 or re.search(rb"\d+ \d+ obj\b", data[end:]):
        return True
    declared = _LINEARIZED_LENGTH.search(data[:2048])
    return declared is not None and len(data) < int(declared[1])


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    try:
        return read_page(document, index)
    except pdfium.PdfiumError as error:
        message = f"page {index + 1} of the PDF cannot be read; download or export it again"
        raise ReadError("damaged", message) from error


def _require_text(pages: list[Page]) -> None:
    letters = [c.text for page in pages for c in page.chars]
    lacking = next((page.number for page in pages if page.lacks_fonts), None)
    if lacking:
        message = (
            f"page {lacking} of the PDF uses fonts that are neither in the file nor on this "
            "computer; install a Chinese font (Noto Sans CJK), or export it with its fonts"
        )
        raise ReadError("no_text", message)
    if letters.count(UNKNOWN) > 0.5 * len(letters):
        message = "the fonts of the PDF do not tell their characters; recognise it from images"
        raise ReadError("no_text", message)
    is_scan = all(page.image_share > 0.5 for page in pages)
    if is_scan and len(letters) < _STAMP * len(pages):
        raise ReadError("no_text", "the PDF is a scan; its text must be recognised from images")
    if not letters:
        raise ReadError(
            "no_text", "the PDF has no text: it is blank, a picture, or drawn as shapes"
        )
