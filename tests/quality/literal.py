"""Literal marts: the tables that the rules read, filled with a few rows by hand."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from zwgk_analytics.forms import editions
from zwgk_analytics.quality import rules, sql

FILED = Path(__file__).with_name("filed.txt")
TABLES = """
CREATE TABLE reports (
  report_id VARCHAR, agency VARCHAR, year INTEGER, edition VARCHAR, source VARCHAR, sha256 VARCHAR
);
CREATE TABLE report_cells (
  report_id VARCHAR, agency VARCHAR, year INTEGER, edition VARCHAR, form_table VARCHAR,
  form_row VARCHAR, form_column VARCHAR, value DECIMAL(20, 6), unit VARCHAR, state VARCHAR,
  raw VARCHAR, place VARCHAR, source VARCHAR
);
CREATE TABLE publications (
  item_id VARCHAR, agency VARCHAR, title VARCHAR, document_number VARCHAR, issued_on DATE,
  published_on DATE, lag_days BIGINT, category VARCHAR, channel VARCHAR, validity VARCHAR,
  url VARCHAR, is_repeat BOOLEAN, place VARCHAR, source VARCHAR, lag_workdays BIGINT,
  series VARCHAR, series_year INTEGER, serial INTEGER, is_migration BOOLEAN,
  is_interpretation BOOLEAN DEFAULT FALSE, url_on DATE, url_precision VARCHAR
);
CREATE TABLE document_series (
  agency VARCHAR, series VARCHAR, year INTEGER, observed BIGINT, highest INTEGER,
  missing VARCHAR, missing_count BIGINT, has_outlier BOOLEAN, outliers VARCHAR, issued_by VARCHAR,
  estimated_total DOUBLE, estimated_high BIGINT, is_ranked BOOLEAN,
  sources VARCHAR
);
CREATE TABLE columns (
  agency VARCHAR, site VARCHAR, channel VARCHAR, channel_name VARCHAR, kind VARCHAR, items BIGINT,
  last_update DATE, log_ends_on DATE, days_since BIGINT, limit_days BIGINT, is_stale BOOLEAN,
  is_empty BOOLEAN, source VARCHAR
);
CREATE TABLE interpretations (
  item_id VARCHAR, agency VARCHAR, title VARCHAR, document_title VARCHAR, document_number VARCHAR,
  link_kind VARCHAR, certainty VARCHAR, published_on DATE, lag_workdays BIGINT,
  limit_workdays BIGINT, is_first BOOLEAN, place VARCHAR, source VARCHAR
);
CREATE TABLE inspections (
  inspection_id VARCHAR, agency VARCHAR, round VARCHAR, year INTEGER,
  problem VARCHAR, is_problem BOOLEAN, due_on DATE, place VARCHAR, source VARCHAR
);
CREATE TABLE inspection_scores (
  agency VARCHAR, round VARCHAR, year INTEGER, unnamed_in VARCHAR, problems BIGINT,
  full_marks DECIMAL(20, 6), recomputed DECIMAL(20, 6), stated DECIMAL(20, 6),
  difference DECIMAL(20, 6), place VARCHAR, source VARCHAR
);
CREATE TABLE rectifications (
  rectification_id VARCHAR, agency VARCHAR, year INTEGER, problem VARCHAR, status VARCHAR,
  is_answered BOOLEAN, due_on DATE, done_on DATE, days_overdue BIGINT, returned_on DATE,
  returned_in VARCHAR, inspection_ids VARCHAR, certainty VARCHAR, place VARCHAR, source VARCHAR
);
CREATE TABLE refreshes (started_at TIMESTAMP, finished_at TIMESTAMP);
CREATE TABLE service_items (
  agency VARCHAR, code VARCHAR, item VARCHAR, required BIGINT, assessed BIGINT, present BIGINT,
  missing VARCHAR, is_complete BOOLEAN, is_cancelled BOOLEAN, cancelled_by VARCHAR,
  is_cancelled_offered BOOLEAN, offered_how VARCHAR, is_outside_hall BOOLEAN, updated_on DATE,
  is_repeat BOOLEAN, place VARCHAR, source VARCHAR
);
CREATE TABLE meetings (
  meeting_id VARCHAR, host VARCHAR, meeting VARCHAR, held_on DATE, topic VARCHAR, agency VARCHAR,
  submitted_on DATE, submitted_time VARCHAR, submit_by DATE, submit_by_time VARCHAR,
  submission_kept BOOLEAN, report_characters BIGINT, limit_characters BIGINT,
  report_length_kept BOOLEAN, is_normative BOOLEAN, legal_review_kept BOOLEAN,
  follow_up_days BIGINT, limit_follow_up BIGINT, follow_up_kept BOOLEAN, published_kept BOOLEAN,
  is_major BOOLEAN, comment_to DATE, comment_days BIGINT, limit_comment BIGINT,
  comments_kept BOOLEAN, feedback_on DATE, feedback_days BIGINT, limit_feedback BIGINT,
  feedback_kept BOOLEAN, ledger_ends_on DATE, is_repeat BOOLEAN, place VARCHAR, source VARCHAR
);
CREATE TABLE meeting_sessions (
  meeting_id VARCHAR, host VARCHAR, meeting VARCHAR, held_on DATE, topics BIGINT,
  limit_topics BIGINT, joined_topics BIGINT, limit_joined BIGINT, topics_kept BOOLEAN,
  minutes_workdays BIGINT, limit_minutes BIGINT, minutes_kept BOOLEAN, place VARCHAR,
  source VARCHAR
);
CREATE TABLE personal_numbers (item_id VARCHAR, kind VARCHAR, position BIGINT, masked VARCHAR);
CREATE TABLE claims (
  report_id VARCHAR, agency VARCHAR, year INTEGER, measure VARCHAR, part VARCHAR,
  value DECIMAL(20, 6), unit VARCHAR, qualifier VARCHAR, text VARCHAR, place VARCHAR,
  occurrence BIGINT, source VARCHAR
);
CREATE TABLE claim_comparisons (
  report_id VARCHAR, agency VARCHAR, year INTEGER, measure VARCHAR, part VARCHAR,
  value DECIMAL(20, 6), qualifier VARCHAR, definition VARCHAR, table_value DECIMAL(20, 6),
  fits BOOLEAN, text VARCHAR, place VARCHAR, table_place VARCHAR, source VARCHAR
);
CREATE TABLE prose_figures (
  agency VARCHAR, year INTEGER, section VARCHAR, sentence INTEGER, position INTEGER, kind VARCHAR,
  label VARCHAR, value DECIMAL(20, 6), decimals INTEGER, unit VARCHAR, qualifier VARCHAR,
  whole INTEGER, whole_measure VARCHAR, is_complete BOOLEAN, text VARCHAR, place VARCHAR,
  source VARCHAR
);
CREATE TABLE sections (
  agency VARCHAR, year INTEGER, section VARCHAR, heading VARCHAR, text VARCHAR,
  characters BIGINT, place VARCHAR, source VARCHAR
);
CREATE TABLE text_reuse (
  agency VARCHAR, year INTEGER, section VARCHAR, other_agency VARCHAR, other_year INTEGER,
  other_section VARCHAR, ratio DOUBLE, longest_span VARCHAR, span_characters INTEGER,
  place VARCHAR, other_place VARCHAR, source VARCHAR, other_source VARCHAR
);
CREATE TABLE coverage (
  agency VARCHAR, year INTEGER, kind VARCHAR, level VARCHAR, expected BOOLEAN, present BOOLEAN,
  published_on DATE, deadline_on DATE, submit_on DATE, days_late BIGINT, is_due BOOLEAN,
  basis VARCHAR, source VARCHAR
);
CREATE TABLE parent_children (
  agency VARCHAR, year INTEGER, line VARCHAR, requests BIGINT, children BIGINT,
  children_counted BIGINT, children_requests BIGINT, missing_children VARCHAR, place VARCHAR,
  source VARCHAR
);
CREATE TABLE requests (
  request_id VARCHAR, agency VARCHAR, year INTEGER, request_no VARCHAR, submitted_on DATE,
  received_on DATE, correction_asked_on DATE, correction_workdays BIGINT, correction_limit BIGINT,
  corrected_on DATE, consulted_from DATE, extended_on DATE, term_from DATE, deadline_on DATE,
  replied_on DATE, workdays_used BIGINT, is_running BOOLEAN, is_on_time BOOLEAN,
  is_overdue BOOLEAN, workdays_left BIGINT, disorder VARCHAR, is_repeat BOOLEAN, place VARCHAR,
  source VARCHAR, is_term_certain BOOLEAN, received_rule VARCHAR, waits_for VARCHAR
);
CREATE TABLE requests_table (
  agency VARCHAR, year INTEGER, form_table VARCHAR, form_row VARCHAR, form_column VARCHAR,
  value BIGINT, is_covered BOOLEAN, source VARCHAR, unplaced BIGINT, ledger_from DATE,
  ledger_to DATE, reason VARCHAR
);
CREATE TABLE assessments (
  scheme VARCHAR, period VARCHAR, agency VARCHAR, indicator VARCHAR, is_total BOOLEAN,
  score DECIMAL(20, 6), full_marks DECIMAL(20, 6), weight DECIMAL(20, 6), scale DECIMAL(20, 6),
  rank INTEGER, ranked_of INTEGER, url VARCHAR, place VARCHAR, source VARCHAR
);
"""
CELLS = {
    "report_id": pl.String, "agency": pl.String, "year": pl.Int32, "edition": pl.String,
    "form_table": pl.String, "form_row": pl.String, "form_column": pl.String,
    "value": pl.Decimal(20, 6), "unit": pl.String, "state": pl.String, "raw": pl.String,
    "place": pl.String, "source": pl.String,
}  # fmt: skip
STATES = {"_": "blank", "/": "dash", "?": "unreadable"}
Rows = dict[tuple[str, str], list[str]]  # (table, row) → printed cells in the form's order


def marts(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Empty marts."""
    con = duckdb.connect(path)
    con.execute(TABLES)
    return con


