"""The section on the ledger of requests."""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl
import pytest

from zwgk_analytics.briefing.model import Paragraph, Table
from zwgk_analytics.briefing.notes import Notes
from zwgk_analytics.briefing.requests import requests

TABLES = """
CREATE TABLE requests_by_year AS
SELECT * FROM (VALUES
  ('甲局', 2024, 1200, 1100, 1000, 900, 0.9, 12.0, 19.5, 3, 2, 100, 1, 'l.csv'),
  ('乙局', 2024, 2, 0, 0, 0, NULL, NULL, NULL, 0, 0, 2, 0, 'm.csv')
) AS t (agency, year, received, closed, timed, on_time, on_time_share, median_workdays,
  p90_workdays, extended, corrected, running, overdue, source);
CREATE TABLE requests AS
SELECT * FROM (VALUES
  ('甲局', 2024, NULL, DATE '2024-03-29', -4, TRUE, FALSE, 'row 3', 'l.csv'),
  ('甲局', 2024, '〔2024〕4号', DATE '2024-03-29', 2, FALSE, FALSE, 'row 4', 'l.csv')
) AS t (agency, year, request_no, deadline_on, workdays_left, is_overdue, is_repeat, place, source);
"""


class LiteralMarts:
    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(TABLES)

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        return self.con.sql(query, params=params).pl()


@pytest.fixture
def notes():
    return Notes()


def cells(table):
    return [[run.text for run in row] for row in table.rows]


def test_a_year_of_all_agencies(notes):
    read, by_year, told, late = requests(LiteralMarts(), 2024, None, notes)
    assert isinstance(read, Paragraph)
    assert isinstance(by_year, Table)
    assert cells(by_year) == [
        ["甲局", "1,200", "1,100", "900", "90.0%", "12", "19.5", "3", "2", "100", "1"],
        ["乙局", "2", "0", "0", "—", "—", "—", "0", "0", "2", "0"],
    ]
    assert told.runs[0].text == "截至数据刷新日期，共有1件申请逾期未答复，列出1件。"
    assert cells(late) == [["甲局", "未编号", "2024-03-29", "4"]]
    assert notes.all[1:] == ("依申请公开台账：l.csv", "依申请公开台账：m.csv", "l.csv，第3行")


def test_one_agency_without_overdue_requests(notes):
    _, by_year = requests(LiteralMarts(), 2024, "乙局", notes)
    assert [row[0] for row in cells(by_year)] == ["乙局"]


def test_without_rows_nothing_is_said(notes):
    assert requests(LiteralMarts(), 2020, None, notes) == []
    assert notes.all == ()
