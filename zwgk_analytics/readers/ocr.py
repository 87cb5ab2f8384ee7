"""Scans and photographed pages → `Document`, by recognition of their print (extra `[ocr]`)."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document

if TYPE_CHECKING:
    from zwgk_analytics.readers.ocr_image import Image

_MAX_PAGES = 200
_MAX_DOTS = 120_000_000
_PORTRAIT, _LANDSCAPE = 595.0, 842.0  # points: the width of an A4 sheet either way
_PLAUSIBLE = 400.0, 1300.0  # points


def read(data: bytes) -> Document:
    """The text and tables that page images show; `media` is "scan".

    `data` is a PDF, PNG, JPEG, TIFF or BMP. Grids and paragraphs are placed as those of a PDF. A
    figure that was not read with certainty has "⁇" behind it in a cell, and is replaced by "⁇" in
    running text, so that it is no number to any later layer.

    Raises:
        ReadError: `ocr_missing`, `damaged`, `too_large`, or `no_text` where nothing is printed.
    """
    try:
        import cv2  # noqa: F401
        import rapidocr  # noqa: F401
    except ImportError as error:
        raise ReadError(
            "ocr_missing", "a scan is read by recognition only: pip install 'zwgk-analytics[ocr]'"
        ) from error
    from zwgk_analytics.readers.ocr_image import deskewed, resized
    from zwgk_analytics.readers.ocr_page import read_image
    from zwgk_analytics.readers.pdf_flow import blocks

    images = _pdf_pages(data) if b"%PDF-" in data[:1024] else _frames(data)
    pages = [
        read_image(deskewed(resized(image, points)), number)
        for number, (image, points) in enumerate(images, 1)
    ]
    if not any(page.chars for page in pages):
        raise ReadError("no_text", "no print was found on the pages; expected a scanned document")
    return Document("scan", tuple(blocks(pages)))
