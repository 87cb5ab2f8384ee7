"""Documents read by Spark: the facts and reasons of the other engine, and only what changed."""

import os
import zipfile

import duckdb
import pyarrow as pa
import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.spark import reading
from zwgk_analytics.spark.files import Files, address
from zwgk_analytics.spark.listing import Listed, _elsewhere, listed
from zwgk_analytics.spark.warehouse import Warehouse
from zwgk_analytics.store.store import RELATIONS, Store


@pytest.fixture
def folder(tmp_path):
    """A raw folder with what a refresh may meet."""
    raw = tmp_path / "raw"
    (raw / "甲 市").mkdir(parents=True)
    (raw / "registers").mkdir()
    (raw / "registers" / "notes.csv").write_text("a,b\n")
    (raw / "甲 市" / "2023年报[终].html").write_bytes(report())
    (raw / "丙.html").write_bytes(report(agency="某市人民政府"))
    (raw / "丙.yml").write_text("agency: 丙市人民政府\n", encoding="utf-8")
    (raw / "log.csv").write_text(LOG, encoding="utf-8")
    (raw / "letter.txt").write_text("一封信", encoding="utf-8")
    (raw / "link.html").symlink_to(raw / "丙.html")
    (raw / "README.md").write_text("no document")
    with zipfile.ZipFile(raw / "all.zip", "w") as bundle:
        bundle.writestr("乙.html", report(agency="乙市人民政府"))
        bundle.writestr("log.csv", LOG)
    return raw


def taken(spark, tmp_path):
    """A warehouse that has read what is new."""
    warehouse = Warehouse(spark.newSession(), tmp_path / "raw", tmp_path / "marts")
    list(warehouse.read_changed())
    return warehouse


def counts(warehouse):
    return warehouse.documents, warehouse.unchanged, warehouse.removed


def rows(warehouse, table):
    frame = warehouse.relations()[RELATIONS.get(table, table)]
    return frame.select(*SCHEMAS[table].names).toArrow().cast(SCHEMAS[table])


def test_facts_are_those_of_the_other_engine(spark, folder, tmp_path):
    if spark is None:
        return
    warehouse = taken(spark, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
        zwgk.refresh(folder, tmp_path / "other", workers=1, progress=lambda *_: None)
    store = Store(tmp_path / "other" / "store")
    ours, theirs = ({e.source: e for e in s.entries.values()} for s in (warehouse, store))
    assert ours.keys() == theirs.keys()
    for source, entry in theirs.items():
        for name in ("size", "sha256", "sidecar_sha256", "kind", "reason", "detail", "container"):
            assert getattr(ours[source], name) == getattr(entry, name), (source, name)
        assert ours[source].changed_ns == entry.changed_ns, source
    con = duckdb.connect()
    con.register("manifest", store.manifest_table())
    for table in SCHEMAS:
        there = con.sql(store.relation(table)).to_arrow_table().cast(SCHEMAS[table])
        in_order = [(name, "ascending") for name in SCHEMAS[table].names]
        assert rows(warehouse, table).sort_by(in_order) == there.sort_by(in_order), table
    assert rows(warehouse, "cells").num_rows > 500


def test_only_what_changed_is_read_again(spark, folder, tmp_path):
    if spark is None:
        return
    assert counts(taken(spark, tmp_path)) == (6, 0, 0)
    (folder / "log.csv").write_text(LOG + "丁市人民政府,关于丁的通知,,2023-01-02,,\n", "utf-8")
    (folder / "letter.txt").unlink()
    warehouse = taken(spark, tmp_path)
    assert counts(warehouse) == (1, 4, 1)
    items = rows(warehouse, "items").to_pylist()
    assert sorted({item["source"] for item in items}) == ["all.zip/log.csv", "log.csv"]
    assert sum(item["source"] == "log.csv" for item in items) == 4
    assert len(list((tmp_path / "marts/store/spark").glob("manifest_*"))) == 1
    segments = {p.name for p in (tmp_path / "marts/store/spark/facts").glob("*/segment=*")}
    assert len(segments) == 2  # the first still holds what has not changed


def test_what_spark_does_not_hand_over_is_told(spark, tmp_path):
    if spark is None:
        return
    (tmp_path / "raw").mkdir()
    names = (
        "_hidden.html",
        "a:b.html",
        os.fsdecode(b"\xff.html"),
        "shown [1].html",
        "two\nlines.html",
    )
    for name in names:
        (tmp_path / "raw" / name).write_bytes(report())
    warehouse = taken(spark, tmp_path)
    assert counts(warehouse) == (5, 0, 0)
    assert {source: entry.reason for source, entry in warehouse.entries.items()} == {
        "_hidden.html": "unreadable",
        "a:b.html": "unreadable",
        "\\xff.html": "unreadable",
        "shown [1].html": None,
        "two\\nlines.html": None,
    }
    assert "rename or split it" in warehouse.entries["_hidden.html"].detail


def test_a_large_table_comes_in_parts(tmp_path, monkeypatch):
    """Without Spark: what an executor yields of one log."""
    monkeypatch.setattr(reading, "_ROWS", 2)
    row = {"path": "file:/raw/log.csv", "source": "log.csv", "content": LOG.encode()}
    handed = [row | {"beside": None, "told": None}]
    schema = pa.schema(
        [(n, pa.binary() if n in ("content", "told") else pa.string()) for n in reading._HANDED]
    )
    batch = pa.RecordBatch.from_pylist(handed, schema=schema)
    found = [b.to_pylist()[0] for b in reading.read_batches([batch])]
    entry = next(row for row in found if row["fact"] is None)
    assert (entry["source"], entry["kind"], entry["reason"]) == ("log.csv", "publication_log", None)
    parts = [row["items"] for row in found if row["fact"] == "items"]
    assert [len(part) for part in parts] == [2, 1]
    assert parts[1][0]["agency"] == "乙市人民政府"


class Elsewhere:
    """The files of a folder that is not on this machine."""

    def files(self, folder):
        yield f"{folder}/a.html", 5, 1
        yield f"{folder}/a.yml", 2, 3
        yield f"{folder}/.hidden", 1, 1
        yield f"{folder}/registers/agencies.csv", 1, 1
        yield f"{folder}/b/README.md", 1, 1
        yield f"{folder}/b/c.pdf", 7, 2
        yield f"{folder}/marts/parquet/d.parquet", 7, 2


def test_documents_elsewhere_are_told_as_those_here_are():
    raw = "s3a://bucket/raw"
    assert list(_elsewhere(Elsewhere(), raw, f"{raw}/marts")) == [
        Listed("a.html", f"{raw}/a.html", f"{raw}/a.yml", 7, 3_000_000),
        Listed("b/c.pdf", f"{raw}/b/c.pdf", None, 7, 2_000_000),
    ]


def test_a_listing_of_hadoop_is_that_of_this_machine(spark, folder):
    if spark is None:
        return
    (folder / "link.html").unlink()
    here = {found.source: found for found in listed(Files(spark), str(folder), "/none")}
    raw = address(folder)
    there = {found.source: found for found in _elsewhere(Files(spark), raw, "file:/none")}
    assert here.keys() == there.keys()
    for source, found in here.items():
        told = there[source]
        assert (told.address, told.sidecar, told.size) == (
            *(found.address, found.sidecar, found.size),
        )
