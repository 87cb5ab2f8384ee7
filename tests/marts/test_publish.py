import duckdb
import pytest

from zwgk_analytics.errors import NoMartsError
from zwgk_analytics.marts.publish import building, publish, published


def refresh(folder, stamp, value):
    built = building(folder, stamp)
    with duckdb.connect(str(built)) as con:
        con.execute(f"CREATE TABLE t AS SELECT {value} AS v")
    return publish(built, stamp)


def value(con):
    return con.execute("SELECT v FROM t").fetchone()[0]


def opened(folder):
    return duckdb.connect(str(published(folder)), read_only=True)


def test_a_reader_keeps_its_marts_and_a_new_one_sees_the_new(tmp_path):
    refresh(tmp_path, "1", 1)
    old = opened(tmp_path)
    refresh(tmp_path, "2", 2)
    assert (value(old), value(opened(tmp_path))) == (1, 2)


def test_the_last_three_are_kept(tmp_path):
    for stamp in "12345":
        refresh(tmp_path, stamp, stamp)
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["zwgk.duckdb", "zwgk_3.duckdb", "zwgk_4.duckdb", "zwgk_5.duckdb"]


def test_what_is_being_built_is_not_seen_and_what_was_left_is_cleared(tmp_path):
    refresh(tmp_path, "1", 1)
    building(tmp_path, "2").write_text("half")
    (tmp_path / ".zwgk_2.building.tmp").mkdir()
    assert published(tmp_path).name == "zwgk_1.duckdb"
    refresh(tmp_path, "3", 3)
    assert list(tmp_path.glob(".*")) == []


def test_where_there_are_no_links_a_pointer_does(tmp_path, monkeypatch):
    def refuse(self, target):
        raise OSError("no links")

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    refresh(tmp_path, "1", 1)
    refresh(tmp_path, "2", 2)
    assert value(opened(tmp_path)) == 2


def test_nothing_published_is_told_with_what_to_do(tmp_path):
    with pytest.raises(NoMartsError, match="run `zwgk refresh` first"):
        published(tmp_path)
