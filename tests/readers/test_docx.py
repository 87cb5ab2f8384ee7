"""Word files → paragraphs and grids."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Cell, Document, Grid
from zwgk_analytics.readers.docx import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(document: str | bytes, **parts: str) -> bytes:
    """A Word file of this main part; `parts` by the last word of their name."""
    names = {"styles": "word/styles.xml", "core": "docProps/core.xml", "rels": "_rels/.rels"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", document)
        for name, text in parts.items():
            target.writestr(names.get(name, name), text)
    return packed.getvalue()


def body(xml: str, namespace: str = W) -> str:
    return f'<w:document xmlns:w="{namespace}" xmlns:mc="{MC}"><w:body>{xml}</w:body></w:document>'


def blocks(xml: str, **parts: str) -> list[str | list[list[str | None]]]:
    """Paragraphs as text, grids as rows of the text that covers each slot."""
    return [
        [[c and c.text for c in row] for row in b.slots()] if isinstance(b, Grid) else b.text
        for b in read(package(body(xml), **parts)).blocks
    ]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(c if c.startswith("<") else cell(c) for c in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def box(text: str) -> str:
    return f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"


RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (run("1") + run("2", "<w:b/>"), "12"),
        ("<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", "1 2"),
        ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "1-2"),
        (f'<w:ins w:id="1">{run("1")}</w:ins><w:del w:id="2">{run("9")}</w:del>', "1"),
        (f"<w:moveFrom>{run('9')}</w:moveFrom><w:moveTo>{run('1')}</w:moveTo>", "1"),
        (run("9", "<w:vanish/>") + run("1", '<w:vanish w:val="0"/>'), "1"),
        (run("9", "<w:strike/>") + run("1", '<w:strike w:val="false"/>'), "1"),
        (run("9", '<w:rStyle w:val="a"/>') + run("1", '<w:rStyle w:val="b"/>'), "1"),
        (run("9", '<w:rStyle w:val="b"/><w:vanish/>') + run("1"), "1"),
        (run("1") + run("9", '<w:vertAlign w:val="superscript"/>'), "1[9]"),
        (f"<w:hyperlink>{run('1')}</w:hyperlink><w:smartTag>{run('2')}</w:smartTag>", "12"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('1')}</w:sdtContent></w:sdt>", "1"),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            f"{run('单击此处')}</w:sdtContent></w:sdt>{run('1')}",
            "1",
        ),
        ("<w:r><w:instrText>PAGE 9</w:instrText></w:r>" + run("1"), "1"),
    ],
)
def test_text_of_a_paragraph(xml: str, text: str) -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="a"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="b"><w:rPr><w:b/></w:rPr></w:style></w:styles>'
    )
    assert blocks(f"<w:p>{xml}</w:p>", styles=styles) == [text]


def test_paragraphs_and_grids_in_reading_order() -> None:
    figures = table(row("项目", "数量"), row("行政许可", "5"))
    document = read(package(body(paragraph("一、") + figures + paragraph("二、") + paragraph(" "))))
    assert [b.place for b in document.blocks] == ["paragraph 1", "table 1", "paragraph 2"]
    assert document.media == "docx"


def test_a_line_break_ends_a_paragraph_and_a_line_of_a_cell() -> None:
    broken = "<w:r><w:t>本年</w:t><w:br/><w:t>数量</w:t></w:r>"
    assert blocks(paragraph(broken)) == ["本年", "数量"]
    assert blocks(table(row(f"<w:tc>{paragraph(broken)}</w:tc>", "1"), row("a", "2"))) == [
        [["本年\n数量", "1"], ["a", "2"]]
    ]


def test_merged_cells_by_every_means() -> None:
    document = read(
        package(
            body(
                table(
                    row(cell("三、", RESTART), cell("（一）", '<w:gridSpan w:val="2"/>'), "1"),
                    row(cell("", CONTINUE), cell("（二）", RESTART), "甲", "2"),
                    row(cell("", CONTINUE), cell("", '<w:vMerge w:val="continue"/>'), "乙", "3"),
                    row(cell("", CONTINUE), cell("丙", RESTART), "丁", "4"),
                    row("戊", cell("", '<w:hMerge w:val="continue"/>'), "己", "5"),
                    row("庚", "6", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
                    row("x", "x", "x", "x", properties="<w:del/>"),
                )
            )
        )
    )
    assert document.grids[0].cells == (
        Cell("三、", 0, 0, 4, 1),
        Cell("（一）", 0, 1, 1, 2),
        Cell("1", 0, 3),
        Cell("（二）", 1, 1, 2, 1),
        Cell("甲", 1, 2),
        Cell("2", 1, 3),
        Cell("乙", 2, 2),
        Cell("3", 2, 3),
        Cell("丙", 3, 1),
        Cell("丁", 3, 2),
        Cell("4", 3, 3),
        Cell("戊", 4, 0, 1, 2),
        Cell("己", 4, 2),
        Cell("5", 4, 3),
        Cell("庚", 5, 1),
        Cell("6", 5, 2),
    )


def test_a_merge_goes_on_only_in_the_same_columns() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    document = read(
        package(
            body(
                table(
                    row(cell("a", wide + RESTART), "1"),
                    row(cell("", CONTINUE), "b", "2"),
                    row("c", cell("d", CONTINUE), "3"),
                )
            )
        )
    )
    assert [(c.text, c.row, c.column, c.rowspan) for c in document.grids[0].cells] == [
        ("a", 0, 0, 1),
        ("1", 0, 2, 1),
        ("", 1, 0, 1),
        ("b", 1, 1, 1),
        ("2", 1, 2, 1),
        ("c", 2, 0, 1),
        ("d", 2, 1, 1),
        ("3", 2, 2, 1),
    ]


def test_rows_and_cells_inside_content_controls() -> None:
    def control(xml: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{xml}</w:sdtContent></w:sdt>"

    figures = table(control(row("项目", "数量")), row(control(cell("行政许可")), "5"))
    assert blocks(control(figures)) == [[["项目", "数量"], ["行政许可", "5"]]]


def test_inner_table_is_a_grid_of_its_own() -> None:
    inner = table(row("1", "2"), row("3", "4"))
    holder = f"<w:tc>{paragraph('5')}{inner}{paragraph('6')}</w:tc>"
    assert blocks(table(row("项目", "数量"), row("行政许可", holder))) == [
        [["项目", "数量"], ["行政许可", "5\n6"]],
        [["1", "2"], ["3", "4"]],
    ]
    assert blocks(table(row(holder))) == ["5", [["1", "2"], ["3", "4"]], "6"]


def test_a_text_box_follows_its_paragraph_and_is_read_once() -> None:
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box('框')}</mc:Choice>"
        f"<mc:Fallback><w:pict>{box('框')}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert blocks(paragraph("一、总体", drawing, "情况")) == ["一、总体情况", "框"]
    assert blocks(paragraph("一、", f"<w:r><w:pict>{box('框')}</w:pict></w:r>")) == ["一、", "框"]


def test_strict_namespace_and_main_part_under_another_name() -> None:
    relations = (
        f'<Relationships xmlns="{RELATION}"><Relationship Id="r1" Target="/word/document2.xml" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/>'
        "</Relationships>"
    )
    strict = body(table(row(cell("a", RESTART), "1"), row(cell("", CONTINUE), "2")), STRICT)
    data = package(body(""), rels=relations, **{"word/document2.xml": strict})
    assert read(data).grids[0].cells == (Cell("a", 0, 0, 2), Cell("1", 0, 1), Cell("2", 1, 1))


def written() -> bytes:
    """A report as python-docx writes it: two merged header cells, core properties."""
    document = docx.Document()
    document.core_properties.title = "2024年政府信息公开工作年度报告"
    document.core_properties.created = datetime(2025, 1, 20, 9, 30)
    document.add_paragraph("一、总体情况")
    grid = document.add_table(rows=3, cols=3)
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "行政复议"
    grid.cell(0, 1).merge(grid.cell(0, 2)).text = "结果"
    for i, text in enumerate(["维持", "纠正"]):
        grid.cell(1, i + 1).text = text
    for i, text in enumerate(["1", "2", "3"]):
        grid.cell(2, i).text = text
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


WRITTEN = written()


def test_a_file_from_another_writer() -> None:
    document = read(WRITTEN)
    assert [p.text for p in document.paragraphs] == ["一、总体情况"]
    assert document.grids[0].cells == (
        Cell("行政复议", 0, 0, 2, 1),
        Cell("结果", 0, 1, 1, 2),
        Cell("维持", 1, 1),
        Cell("纠正", 1, 2),
        Cell("1", 2, 0),
        Cell("2", 2, 1),
        Cell("3", 2, 2),
    )
    assert document.meta["title"] == "2024年政府信息公开工作年度报告"
    assert document.meta["created"] == "2025-01-20T09:30:00Z"


def test_the_blank_form(corpus: Path | None) -> None:
    if corpus is None:
        return
    document = read((corpus / "reports" / "form_2021_blank.docx").read_bytes())
    assert [(g.n_rows, g.n_columns) for g in document.grids] == [(14, 4), (28, 10), (4, 15)]
    labels = {c.text: (c.row, c.column, c.rowspan, c.colspan) for c in document.grids[1].cells}
    assert labels["三、本年度办理结果"] == (5, 0, 22, 1)
    assert labels["（三）不予公开"] == (7, 1, 8, 1)
    assert labels["法人或其他组织"] == (1, 4, 1, 5)
    assert labels["四、结转下年度继续办理"] == (27, 0, 1, 3)
    assert document.meta["created"] == "2025-12-03T06:30:00Z"


DTD = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///secret.txt">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "damaged"),
        (b"PK\3\4 word/", "damaged"),
        (WRITTEN[: len(WRITTEN) // 2], "damaged"),
        (package("<w:document"), "damaged"),
        (package(DTD + body(paragraph("&x;"))), "damaged"),
        (package((DTD + body("")).encode("utf-16")), "damaged"),
        (package(body(""), core=DTD + "<core/>"), "damaged"),
        (package(body("<w:p/>" + " " * (64 << 20))), "too_large"),
        (package(body(table(row(cell("a", '<w:gridSpan w:val="100000000"/>'), "b")))), "too_large"),
        (
            package(body(table(row("a", "b", properties='<w:gridBefore w:val="99999999"/>')))),
            "too_large",
        ),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as error:
        read(data)
    assert error.value.code == code
    assert "\n" not in str(error.value)


def test_an_encrypted_part_is_named_so() -> None:
    data = bytearray(WRITTEN)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + offset] |= 1
    with pytest.raises(ReadError) as error:
        read(bytes(data))
    assert error.value.code == "encrypted"


def outcome(data: bytes) -> Document | None:
    try:
        return read(data)
    except ReadError:
        return None


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_give_a_document_or_the_error(data: bytes) -> None:
    outcome(data)
    outcome(package(data))


@given(st.lists(st.tuples(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255)), max_size=8))
@settings(deadline=None)
def test_damaged_files_give_a_document_or_the_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WRITTEN)
    for at, value in changes:
        data[at] = value
    outcome(bytes(data))


NAMES = st.sampled_from(
    ["tbl", "tr", "tc", "p", "r", "t", "br", "txbxContent", "sdt", "del", "ins", "tcPr", "rPr"]
)
TREES = st.recursive(
    st.builds(lambda n: f"<w:{n}>1</w:{n}>", NAMES),
    lambda inner: st.builds(lambda n, i: f"<w:{n}>{''.join(i)}</w:{n}>", NAMES, st.lists(inner)),
    max_leaves=30,
)


@given(TREES)
@settings(deadline=None)
def test_elements_in_any_order_give_a_document(xml: str) -> None:
    assert read(package(body(xml))).media == "docx"


MERGES = st.sampled_from(["", RESTART, CONTINUE])
WIDTHS = st.integers(0, 4)


@given(st.lists(st.lists(st.tuples(WIDTHS, MERGES), max_size=5), max_size=6))
@settings(deadline=None)
def test_no_slot_is_covered_twice(rows: list[list[tuple[int, str]]]) -> None:
    xml = [
        row(*(cell(f"{r}.{c}", f'<w:gridSpan w:val="{w}"/>{m}') for c, (w, m) in enumerate(cells)))
        for r, cells in enumerate(rows)
    ]
    for grid in read(package(body(table(*xml)))).grids:
        area = sum(c.rowspan * c.colspan for c in grid.cells)
        assert area == sum(slot is not None for line in grid.slots() for slot in line)
        for c in grid.cells:
            r, i = map(int, c.text.split("."))
            assert c.row == r
            assert c.column == sum(max(width, 1) for width, _ in rows[r][:i])
