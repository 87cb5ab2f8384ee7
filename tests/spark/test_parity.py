"""Both engines make the same marts of the repository's sample: every mart, row by row."""

import math

import duckdb
import pytest

import zwgk_analytics as zwgk
from zwgk_analytics.marts.publish import published

# what tells of a refresh itself; every other value must be equal
MAY_DIFFER = {
    "refreshes": {"refresh_id", "started_at", "finished_at", "engine"},
    "provenance": {"refresh_id", "started_at", "engine", "engine_version"},
}


@pytest.fixture(scope="module")
def both(spark, raw, tmp_path_factory):
    """The marts folders of both engines; None without Spark."""
    if spark is None:
        return None
    folders = {engine: tmp_path_factory.mktemp(engine) / "marts" for engine in ("duckdb", "spark")}
    with pytest.MonkeyPatch.context() as patch:
        # the suites run over a finished file, whichever engine has made it
        patch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
        done = {
            engine: zwgk.refresh(raw, folder, progress=lambda *_: None, engine=engine)
            for engine, folder in folders.items()
        }
    return folders, done


def opened(folder):
    return duckdb.connect(str(published(folder)), read_only=True)


def described(con):
    return con.sql(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal"
    ).fetchall()


def rows(con, mart, columns):
    named = ", ".join(f'"{column}"' for column in columns)
    return sorted(con.sql(f'SELECT {named} FROM main."{mart}"').fetchall(), key=in_order)


def in_order(row):
    """Numbers by few of their digits: those that are all but equal must not change places."""
    return [(v is None, f"{v:.6g}" if isinstance(v, float) else str(v)) for v in row]


def is_same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other and type(one) is type(other)


def differences(one, other):
    """The first rows of a mart that differ, with how many rows there are."""
    found = [pair for pair in zip(one, other, strict=False) if not all(map(is_same, *pair))]
    return (
        {"rows": (len(one), len(other)), "first": found[:3]}
        if (found or len(one) != len(other))
        else None
    )


def test_every_mart_is_the_same(both):
    if both is None:
        return
    folders, done = both
    with opened(folders["duckdb"]) as one, opened(folders["spark"]) as other:
        assert sorted(map(str, described(other))) == sorted(map(str, described(one)))
        marts = {}
        for mart, column, _, _ in described(one):
            marts.setdefault(mart, []).append(column)
        assert {"findings", "rule_results", "changes", "publications"} <= marts.keys()
        found = {}
        for mart, columns in marts.items():
            compared = [c for c in columns if c not in MAY_DIFFER.get(mart, ())]
            if told := differences(rows(one, mart, compared), rows(other, mart, compared)):
                found[mart] = told
        assert found == {}
        assert other.sql("SELECT engine FROM refreshes").fetchall() == [("spark",)]
    spark, duck = done["spark"], done["duckdb"]
    assert (spark.findings, spark.errors, spark.documents_read) == (
        *(duck.findings, duck.errors, duck.documents_read),
    )
    assert spark.findings > 1000


def test_the_parquet_holds_what_the_database_holds(both):
    if both is None:
        return
    marts, _ = both
    folder = marts["spark"] / "parquet"
    with opened(marts["spark"]) as con:
        names = {mart for mart, *_ in described(con)}
        assert {path.name for path in folder.iterdir()} == names
        for mart in names:
            files = f"read_parquet('{folder}/{mart}/*.parquet')"
            ((one, other),) = con.sql(
                f'SELECT (SELECT count(*) FROM main."{mart}"), (SELECT count(*) FROM {files})'
            ).fetchall()
            assert one == other, mart
    left = {path.name for path in marts["spark"].iterdir()} - {published(marts["spark"]).name}
    assert left == {"parquet", "store", "zwgk.duckdb"}


def test_a_difference_is_seen():
    assert differences([(1, 0.1)], [(1, 0.1 + 1e-13)]) is None
    assert differences([(1, "a")], [(1, "b")])["first"] == [((1, "a"), (1, "b"))]
    assert differences([(1,)], [(1.0,)])["first"] == [((1,), (1.0,))]
    assert differences([(1,)], [])["rows"] == (1, 0)
