"""What each kind of file must hold besides the texts that its reader gives back."""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from pylopdf_fonts_zh_cn import sans_path
from python_calamine import CalamineSheet, load_workbook

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.readers.document import Cell, Document, Grid, Paragraph
from zwgk_analytics.writers import MEDIA, write

GRID = Grid(
    (
        Cell("", 0, 0, 2, 1),
        Cell("申请人情况", 0, 1, 1, 2),
        Cell("自然人", 1, 1),
        Cell("总计", 1, 2),
        Cell("本年新收", 2, 0),
        Cell("3001", 2, 1),
        Cell("=1+1", 2, 2),
    ),
    "table 1",
)
META = {
    "articletitle": "2024年报告",
    "pubdate": "2025-01-20",
    "author": "某市",
    "url": "https://example.org/?a=1&b=2",
    "og:type": "article",
    "canonical": "https://example.org/a",
}
DOCUMENT = Document("form", (Paragraph("2024年报告", ""), Paragraph("甲 < 乙", ""), GRID), META)


def pdf_texts(data: bytes) -> Iterator[str]:
    file = pypdfium2.PdfDocument(data)
    for page in file:
        yield page.get_textpage().get_text_range()
    file.close()


@pytest.mark.parametrize("media", MEDIA)
def test_the_same_document_gives_the_same_bytes(
    media: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(DOCUMENT, media)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert write(DOCUMENT, media) == first
    if media in {"docx", "xlsx"}:
        with zipfile.ZipFile(io.BytesIO(first)) as package:
            assert {part.date_time[0] for part in package.infolist()} <= {1980, 2000}


def test_html_is_escaped_and_names_its_meta() -> None:
    assert write(DOCUMENT, "html").decode() == (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        "<title>2024年报告</title>\n"
        '<meta name="ArticleTitle" content="2024年报告">\n'
        '<meta name="PubDate" content="2025-01-20">\n'
        '<meta name="Author" content="某市">\n'
        '<meta name="Url" content="https://example.org/?a=1&amp;b=2">\n'
        '<meta property="og:type" content="article">\n'
        '<link rel="canonical" href="https://example.org/a">\n'
        "</head>\n<body>\n<h1>2024年报告</h1>\n<p>甲 &lt; 乙</p>\n"
        '<table border="1">\n'
        '<tr><td rowspan="2"></td><td colspan="2">申请人情况</td></tr>\n'
        "<tr><td>自然人</td><td>总计</td></tr>\n"
        "<tr><td>本年新收</td><td>3001</td><td>=1+1</td></tr>\n"
        "</table>\n</body>\n</html>\n"
    )


def test_html_refers_to_what_the_encoding_lacks() -> None:
    page = write(Document("form", (Paragraph("〔2021〕30号 ✓", ""),)), "html", encoding="gb2312")
    assert "〔2021〕30号 &#10003;".encode("gb2312") in page


def test_docx_has_merged_cells_and_a_chinese_font() -> None:
    file = docx.Document(io.BytesIO(write(DOCUMENT, "docx")))
    table = file.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["", "申请人情况", "申请人情况"],
        ["", "自然人", "总计"],
        ["本年新收", "3001", "=1+1"],
    ]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert 'w:eastAsia="SimSun"' in file.styles["Normal"].element.xml
    assert [p.style.name for p in file.paragraphs[:2]] == ["Title", "Normal"]
    assert (file.core_properties.title, file.core_properties.author) == ("2024年报告", "某市")


def xlsx_sheet(document: Document) -> tuple[CalamineSheet, bytes]:
    """The sheet as another library reads it, and its XML."""
    data = write(document, "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    return load_workbook(io.BytesIO(data)).get_sheet_by_index(0), xml


def test_xlsx_writes_numbers_as_numbers_and_no_formula() -> None:
    texts = ["12.5", "-5", "0", "007", "1.50", "=1+1", "+8", "-a", "@sum", "1" * 16, "-0", "1e5"]
    grid = Grid(tuple(Cell(text, 0, column) for column, text in enumerate(texts)), "")
    sheet, xml = xlsx_sheet(Document("form", (grid,)))
    assert sheet.to_python() == [[12.5, -5.0, 0.0, *texts[3:]]]
    assert b"<f>" not in xml


def test_xlsx_merges_what_spans() -> None:
    _, xml = xlsx_sheet(DOCUMENT)
    assert re.findall(rb'<mergeCell ref="(.*?)"', xml) == [b"A1:C1", b"A2:C2", b"A4:A5", b"B4:C4"]


def test_xlsx_refuses_what_a_cell_cannot_hold() -> None:
    with pytest.raises(ZwgkError, match="32,767 characters"):
        write(Document("form", (Paragraph("甲" * 32_768, ""),)), "xlsx")


def test_pdf_text_is_searchable_and_wide_tables_fit() -> None:
    wide = Grid(tuple(Cell(f"{r * 10_000_000 + c}", r, c) for r in range(3) for c in range(30)), "")
    data = write(Document("form", (*DOCUMENT.blocks, wide), META), "pdf")
    text = "".join(pdf_texts(data))
    assert "2024年报告" in text
    assert "本年新收" in text
    file = pypdfium2.PdfDocument(data)
    assert [round(size) for size in file[0].get_size()] == [595, 842]
    textpage = file[0].get_textpage()
    found = textpage.search("20000029").get_next()
    assert found is not None
    assert textpage.get_charbox(found[0] + found[1] - 1)[2] < 595
    assert file.get_metadata_dict()["Title"] == "2024年报告"
    file.close()


def test_pdf_repeats_a_header_only_when_asked() -> None:
    rows = tuple(Cell(f"第{r}项", 2 + r, c) for r in range(120) for c in range(3))
    document = Document("form", (Grid(GRID.cells[:4] + rows, ""),))
    plain = list(pdf_texts(write(document, "pdf")))
    repeated = list(pdf_texts(write(document, "pdf", repeat_header=True)))
    assert len(plain) > 1
    assert ["申请人情况" in page for page in plain] == [True] + [False] * (len(plain) - 1)
    assert all("申请人情况" in page and "自然人" in page for page in repeated)


def test_a_control_character_becomes_visible() -> None:
    document = Document("form", (Paragraph("甲\x0b乙", ""), Paragraph("丙", "")), {"title": "\x00"})
    assert "甲\ufffd乙".encode() in write(document, "html")
    file = docx.Document(io.BytesIO(write(document, "docx")))
    assert file.paragraphs[0].text == "甲\ufffd乙"
    assert xlsx_sheet(document)[0].to_python() == [["甲\ufffd乙"], ["丙"]]
    assert "丙" in "".join(pdf_texts(write(document, "pdf")))


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("docx", "typst", "xlsxwriter"):
        monkeypatch.setitem(sys.modules, name, None)
    for media in ("docx", "pdf", "xlsx"):
        with pytest.raises(ZwgkError, match=r"zwgk-analytics\[documents\]"):
            write(DOCUMENT, media)


def test_fonts_are_taken_from_where_they_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "font.otf").write_bytes(sans_path().read_bytes())
    assert write(DOCUMENT, "pdf", font_paths=[tmp_path]) == write(DOCUMENT, "pdf")


def test_an_unknown_kind_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="html, docx, pdf, xlsx"):
        write(DOCUMENT, "odt")
