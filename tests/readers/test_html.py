"""Pages → paragraphs and grids, as a browser shows them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document, Grid
from zwgk_analytics.readers.html import read

# Each with the 2 × 2 cells around it that make it a table of figures
HEAD = "<table><tr><td>行政许可<td>"
TAIL = "<tr><td>行政处罚<td>7</table>"


def page(text: str) -> Document:
    return read(text.encode())


def blocks(text: str) -> list[str | list[list[str | None]]]:
    """Paragraphs as text, grids as rows of the text that covers each slot."""
    return [
        [[c and c.text for c in row] for row in b.slots()] if isinstance(b, Grid) else b.text
        for b in page(text).blocks
    ]


def cell(text: str) -> str:
    """The text of a cell of a table of figures."""
    (grid,) = page(HEAD + text + TAIL).grids
    return grid.cells[1].text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<span>1</span><span><b>2</b></span>", "12"),
        ("<span>1</span>\n  <span>2</span>", "1 2"),
        ("\n  政府\n  信息\n", "政府 信息"),
        ("结<br>果", "结\n果"),
        ("<p>结<p>果<p>&nbsp;", "结\n果"),
        ("<div>结</div>果", "结\n果"),
        ("&nbsp;１２\u3000", "\xa0１２\u3000"),
        ("12,345", "12,345"),
        ("<o:p></o:p>6<o:p>&nbsp;</o:p>", "6\xa0"),
        ("<![if !supportEmptyParas]>6<![endif]>", "6"),
        ("<!--[if gte mso 9]><xml><w:View>9</w:View></xml><![endif]-->6", "6"),
        ("<xml><w:View>9</w:View><w:Zoom/></xml>6", "6"),
        ("<span style='mso-hide:all'>9</span>6", "6"),
        ("<span style='DISPLAY : none'>9</span>6", "6"),
        ("<span hidden>9</span>6", "6"),
        ("<script>9</script><style>9</style><!--9-->6", "6"),
        ("<del>9</del><s>9</s><span style='text-decoration:line-through'>9</span>6", "6"),
        ("<span style='display:block'>1</span><span style='display: block'>2</span>", "1\n2"),
        ("6<sup>1</sup>", "6[1]"),
        ("<sup>6</sup>", "6"),
        ("6<sup>注</sup>", "6注"),
        ("<pre>1\n2</pre>", "1\n2"),
        ("<input value=6><input type=hidden value=9><input type=submit value=9>", "6"),
        ("<table><tr><td>6</table>", "6"),
        ("<table><tr><td>&nbsp;<td><p>6</table>", "6"),
    ],
)
def test_text_of_a_cell(source: str, text: str) -> None:
    assert cell(source) == text


@pytest.mark.parametrize(
    ("printed", "rowspan"),
    [("abc", 1), ("", 1), ("0", 2), ("100000000", 2), ("2x", 2), (" +2", 2), ("-2", 1), ("1.9", 1)],
)
def test_rowspan_as_a_browser_reads_it(printed: str, rowspan: int) -> None:
    text = f'<table><tr><td rowspan="{printed}">a<td>b<tr><td>c<td>d</table>'
    assert page(text).grids[0].cells[0].rowspan == rowspan


def test_paragraphs_and_grids_in_reading_order() -> None:
    document = page(
        "<h1>年度报告</h1>一、<b>总体</b>情况<br>二、<div>三、"
        + HEAD
        + "5"
        + TAIL
        + "四、</div>五、"
    )
    assert [(b.place, getattr(b, "text", "")) for b in document.blocks] == [
        ("paragraph 1", "年度报告"),
        ("paragraph 2", "一、总体情况"),
        ("paragraph 3", "二、"),
        ("paragraph 4", "三、"),
        ("table 1", ""),
        ("paragraph 5", "四、"),
        ("paragraph 6", "五、"),
    ]
    assert document.media == "html"


def test_unclosed_cells_headers_and_section_order() -> None:
    assert blocks(
        "<table><caption>表</caption><tfoot><tr><th>合计<td>3</tfoot><tbody><tr><td>甲<td>1"
        "<tr><td>乙<td>2</tbody><thead><tr><th>项目<th>数量</thead></table>"
    ) == ["表", [["项目", "数量"], ["甲", "1"], ["乙", "2"], ["合计", "3"]]]


def test_hidden_cells_and_rows_take_no_slot_but_invisible_ones_do() -> None:
    assert blocks(
        "<table><tr><td style=display:none>x<td>a<td>b<tr hidden><td>x<td>x"
        "<tr><td style=visibility:hidden>x<td>d</table>"
    ) == [[["a", "b"], ["", "d"]]]


def test_inner_table_is_a_grid_of_its_own() -> None:
    inner = "<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert blocks(f"{HEAD}5{inner}{TAIL}") == [
        [["行政许可", "5"], ["行政处罚", "7"]],
        [["1", "2"], ["3", "4"]],
    ]
    assert [g.place for g in page(f"{HEAD}5{inner}{TAIL}").grids] == ["table 1", "table 2"]


def test_tables_that_arrange_the_page_are_read_through() -> None:
    figures, rows = HEAD + "5" + TAIL, [["行政许可", "5"], ["行政处罚", "7"]]
    prose = "本年度共公开信息5条。" * 30
    for start, end in [
        ("<table><tr><td>", "</table>"),
        ("<table><tr><td>&nbsp;<td>", "</table>"),
        ("<table><tr><td><table><tr><td>", "</table></table>"),
        ("<table><tr><td>", "<tr><td></table>"),
    ]:
        found = blocks(f"{start}<p>一、</p><p>{prose}</p>{figures}<p>二、</p>{end}")
        assert found == ["一、", prose, rows, "二、"]
    navigation = "<table><tr><td>首页<td>公开<tr><td>栏目<td>"
    assert blocks(f"{navigation}<p>{prose}</p>{figures}</table>") == [
        *("首页", "公开", "栏目", prose),
        rows,
    ]
    assert blocks(f"{navigation}<p>一、</p><p>{prose}</p><p>{prose}</p></table>") == [
        *("首页", "公开", "栏目", "一、", prose, prose),
    ]


def test_a_long_label_does_not_undo_a_table() -> None:
    assert len(page(f"{HEAD}{'评分标准' * 60}{TAIL}").grids) == 1


def test_empty_tables_leave_nothing() -> None:
    assert blocks("<table><tr><td>&nbsp;<td> <tr><td><p></p><td></table>") == []


def test_meta_keeps_the_first_value_under_lower_case_names() -> None:
    document = page(
        "<title> 2024年\n报告 </title><meta name=PubDate content='2025-01-20'>"
        "<meta name=pubdate content='2026-01-01'><meta name=Author content=''>"
        "<meta property='og:title' content=报告><meta http-equiv=Content-Type content=text/html>"
        "<link rel=Canonical href='https://example.org/a.html'><svg><title>图</title></svg>"
    )
    assert document.meta == {
        "title": "2024年 报告",
        "pubdate": "2025-01-20",
        "og:title": "报告",
        "content-type": "text/html",
        "canonical": "https://example.org/a.html",
    }


def test_a_web_archive_is_refused() -> None:
    mail = "From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n"
    with pytest.raises(ReadError, match="web archive") as error:
        page(f'{mail}<td rowspan=3D"2">')
    assert error.value.code == "unsupported"


@pytest.mark.parametrize("text", ["", "<html>", "<frameset><frame></frameset>", "</td></table>"])
def test_nothing_to_read(text: str) -> None:
    assert page(text).blocks == ()


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul", "p", "td", "o:p"])
def test_deep_nesting_is_read(tag: str) -> None:
    assert blocks(f"<{tag}>" * 20_000 + HEAD + "5" + TAIL + "x")[0] == [
        ["行政许可", "5"],
        ["行政处罚", "7"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 1_000_000,
        "<span><i>" * 500_000,
        "<table><tr><td>" * 300,
        "<table><tr><td colspan=100000000>a<td>b</table>",
        "<table>" + "<tr><td colspan=199>a<td>b" * 1_001,
    ],
)
def test_hostile_sizes_are_refused(text: str) -> None:
    with pytest.raises(ReadError) as error:
        page(text)
    assert error.value.code == "too_large"


MARKUP = """<table>
</table>
<tr>
<td>
<td rowspan=0>
<td colspan=3>
<th rowspan=2 colspan=2>
</td>
</tr>
<thead>
<tfoot>
<caption>
<col>
<form>
<input value=1>
<select>
<option>
<template>
<svg>
<foreignObject>
<pre>
<sup>
</sup>
<br>
<p>
<b>
</b>
<div>
</div>
<p hidden>
<tr style=display:none>
<td style=display:block>
<frameset>
<!--
-->
<xml/>
</body>
<plaintext>
<title>
12
&nbsp;""".splitlines()


@given(st.lists(st.sampled_from(MARKUP), max_size=40))
@settings(deadline=None)
def test_any_markup_gives_a_document(tags: list[str]) -> None:
    document = page("".join(tags))
    for grid in document.grids:
        assert grid.slots()
        assert any(c.text.strip() for c in grid.cells)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_give_a_document(data: bytes) -> None:
    assert read(data).media == "html"


LONE = st.text(st.sampled_from("0123456789甲乙"), min_size=1, max_size=4)


@given(st.lists(st.lists(LONE, min_size=2, max_size=5), min_size=2, max_size=5))
@settings(deadline=None)
def test_plain_tables_read_back(rows: list[list[str]]) -> None:
    text = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    (grid,) = page(f"<p>前</p><table>{text}</table><p>后</p>").grids
    assert [c.text for c in grid.cells] == [c for row in rows for c in row]


COLUMNS = [
    *("natural_person", "business", "research_institution", "social_organisation"),
    *("legal_service", "other_organisation", "total"),
]


def test_real_reports_place_every_number_of_applications(corpus: Path | None) -> None:
    if corpus is None:
        return
    for truth in sorted(corpus.glob("reports/*.cells.json")):
        source = truth.with_name(truth.name.replace(".cells.json", ".html"))
        if not source.exists():
            continue
        facts = json.loads(truth.read_text("utf-8"))["cells"]
        expected = {
            (f["row"], f["column"]): f["value"] for f in facts if f["table"] == "applications"
        }
        keys = list(dict.fromkeys(row for row, _ in expected))
        rows: dict[int, list[str]] = {}
        for c in read(source.read_bytes()).grids[1].cells:
            if c.row >= 3 and c.column >= 3:  # past the header and the labels
                rows.setdefault(c.row, []).append(re.sub(r"\s", "", c.text))
        found = {
            (key, column): int(text)
            for key, row in zip(keys, filter(any, rows.values()), strict=True)
            for column, text in zip(COLUMNS, row, strict=True)
            if text
        }
        assert found == expected, source.name


def test_a_real_header_lies_where_a_browser_puts_it(corpus: Path | None) -> None:
    """Pingtan 2021: 自然人 spans two columns over one of numbers, as Chromium shows it."""
    if corpus is None:
        return
    grid = read((corpus / "reports" / "pingtan_2021.html").read_bytes()).grids[1]
    places = {
        re.sub(r"\s", "", c.text): (c.row, c.column, c.rowspan, c.colspan) for c in grid.cells
    }
    assert places["自然人"] == (1, 3, 1, 2)
    assert places["法人或其他组织"] == (1, 5, 1, 5)
    assert places["商业企业"] == (2, 4, 1, 2)
    assert places["总计"] == (1, 10, 2, 1)
    assert places["三、本年度办理结果"] == (5, 0, 22, 1)
    assert places["（四）无法提供"] == (15, 1, 3, 1)
    assert places["四、结转下年度继续办理"] == (27, 0, 1, 3)
