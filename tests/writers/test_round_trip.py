"""Document → file of each kind → reader: the same texts and spans."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.writers.grids import grids, shape
from zwgk_analytics import readers
from zwgk_analytics.readers.document import Block, Cell, Document, Grid, Paragraph
from zwgk_analytics.writers import MEDIA, write

TITLE = "某市人民政府2024年政府信息公开工作年度报告"
LINES = [
    "发布日期：2025-01-20",
    "一、总体情况",
    "全年受理申请3119件，同比增长5.2%。",
    "<b>甲</b>#[乙]$丙$ a & b",
]
LONG = Grid(
    tuple(Cell(f"第{r}项" if c == 0 else str(r * c), r, c) for r in range(90) for c in range(8)), ""
)


def told(blocks: tuple[Block, ...]) -> list[object]:
    return [b.text if isinstance(b, Paragraph) else shape(b) for b in blocks]


def report(*grids_: Grid) -> Document:
    blocks: list[Block] = [Paragraph(text, "") for text in (TITLE, *LINES)]
    for number, grid in enumerate(grids_, start=1):
        blocks += [grid, Paragraph(f"以上为表{number}。", "")]
    return Document("form", tuple(blocks), {"title": TITLE, "author": "某市人民政府"})


@pytest.mark.parametrize("media", MEDIA)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(grids(), min_size=1, max_size=2))
def test_a_document_reads_back_as_it_was(media: str, drawn: list[Grid]) -> None:
    document = report(*drawn)
    data = write(document, media)
    assert readers.sniff(data) == media
    assert told(readers.read(data).blocks) == told(document.blocks)


@pytest.mark.parametrize("media", MEDIA)
def test_a_long_table_stays_one_grid(media: str) -> None:
    assert told(readers.read(write(report(LONG), media)).blocks) == told(report(LONG).blocks)


@pytest.mark.parametrize("media", ["html", "docx", "xlsx"])
def test_two_tables_that_nothing_parts_stay_two(media: str) -> None:
    pair = Grid((Cell("行政许可", 0, 0), Cell("1", 0, 1)), "")
    document = Document("form", (pair, pair))
    assert told(readers.read(write(document, media)).blocks) == told(document.blocks)


def test_a_page_in_gb18030_reads_back() -> None:
    document = report(LONG)
    data = write(document, "html", encoding="gb18030")
    assert TITLE.encode("gb18030") in data
    assert told(readers.read(data).blocks) == told(document.blocks)
