"""Rules of the user's own: few lines, and mistakes told with file and line."""

import pytest

from tests.quality.literal import add_report, marts
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.quality import assess, summary

GOOD = """id: ours.few
severity: warning
message: "{agency}只收到{received}件"
sql: |
  SELECT agency, CAST(year AS VARCHAR) AS period, value AS received
  FROM report_cells
  WHERE form_row = 'received' AND form_column = 'total' AND value < 5
"""


@pytest.fixture
def con():
    con = marts()
    for agency, received in (("甲", "3"), ("乙", "9")):
        add_report(con, {("applications", "received"): ["0"] * 6 + [received]}, agency)
    return con


def test_a_rule_needs_id_severity_message_and_sql(con, tmp_path):
    (tmp_path / "few.yml").write_text(GOOD, encoding="utf-8")
    assess(con, own_rules=tmp_path)
    found = con.execute(
        "SELECT agency, period, severity, message FROM findings WHERE rule = 'ours.few'"
    ).fetchall()
    assert found == [("甲", "2023", "warning", "甲只收到3.000000件")]
    assert summary(con, tmp_path).filter(rule="ours.few")["broken"].to_list() == [1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: warning", "severity: grave", r"few\.yml:2: severity 'grave' is none of"),
        ("severity: warning\n", "", r"few\.yml:1: the rule has no `severity`"),
        ("severity: warning", "severity: warning\nmesage: x", r"few\.yml:3: no field `mesage`"),
        ("FROM report_cells", "FROM report_cell", r"few\.yml:6: the SQL of ours\.few fails"),
        ("{received}", "{receive}", r"few\.yml: the message names \{receive\}, which the SQL"),
        ("id: ours.few", "id: [", r"few\.yml:\d: no YAML"),
        ("id: ours.few", "id: review.sum", "two rules have the id review.sum"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(con, tmp_path, old, new, said):
    (tmp_path / "few.yml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ZwgkError, match=said):
        assess(con, own_rules=tmp_path)
