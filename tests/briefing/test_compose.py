"""What a briefing says, from literal marts to literal words."""

from decimal import Decimal

import pytest

from tests.briefing.conftest import AGENCIES, HOSTILE
from zwgk_analytics.briefing import brief
from zwgk_analytics.briefing.model import Cards, Paragraph, Table
from zwgk_analytics.errors import NoMartsError, UsageError


def section(briefing, title):
    (found,) = [s for s in briefing.sections if s.title == title]
    return found


def told(briefing):
    blocks = section(briefing, "情况说明").blocks
    return ["".join(run.text for run in b.runs) for b in blocks if isinstance(b, Paragraph)]


def rows(table):
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_a_figure_is_value_change_peers_rank_and_place(briefing):
    (received,) = [f for f in briefing.figures if f.key == "applications_received"]
    assert (received.value, received.before, received.unit) == (2345, 1500, "件")
    assert (received.median, received.peers) == (250, 4)
    assert (received.rank.rank, received.rank.of) == (1, 5)
    assert received.source == "reports/own_2024.html"
    assert received.place == "applications received total"
    assert briefing.notes[received.notes[0] - 1].startswith("本年新收申请数：reports/own_2024.html")


def test_the_paragraph_says_number_change_peers_and_rank(briefing):
    assert told(briefing)[0].startswith(
        "依申请公开：本年新收申请数2,345件，比上年的1,500件增加845件（56.3%），"
        "高于4个可比机关的中位数250件，在有数值的机关中排第1名（共5个），95%区间1–1。"
    )


def test_every_digit_of_money_is_kept(briefing):
    assert any("行政事业性收费金额1,234.567891万元，与上年持平" in text for text in told(briefing))


def test_a_missing_number_is_told_and_is_no_zero(briefing):
    (table,) = [b.table for b in section(briefing, "主要数据").blocks if isinstance(b, Cards)]
    (licences,) = [row for row in rows(table) if row[0] == "行政许可处理决定数"]
    assert licences[1:4] == ("未报告", "未报告", "上年未报告")
    (unassessed,) = section(briefing, "未能评估的事项").blocks
    assert ("行政许可处理决定数", "报告没有填报") in rows(unassessed)


def test_findings_come_with_basis_and_source(briefing):
    (table,) = [b for b in section(briefing, "质量问题").blocks if isinstance(b, Table)]
    found = [row for row in table.rows if row[0].text == "错误" and "早于" in row[2].text]
    assert found
    assert "条例" in found[0][3].text
    assert "logs/log.csv，第9行" in [briefing.notes[n - 1] for n in found[0][2].notes]


def test_over_all_agencies_medians_not_sums(overview):
    (received,) = [s for s in overview.spreads if s.key == "applications_received"]
    assert (received.count, received.median, received.low, received.high) == (5, 300, 100, 2345)
    assert (received.paired, received.median_before, received.median_now) == (5, 240, 300)
    assert told(overview)[0].startswith(
        "依申请公开：本年新收申请数有5个机关报告，中位数300件，最低100件，最高2,345件；"
        "其中5个机关两年都有可比数值，中位数由240件变为300件，增加60件（25.0%）。"
    )


def test_over_all_agencies_each_has_a_row(overview):
    (table,) = section(overview, "各机关数据").blocks
    assert {row[0] for row in rows(table)} == set(AGENCIES)
    (own,) = [row for row in rows(table) if row[0] == "丁市人民政府"]
    assert own == ("丁市人民政府", "400件", "400件", "31.0%", "0", "1")


def test_too_few_peers_give_no_median(marts):
    earlier = brief(marts, year=2023, agency="甲市人民政府")
    (received,) = [f for f in earlier.figures if f.key == "applications_received"]
    assert (received.value, received.before, received.change) == (Decimal(80), None, "none_before")
    logs = [f for f in earlier.figures if f.key == "volume"]
    assert logs == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"year": 2024, "agency": "甲市"},
            "甲市: no such agency in the marts; there are 甲市人民政府",
        ),
        (
            {"year": 2030, "agency": "甲市人民政府"},
            "甲市人民政府: nothing of 2030; there is 2023, 2024",
        ),
        ({"year": 1999}, "the marts: nothing of 1999; there is 2023, 2024"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(marts, asked, message):
    with pytest.raises(UsageError) as failure:
        brief(marts, **asked)
    assert str(failure.value).startswith(message)


def test_a_folder_without_marts_is_told(tmp_path):
    with pytest.raises(NoMartsError):
        brief(tmp_path / "none", year=2024)


def test_the_name_is_as_the_marts_have_it(briefing):
    assert briefing.title == f"{HOSTILE}2024年政府信息公开工作数据简报"
