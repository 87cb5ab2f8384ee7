"""Scans: what is printed is read, what is doubtful is no number."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.readers.scans import encoded, scanned
from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.numbers import parse
from zwgk_analytics.readers import Cell, Document, Grid, Paragraph, ocr
from zwgk_analytics.readers.ocr_image import Box
from zwgk_analytics.readers.ocr_strips import Strip
from zwgk_analytics.readers.ocr_text import DOUBT, Reading, Recogniser
from zwgk_analytics.writers import write

CELLS = [
    ("信息内容", 0, 0, 2, 1), ("申请人情况", 0, 1, 1, 3),
    ("自然人", 1, 1, 1, 1), ("法人", 1, 2, 1, 1), ("总计", 1, 3, 1, 1),
    ("本年新收", 2, 0, 1, 1), ("3119", 2, 1, 1, 1), ("0", 2, 2, 1, 1), ("3119", 2, 3, 1, 1),
    ("上年结转", 3, 0, 1, 1), ("7", 3, 1, 1, 1), ("11", 3, 2, 1, 1), ("18", 3, 3, 1, 1),
    ("收费", 4, 0, 1, 1), ("96171.6", 4, 1, 1, 1), ("", 4, 2, 1, 1), ("—", 4, 3, 1, 1),
]  # fmt: skip
REPORT = Document(
    "form",
    (
        Paragraph("一、总体情况", ""),
        Paragraph("全年收到申请3119件，同比增长5.2%。", ""),
        Grid(tuple(Cell(*cell) for cell in CELLS), ""),
    ),
)


@pytest.fixture(scope="module")
def pages() -> list[Image.Image]:
    (page,) = scanned(write(REPORT, "pdf"))
    width, _ = page.size
    return [page.crop((0, 0, width, width * 2 // 3))]


def told(document: Document) -> list[object]:
    grids = [
        [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in g.cells] for g in document.grids
    ]
    return [document.media, [p.text for p in document.paragraphs], *grids]


READ = ["scan", ["一、总体情况", "全年收到申请3119件，同比增长5.2%。"], CELLS]


@pytest.mark.parametrize("kind", ["PDF", "JPEG"])
def test_a_skewed_and_noisy_scan_is_read(pages: list[Image.Image], kind: str) -> None:
    assert told(readers.read(encoded(pages, kind))) == READ


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180])
def test_a_page_fed_the_wrong_way_is_turned(
    pages: list[Image.Image], turn: Image.Transpose
) -> None:
    assert told(ocr.read(encoded([pages[0].transpose(turn)], "PNG"))) == READ


def test_a_figure_that_is_read_differently_is_no_number(
    pages: list[Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Recogniser.read

    def misled(self: Recogniser, strips: Sequence[np.ndarray]) -> list[Reading]:
        wrong = {"96171.6": "96171.8"} if misled.is_odd else {"0": "8"}
        misled.is_odd = not misled.is_odd
        return [Reading(wrong.get(r.text, r.text), r.score) for r in honest(self, strips)]

    misled.is_odd = True
    monkeypatch.setattr(Recogniser, "read", misled)
    (grid,) = ocr.read(encoded(pages, "PNG")).grids
    doubtful = [c.text for c in grid.cells if DOUBT in c.text]
    assert len(doubtful) == 2
    assert {parse(text).state for text in doubtful} == {"unreadable"}


def strip(drawn: str, scale: float = 1.0, gap: int = 6) -> Strip:
    """Shapes as of 28 dots height: 1 is upright, / leans, 0 is round, # two that touch."""
    ink = np.zeros((28, 400), np.uint8)
    x = 2
    for sign in drawn:
        if sign == "1":
            cv2.line(ink, (x + 4, 0), (x + 4, 27), 255, 3)
        elif sign == "/":
            cv2.line(ink, (x, 27), (x + 10, 0), 255, 3)
        elif sign == "0":
            cv2.ellipse(ink, (x + 8, 14), (7, 12), 0, 0, 360, 255, 3)
        elif sign == "#":
            cv2.rectangle(ink, (x, 0), (x + 34, 27), 255, 3)
            x += 18
        x += 18 + gap - 6
    columns = np.flatnonzero(ink.any(axis=0))
    ink = ink[:, columns[0] : columns[-1] + 1]
    return Strip(Box(0, 0, ink.shape[1], 28), ink, 28.0, is_whole=True)


@pytest.mark.parametrize(
    ("drawn", "text", "is_supported"),
    [
        ("1", "1", True),
        ("/", "1", False),
        ("1", "/", False),
        ("/", "/", True),
        ("00", "0", False),
        ("00", "00", True),
        ("#", "8", False),
        ("#", "88", True),
        ("0", "000", False),
        ("1/0", "110", False),
        ("100", "100", True),
    ],
)
def test_shapes_bear_witness(drawn: str, text: str, is_supported: bool) -> None:
    assert strip(drawn).supports(text) is is_supported


def test_two_figures_far_apart_are_not_one() -> None:
    assert not strip("00", gap=40).supports("00")


def test_without_the_extra_the_message_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    with pytest.raises(ReadError, match=r"zwgk-analytics\[ocr\]") as error:
        readers.read(b"\x89PNG\r\n\x1a\n")
    assert error.value.code == "ocr_missing"


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = []
    blank = encoded([Image.new("L", (600, 800), 255)], "PNG")
    monkeypatch.setattr(ocr, "_MAX_DOTS", 600 * 800)
    large = encoded([Image.new("L", (601, 800), 255)], "PNG")
    for data in (blank, blank[:60], large):
        with pytest.raises(ReadError) as error:
            readers.read(data)
        codes.append(error.value.code)
    assert codes == ["no_text", "damaged", "too_large"]
