from datetime import date

import pytest

from zwgk_analytics.agencies.deadlines import deadlines


@pytest.mark.parametrize(
    ("kind", "level", "year", "deadline_on", "submit_on"),
    [
        ("部门", "市", 2024, date(2025, 1, 31), date(2025, 1, 31)),
        ("垂管", "县", 2019, date(2020, 1, 31), date(2020, 1, 31)),
        ("政府", "乡", 2024, date(2025, 1, 31), date(2025, 1, 31)),
        ("政府", "县", 2024, date(2025, 3, 31), date(2025, 2, 20)),
        ("政府", "市", 2024, date(2025, 3, 31), date(2025, 3, 10)),
        ("政府", "省", 2024, date(2025, 3, 31), date(2025, 3, 31)),
        ("开发区", "市", 2024, date(2025, 3, 31), None),
        ("部门", "国家", 2024, date(2025, 1, 31), date(2025, 1, 31)),
        ("部门", "市", 2018, date(2019, 3, 31), None),  # the Regulations of 2007
        ("政府", "县", 2008, date(2009, 3, 31), None),
    ],
)
def test_by_which_day_a_report_is_due(kind, level, year, deadline_on, submit_on):
    table = deadlines().to_pylist()
    [row] = [r for r in table if (r["kind"], r["level"], r["year"]) == (kind, level, year)]
    assert (row["deadline_on"], row["submit_on"]) == (deadline_on, submit_on)
    assert row["basis"].startswith("政府信息公开条例")


def test_nobody_had_to_file_before_2008_nor_does_the_state_council():
    table = deadlines().to_pylist()
    assert min(row["year"] for row in table) == 2008
    assert not any((r["kind"], r["level"]) == ("政府", "国家") for r in table)
    assert len({(r["kind"], r["level"], r["year"]) for r in table}) == len(table)
