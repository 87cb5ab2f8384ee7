"""A cell's text is a number only where it can be nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.facts.numbers import convert_money, parse, stated_money_unit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3001", "3001"),
        ("１２３", "123"),
        (" 1\u00a02 ", "12"),
        ("12,345", "12345"),
        ("1，234.50", "1234.50"),
        ("-18", "-18"),
        ("－18", "-18"),
        ("减少18项", "-18"),
        ("+442", "442"),
        ("零", "0"),
        ("75394432.52元", "75394432.52"),
        ("24252.3\n11082", "24252.311082"),
        ("99999999999999", "99999999999999"),
        ("87.33333333333333", "87.333333"),
    ],
)
def test_numbers_as_printed(text, number):
    assert parse(text).number == Decimal(number)
    assert parse(text).state == "reported"


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\u200b", "\xa0\n"])
def test_blank_is_not_zero(text):
    assert parse(text).state == "blank"
    assert parse(text).number is None


@pytest.mark.parametrize("text", ["/", "—", "-", "无", "──"])
def test_dashes(text):
    assert parse(text).state == "dash"


@pytest.mark.parametrize(
    "text",
    [
        "1,23",
        "02",
        "12.",
        "O",
        "约30",
        "3/4",
        "见附件",
        "12件（含上年）",
        "5%",
        "1" * 15,
        "9" * 5000,
    ],
)
def test_doubtful_text_is_no_number(text):
    assert parse(text).state == "unreadable"
    assert parse(text).number is None


def test_money_units():
    assert stated_money_unit("本年收费金额（单位：万元）") == "万元"
    assert stated_money_unit("采购总金额(元)") == "元"
    assert stated_money_unit("采购总金额") is None
    assert convert_money(Decimal("251000"), "元", "万元") == Decimal("25.1")
    assert convert_money(Decimal("0.012"), "元", "万元") == Decimal("0.000001")


@given(st.integers(-(10**12), 10**12))
def test_every_integer_comes_back_in_every_dress(number):
    plain = parse(str(number)).number
    grouped = parse(f"{number:,}").number
    full_width = parse(
        str(number).translate({ord(str(d)): ord("０") + d for d in range(10)})
    ).number
    assert plain == grouped == full_width == number


@given(st.text(max_size=40))
def test_any_text_has_exactly_one_state(text):
    printed = parse(text)
    assert printed.state in {"reported", "blank", "dash", "unreadable"}
    assert (printed.number is not None) == (printed.state == "reported")
