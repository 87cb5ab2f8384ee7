import duckdb
import pyarrow.parquet as pq
import pytest

import zwgk_analytics as zwgk
from tests.never_lose.conftest import received, refresh
from zwgk_analytics import cli
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.publish import published, rollback


def doctor(folder, schema):
    """Makes the published marts say that a zwgk 9.1.0 built them."""
    with duckdb.connect(str(published(folder / "marts"))) as con:
        con.execute("UPDATE provenance SET schema_version = ?, tool_version = '9.1.0'", [schema])


def files(folder):
    return {p: p.stat().st_mtime_ns for p in sorted((folder / "marts").rglob("*.duckdb"))} | {
        p: p.read_bytes() for p in sorted((folder / "marts" / "store").rglob("*.parquet"))
    }


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["check"],
        ["chart", "application_flow", "--to", "flow.html"],
        ["brief", "--year", "2023", "--to", "brief.html"],
        ["diff"],
        ["refresh", "--raw", "raw"],
    ],
)
def test_marts_of_a_newer_version_are_refused_in_a_line(folder, command, capsys, monkeypatch):
    doctor(folder, 2)
    before = files(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--marts", "marts"])
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert told.err == (
        f"zwgk: {published(folder / 'marts')}: these marts have schema 2 (zwgk 9.1.0); this is "
        "zwgk 0.1.0, which knows schemas up to 1; update with `pip install -U zwgk-analytics`\n"
    ).replace(str(published(folder / "marts")), told.err.split(": ")[1])
    assert told.err.split(": ")[1].endswith(published(folder / "marts").name)
    assert files(folder) == before


def test_a_store_of_a_newer_version_is_left_alone(folder):
    path = folder / "marts" / "store" / "manifest.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"schema_version": "2"}), path)
    before = files(folder)
    with pytest.raises(ZwgkError, match="this store has schema 2; this zwgk knows schemas up to 1"):
        refresh(folder)
    assert files(folder) == before


def test_one_can_go_back_from_marts_that_are_too_new(folder):
    old = published(folder / "marts")
    new = old.with_name("zwgk_99990101T000000000000.duckdb")
    new.write_bytes(old.read_bytes())
    rollback(folder / "marts", new.stem.removeprefix("zwgk_"))
    doctor(folder, 2)
    with pytest.raises(ZwgkError, match="schema 2"):
        zwgk.open_marts(folder / "marts")
    assert rollback(folder / "marts").path == old
    with pytest.raises(ZwgkError, match="schema 2"):
        rollback(folder / "marts", "9999")
    assert received(folder) == [8]


def test_what_is_no_database_is_told(folder):
    published(folder / "marts").write_bytes(b"x" * 20_000)
    with pytest.raises(ZwgkError, match=r"cannot be opened .* if a newer zwgk made them, update"):
        zwgk.open_marts(folder / "marts")


def test_an_older_folder_is_rebuilt_whole_with_its_history(folder):
    path = folder / "marts" / "store" / "manifest.parquet"
    older = pq.read_table(path).drop_columns(["container"]).replace_schema_metadata(None)
    pq.write_table(older, path)
    (folder / "marts" / "store" / "refreshes.jsonl").unlink()  # killed before it was written
    with duckdb.connect(str(published(folder / "marts"))) as con:
        con.execute("DROP TABLE provenance; DROP TABLE inputs")
    with zwgk.open_marts(folder / "marts") as marts:
        assert str(marts.origin) == "built by a version of zwgk that did not tell"
    done = refresh(folder)
    assert done.documents_read == 3
    assert received(folder) == [8]
    with zwgk.open_marts(folder / "marts") as marts:
        assert len(marts.refreshes()) == 2
        assert marts.origin.schema_version == 1
