"""What all writers share: complete rows of a grid, clean text, the optional libraries."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from types import ModuleType

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.readers.document import Cell, Document, Grid

# what no XML file can hold
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows_of(grid: Grid) -> Iterator[list[Cell]]:
    """Row by row, the cells that start there, an empty one for each slot that the grid leaves."""
    for index, slots in enumerate(grid.slots()):
        cells = [slot or Cell("", index, column) for column, slot in enumerate(slots)]
        starts = {id(cell): cell for cell in cells if cell.row == index}
        yield [replace(cell, text=clean(cell.text)) for cell in starts.values()]


def clean(text: str) -> str:
    """The text with U+FFFD in place of each control character that no format can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def title_of(document: Document) -> str:
    """The title that the document's meta states; "" where it states none."""
    return clean(document.meta.get("title") or document.meta.get("articletitle") or "")


def is_title(text: str, document: Document) -> bool:
    """Whether a paragraph repeats the title that the document's meta states."""
    return text in {document.meta.get("title"), document.meta.get("articletitle")}


def require(module: str, package: str) -> ModuleType:
    """The optional library `module`.

    Raises:
        ZwgkError: it is not installed; the message names the extra that brings it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ZwgkError(
            f"writing this format needs {package}, which is not installed; "
            "run: pip install 'zwgk-analytics[documents]'"
        ) from error
