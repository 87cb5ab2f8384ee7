"""Numbers, changes and places as they are printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.briefing.figures import keys, label, unit_of
from zwgk_analytics.briefing.words import amount, clean, moved, place, texts

D = Decimal


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (None, "件", "未报告"),
        (D(0), "件", "0件"),
        (D("1234.000000"), "件", "1,234件"),
        (D("5949.088667"), "万元", "5,949.088667万元"),
        (D("0.4587155963"), "比例", "45.9%"),
        (D(0), "比例", "0.0%"),
        (D(3), None, "3"),
    ],
)
def test_amounts(value, unit, printed):
    assert amount(value, unit) == printed


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_no_digit_is_lost(value):
    assert D(amount(value, "件").removesuffix("件").replace(",", "")) == value


@pytest.mark.parametrize(
    ("now", "before", "unit", "printed"),
    [
        (D(3), D(3), "件", "与上年持平"),
        (D(218), D(81), "件", "增加137件（169.1%）"),
        (D(62), D(77), "件", "减少15件（19.5%）"),
        (D(5), D(0), "件", "增加5件（上年为0）"),
        (D("0.459"), D("0.519"), "比例", "降低6.0个百分点"),
    ],
)
def test_changes(now, before, unit, printed):
    assert moved(now, before, unit) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("page 4, table 2, row 4, column 10", "第4页第2个表第4行第10列"),
        (
            "table 3, row 4, column 5; table 3, row 4, column 9",
            "第3个表第4行第5列；第3个表第4行第9列",
        ),
        ("; ".join(f"row {n}" for n in range(1, 8)), "第1行；第2行；第3行；第4行等7处"),
        ("paragraph 3", "第3段"),
        ("", ""),
    ],
)
def test_places(text, printed):
    assert place(text) == printed


def test_text_is_cleaned_of_what_no_file_can_hold():
    assert clean("甲\x00\x1b[31m\ud800市\n\t局\uffff") == "甲[31m市 局"


def test_every_key_has_a_name_and_every_card_is_told():
    assert all(label(key) for key in keys())
    assert set(texts()["cards"]) <= set(keys())
    assert set(texts()["table_figures"].values()) <= set(keys())
    assert unit_of("volume") == "条"
    assert unit_of("granted_share") == "比例"
