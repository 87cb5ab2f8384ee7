"""Whole PDF documents: a real report, and pages set like one."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.readers.pdf_files import hand_written, text, typeset
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import pdf
from zwgk_analytics.readers.document import Document, Grid

_ROWS = {
    "received": ("一、本年新收", ""),
    "carried_in": ("二、上年结转", ""),
    "granted": ("（一）予以公开", ""),
    "partially_granted": ("（二）部分公开", ""),
    "denied.state_secret": ("（三）", "1.属于国家秘密"),
    "denied.prohibited_by_law": ("（三）", "2.其他法律"),
    "denied.security_and_stability": ("（三）", "3.危及"),
    "denied.third_party_rights": ("（三）", "4.保护第三方"),
    "denied.internal_affairs": ("（三）", "5.属于三类内部"),
    "denied.process_information": ("（三）", "6.属于四类过程"),
    "denied.enforcement_files": ("（三）", "7.属于行政执法"),
    "denied.administrative_inquiry": ("（三）", "8.属于行政查询"),
    "unable.not_held": ("（四）无法提供", "1.本机关"),
    "unable.needs_creation": ("（四）无法提供", "2.没有现成"),
    "unable.still_unclear": ("（四）无法提供", "3.补正后"),
    "not_processed.petition": ("（五）不予处理", "1.信访"),
    "not_processed.repeated": ("（五）不予处理", "2.重复"),
    "not_processed.publications": ("（五）不予处理", "3.要求提供"),
    "not_processed.excessive": ("（五）不予处理", "4.无正当理由"),
    "not_processed.reconfirmation": ("（五）不予处理", "5.要求行政机关"),
    "other.overdue_correction": ("（六）其他处理", "1、申请人无正当理由"),
    "other.overdue_fee": ("（六）其他处理", "2、申请人逾期"),
    "other.other": ("（六）其他处理", "3、其他"),
    "total": ("（七）总计", ""),
    "carried_out": ("四、结转下年度", ""),
}
_COLUMNS = {
    "natural_person": "自然人",
    "business": "商业企业",
    "research_institution": "科研机构",
    "social_organisation": "社会公益组织",
    "legal_service": "法律服务机构",
    "other_organisation": "其他",
    "total": "总计",
}
_REVIEW_ROWS = {
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_review": "复议后起诉",
}
_REVIEW_COLUMNS = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
_PROACTIVE_ROWS = {
    "regulations": "规章",
    "normative_documents": "行政规范性文件",
    "administrative_licenses": "行政许可",
    "administrative_penalties": "行政处罚",
    "administrative_compulsion": "行政强制",
    "administrative_fees": "行政事业性收费",
}
_PROACTIVE_COLUMNS = {
    "issued": "本年制发件数",
    "repealed": "本年废止件数",
    "in_force": "现行有效件数",
    "decisions": "本年处理决定数量",
    "amount": "本年收费金额（单位：万元）",
}


def _figures(grid: Grid) -> Iterator[tuple[list[str], list[str], str]]:
    """Each number of a grid: the texts left of it, the texts above it, itself."""
    slots = [["".join(c.text.split()) if c else "" for c in row] for row in grid.slots()]
    for cell in grid.cells:
        flat = "".join(cell.text.split())
        if re.fullmatch(r"[\d.]+", flat):
            above = [row[cell.column] for row in slots[: cell.row]]
            yield slots[cell.row][: cell.column], above, flat


def _application(document: Document, row: str, column: str) -> list[str]:
    group, leaf = _ROWS[row]
    return [
        value
        for left, above, value in _figures(document.grids[1])
        if _COLUMNS[column] in above
        and any(t.startswith(group) for t in left)
        and any(t.startswith(leaf) for t in left)
    ]


def _review(document: Document, row: str, column: str) -> list[str]:
    return [
        value
        for _, above, value in _figures(document.grids[2])
        if _REVIEW_ROWS[row] in above and _REVIEW_COLUMNS[column] in above
    ]


def _proactive(document: Document, row: str, column: str) -> list[str]:
    found = []
    for left, above, value in _figures(document.grids[0]):
        header = next(t for t in reversed(above) if not re.fullmatch(r"[\d.]+", t))
        if left[0] == _PROACTIVE_ROWS[row] and header == _PROACTIVE_COLUMNS[column]:
            found.append(value)
    return found


def test_every_figure_of_a_real_report_stands_under_its_labels(corpus):
    if corpus is None:
        return
    document = pdf.read((corpus / "reports/huaian_2024.pdf").read_bytes())
    truth = json.loads((corpus / "reports/huaian_2024.cells.json").read_text("utf-8"))["cells"]
    find = {"applications": _application, "review": _review, "proactive": _proactive}
    for cell in truth:
        found = find[cell["table"]](document, cell["row"], cell["column"])
        assert [float(value) for value in found] == [cell["value"]], cell
    assert sum(1 for grid in document.grids for _ in _figures(grid)) == len(truth)


def test_cells_of_a_joined_table_tell_their_page(corpus):
    if corpus is None:
        return
    document = pdf.read((corpus / "reports/huaian_2024.pdf").read_bytes())
    grid = document.grids[1]
    first = next(c for c in grid.cells if c.text == "3001")
    last = next(c for c in grid.cells if c.text == "2932")
    assert grid.place_of(first) == "page 4, table 2, row 4, column 4"
    assert grid.place_of(last) == "page 5, table 2, row 27, column 4"


_APPLICATIONS = """
#set page(height: 12cm, footer: context align(center)[— #counter(page).display() —],
  header: [某市人民政府])
