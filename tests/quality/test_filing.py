"""Who had to file, who was late, and whether a government's figures are those of its children."""

from tests.quality.literal import marts
from zwgk_analytics.quality import assess


def found(con, rule):
    assess(con)
    query = "SELECT agency, period, message FROM findings WHERE rule = ? ORDER BY ALL"
    counted = "SELECT outcome, subjects FROM rule_results WHERE rule = ? ORDER BY outcome"
    return con.execute(query, [rule]).fetchall(), dict(con.execute(counted, [rule]).fetchall())


def covered(*rows):
    con = marts()
    for agency, expected, present, published_on, days_late, is_due in rows:
        con.execute(
            "INSERT INTO coverage VALUES "
            "(?, 2023, '部门', '市', ?, ?, ?, '2024-01-31', NULL, ?, ?, '条例', 'x')",
            [agency, expected, present, published_on, days_late, is_due],
        )
    return con


def test_a_report_is_missing_only_when_it_was_due_from_an_expected_filer():
    con = covered(
        ("甲局", True, False, None, None, True),
        ("乙局", True, False, None, None, False),
        ("丙局", True, True, None, None, True),
        ("丁局", None, True, None, None, True),
        ("戊局", True, False, None, None, None),
    )
    findings, counts = found(con, "report.missing")
    assert findings == [("甲局", "2023", "未见甲局2023年度报告，应于2024-01-31前公布")]
    assert counts == {"broken": 1, "holds": 1, "not_assessable": 3}


def test_a_report_is_late_only_when_both_days_are_known():
    con = covered(
        ("甲局", True, True, "2024-02-02", 2, True),
        ("乙局", True, True, "2024-01-31", 0, True),
        ("丙局", True, True, None, None, True),
        ("丁局", True, False, None, None, True),
    )
    findings, counts = found(con, "report.late")
    assert findings == [("甲局", "2023", "2024-02-02公布，晚于法定期限2024-01-31（2天）")]
    assert counts == {"broken": 1, "holds": 1, "not_assessable": 1}


def test_children_are_compared_only_where_all_are_there():
    con = marts()
    for agency, own, children, missing in (
        ("甲市", 9, 9, None),
        ("乙市", 9, 8, None),
        ("丙市", 9, None, "丙市教育局"),
        ("丁市", None, 8, None),
    ):
        con.execute(
            "INSERT INTO parent_children VALUES (?, 2023, 'received', ?, 3, 3, ?, ?, 'cell', 'a')",
            [agency, own, children, missing],
        )
    findings, counts = found(con, "report.parent_children")
    told = "“本年新收”：报告印为9，登记册中3个下级之和为8（差1）"
    assert findings == [("乙市", "2023", told)]
    assert counts == {"broken": 1, "holds": 1, "not_assessable": 2}
