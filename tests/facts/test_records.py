"""Ledgers: typed records from tables as offices keep them."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.headings import recognise
from zwgk_analytics.facts.record_schema import record_schemas
from zwgk_analytics.forms.records import TYPES, record_kinds, record_words
from zwgk_analytics.readers.tabular import RawTable
from zwgk_analytics.writers.ledger import heading_of

HEAD = "轮次,被查单位,检查项目,存在问题,扣分,检查日期"


def read(tmp_path, *lines, name="ledger.csv", head=HEAD, sidecar=None):
    path = tmp_path / name
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    if sidecar:
        path.with_suffix(".yml").write_text(sidecar, encoding="utf-8")
    return extract(path)


def test_a_row_is_a_record_with_its_place(tmp_path):
    found = read(tmp_path, "2025年第一季度,市民政局,公开指南,指南 未更新,0.5分,2025年4月10日")
    assert found.kind == "inspections"
    assert found.agency == "市民政局"
    [row] = [{k: v for k, v in r.items() if v is not None} for r in found.rows("inspections")]
    assert row == {
        "source": "ledger.csv",
        "place": "row 2",
        "round": "2025年第一季度",
        "agency": "市民政局",
        "item": "公开指南",
        "problem": "指南 未更新",
        "deduction": Decimal("0.5"),
        "found_on": date(2025, 4, 10),
    }


@pytest.mark.parametrize(
    ("cells", "field", "code", "message"),
    [
        (
            "一,甲局,指南,缺,两分,2025-04-10",
            "deduction",
            "number.unreadable",
            "扣分 is 两分; expected one number",
        ),
        (
            "一,甲局,指南,缺,1,2025-02-30",
            "found_on",
            "date.impossible",
            "检查日期 is 2025-02-30; expected a date such as 2021-10-08 or 2021年10月8日, "
            "from 1949 to next year",
        ),
    ],
)
def test_what_cannot_be_read_is_null_and_told(tmp_path, cells, field, code, message):
    found = read(tmp_path, cells)
    [row] = found.rows("inspections")
    assert row[field] is None
    assert [(p["code"], p["message"], p["place"]) for p in found.rows("problems")] == [
        (code, message, "row 2")
    ]


def test_blanks_dashes_and_totals_are_no_records(tmp_path):
    lines = [",,,,,", "一,甲局,指南,缺,—,/", ",合计,,,0.5,", ",,无,,,"]
    found = read(tmp_path, *lines)
    rows = found.rows("inspections")
    assert [(r["agency"], r["deduction"], r["found_on"]) for r in rows] == [
        ("甲局", None, None),
    ]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("row.total", "row 4"),
        ("row.lacking", "row 5"),
    ]


def test_the_sidecar_says_whose_the_ledger_is(tmp_path):
    found = read(
        tmp_path,
        "指南,缺",
        head="检查项目,存在问题",
        sidecar="agency: 市民政局\nkind: inspections\n",
    )
    assert [r["agency"] for r in found.rows("inspections")] == ["市民政局"]


def test_numbers_of_persons_in_free_text_are_masked(tmp_path):
    line = "一,甲局,指南,联系人电话13812345678 身份证11010519491231002X,1,2025-04-10"
    found = read(tmp_path, line)
    [row] = found.rows("inspections")
    assert row["problem"] == "联系人电话138******78 身份证110*************2X"


def test_sheets_of_several_kinds_are_all_read(tmp_path):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    ledger, log = book.add_worksheet("台账"), book.add_worksheet("目录")
    ledger.write_row(0, 0, ["单位", "存在问题", "扣分"])
    ledger.write_row(1, 0, ["甲局", "指南未更新", 0.5])
    log.write_row(0, 0, ["标题", "发布日期", "发布机构"])
    log.write_row(1, 0, ["关于某事的通知", "2025-04-10", "甲局"])
    book.close()
    path = tmp_path / "both.xlsx"
    path.write_bytes(data.getvalue())
    found = extract(path)
    assert found.kind == "inspections"
    assert [r["place"] for r in found.rows("inspections")] == ["sheet 台账, row 2"]
    assert [r["title"] for r in found.rows("items")] == ["关于某事的通知"]


def test_a_cell_merged_over_rows_holds_for_each(tmp_path):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "督查台账")
    sheet.write_row(1, 0, ["单位", "存在问题", "扣分"])
    sheet.merge_range(2, 0, 3, 0, "甲局")
    sheet.write_row(2, 1, ["指南未更新", 0.5])
    sheet.write_row(3, 1, ["栏目为空", 1])
    sheet.write_row(4, 0, ["乙局", "年报迟发", 2])
    book.close()
    path = tmp_path / "merged.xlsx"
    path.write_bytes(data.getvalue())
    rows = extract(path).rows("inspections")
    assert [(r["agency"], r["problem"]) for r in rows] == [
        ("甲局", "指南未更新"),
        ("甲局", "栏目为空"),
        ("乙局", "年报迟发"),
    ]


MERGED = """<table><tr><th>单位<th>存在问题<th>扣分
<tr><td rowspan=2>甲局<td>指南未更新<td rowspan=2>1<tr><td>栏目为空
<tr><td colspan=3>注：以上扣分为两项合计<tr><td>乙局<td>年报迟发<td>扣2分</table>"""


def test_a_number_merged_over_rows_is_counted_once_and_told(tmp_path):
    path = tmp_path / "merged.html"
    path.write_text(MERGED, encoding="utf-8")
    found = extract(path)
    rows = found.rows("inspections")
    assert [(r["agency"], r["problem"], r["deduction"]) for r in rows] == [
        ("甲局", "指南未更新", Decimal(1)),
        ("甲局", "栏目为空", None),
        ("乙局", "年报迟发", Decimal(2)),
    ]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("record.merged", "table 1, row 3"),
        ("row.note", "table 1, row 4"),
    ]


def test_a_ledger_in_a_document_is_read_from_its_table(tmp_path):
    path = tmp_path / "ledger.html"
    path.write_text(
        "<p>督查情况</p><table><tr><th>单位<th>存在问题<th>扣分"
        "<tr><td rowspan=2>甲局<td>指南未更新<td>0.5<tr><td>栏目为空<td>1"
        "<tr><th>单位<th>存在问题<th>扣分<tr><td>乙局<td>年报迟发<td>2</table>",
        encoding="utf-8",
    )
    found = extract(path)
    rows = found.rows("inspections")
    assert [(r["place"], r["agency"], r["problem"], r["deduction"]) for r in rows] == [
        ("table 1, row 2", "甲局", "指南未更新", Decimal("0.5")),
        ("table 1, row 3", "甲局", "栏目为空", Decimal(1)),
        ("table 1, row 5", "乙局", "年报迟发", Decimal(2)),
    ]


@pytest.mark.parametrize("kind", record_kinds().values(), ids=lambda k: k.key)
class TestEveryKind:
    def test_is_well_formed(self, kind):
        keys = {column.key for column in kind.columns}
        assert {key for some in kind.needs for key in some} <= keys
        assert {column.type for column in kind.columns} <= set(TYPES)
        assert all(c.choices for c in kind.columns if c.type == "choice")
        assert all(c.about and c.label and c.label_en for c in kind.columns)

    def test_its_template_is_recognised(self, kind):
        columns = recognise(RawTable("csv", tuple(map(heading_of, kind.columns)), iter(())), {})
        assert columns.kind == kind.key
        assert columns.unused == ()
        assert set(columns.fields) == {c.key for c in kind.columns}

    def test_its_example_reads_without_a_problem(self, kind, tmp_path):
        columns = [c for c in kind.columns if c.example]
        path = tmp_path / "example.tsv"
        lines = ([heading_of(c) for c in columns], [c.example for c in columns])
        path.write_text("\n".join("\t".join(map(str, line)) for line in lines), encoding="utf-8")
        found = extract(path)
        assert (found.kind, found.rows("problems")) == (kind.key, [])
        [row] = found.rows(kind.key)
        kept = {c.key for c in columns if c.type != "personal"}
        assert {k for k, v in row.items() if v is not None} >= kept

    def test_nothing_personal_has_a_column(self, kind):
        dropped = {c.key for c in kind.columns if c.type == "personal"}
        assert not dropped & set(record_schemas()[kind.key].names)


@given(st.lists(st.text(alphabet="甲局指南0.5-/合计 \t年月日2025是否√", max_size=12), max_size=6))
def test_any_cells_give_records_or_problems_and_never_fail(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("any") / "ledger.csv"
    row = ",".join(c.replace("\n", " ") for c in cells)
    path.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    found = extract(path)
    read = {"inspections": found.rows("inspections"), "problems": found.rows("problems")}
    said = [c for c in cells[:6] if c.strip() and c.strip() not in record_words()["nothing"]]
    assert bool(said) <= bool(read["inspections"] or read["problems"])
