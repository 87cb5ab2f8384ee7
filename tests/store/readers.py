"""Readers that misbehave in a worker as real ones do; and one that reads its file's text."""

import os
import time
from datetime import date

import pyarrow as pa

from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.store.reading import Task


def report(task: Task) -> Extraction:
    """A report whose one cell holds the number that is its file's text."""
    cell = {
        "source": task.source,
        "form_table": "applications",
        "form_row": "received",
        "form_column": "total",
        "value": task.path.read_text().strip(),
        "unit": "件",
        "state": "reported",
        "raw": task.path.read_text(),
        "place": "table 1, row 1, column 1",
    }
    cells = pa.Table.from_pylist([cell | {"value": None}], schema=SCHEMAS["cells"])
    value = pa.array([cell["value"]]).cast(SCHEMAS["cells"].field("value").type)
    return Extraction(
        source=task.source,
        sha256=task.sha256,
        media="text",
        kind="annual_report",
        agency=task.path.stem,
        year=2024,
        edition="2021",
        published_on=date(2025, 1, 20),
        tables={"cells": cells.set_column(4, "value", value)},
    )


def misbehaving(task: Task) -> Extraction:
    """Does what its file's name says, or reads it."""
    match task.path.stem:
        case "hangs":
            time.sleep(60)
        case "crashes":
            os.abort()
        case "exits":
            os._exit(0)
        case "floods":
            bytearray(1 << 40)
    return report(task)