= 收到和处理政府信息公开申请情况
#table(columns: 5,
  table.header(table.cell(colspan: 3)[办理结果], [自然人], [总计]),
  table.cell(rowspan: 12)[三、本年度办理结果],
  table.cell(rowspan: 8)[（三）不予公开],
  ..range(1, 9).map(i => ([#i\\.属于第#str(i);类信息], [#(i * 100)], [#(i * 100 + 1)])).flatten(),
  table.cell(rowspan: 3)[（四）无法提供],
  ..range(1, 4).map(i => ([#i\\.没有第#str(i);种信息], [#(i * 1000)], [#(i * 1000 + 1)])).flatten(),
  table.cell(colspan: 2)[（七）总计], [9600], [9611],
)
正文继续。
"""


@pytest.mark.parametrize("height", [7, 8, 9, 10, 12])
def test_a_table_is_one_grid_wherever_the_pages_cut_it(height):
    source = _APPLICATIONS.replace("height: 12cm", f"height: {height}cm")
    document = pdf.read(typeset(source))
    (grid,) = document.grids
    figures = {tuple(left): value for left, above, value in _figures(grid) if "自然人" in above[0]}
    group = "三、本年度办理结果"
    denied = {(group, "（三）不予公开", f"{i}.属于第{i}类信息"): str(i * 100) for i in range(1, 9)}
    unable = {(group, "（四）无法提供", f"{i}.没有第{i}种信息"): str(i * 1000) for i in range(1, 4)}
    assert figures == {**denied, **unable, (group, "（七）总计", "（七）总计"): "9600"}
    assert (grid.n_rows, grid.n_columns) == (13, 5)
    assert [p.text for p in document.paragraphs][-1] == "正文继续。"
    assert not any("—" in t or "某市" in t for t in document.texts())


def test_paragraphs_are_joined_over_lines_and_pages():
    sentence = "本年度共受理政府信息公开申请3119件，其中自然人3001件，均在法定期限内予以答复。"
    source = (
        "#set par(first-line-indent: (amount: 2em, all: true))\n"
        f"#align(center)[报告]\n\n{sentence * 12}\n\n#v(17cm)\n{sentence * 12}\n\n短句。"
    )
    document = pdf.read(
        typeset(source, ", footer: [#h(1fr) 第 #context counter(page).display() 页]")
    )
    assert [p.text for p in document.paragraphs] == ["报告", sentence * 12, sentence * 12, "短句。"]
    places = [p.place for p in document.paragraphs]
    assert places == [
        "page 1, paragraph 1",
        "page 1, paragraph 2",
        "page 1, paragraph 3",
        "page 2, paragraph 1",
    ]


def test_radicals_and_compatibility_forms_are_read_as_ordinary_characters():
    document = pdf.read(typeset("⾏政处罚和⾃然⼈"))
    assert [p.text for p in document.paragraphs] == ["行政处罚和自然人"]


def test_meta_is_the_document_information():
    body = '#set document(title: "年度报告", author: "某市人民政府")\n正文'
    meta = pdf.read(typeset(body)).meta
    assert (meta["title"], meta["author"]) == ("年度报告", "某市人民政府")


def test_a_file_without_tables_has_none():
    document = pdf.read(hand_written(text(100, 700, "one 12"), text(100, 700, "two")))
    assert document.media == "pdf"
    assert document.grids == []
    assert [(p.text, p.place) for p in document.paragraphs] == [
        ("one 12", "page 1, paragraph 1"),
        ("two", "page 2, paragraph 1"),
    ]


def test_a_blank_file_is_refused():
    with pytest.raises(ReadError) as caught:
        pdf.read(hand_written("100 100 200 300 re f"))
    assert caught.value.code == "no_text"
