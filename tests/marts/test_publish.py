import duckdb
import pytest

from zwgk_analytics.cli import main
from zwgk_analytics.errors import NoMartsError, UsageError, ZwgkError
from zwgk_analytics.marts.publish import (
    building,
    cleared,
    current,
    kept,
    publish,
    published,
    rollback,
    stamp_of,
)
from zwgk_analytics.marts.publish import opened as opened_for_writing
from zwgk_analytics.store.lock import BusyError, locked


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
    with cleared(tmp_path):
        refresh(tmp_path, "3", 3)
    assert list(tmp_path.glob(".*")) == []


def refuse(self, target):
    raise OSError("no links")


def test_where_there_are_no_links_a_pointer_does(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    refresh(tmp_path, "1", 1)
    refresh(tmp_path, "2", 2)
    assert value(opened(tmp_path)) == 2


def test_nothing_published_is_told_with_what_to_do(tmp_path):
    with pytest.raises(NoMartsError, match="run `zwgk refresh` first"):
        published(tmp_path)


def stamped(folder, *stamps, keep=3):
    """Publishes marts that say what they follow, as a refresh does."""
    for stamp in stamps:
        before = current(folder)
        built = building(folder, stamp)
        with opened_for_writing(built) as con:
            con.execute(
                "CREATE TABLE provenance AS SELECT ? AS refresh_id, ? AS follows",
                [stamp, stamp_of(before) if before else None],
            )
            con.execute("CREATE TABLE t AS SELECT ? AS v", [stamp])
        publish(built, stamp, keep)


def names(folder):
    return ["*" * k.is_current + k.stamp for k in kept(folder)]


def test_as_many_are_kept_as_asked(tmp_path):
    stamped(tmp_path, *"1234", keep=2)
    assert names(tmp_path) == ["3", "*4"]
    stamped(tmp_path, "5", keep=1)
    assert names(tmp_path) == ["*5"]


def test_a_rollback_returns_to_the_marts_before_and_deletes_none(tmp_path):
    stamped(tmp_path, *"123")
    assert rollback(tmp_path).stamp == "2"
    assert names(tmp_path) == ["1", "*2", "3"]
    assert rollback(tmp_path).stamp == "1"
    with pytest.raises(UsageError, match="no marts before 1 are kept; there are 1, 2, 3"):
        rollback(tmp_path)
    assert rollback(tmp_path, "3").stamp == "3"
    assert names(tmp_path) == ["1", "2", "*3"]


def test_after_a_rollback_the_new_marts_follow_those_returned_to(tmp_path):
    stamped(tmp_path, *"123")
    rollback(tmp_path, "1")
    stamped(tmp_path, "4")
    assert names(tmp_path) == ["1", "3", "*4"]  # the one to return to stays, the newest others too
    assert rollback(tmp_path).stamp == "1"  # not to 3, which was rolled back from
    stamped(tmp_path, "5", keep=1)
    assert names(tmp_path) == ["*5"]


def test_a_stamp_that_is_none_or_of_several_is_told_with_what_there_is(tmp_path):
    stamped(tmp_path, "11", "12")
    with pytest.raises(
        UsageError, match="--to 2: none of the marts that are kept; there are 11, 12"
    ):
        rollback(tmp_path, "2")
    with pytest.raises(UsageError, match="--to 1: more than one of"):
        rollback(tmp_path, "1")
    with pytest.raises(NoMartsError):
        rollback(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_rollback_waits_for_no_refresh(tmp_path):
    stamped(tmp_path, "1", "2")
    with locked(tmp_path / "store" / "lock"), pytest.raises(BusyError):
        rollback(tmp_path)
    assert names(tmp_path) == ["1", "*2"]


def test_a_rollback_mends_a_link_that_leads_nowhere(tmp_path):
    stamped(tmp_path, "1", "2")
    published(tmp_path).unlink()
    assert names(tmp_path) == ["1"]
    assert rollback(tmp_path, "1").is_current
    assert value(opened(tmp_path)) == "1"


def test_a_rollback_where_there_are_no_links(tmp_path, monkeypatch):
    stamped(tmp_path, "1", "2")
    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    rollback(tmp_path)
    assert value(opened(tmp_path)) == "1"


def test_what_cannot_be_pointed_to_is_taken_back(tmp_path, monkeypatch):
    stamped(tmp_path, "1")
    monkeypatch.setattr("zwgk_analytics.marts.publish._point", refuse)
    with pytest.raises(OSError, match="no links"):
        stamped(tmp_path, "2")
    assert names(tmp_path) == ["*1"]


def test_the_command_lists_and_returns(tmp_path, capsys):
    stamped(tmp_path, "1", "2")
    for arguments in (["--list"], []):
        with pytest.raises(SystemExit) as ended:
            main(["rollback", "--marts", str(tmp_path), *arguments])
        assert not ended.value.code
    by = "at a time not told  zwgk of an older version  2 rows"
    assert capsys.readouterr().out.splitlines() == [
        f"  1  {by}",
        f"* 2  {by}",
        f"* 1  {by}",
        f"  2  {by}",
    ]


def test_a_refresh_hands_on_how_many_to_keep_and_how_long_to_wait(tmp_path, monkeypatch, capsys):
    def refresh(raw, marts, workers, strict, progress, rules, keep, wait):
        raise ZwgkError(f"keep {keep}, wait {wait}")

    monkeypatch.setattr("zwgk_analytics.pipeline.refresh", refresh)
    options = ["--raw", str(tmp_path), "--marts", str(tmp_path / "marts")]
    for given, told in (
        ([], "keep 3, wait 0.0"),
        (["--keep", "5", "--wait", "9"], "keep 5, wait 9.0"),
    ):
        with pytest.raises(SystemExit):
            main(["refresh", *options, *given])
        assert capsys.readouterr().err == f"zwgk: {told}\n"
