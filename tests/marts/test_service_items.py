"""Service guides and approval items: elements, cancelled items, the hall."""

from datetime import date

import pytest

from tests.marts.facts import rows
from tests.marts.only import only
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.element_relations import element_relations

MARKED = ("item", "basis", "conditions", "materials", "address", "hours", "phone", "process")


def item(place=2, name="求职创业补贴申领", source="items.csv", **more):
    base = {"source": source, "place": f"row {place}", "agency": "甲局", "item": name}
    return base | dict.fromkeys(MARKED[1:], "√") | more


MARTS = ("service_offers", "service_elements", "service_items", "service_item_completeness")


def found(*items, columns, where="TRUE", mart="service_items", order="source, place", **more):
    con = only(*MARTS, kind="service_items", facts=items, **more)
    return rows(con, f"SELECT {columns} FROM {mart} WHERE {where} ORDER BY {order}")


COUNTS = "required, assessed, present, missing, unrecorded, is_complete"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({}, (8, 8, 8, None, None, True)),
        ({"hours": "", "materials": "无"}, (8, 8, 6, "办理材料、办理时间", None, False)),
        ({"phone": "×", "process": "未公开"}, (8, 8, 6, "联系电话、办理流程", None, False)),
        ({"conditions": "不 全"}, (8, 8, 7, "申请条件", None, False)),
        ({"hours": None}, (8, 7, 7, None, "办理时间", None)),
        ({"hours": None, "address": ""}, (8, 7, 6, "办理地点", "办理时间", False)),
        ({"item_type": "service"}, (8, 8, 8, None, None, True)),
        (
            {"item_type": "approval", "fees": "无", "content": "", "result": "√"},
            (12, 11, 9, "办理内容、收费", "办理时限", False),
        ),
        ({"status": "cancelled"}, (None, None, None, None, None, None)),
    ],
)
def test_elements_by_type(cells, told):
    assert found(item(**cells), columns=COUNTS) == [told]


def test_no_fee_is_a_fee_where_the_row_is_written_out_and_a_gap_among_marks():
    written = dict.fromkeys(MARKED[1:], "见正文") | {"item_type": "approval"}
    rest = {"content": "审批", "time_limit": "20日", "result": "许可证"}
    first = item(2, **written | rest, fees="无")
    other = item(3, "乙事项", **written | rest | {"phone": "√"}, fees="无")
    third = item(4, "丙事项", **written | rest, fees="未公开")
    assert found(first, other, third, columns="missing") == [(None,), ("收费",), ("收费",)]


def test_an_element_leads_back_to_what_its_cell_says():
    told = found(
        item(phone="0557-3022345", hours=""),
        mart="service_elements",
        columns="element, label, stated, state, place",
        where="element IN ('phone', 'hours')",
    )
    assert sorted(told) == [
        ("hours", "办理时间", "", "missing", "row 2"),
        ("phone", "联系电话", "0557-3022345", "present", "row 2"),
    ]


def test_the_elements_asked_are_a_setting(tmp_path):
    own = "unstated: [事项名称, 依据, 收费]\nabsent: [待定]\n"
    (tmp_path / "elements.yml").write_text(own, encoding="utf-8")
    told = found(item(basis="待定", fees="√"), columns=COUNTS, registers=tmp_path)
    assert told == [(3, 3, 2, "设定依据", None, False)]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("services: [item]", "no list services; expected service, approval, other, unstated"),
        ("service: [颜色]", r"no element 颜色; expected item \(事项名称\)"),
        ("service: item", "expected lists of words"),
        ("service: [", "no YAML"),
    ],
)
def test_a_mistake_in_the_settings_is_told(tmp_path, own, said):
    (tmp_path / "elements.yml").write_text(own, encoding="utf-8")
    with pytest.raises(ZwgkError, match=f"elements.yml: {said}"):
        element_relations(tmp_path)


