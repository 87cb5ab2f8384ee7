"""The part of DuckDB's connection that marts and rules use, on Spark."""

import duckdb
import pyarrow as pa
import pytest

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.spark.database import Database


@pytest.fixture
def db(spark, tmp_path):
    """A database of its own; None without Spark."""
    return Database(spark.newSession(), f"file:{tmp_path}/parquet") if spark else None


def written(tmp_path, mart):
    files = f"{tmp_path}/parquet/{mart}/*.parquet"
    return sorted(duckdb.sql(f"SELECT * FROM read_parquet('{files}')").fetchall())


def test_a_table_is_opened_filled_changed_and_written(db, tmp_path):
    if db is None:
        return
    db.execute("CREATE OR REPLACE TABLE main.found AS SELECT '' AS rule, 1 AS n LIMIT 0")
    db.register("more", pa.table({"rule": ["b", "c"], "n": pa.array([2, None], pa.int32())}))
    db.execute("INSERT INTO main.found SELECT 'a', 1")
    db.execute("INSERT INTO main.found FROM more")
    db.execute("INSERT INTO main.found BY NAME SELECT 4 AS n")
    assert db.execute("SELECT count(*) FROM found").fetchone() == (4,)
    db.register("better", pa.table({"rule": ["b"], "told": pa.array([20], pa.int32())}))
    db.execute("UPDATE main.found SET n = better.told FROM better WHERE better.rule = found.rule")
    db.execute("UPDATE main.found SET rule = 'none' WHERE rule IS NULL")
    db.close()
    assert written(tmp_path, "found") == [("a", 1), ("b", 20), ("c", None), ("none", 4)]


def test_a_table_that_was_written_can_be_changed(db, tmp_path):
    if db is None:
        return
    db.execute("CREATE OR REPLACE TABLE main.refreshes AS SELECT 'x' AS id, NULL::BIGINT AS n")
    db.execute("UPDATE refreshes SET n = $n WHERE id = $id", {"n": 3, "id": "x"})
    assert db.execute("SELECT n FROM refreshes").fetchall() == [(3,)]
    db.close()
    assert written(tmp_path, "refreshes") == [("x", 3)]


def test_numbers_are_what_duckdb_makes_of_them(db):
    if db is None:
        return
    text = (
        "SELECT CAST(2.5 AS INTEGER), round(CAST(1.005 AS DOUBLE), 2), 7 / 2, length('政务'), "
        "round(CAST(-2.675 AS DOUBLE), 2), avg(n), string_agg(DISTINCT t, ', ' ORDER BY t) "
        "FROM (VALUES (1, 'b'), (2, 'a'), (NULL, 'b')) AS listed (n, t)"
    )
    (one,), (other,) = db.execute(text).fetchall(), duckdb.sql(text).fetchall()
    assert one == other


def test_patterns_find_what_they_find_in_duckdb(db):
    if db is None:
        return
    text = (
        r"SELECT regexp_extract('淮政办〔2023〕7号', '〔(\d{4})〕', 1), "
        r"regexp_replace('a[1]&b', '[\[\]&]', '', 'g'), regexp_matches('x' || chr(10), 'x$'), "
        r"regexp_extract('无', '(\d+)', 1), regexp_replace('2023-1', '(\d+)-(\d)', '\2/\1', 'g')"
    )
    assert db.execute(text).fetchall() == duckdb.sql(text).fetchall()


def test_rows_come_a_few_at_a_time(db):
    if db is None:
        return
    result = db.execute("SELECT unnest(generate_series(1, 5)) AS n ORDER BY n")
    assert result.fetchmany(3) == [(1,), (2,), (3,)]
    assert result.fetchmany(3) == [(4,), (5,)]
    assert result.fetchmany(3) == []


def test_what_is_not_understood_is_told(db):
    if db is None:
        return
    with pytest.raises(duckdb.ProgrammingError, match="nowhere"):
        db.execute("SELECT * FROM nowhere")
    with pytest.raises(ZwgkError, match="Spark has no way to run: DELETE FROM a"):
        db.execute("DELETE FROM a")
