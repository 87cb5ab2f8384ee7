"""`Document` → an A4 PDF with searchable text, set by typst."""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from zwgk_analytics.readers.document import Block, Document, Grid
from zwgk_analytics.writers.layout import clean, is_title, require, rows_of, title_of

_FONT = "Noto Sans SC"
_POINTS_OF_LINE = 482  # A4 less its margins
_LARGEST, _SMALLEST = 9.0, 3.0
_LABEL, _LONG_LABEL = 4.0, 9.0  # em: what stays on one line, what a column is given at most
_UNBROKEN = re.compile(r"[!-~]+|[^!-~\s]")


def write(
    document: Document, repeat_header: bool = False, font_paths: Sequence[Path] | None = None
) -> bytes:
    """The PDF: tables as wide as the page, longer ones running over the following pages.

    `repeat_header` prints the rows of a table's first cells again on each page. `font_paths` are
    folders with a font named Noto Sans SC; without them that of the extra `documents` is used.

    Raises:
        ZwgkError: typst or its font is missing.
    """
    typst = require("typst", "typst")
    fonts = font_paths or [require("pylopdf_fonts_zh_cn", "pylopdf-fonts-zh-cn").sans_path().parent]
    source = {
        "title": title_of(document),
        "author": clean(document.meta.get("author", "")),
        "font": _FONT,
        "blocks": [_block(block, document, repeat_header) for block in document.blocks],
    }
    made: bytes = typst.compile(
        files("zwgk_analytics.writers").joinpath("document.typ").read_bytes(),
        font_paths=list(map(str, fonts)),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(source, ensure_ascii=False)},
        timestamp=0,
    )
    return made


def _block(block: Block, document: Document, repeat_header: bool) -> dict[str, Any]:
    if not isinstance(block, Grid):
        kind = "title" if is_title(block.text, document) else "text"
        return {"kind": kind, "text": clean(block.text)}
    rows = list(rows_of(block))
    height = max((cell.rowspan for cell in rows[0]), default=0) if repeat_header and rows else 0
    weights = _weights(block)
    return {
        "kind": "grid",
        "weights": weights,
        "size": min(_LARGEST, max(_SMALLEST, _POINTS_OF_LINE / sum(weights))),
        # a row that only taller cells cross would be set without any height
        "opened": [any(cell.rowspan == 1 for cell in row) for row in rows],
        "header": sum(map(len, rows[:height])),
        "cells": [
            {"text": cell.text, "rowspan": cell.rowspan, "colspan": cell.colspan}
            for row in rows
            for cell in row
        ],
    }


def _weights(grid: Grid) -> list[float]:
    """By column, its width in em: room for the longest number or word, less for labels."""
    weights = [2.0] * grid.n_columns
    for cell in grid.cells:
        if cell.colspan == 1:
            weights[cell.column] = max(weights[cell.column], *_needs(cell.text))
    return weights


def _needs(text: str) -> Iterator[float]:
    yield from (0.6 * len(token) + 1 for token in _UNBROKEN.findall(text))
    yield min(len(text), max(_LABEL, len(text) / 3), _LONG_LABEL) + 1
