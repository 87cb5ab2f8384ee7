"""Writers: one `Document` → the bytes of an HTML, DOCX, PDF or XLSX file. They know no form."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from zwgk_analytics.errors import UsageError
from zwgk_analytics.readers.document import Document, Paragraph

__all__ = ["MEDIA", "write"]

MEDIA = ("html", "docx", "pdf", "xlsx")


def write(document: Document, media: str, **options: object) -> bytes:
    """The bytes of a file of kind `media` that reads back as `document`.

    Texts and spans are kept in every media; a grid without cells is left out. Meta is written
    as far as the kind has a place for it; the paragraph that repeats the title of the meta is
    set as the title. The same document gives the same bytes. `options` are those of
    `writers.<media>.write`: `encoding` (html), `repeat_header` and `font_paths` (pdf).

    Raises:
        UsageError: there is no writer for `media`.
        ZwgkError: an optional library is missing, or a text does not fit the format.
    """
    if media not in MEDIA:
        raise UsageError(f"no writer for {media!r}; there are {', '.join(MEDIA)}")
    module = import_module(f"zwgk_analytics.writers.{media}")
    writer: Callable[..., bytes] = module.write
    filled = tuple(b for b in document.blocks if isinstance(b, Paragraph) or b.cells)
    return writer(replace(document, blocks=filled), **options)
