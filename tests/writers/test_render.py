"""Truth of a report → files of each kind that hold its figures."""

import json
from pathlib import Path

import pytest

from benchmarks.render import render, truths
from zwgk_analytics import readers
from zwgk_analytics.writers import MEDIA

CELLS = [
    {"table": "proactive", "row": "regulations", "column": "issued", "value": 17},
    {"table": "proactive", "row": "administrative_fees", "column": "amount", "value": 96171.6},
    {"table": "applications", "row": "received", "column": "total", "value": 3119},
]


@pytest.mark.parametrize("media", MEDIA)
def test_the_figures_of_a_truth_file_are_in_its_rendering(media: str, tmp_path: Path) -> None:
    report = {"agency": "某市人民政府", "year": 2024, "edition": "2021", "cells": CELLS}
    (tmp_path / "some_2024.cells.json").write_text(json.dumps(report), "utf-8")
    more = {"published_on": "2025-01-20", "url": "https://example.org/a"}
    (tmp_path / "some_2024.truth.json").write_text(json.dumps(more), "utf-8")
    (truth,) = truths(tmp_path)

    path = render(truth, tmp_path, media)
    document = readers.read(path.read_bytes(), path.name)

    assert path.name == f"some_2024.{media}"
    assert [p.text for p in document.paragraphs[:2]] == [
        "某市人民政府2024年政府信息公开工作年度报告",
        "发布日期：2025-01-20",
    ]
    texts = list(document.texts())
    assert [texts.count(figure) for figure in ("17", "96171.6", "3119")] == [1, 1, 1]
    assert (tmp_path / "some_2024.yml").exists() == (media != "html")
