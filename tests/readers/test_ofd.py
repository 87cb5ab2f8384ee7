"""OFD files as producers write them."""

import io
import zipfile

import pytest

from tests.readers.ofd_files import from_pdf, package, path, text
from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import Cell, Document, Grid, Paragraph
from zwgk_analytics.writers import write

BOX = "M 0 0 L 80 0 L 80 20 L 0 20 C"  # closed
CELLS = text(22, 30, "规章") + text(62, 30, "12") + text(22, 40, "行政许可") + text(62, 40, "3001")
TABLE = [("规章", 0, 0), ("12", 0, 1), ("行政许可", 1, 0), ("3001", 1, 1)]


def cells(data: bytes) -> list[tuple[str, int, int]]:
    (grid,) = readers.read(data).grids
    return [(c.text, c.row, c.column) for c in grid.cells]


def code(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        readers.read(data, "a.ofd")
    return error.value.code


def test_a_printed_document_reads_as_its_pdf() -> None:
    rows = [("行政规范性文件", "本年制发件数"), ("规章", "1,234"), ("合计", "")] * 30
    grid = Grid(tuple(Cell(t, r, c) for r, row in enumerate(rows) for c, t in enumerate(row)), "")
    document = Document(
        "form", (Paragraph("一、总体情况", ""), grid, Paragraph("无其他事项。", ""))
    )
    pdf = write(document, "pdf")
    data = from_pdf(
        pdf, "<ofd:Title>年度报告</ofd:Title><ofd:CreationDate>2025-01-20</ofd:CreationDate>"
    )
    found = readers.read(data)
    assert found.media == "ofd"
    assert found.blocks == readers.read(pdf).blocks
    assert found.meta == {"title": "年度报告", "creationdate": "2025-01-20"}


@pytest.mark.parametrize(
    "lines",
    [
        path(20, 28, BOX) + path(20, 28, "M 0 10 L 80 10 M 40 0 L 40 20"),
        path(20, 28, BOX) + path(0, 0, "M 20 38 L 100 38 S 60 28 L 60 48"),
        path(20, 28, BOX, 'CTM="1 0 0 1 0 0"')
        + path(20, 28, "M 0 5 L 40 5 M 20 0 L 20 10", 'CTM="2 0 0 2 0 0"'),
        "".join(  # lines as thin filled areas
            path(x, y, f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C", 'Stroke="false" Fill="true"')
            for x, y, w, h in [
                (20, 28, 80, 0.2),
                (20, 38, 80, 0.2),
                (20, 48, 80, 0.2),
                (20, 28, 0.2, 20),
                (60, 28, 0.2, 20),
                (100, 28, 0.2, 20),
            ]
        ),
    ],
)
def test_lines_of_every_kind_make_the_table(lines: str) -> None:
    assert cells(package([lines + CELLS])) == TABLE


def test_a_template_is_printed_on_its_page() -> None:
    grid = path(20, 28, BOX) + path(20, 28, "M 0 10 L 80 10 M 40 0 L 40 20")
    assert cells(package([CELLS], template=grid)) == TABLE


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (text(20, 30, "受理申请3119件", "g 4 4 g 4 2 2"), "受理申请3119件"),
        (text(20, 30, "3119", "2 2 8"), "311 9"),
        (text(20, 30, "受理申请", "g 3 8", size=8, more='CTM="0.5 0 0 0.5 0 0"'), "受理申请"),
        (text(20, 30, "受理申请"), "受理申请"),
        (text(20, 30, "⼯作 年度", "4 4 4 4"), "工作年度"),
    ],
)
def test_glyphs_stand_where_the_distances_say(drawn: str, read: str) -> None:
    assert [p.text for p in readers.read(package([drawn])).paragraphs] == [read]


def test_what_is_not_shown_is_not_read() -> None:
    hidden = text(20, 40, "隐藏", more='Visible="false"') + text(
        20, 50, "水印", more='CTM="0.7 0.7 -0.7 0.7 0 0"'
    )
    assert [p.text for p in readers.read(package([text(20, 30, "正文") + hidden])).paragraphs] == [
        "正文"
    ]


def test_what_is_refused() -> None:
    good = package([CELLS])
    assert (
        code(package(["<ofd:ImageObject ID='9' Boundary='0 0 210 297' ResourceID='3'/>"]))
        == "no_text"
    )
    assert code(package([CELLS], OFD="<!DOCTYPE x [<!ENTITY a 'b'>]><x/>")) == "damaged"
    assert code(package([CELLS], Document="<a><b></a>")) == "damaged"
    assert code(package([path(0, 0, "M 1 Z") + CELLS])) == "damaged"
    assert code(package([text(20, 30, "12", "g 9999999999 1")])) == "too_large"
    assert code(good[: len(good) // 2]) == "damaged"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", b"<a>" + bytes(65 * 2**20))
    assert code(out.getvalue()) == "too_large"