def add_report(
    con: duckdb.DuckDBPyConnection,
    rows: Rows,
    agency: str = "甲",
    year: int = 2023,
    edition: str = "2021",
) -> None:
    """Files a report whose cells print as given: `_` blank, `/` dash, `?` unreadable, `.` none."""
    report, source = f"{agency}-{year}", f"{agency}_{year}.html"
    con.execute(
        "INSERT INTO reports VALUES (?, ?, ?, ?, ?, 'x')", [report, agency, year, edition, source]
    )
    cells = []
    for table in editions()[edition].tables.values():
        left = {key: list(printed) for key, printed in rows.items()}
        for row, column in table.addresses():
            printed = left[table.key, row].pop(0) if left.get((table.key, row)) else "."
            if printed != ".":
                state = STATES.get(printed, "reported")
                value = Decimal(printed) if state == "reported" else None
                cells.append(
                    (report, agency, year, edition, table.key, row, column, value, None, state,
                     printed, f"{row} × {column}", source)
                )  # fmt: skip
    frame = pl.DataFrame(cells, schema=CELLS, orient="row")
    con.register("filed_cells", frame.to_arrow())
    con.execute("INSERT INTO report_cells SELECT * FROM filed_cells")


def add_item(con: duckdb.DuckDBPyConnection, **known: object) -> None:
    """Lists an item of a log; what is not given is unknown."""
    number = con.execute("SELECT count(*) + 2 FROM publications").fetchone()[0]
    item = {
        "item_id": f"item {number}", "agency": "甲", "is_repeat": False, "place": f"row {number}",
        "source": "log.csv",
    } | known  # fmt: skip
    names = ", ".join(item)
    con.execute(
        f"INSERT INTO publications ({names}) VALUES ({', '.join('?' * len(item))})",
        list(item.values()),
    )
    con.execute("UPDATE publications SET lag_days = date_diff('day', issued_on, published_on)")


