"""The editions hang together, and the blank forms derived from them are whole."""

import pytest

from zwgk_analytics.forms import edition_for, editions, fold, vocabulary
from zwgk_analytics.forms.blank import tables

EDITIONS = sorted(editions())


def test_every_year_since_2008_has_one_edition():
    assert [edition_for(y).key for y in (2008, 2013, 2014, 2018, 2019, 2020, 2021, 2026)] == [
        *("2008", "2008", "2014", "2014", "2019", "2019", "2021", "2021")
    ]
    assert edition_for(2007) is None


@pytest.mark.parametrize("key", EDITIONS)
def test_every_identity_names_lines_that_the_table_has(key):
    for table in editions()[key].tables.values():
        lines = {line.key for line in (*table.rows, *table.columns)}
        roles = {line.role for line in (*table.rows, *table.columns)}
        for identity in table.identities:
            named = {identity.total, identity.now, identity.before, identity.stock} - {None}
            named |= {*identity.left, *identity.right, *identity.rows}
            named |= {*identity.plus, *identity.minus}
            assert named <= lines
            assert identity.parts_role is None or identity.parts_role in roles


@pytest.mark.parametrize("key", EDITIONS)
def test_every_printed_label_leads_back_to_its_own_line(key):
    words = vocabulary()
    for table in editions()[key].tables.values():
        above = None
        for row in table.rows:
            assert words.key(table.key, "row", row.label, above) == row.key
            above = row.key
        for column in table.columns:
            assert words.key(table.key, "column", column.label) == column.key


@pytest.mark.parametrize("key", EDITIONS)
def test_blank_forms_cover_each_slot_once(key):
    for cells in tables(editions()[key]).values():
        slots = [
            (row, column)
            for c in cells
            for row in range(c.row, c.row + c.rowspan)
            for column in range(c.column, c.column + c.colspan)
        ]
        rows, columns = {r for r, _ in slots}, {c for _, c in slots}
        assert len(slots) == len(set(slots)) == len(rows) * len(columns)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("（一）予以公开", "予以公开"),
        ("1．属于国家秘密", "属于国家秘密"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ("其中：1.网站公开", "网站公开"),
        ("01 主动公开信息数", "主动公开信息数"),
        ("本年收费金额（单位：万元）", "本年收费金额"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("2014年度", "年度"),
        ("其它结果", "其他结果"),
    ],
)
def test_fold_keeps_what_tells_labels_apart(printed, folded):
    assert fold(printed) == folded


def test_a_label_of_two_lines_is_the_one_below_the_row_above():
    words = vocabulary()
    label = "（二）被依法纠错数"
    assert words.key("statistics", "row", label, "reconsideration.upheld") == (
        "reconsideration.corrected"
    )
    assert words.key("statistics", "row", label, "litigation.upheld") == "litigation.corrected"
