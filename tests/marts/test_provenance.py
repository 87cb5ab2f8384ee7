import hashlib
import platform
from datetime import datetime
from importlib.metadata import version

import pyarrow as pa

from tests.marts.facts import marts, rows
from zwgk_analytics.marts.provenance import said_by, write_provenance
from zwgk_analytics.store import manifest
from zwgk_analytics.store.manifest import Entry

ENTRIES = [
    Entry("b.html", 7, sha256="bb", kind="annual_report", reader_version="r1"),
    Entry("a.csv", 5, sha256="aa", sidecar_sha256="a2", kind="unknown", reason="unknown"),
    Entry("c.pdf", None, reason="unreadable"),
]
REFRESH = {
    "refresh_id": "20260301T023000000000",
    "started_at": datetime(2026, 3, 1, 2, 30),
    "engine": "duckdb",
}


def written(tmp_path, follows="20260228T023000000000"):
    registers = tmp_path / "registers"
    registers.mkdir()
    (registers / "agencies.csv").write_bytes(b"name\n")
    (registers / ".hidden").write_bytes(b"x")
    con = marts()
    con.execute("INSERT INTO quarantine VALUES ('a.csv', 'aa', 'unknown', '')")
    con.execute("INSERT INTO quarantine VALUES ('c.pdf', NULL, 'unreadable', '')")
    write_provenance(con, REFRESH, manifest.as_table(ENTRIES), registers, follows)
    return con


def test_every_input_is_listed_used_or_not_registers_too(tmp_path):
    register = hashlib.sha256(b"name\n").hexdigest()
    assert rows(written(tmp_path), "FROM inputs ORDER BY source") == [
        ("a.csv", "aa", "a2", 5, "unknown", None, False),
        ("b.html", "bb", None, 7, "annual_report", "r1", True),
        ("c.pdf", None, None, None, None, None, False),
        ("registers/agencies.csv", register, None, 5, "register", None, True),
    ]


def test_marts_say_who_built_them_from_what(tmp_path):
    said = said_by(written(tmp_path))
    register = hashlib.sha256(b"name\n").hexdigest()
    lines = f"aa a2 a.csv\nbb - b.html\n- - c.pdf\n{register} - registers/agencies.csv\n"
    assert said.inputs_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert (said.refresh_id, said.follows) == ("20260301T023000000000", "20260228T023000000000")
    assert (said.started_at, said.inputs) == (datetime(2026, 3, 1, 2, 30), 4)
    assert (said.tool_version, said.schema_version) == (version("zwgk-analytics"), 1)
    assert (said.engine, said.engine_version) == ("duckdb", version("duckdb"))
    assert said.python_version == platform.python_version()
    assert str(said).startswith(f"built by zwgk {version('zwgk-analytics')} (schema 1, duckdb ")
    assert str(said).endswith(f"from 4 inputs, sha256 {said.inputs_sha256[:12]}")


def test_the_first_marts_follow_none(tmp_path):
    con = written(tmp_path, follows=None)
    assert said_by(con).follows is None
    assert con.sql("FROM provenance").to_arrow_table().schema.field("follows").type == pa.string()
