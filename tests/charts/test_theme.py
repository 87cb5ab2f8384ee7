import itertools

from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.charts import theme
from zwgk_analytics.charts.text import short


@given(st.lists(st.integers(1, 30), max_size=20))
def test_labels_keep_their_order_and_their_distance(ranks):
    placed = theme.spread(ranks, 1)
    assert all(at >= rank for at, rank in zip(placed, ranks, strict=True))
    ordered = sorted(placed)
    assert all(b - a >= 1 for a, b in itertools.pairwise(ordered))


def test_agencies_keep_their_colour_and_differ_in_one_chart():
    alone = theme.agency_colours(["平潭综合实验区"])
    again = theme.agency_colours(["平潭综合实验区"])
    assert alone == again
    eight = theme.agency_colours([f"局{i}" for i in range(8)])
    assert len(set(eight.values())) == 8
    assert set(eight.values()) == set(theme.AGENCIES)


def test_form_breaks_lie_between_the_years_seen():
    assert theme.form_breaks([2018, 2019, 2024]) == [2019, 2021]
    assert theme.form_breaks([2019, 2020]) == []
    assert theme.form_breaks([]) == []


def test_the_template_names_chinese_fonts():
    family = theme.template().layout.font.family
    assert family.split(",")[:2] == ['"Noto Sans SC"', '"Noto Sans CJK SC"']
    assert family.endswith("sans-serif")


def test_large_numbers_are_in_wan_for_chinese_readers():
    assert [short(n, "zh") for n in (9999, 99_999, 100_000, 12_345_678)] == [
        "9,999",
        "99,999",
        "10.0万",
        "1,234.6万",
    ]
    assert short(12_345_678, "en") == "12,345,678"
