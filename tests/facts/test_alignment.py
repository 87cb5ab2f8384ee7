"""Every number is placed by its labels, whatever clerks and converters did to the form."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.grids import (
    addresses,
    codes,
    cut,
    filled,
    grid,
    numbered,
    read_grids,
    reported,
    stack,
)
from zwgk_analytics.facts.alignment import align
from zwgk_analytics.readers import Grid

EDITIONS = ["2019", "2021"]
LISTS = ["2008", "2014"]
PROACTIVE_2021 = [
    [("第二十条第（一）项", 1, 4)],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "0", "11"],
    ["行政规范性文件", "69", "3", "665"],
]
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_filled_form_comes_back_cell_by_cell(edition, data):
    texts = st.sampled_from(["", "0", "7", "1234", "/"])
    values = {a: data.draw(texts) for a in addresses(edition)}
    found = {(c.table, c.row, c.column): c for c in align(filled(edition, values)).cells}
    assert found.keys() == values.keys()
    assert all(found[a].raw == text for a, text in values.items())
    assert all(found[a].value is None for a, text in values.items() if text in {"", "/"})


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("row", [5, 12, 20])
def test_a_table_cut_by_a_page_keeps_its_columns(edition, row):
    values = numbered(edition)
    first, second, third = filled(edition, values).grids
    top, bottom = cut(second, row)
    assert reported(read_grids(first, top, bottom, third)) == values


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_tables_in_one_grid_are_told_apart(edition):
    values = numbered(edition)
    assert reported(read_grids(stack(filled(edition, values).grids))) == values


@pytest.mark.parametrize("edition", LISTS)
def test_a_list_of_indicators_comes_back(edition):
    values = {a: v for a, v in numbered(edition).items() if not a[1].startswith(("fees", "cap"))}
    assert reported(align(filled(edition, values))) == values


def test_sections_as_tables_of_their_own():
    first = grid(PROACTIVE_2021)
    second = grid([["信息内容", "本年处理决定数量"], ["行政许可", "2293"]], "table 2")
    assert reported(read_grids(first, second)) == {
        ("proactive", "regulations", "issued"): "0",
        ("proactive", "regulations", "repealed"): "0",
        ("proactive", "regulations", "in_force"): "11",
        ("proactive", "normative_documents", "issued"): "69",
        ("proactive", "normative_documents", "repealed"): "3",
        ("proactive", "normative_documents", "in_force"): "665",
        ("proactive", "administrative_licenses", "decisions"): "2293",
    }


def test_a_header_that_is_off_by_a_column_is_read_in_order():
    read = read_grids(
        grid(
            [
                [("勾稽关系", 3, 3), ("申请人情况", 1, 8)],
                [("自然人", 1, 2), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
                ["", ("商业企业", 1, 2), "科研机构", "社会公益组织", "法律服务机构", "其他"],
                [("一、本年新收政府信息公开申请数量", 1, 3), "64", ("0", 1, 2), *"1204", "70"],
            ]
        )
    )
    values = [reported(read)["applications", "received", c] for c in ("natural_person", "business")]
    assert values == ["64", "0"]
    assert reported(read)["applications", "received", "other_organisation"] == "4"
    assert reported(read)["applications", "received", "total"] == "70"


def test_an_empty_line_below_the_review_table_adds_nothing():
    rows = [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((r, 2, 1) for r in RESULTS), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [*RESULTS, *RESULTS],
        [str(n) for n in range(15)],
        [""] * 15,
    ]
    read = read_grids(grid(rows))
    assert len(read.cells) == 15 and not read.problems
    assert reported(read)["review", "litigation_after_review", "upheld"] == "10"


def test_a_review_table_with_a_line_a_channel():
    rows = [["类型", *RESULTS], ["行政复议", *"20103"], ["未经复议直接起诉", *"00000"]]
    read = reported(read_grids(grid(rows)))
    assert read["review", "reconsideration", "upheld"] == "2"
    assert read["review", "litigation_direct", "total"] == "0"


CHANNELS = {
    "行政复议": ("reconsideration", ["1", "2", "3", "4", "10"]),
    "未经复议直接起诉": ("litigation_direct", ["5", "0", "1", "0", "6"]),
    "复议后起诉": ("litigation_after_review", ["2", "0", "0", "1", "3"]),
}
IN_PIECES = [
    row for label, (_, numbers) in CHANNELS.items() for row in ([(label, 1, 5)], RESULTS, numbers)
]
UNDER_LITIGATION = [
    *IN_PIECES[:3],
    [("行政诉讼", 1, 10)],
    [(label, 1, 5) for label in [*CHANNELS][1:]],
    RESULTS * 2,
    [n for _, numbers in [*CHANNELS.values()][1:] for n in numbers],
]
NOT_MERGED = [
    [text for label in CHANNELS for text in (label, "", "", "", "")],
    RESULTS * 3,
    [n for _, numbers in CHANNELS.values() for n in numbers],
]
LISTED = [
    [*([(label, 5, 1)] if i == 0 else []), result, numbers[i]]
    for label, (_, numbers) in CHANNELS.items()
    for i, result in enumerate(RESULTS)
]
LISTED_BELOW = [
    row
    for label, (_, numbers) in CHANNELS.items()
    for row in ([(label, 1, 2)], *map(list, zip(RESULTS, numbers, strict=True)))
]
TURNED = [
    ["结果", *CHANNELS],
    *([r, *(numbers[i] for _, numbers in CHANNELS.values())] for i, r in enumerate(RESULTS)),
]


@pytest.mark.parametrize(
    "rows", [IN_PIECES, UNDER_LITIGATION, NOT_MERGED, LISTED, LISTED_BELOW, TURNED]
)
def test_a_review_table_in_pieces_or_on_its_side(rows):
    found = read_grids(grid(rows))
    results = ["upheld", "corrected", "other", "pending", "total"]
    assert reported(found) == {
        ("review", key, result): number
        for key, numbers in CHANNELS.values()
        for result, number in zip(results, numbers, strict=True)
    }
    assert not codes(found)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_table_on_its_side_names_the_places_of_the_page(edition):
    values = numbered(edition)
    table = filled(edition, values).grids[1]
    turned = [
        replace(c, row=c.column, column=c.row, rowspan=c.colspan, colspan=c.rowspan)
        for c in table.cells
    ]
    there = {c.text: f"table 1, row {c.row + 1}, column {c.column + 1}" for c in turned}
    found = read_grids(Grid(tuple(sorted(turned, key=lambda c: (c.row, c.column))), "table 1"))
    assert reported(found) == {a: v for a, v in values.items() if a[0] == "applications"}
    assert all(cell.place == there[cell.raw] for cell in found.cells)


def test_money_is_brought_to_the_unit_of_the_form():
    in_yuan = grid([["信息内容", "本年收费金额（单位：元）"], ["行政事业性收费", "251000"]])
    (cell,) = read_grids(in_yuan).cells
    assert (str(cell.value), cell.unit, cell.raw) == ("25.1", "万元", "251000")


def test_procurement_without_a_stated_unit_has_none():
    table = grid([["信息内容", "采购项目数量", "采购总金额"], ["政府集中采购", "6", "251000"]])
    amount = read_grids(table).cells[-1]
    assert (str(amount.value), amount.unit) == ("251000", None)


def test_a_misprinted_label_between_its_neighbours_is_read_and_told():
    rows = [row[:] for row in PROACTIVE_2021]
    rows[3][0] = "行政规范姓文件"
    read = read_grids(grid(rows))
    assert reported(read)["proactive", "normative_documents", "issued"] == "69"
    assert codes(read) == {"label.near"}


def test_columns_out_of_order_are_told():
    rows = [
        ["信息内容", "现行有效件数", "本年制发件数", "本年废止件数"],
        ["规章", "11", "1", "0"],
    ]
    read = read_grids(grid(rows))
    assert reported(read)["proactive", "regulations", "in_force"] == "11"
    assert codes(read) == {"column.order"}


def test_two_labels_in_one_cell_are_neither_row():
    rows = [["信息内容", "本年处理决定数量"], ["行政许可", "1"], ["行政处罚行政行政强制", "1282"]]
    read = read_grids(grid(rows))
    assert reported(read) == {("proactive", "administrative_licenses", "decisions"): "1"}
    assert codes(read) == {"label.unknown"}


def test_traditional_characters_read_as_their_simplified_originals():
    rows = [["信息內容", "本年處理決定數量"], ["行政許可", "1"], ["行政處罰", "1282"]]
    read = reported(read_grids(grid(rows)))
    assert read["proactive", "administrative_penalties", "decisions"] == "1282"


def test_an_unknown_label_is_told_and_never_guessed():
    read = read_grids(grid([*PROACTIVE_2021, ["党内法规", "5", "6", "7"]]))
    assert codes(read) == {"label.unknown"}
    assert not {"5", "6", "7"} & set(reported(read).values()) - {"0", "11"}
    assert "党内法规" in read.problems[0].message and "5, 6, 7" in read.problems[0].message


def test_a_row_that_lacks_a_cell_is_unreadable_not_shifted():
    rows = [row[:] for row in PROACTIVE_2021]
    rows[3] = ["行政规范性文件", "69", "665"]
    read = read_grids(grid(rows))
    states = {c.column: c.state for c in read.cells if c.row == "normative_documents"}
    assert states == {"issued": "unreadable", "repealed": "unreadable"}
    assert codes(read) == {"row.short"}


def test_two_printings_that_disagree_cancel_each_other():
    other = [row[:] for row in PROACTIVE_2021]
    other[3][1] = "70"
    read = read_grids(grid(PROACTIVE_2021), grid(other, "table 2"))
    cell = next(c for c in read.cells if (c.row, c.column) == ("normative_documents", "issued"))
    assert (cell.state, cell.value, cell.raw) == ("unreadable", None, "69 | 70")
    assert codes(read) == {"cell.conflict"}


def test_text_where_a_number_belongs_is_unreadable_and_told():
    rows = [row[:] for row in PROACTIVE_2021]
    rows[2][1] = "详见附件"
    read = read_grids(grid(rows))
    assert codes(read) == {"cell.unreadable"}
    assert read.problems[0].place == "table 1, row 3, column 2"


def test_rows_without_any_header_are_told():
    read = read_grids(grid([["一、本年新收政府信息公开申请数量", *"1234567"]]))
    assert not read.cells and codes(read) == {"header.missing"}


def test_a_local_indicator_table_with_codes_and_units():
    rows = [
        ["代码", "指标名称", "计量单位", "2012年度", "历年累计"],
        ["01", "主动公开信息数", "条", "2026", "3542"],
        ["02", "其中：1.网站公开", "条", "1795", "3304"],
        ["33", "收取费用总数", "元", "12000", ""],
    ]
    read = read_grids(grid(rows))
    assert reported(read) == {
        ("statistics", "proactive.items", "value"): "2026",
        ("statistics", "proactive.items", "cumulative"): "3542",
        ("statistics", "proactive.website", "value"): "1795",
        ("statistics", "proactive.website", "cumulative"): "3304",
        ("statistics", "fees_collected", "value"): "1.2",
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "0", "12", "规章", "其他", "总计", "行政复议", "结果维持", "甲"]),
            min_size=1,
            max_size=6,
        ),
        max_size=8,
    )
)
def test_any_grid_is_walked_without_inventing(rows):
    read = read_grids(grid(rows) if rows else Grid((), "table 1"))
    printed = {text for row in rows for text in row}
    assert all(c.raw in printed for c in read.cells if c.state == "reported")


def test_a_heading_lost_from_a_header_over_several_lines_is_told():
    kinds = [("行政复议", 1, 5), ("未经复议直接起诉", 1, 4)]
    found = read_grids(grid([kinds, [*RESULTS, *RESULTS[1:]], list("123453456")]))
    assert "header.lacking" in codes(found)


def test_a_row_whose_numbers_begin_further_left_is_told():
    rows = [["指标名称", "单位", "统计数"], ["主动公开政府信息数", "条", "10"]]
    rows += [["收到政府信息公开申请数", "件", "7"], ["政府网站公开政府信息数", "4"]]
    assert "row.shifted" in codes(read_grids(grid(rows)))


def test_a_cell_that_hangs_down_makes_the_row_below_uncertain():
    head = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    rows = [head, ["规章", ("1", 2, 1), "2", "3"], ["行政规范性文件", "4", "5", ""]]
    assert ("proactive", "normative_documents", "in_force") not in reported(read_grids(grid(rows)))


def test_a_list_in_two_halves_is_read_left_then_right():
    found = read_grids(
        grid(
            [
                ["指标名称", "单位", "数量", "指标名称", "单位", "数量"],
                ["（一）主动公开政府信息数", "条", "7136", "1.当面申请数", "件", "2"],
                ["其中：主动公开规范性文件数", "条", "57", "2.传真申请数", "件", "0"],
            ]
        )
    )
    assert reported(found) == {
        ("statistics", "proactive.items", "value"): "7136",
        ("statistics", "proactive.normative_items", "value"): "57",
        ("statistics", "requests.in_person", "value"): "2",
        ("statistics", "requests.fax", "value"): "0",
    }


def test_a_misprinted_heading_between_its_neighbours_is_read_and_told():
    values = numbered("2021")
    applications = filled("2021", values).grids[1]
    cells = [
        replace(c, text=c.text.replace("社会公益组织", "社会公益组只")) for c in applications.cells
    ]
    found = read_grids(replace(applications, cells=tuple(cells)))
    assert reported(found) == {a: v for a, v in values.items() if a[0] == "applications"}
    assert codes(found) == {"label.near"}


def test_the_mark_of_a_footnote_is_no_digit():
    values = numbered("2021")
    first = ("applications", "received", "natural_person")
    second = ("applications", "carried_in", "natural_person")
    third = ("applications", "granted", "natural_person")
    marked = values | {first: "1200③", second: "51（其中网上25）", third: "7²"}
    found = reported(align(filled("2021", marked)))
    assert [found[a] for a in (first, second, third)] == ["1200", "51", "7"]
