"""Scans and photographed pages → `Document`, by recognition of their print (extra `[ocr]`)."""

import io
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document
from zwgk_analytics.readers.pdf import _PDFIUM
from zwgk_analytics.readers.pdf_flow import blocks
from zwgk_analytics.readers.pdf_page import UNKNOWN, Page, read_page

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from zwgk_analytics.readers.ocr_image import Image

_MAX_PAGES = 200
_MAX_DOTS = 120_000_000
_MOST_SLENDER = 20  # times as long as wide: no sheet of paper
_FEW_LETTERS = 30  # a scanned page may carry its number or the name of the scanner as text
_UPRIGHT, _LYING = 595.0, 842.0  # points: the width of an A4 sheet
_PLAUSIBLE = 590.0, 1300.0  # points: print on smaller sheets is easier to read when enlarged
_NEEDED = ("cv2", "onnxruntime", "PIL", "rapidocr")


def read(data: bytes) -> Document:
    """The text and tables that page images show; `media` is "scan".

    `data` is a PDF, PNG, JPEG, TIFF, BMP, GIF or WebP file. Grids and paragraphs are placed as
    those of a PDF. A figure that was not read with certainty has "⁇" behind it in a cell, and is
    replaced by "⁇" in running text: it is no number to any later layer.

    Raises:
        ReadError: `ocr_missing`, `damaged`, `too_large`, or `no_text` where nothing is printed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise ReadError(
            "ocr_missing", "a scan needs recognition of its print: install zwgk-analytics[ocr]"
        )
    pages = list(_pdf_pages(data) if b"%PDF-" in data[:1024] else _picture_pages(data))
    if not any(page.chars for page in pages):
        raise ReadError("no_text", "nothing printed was found on the pages of the scan")
    return Document("scan", tuple(blocks(pages)))


def _pdf_pages(data: bytes) -> Iterator[Page]:
    """Each page by its text where it has any, else by its image."""
    from zwgk_analytics.readers.ocr_page import read_sheet

    with _PDFIUM:
        document = pdfium.PdfDocument(data)
    try:
        _check_count(len(document))
        for index in range(len(document)):
            with _PDFIUM:
                page = read_page(document, index)
                sheet = None if _has_text(page) else _rendered(document, index)
            yield page if sheet is None else read_sheet(*sheet, page.number)
    except pdfium.PdfiumError as error:
        raise ReadError(
            "damaged", f"a page of the scan cannot be drawn ({error}); export it again"
        ) from error
    finally:
        with _PDFIUM:
            document.close()


def _has_text(page: Page) -> bool:
    letters = [char.text for char in page.chars]
    if page.lacks_fonts:
        raise ReadError(
            "no_text",
            f"page {page.number} of the PDF uses fonts that are not in the file, so that it cannot "
            "even be drawn; export it with its fonts",
        )
    is_scan = page.image_share > 0.5 and len(letters) < _FEW_LETTERS
    return bool(letters) and not is_scan and letters.count(UNKNOWN) <= 0.5 * len(letters)


def _rendered(document: pdfium.PdfDocument, index: int) -> tuple["Image", float]:
    from zwgk_analytics.readers.ocr_image import DOTS

    page = document[index]
    try:
        width, height = page.get_size()
        _check_sheet(width, height, "points")
        points = _points(width, width <= height)
        scale = points * DOTS / width
        bitmap = page.render(scale=scale, grayscale=True)
        image = np.array(bitmap.to_numpy(), np.uint8)
        bitmap.close()
    finally:
        page.close()
    return image.reshape(image.shape[:2]), points


def _points(stated: float, is_upright: bool) -> float:
    """The width of a sheet in points as stated where paper is so wide, else that of A4."""
    if _PLAUSIBLE[0] <= stated <= _PLAUSIBLE[1]:
        return stated
    return _UPRIGHT if is_upright else _LYING


def _picture_pages(data: bytes) -> Iterator[Page]:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    from zwgk_analytics.readers.ocr_page import read_sheet

    try:
        with Image.open(io.BytesIO(data)) as picture:
            _check_count(getattr(picture, "n_frames", 1))
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                yield read_sheet(*_gray(frame), number)
    except Image.DecompressionBombError as error:
        raise ReadError("too_large", f"the picture is too large ({error}); cut it up") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ReadError(
            "damaged", f"the picture cannot be decoded ({error}); scan or download it again"
        ) from error


def _gray(frame: "Picture") -> tuple["Image", float]:
    from PIL import Image, ImageOps

    if frame.width * frame.height > _MAX_DOTS:
        raise ReadError(
            "too_large",
            f"the picture has {frame.width} by {frame.height} dots; at most "
            f"{_MAX_DOTS // 1_000_000} million are read: cut it into pages",
        )
    _check_sheet(frame.width, frame.height, "dots")
    density = float(frame.info.get("dpi", (0.0, 0.0))[0])
    upright = ImageOps.exif_transpose(frame).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    gray = Image.alpha_composite(white, upright).convert("L")
    stated = gray.width * 72 / density if density > 90 else 0.0  # 72 says nothing of paper
    return np.asarray(gray, np.uint8), _points(stated, gray.width <= gray.height)


def _check_sheet(width: float, height: float, unit: str) -> None:
    if max(width, height) > _MOST_SLENDER * min(width, height):
        raise ReadError(
            "damaged", f"a page of {width:.0f} by {height:.0f} {unit} is no sheet; scan it again"
        )


def _check_count(pages: int) -> None:
    if pages > _MAX_PAGES:
        raise ReadError(
            "too_large", f"the scan has {pages} pages; at most {_MAX_PAGES} are recognised"
        )
