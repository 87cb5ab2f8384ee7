"""Marts with a few literal rows, asked as the real ones are."""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl
import pytest

TABLES = """
CREATE TABLE publications (agency VARCHAR, lag_days BIGINT, published_on DATE, is_repeat BOOLEAN,
  source VARCHAR);
CREATE TABLE publication_volume (agency VARCHAR, month DATE, category VARCHAR, items BIGINT);
CREATE TABLE application_handling (agency VARCHAR, year INTEGER, edition VARCHAR, received BIGINT,
  carried_in BIGINT, granted BIGINT, partially_granted BIGINT, denied BIGINT, unable BIGINT,
  not_processed BIGINT, other BIGINT, total BIGINT, carried_out BIGINT, source VARCHAR);
CREATE TABLE annual_figures (agency VARCHAR, year INTEGER, measure VARCHAR, value DECIMAL(20, 6),
  unit VARCHAR, origin VARCHAR, comparable BOOLEAN, caveat VARCHAR, source VARCHAR);
CREATE TABLE rankings (metric VARCHAR, period VARCHAR, agency VARCHAR, value DOUBLE, n BIGINT,
  low DOUBLE, high DOUBLE, rank BIGINT, rank_low BIGINT, rank_high BIGINT, ranked_of BIGINT,
  change BIGINT, reason VARCHAR);
CREATE TABLE findings (agency VARCHAR, rule VARCHAR, severity VARCHAR, period VARCHAR,
  source VARCHAR);
CREATE TABLE rule_results (rule VARCHAR, outcome VARCHAR, subjects BIGINT);
CREATE TABLE report_cells (agency VARCHAR, year INTEGER, edition VARCHAR, form_table VARCHAR,
  form_row VARCHAR, form_column VARCHAR, value DECIMAL(20, 6), state VARCHAR, source VARCHAR);
CREATE TABLE review_litigation (agency VARCHAR, year INTEGER, channel VARCHAR, result VARCHAR,
  cases BIGINT, source VARCHAR);
CREATE TABLE coverage (agency VARCHAR, year INTEGER, expected BOOLEAN, present BOOLEAN,
  published_on DATE, days_late BIGINT, is_due BOOLEAN, source VARCHAR);
CREATE TABLE text_reuse (agency VARCHAR, year INTEGER, section VARCHAR, other_agency VARCHAR,
  other_year INTEGER, ratio DOUBLE, longest_span VARCHAR);
CREATE TABLE document_series (agency VARCHAR, series VARCHAR, year INTEGER, observed BIGINT,
  highest BIGINT, estimated_total DOUBLE, released_share DOUBLE, sources VARCHAR[],
  issued_by VARCHAR);
CREATE TABLE inspections (agency VARCHAR, kind VARCHAR, kind_label VARCHAR, is_problem BOOLEAN,
  deduction DECIMAL(20, 6), year INTEGER, source VARCHAR);
CREATE TABLE rectifications (agency VARCHAR, status VARCHAR, year INTEGER, source VARCHAR);
CREATE TABLE service_items (agency VARCHAR, is_repeat BOOLEAN, place VARCHAR, source VARCHAR);
CREATE TABLE service_elements (element VARCHAR, label VARCHAR, position BIGINT, state VARCHAR,
  place VARCHAR, source VARCHAR);
CREATE TABLE meetings (host VARCHAR, held_on DATE, is_normative BOOLEAN, is_major BOOLEAN,
  comment_to DATE, feedback_on DATE, submission_kept BOOLEAN, report_length_kept BOOLEAN,
  consultation_kept BOOLEAN, legal_review_kept BOOLEAN, comments_kept BOOLEAN,
  feedback_kept BOOLEAN, published_kept BOOLEAN, follow_up_kept BOOLEAN, is_repeat BOOLEAN,
  source VARCHAR);
CREATE TABLE meeting_sessions (host VARCHAR, held_on DATE, topics_kept BOOLEAN,
  minutes_kept BOOLEAN, source VARCHAR);
CREATE TABLE refreshes (finished_at TIMESTAMP);
INSERT INTO refreshes VALUES ('2026-03-01 02:00:00'), ('2026-03-02 02:00:00');
"""


class LiteralMarts:
    """What charts need of marts, over tables in memory."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(TABLES)

    def add(self, table: str, *rows: tuple[object, ...]) -> "LiteralMarts":
        marks = ", ".join("?" for _ in rows[0])
        self.con.executemany(f"INSERT INTO {table} VALUES ({marks})", [list(row) for row in rows])
        return self

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        return self.con.sql(query, params=params).pl()


@pytest.fixture
def marts() -> LiteralMarts:
    return LiteralMarts()


def notes(figure: Any) -> str:
    """The notes below a figure, on one line."""
    (found,) = [a.text for a in figure.layout.annotations if a.name == "notes"]
    return found.replace("<br>", "")


def annotations(figure: Any) -> list[str]:
    """Every other annotation: panel titles, labels, marks."""
    return [a.text for a in figure.layout.annotations if a.name != "notes"]


def breaks(figure: Any) -> list[float]:
    """Where dashed vertical lines stand, each place once."""
    return sorted({shape.x0 for shape in figure.layout.shapes if shape.line.dash == "dash"})


def trace(figure: Any, name: str) -> Any:
    """The trace of that name; the first where each panel has one."""
    return next(trace for trace in figure.data if trace.name == name)
