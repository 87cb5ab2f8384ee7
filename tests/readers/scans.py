"""Scans made at test time: a PDF's pages as a scanner gives them."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image


def scanned(
    pdf: bytes, degrees: float = 0.5, noise: float = 8.0, dpi: int = 200, seed: int = 0
) -> Iterator[Image.Image]:
    """The pages in grey, turned by `degrees`, with `noise` (deviation of 255) on every dot."""
    random = np.random.default_rng(seed)
    document = pdfium.PdfDocument(pdf)
    for page in document:
        drawn = page.render(scale=dpi / 72, grayscale=True).to_numpy()
        height, width = drawn.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        turned = cv2.warpAffine(drawn, turn, (width, height), borderValue=(255,))
        noisy = turned + random.normal(0, noise, turned.shape)
        yield Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    document.close()


def encoded(pages: list[Image.Image], kind: str, dpi: int = 200) -> bytes:
    """The pages as one PDF or TIFF, the first as one PNG, JPEG or BMP."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind in {"PDF", "TIFF"} else {}
    pages[0].save(out, kind, dpi=(dpi, dpi), resolution=dpi, **more)
    return out.getvalue()