def add(con: duckdb.DuckDBPyConnection, table: str, **known: object) -> None:
    """Adds one row to a table of literal marts; what is not given is unknown."""
    row = {"agency": "甲", "year": 2023, "source": "甲_2023.html", "place": "paragraph 1"} | known
    insert(con, table, **row)


def insert(con: duckdb.DuckDBPyConnection, table: str, **row: object) -> None:
    """Adds one row to a table of literal marts, as it is given."""
    names = ", ".join(row)
    con.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


def outcomes(con: duckdb.DuckDBPyConnection, rule: str) -> dict[str, str]:
    """Outcome by subject_key (of one agency and year, or of the newest) as the rule's SQL says."""
    select = sql.subjects(rules()[rule])
    rows = con.execute(f"SELECT subject_key, outcome FROM ({select}) ORDER BY period").fetchall()
    return dict(rows)


def filed() -> Iterator[tuple[str, int, str, Rows]]:
    """Agency, year, edition and cells of the real reports that come with the tests."""
    for block in FILED.read_text(encoding="utf-8").split("report ")[1:]:
        head, *lines = block.splitlines()
        agency, year, edition = head.split()
        rows = {(line.split()[0], line.split()[1]): line.split()[2:] for line in lines}
        yield agency, int(year), edition, rows


def real_marts(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """The marts of the real reports."""
    con = marts(path)
    for agency, year, edition, rows in filed():
        add_report(con, rows, agency, year, edition)
    return con
