import os

import duckdb
import pyarrow as pa
import pytest

from tests.store.readers import report
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.store import reading, segments
from zwgk_analytics.store.discovery import discover
from zwgk_analytics.store.reading import Task, detail_of, settle
from zwgk_analytics.store.store import Store, task_for


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


def refresh(folder, raw, reader=report):
    """Reads what changed into a fresh view of the store; the sources read."""
    store = Store(folder)
    plan = store.plan(discover(raw))
    if plan.to_read:
        entries = {}
        with store.segment() as segment:
            for file, entry in plan.to_read:
                task = task_for(file, entry, segment.aside)
                extraction = settle(reader(task), task)
                tables = segment.add(extraction)
                entry.note(extraction, segment.name, tables)
                entries[entry.source] = entry
        store.record(entries)
    store.save()
    return sorted(file.source for file, _ in plan.to_read)


def values(folder, table="cells", columns="source, value"):
    store = Store(folder)
    with duckdb.connect() as con:
        con.register("manifest", store.manifest_table())
        query = f"SELECT {columns} FROM ({store.relation(table)}) ORDER BY ALL"
        return con.execute(query).fetchall()


def test_only_what_changed_is_read(folder, raw):
    (raw / "甲.txt").write_text("1")
    (raw / "乙.txt").write_text("2")
    assert refresh(folder, raw) == ["乙.txt", "甲.txt"]
    assert refresh(folder, raw) == []
    (raw / "甲.txt").write_text("3")
    assert refresh(folder, raw) == ["甲.txt"]
    assert values(folder) == [("乙.txt", 2), ("甲.txt", 3)]


def test_a_touched_file_is_hashed_but_not_read(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)
    os.utime(raw / "a.txt")
    assert refresh(folder, raw) == []
    assert values(folder) == [("a.txt", 1)]


def test_a_new_or_changed_sidecar_reads_its_document_again(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)
    (raw / "a.yml").write_text("year: 2023")
    assert refresh(folder, raw) == ["a.txt"]
    (raw / "a.yml").write_text("year: 2022")
    assert refresh(folder, raw) == ["a.txt"]
    (raw / "a.yml").unlink()
    assert refresh(folder, raw) == ["a.txt"]


def test_a_removed_file_leaves_the_store(folder, raw):
    (raw / "a.txt").write_text("1")
    (raw / "b.txt").write_text("2")
    refresh(folder, raw)
    (raw / "a.txt").unlink()
    assert refresh(folder, raw) == []
    assert values(folder) == [("b.txt", 2)]
    assert values(folder, "documents", "source") == [("b.txt",)]


def test_a_new_reader_reads_everything_again(folder, raw, monkeypatch):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)
    monkeypatch.setattr("zwgk_analytics.store.store.reader_version", lambda: "another")
    assert refresh(folder, raw) == ["a.txt"]


def test_a_segment_without_live_documents_is_deleted(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)
    (raw / "a.txt").write_text("2")
    refresh(folder, raw)
    assert len(segments.names(folder / "segments")) == 1


def test_an_interrupted_write_leaves_what_was_there(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)

    def interrupted(task):
        raise KeyboardInterrupt

    (raw / "a.txt").write_text("2")
    with pytest.raises(KeyboardInterrupt):
        refresh(folder, raw, interrupted)
    assert values(folder) == [("a.txt", 1)]
    assert list((folder / "segments").glob(".*")) == []
    assert refresh(folder, raw) == ["a.txt"]
    assert values(folder) == [("a.txt", 2)]


def test_what_a_killed_refresh_left_is_swept(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw)
    (folder / "segments" / ".killed.new").mkdir()
    (folder / "segments" / "segment=killed").mkdir()
    refresh(folder, raw)
    assert len(list((folder / "segments").iterdir())) == 1


def test_many_small_segments_become_one(folder, raw):
    for number in range(9):
        (raw / f"{number}.txt").write_text(str(number))
        refresh(folder, raw)
    (raw / "0.txt").unlink()
    refresh(folder, raw)
    before = values(folder)
    assert len(segments.names(folder / "segments")) == 8
    Store(folder).compact()
    assert len(segments.names(folder / "segments")) == 1
    assert values(folder) == before == [(f"{n}.txt", n) for n in range(1, 9)]


def refused(task):
    extraction = report(task)
    extraction.reason = "form.blank"
    problem = {"source": task.source, "code": "form.blank", "message": "nothing is filled"}
    extraction.tables["problems"] = pa.Table.from_pylist([problem], schema=SCHEMAS["problems"])
    return extraction


def test_of_a_document_not_used_only_the_problems_stay(folder, raw):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw, refused)
    assert values(folder) == values(folder, "documents", "source") == []
    assert values(folder, "problems", "source, code") == [("a.txt", "form.blank")]
    entry = Store(folder).entries["a.txt"]
    assert (entry.reason, entry.detail) == ("form.blank", "nothing is filled")
    assert refresh(folder, raw, refused) == []


@pytest.mark.parametrize("reason", ["timeout", "crashed", "out_of_memory", "failed"])
def test_a_passing_failure_is_tried_again_once_the_file_was_touched(folder, raw, reason):
    (raw / "a.txt").write_text("1")
    refresh(folder, raw, lambda task: task.failed(reason, "the machine was busy"))
    assert refresh(folder, raw) == []
    os.utime(raw / "a.txt")
    assert refresh(folder, raw) == ["a.txt"]
    assert values(folder) == [("a.txt", 1)]


def test_a_large_table_is_written_aside_and_read_back(folder, raw, monkeypatch):
    monkeypatch.setattr(reading, "LARGE", 0)
    (raw / "a.txt").write_text("1")
    (raw / "b.txt").write_text("2")
    refresh(folder, raw)
    assert len(list(folder.rglob("cells.*.parquet"))) == 2
    assert values(folder) == [("a.txt", 1), ("b.txt", 2)]


def test_an_unknown_document_without_a_reason_gets_one():
    task = Task("a", None, "ab", 1)
    extraction = settle(Extraction("a", "ab", "text"), task)
    assert extraction.reason == "unknown"
    assert "recognised" in detail_of(extraction)


def test_refreshes_are_logged_in_order(folder):
    from datetime import datetime

    folder.mkdir()
    store = Store(folder)
    rows = [
        {
            "refresh_id": str(n),
            "started_at": datetime(2025, 1, n),
            "finished_at": datetime(2025, 1, n, 1),
        }
        for n in (1, 2)
    ]
    for row in rows:
        store.log_refresh(row)
    assert Store(folder).refreshes() == rows


def test_an_unreadable_file_is_told(folder, raw, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    (raw / "a.txt").write_text("1")
    monkeypatch.setattr("zwgk_analytics.store.store.sha256_of", refuse)
    assert refresh(folder, raw) == []
    entry = Store(folder).entries["a.txt"]
    assert (entry.reason, entry.segment) == ("unreadable", None)
    assert "Permission denied" in entry.detail