OFFERED = "is_cancelled, is_cancelled_offered, offered_how"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({}, (None, None, None)),
        ({"status": "kept"}, (False, False, None)),
        ({"status": "cancelled"}, (True, None, None)),
        ({"status": "cancelled", "still_offered": False}, (True, False, None)),
        ({"status": "cancelled", "still_offered": True}, (True, True, "stated")),
        ({"status": "cancelled", "in_hall": True}, (True, True, "hall")),
        ({"status": "cancelled", "in_hall": False}, (True, None, None)),
        ({"status": "cancelled", "hall_window": "3号窗口"}, (True, True, "hall")),
        ({"status": "cancelled", "hall_window": "无"}, (True, None, None)),
        ({"status": "cancelled", "still_offered": False, "in_hall": True}, (True, False, None)),
        ({"cancelled_by": "甲政发〔2020〕1号", "in_hall": True}, (True, True, "hall")),
        ({"cancelled_by": "无"}, (None, None, None)),
        ({"cancelled_on": date(2020, 1, 1)}, (True, None, None)),
        ({"status": "cancelled", "cancelled_on": date(2999, 1, 1)}, (False, False, None)),
    ],
)
def test_cancelled_items_still_offered(cells, told):
    assert found(item(**cells), columns=OFFERED) == [told]


@pytest.mark.parametrize(
    ("updated", "told"),
    [(date(2021, 1, 1), True), (date(2019, 1, 1), None), (None, None)],
)
def test_a_cancelled_item_is_offered_where_a_later_guide_lists_it(updated, told):
    gone = item(status="cancelled", cancelled_on=date(2020, 1, 1), still_offered=None)
    guide = item(5, "求职 创业补贴申领", source="z.csv", updated_on=updated)
    elsewhere = guide | {"agency": "乙局", "place": "row 6", "updated_on": date(2024, 1, 1)}
    columns = "is_cancelled_offered"
    assert found(gone, guide, elsewhere, columns=columns, where="is_cancelled") == [(told,)]


def test_only_what_is_kept_can_be_outside_the_hall():
    items = [item(2, in_hall=False), item(3, "乙", in_hall=True), item(4, "丙")]
    items.append(item(5, "丁", status="cancelled", in_hall=False))
    outside = found(*items, columns="is_outside_hall")
    assert outside == [(True,), (False,), (None,), (None,)]


def test_the_newer_of_two_rows_counts():
    old = item(2, updated_on=date(2020, 1, 1), phone="")
    new = item(2, source="b.csv", updated_on=date(2024, 1, 1))
    part = item(3, sub_item="高校毕业生")
    told = found(old, new, part, columns="source, item, is_repeat")
    assert told == [
        ("b.csv", "求职创业补贴申领", False),
        ("items.csv", "求职创业补贴申领", True),
        ("items.csv", "求职创业补贴申领 - 高校毕业生", False),
    ]


def test_the_roll_up_of_an_agency():
    items = [
        item(2, "甲", in_hall=True),
        item(3, "乙", hours="", in_hall=False, updated_on=date(2024, 5, 1)),
        item(4, "丙", hours=None),
        item(5, "丁", status="cancelled", still_offered=True),
        item(6, "戊", status="cancelled"),
        item(7, "甲"),
        item(8, "己", agency="乙局", source="b.csv"),
    ]
    columns = "agency, items, complete, incomplete, not_assessable, assessed, present, cancelled, "
    columns += "cancelled_offered, cancelled_untold, hall_stated, outside_hall, updated_on, sources"
    told = found(*items, columns=columns, mart=MARTS[-1], order="sources DESC")
    assert told == [
        ("甲局", 3, 1, 1, 1, 23, 22, 2, 1, 1, 1, 1, date(2024, 5, 1), "items.csv"),
        ("乙局", 1, 1, 0, 0, 8, 8, None, None, 0, 0, None, None, "b.csv"),
    ]


def test_every_row_has_its_agency_by_the_registers_name():
    known = [("甲局", "甲市民政局")]
    assert found(item(), columns="agency", known=known) == [("甲市民政局",)]
