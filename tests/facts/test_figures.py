"""Tables of annual figures, long and wide: labels → measures, money in its unit, no guess."""

from decimal import Decimal

import pytest

from zwgk_analytics.facts.headings import measure_of, measure_units
from zwgk_analytics.facts.tables import extract_table


def table(tmp_path, text, sidecar=None):
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return extract_table(path, "figures.csv", "", sidecar or {})


@pytest.mark.parametrize(
    ("label", "measure"),
    [
        ("收到申请数", "applications_received"),
        ("主动公开政府信息数", "items_published"),
        ("政府网站公开数", "items_published_website"),
        ("政务微信公开数", "items_published_wechat"),
        ("政务微博公开数", "items_published_weibo"),
        ("上年结转", "applications_carried_in"),
        ("结转下年度", "applications_carried_out"),
        ("申请办结数", "applications_closed"),
        ("（一）予以公开", "applications_granted"),
        ("部分公开", "applications_partially_granted"),
        ("不予公开", "applications_denied"),
        ("行政许可", "administrative_licenses"),
        ("行政处罚", "administrative_penalties"),
        ("行政强制", "administrative_compulsion"),
        ("行政复议", "reconsiderations"),
        ("行政诉讼", "litigations"),
        ("未知指标", None),
    ],
)
def test_labels(label, measure):
    assert measure_of(label) == measure
    assert measure is None or measure in measure_units()


def test_a_long_table(tmp_path):
    found = table(
        tmp_path,
        "单位,年度,指标,数值,来源\n"
        '甲县,2023年,收到申请数,"1,234",https://a.cn\n'
        "甲县,2023,行政事业性收费,12000元,\n"
        "甲县,2023,信息处理费,5,\n"
        "甲县,去年,神秘指标,约3,\n"
        "甲县,2023,行政复议,,\n",
    )
    keys = ("year", "measure", "value", "unit", "url")
    assert [tuple(r[k] for k in keys) for r in found.rows("figures")] == [
        (2023, "applications_received", Decimal(1234), "件", "https://a.cn"),
        (2023, "administrative_fees", Decimal("1.2"), "万元", None),
        (2023, "processing_fee", None, "元", None),
        (None, None, None, None, None),
        (2023, "reconsiderations", None, "件", None),
    ]
    assert [(p["code"], p["place"]) for p in found.rows("problems")] == [
        ("figure.unit", "row 4"),
        ("figure.year", "row 5"),
        ("figure.label", "row 5"),
        ("number.unreadable", "row 5"),
    ]


def test_a_wide_table_gives_a_figure_a_column(tmp_path):
    found = table(
        tmp_path,
        "单位,年度,收到申请数,行政事业性收费（万元）,备注\n甲县,2023,7,1.5,x\n乙县,2023,—,,\n",
    )
    keys = ("agency", "label", "measure", "value", "unit", "place")
    assert [tuple(r[k] for k in keys) for r in found.rows("figures")] == [
        ("甲县", "收到申请数", "applications_received", Decimal(7), "件", "row 2"),
        ("甲县", "行政事业性收费（万元）", "administrative_fees", Decimal("1.5"), "万元", "row 2"),
        ("乙县", "收到申请数", "applications_received", None, "件", "row 3"),
        ("乙县", "行政事业性收费（万元）", "administrative_fees", None, "万元", "row 3"),
    ]
    assert found.rows("problems") == []


def test_agency_and_year_may_come_from_the_sidecar(tmp_path):
    found = table(tmp_path, "指标,数值\n上年结转,3\n", {"agency": "甲县", "year": 2022})
    (row,) = found.rows("figures")
    assert (row["agency"], row["year"], row["value"]) == ("甲县", 2022, Decimal(3))


def test_the_figures_that_we_ship(raw):
    found = extract_table(raw / "figures" / "annual_figures.csv", "f", "", {})
    figures = found.tables["figures"]
    assert found.rows("problems") == []
    assert len(figures) == 284
    assert all(figures[c].null_count == 0 for c in ("agency", "year", "measure", "value", "url"))
