import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from zwgk_analytics import once, pipeline
from zwgk_analytics.errors import BrokenRulesError, ZwgkError
from zwgk_analytics.marts.publish import published
from zwgk_analytics.quality import Checked, SuiteResult
from zwgk_analytics.quality.review import decide
from zwgk_analytics.store.isolation import Limits
from zwgk_analytics.store.store import Store


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A folder with raw files and the marts of their first refresh."""
    folder = tmp_path_factory.mktemp("first")
    raw = folder / "raw"
    raw.mkdir()
    (raw / "甲市2023.html").write_bytes(report())
    (raw / "甲市2022.docx").write_bytes(report(year=2022, media="docx", received=4))
    (raw / "log.csv").write_text(LOG, encoding="utf-8")
    (raw / "empty.html").write_bytes(b"")
    (raw / "notes.txt").write_text("只是一些文字", encoding="utf-8")
    zwgk.refresh(raw, folder / "marts", progress=quiet)  # with the suites
    return folder


@pytest.fixture
def folder(first, tmp_path):
    """A copy of it that a test may change."""
    shutil.copytree(first, tmp_path / "data", symlinks=True)
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def no_suites(monkeypatch):
    """Great Expectations takes seconds to load: one test has it, the others go without."""
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


def quiet(step, done, total):
    pass


def refresh(folder, **more):
    return zwgk.refresh(folder / "raw", folder / "marts", progress=quiet, **more)


def marts(folder):
    return zwgk.open_marts(folder / "marts")


def received(folder):
    with marts(folder) as opened:
        return opened.application_handling().select("agency", "year", "received").rows()


BOTH = [("甲市人民政府", 2022, 4), ("甲市人民政府", 2023, 8)]


def test_documents_become_marts(first):
    assert received(first) == BOTH
    with marts(first) as opened:
        cell = opened.trace("甲市人民政府", 2023, "applications", "granted", "natural_person")
        assert (cell.value, cell.raw, cell.source) == (5, "5", "甲市2023.html")
        volume = opened.publication_volume(agency="甲市人民政府")
        assert volume["items"].to_list() == [1, 1]
        assert opened.publications(serial=2)["lag_workdays"].to_list() == [3]


def test_what_is_not_used_is_listed_with_the_reason(first):
    with marts(first) as opened:
        told = {r["source"]: r["detail"] for r in opened.quarantine().iter_rows(named=True)}
    assert sorted(told) == ["empty.html", "notes.txt"]
    assert "empty" in told["empty.html"]


def test_a_refresh_without_changes_reads_nothing(folder):
    done = refresh(folder)
    assert (done.documents_read, done.documents_unchanged, done.documents_removed) == (0, 5, 0)
    assert done.documents_quarantined == 2
    assert received(folder) == BOTH


def test_where_nothing_is_new_the_published_marts_stay_and_the_run_is_told(folder, tmp_path):
    before = published(folder / "marts")
    done = refresh(folder)
    if done.path != before:  # the first refresh may have been yesterday
        before, done = done.path, refresh(folder)
    assert done.path == published(folder / "marts") == before
    assert done.findings == len(zwgk.findings(folder / "marts"))
    runs = len(Store(folder / "marts" / "store").refreshes())
    (folder / "raw" / "丙市2023.html").write_bytes(report("丙市人民政府"))
    assert refresh(folder).path != before
    with marts(folder) as opened:
        assert len(opened.refreshes()) == runs + 1


def test_only_suites_of_marts_that_hold_something_else_run(folder, monkeypatch):
    seen = []
    told = lambda path, unchanged: seen.append(unchanged) or []  # noqa: E731
    monkeypatch.setattr("zwgk_analytics.quality.validate", told)
    (folder / "raw" / "丙市2023.html").write_bytes(report("丙市人民政府"))
    refresh(folder)
    assert {"publications", "near_duplicates", "rule publication.late"} <= seen[0]
    assert seen[0].isdisjoint({"reports", "report_cells", "rule_results"})


def test_new_changed_and_removed_files_show(folder):
    raw = folder / "raw"
    (raw / "甲市2023.html").write_bytes(report(received=9))
    (raw / "乙市2023.html").write_bytes(report("乙市人民政府", received=7))
    (raw / "甲市2022.docx").unlink()
    done = refresh(folder)
    assert (done.documents_read, done.documents_unchanged, done.documents_removed) == (2, 3, 1)
    assert received(folder) == [("乙市人民政府", 2023, 7), ("甲市人民政府", 2023, 9)]
    with marts(folder) as opened:
        last = opened.refreshes().tail(1).row(0, named=True)
        assert len(opened.refreshes()) == 2
    assert last["documents_read"] == 2
    assert last["documents_quarantined"] == 2
    assert last["finished_at"] >= last["started_at"]


def test_a_reader_that_holds_the_old_marts_goes_on(folder):
    with marts(folder) as old:
        (folder / "raw" / "甲市2022.docx").unlink()
        refresh(folder)
        assert len(old.application_handling()) == 2
        assert received(folder) == BOTH[1:]


def test_one_document_that_hangs_is_quarantined(folder, monkeypatch):
    monkeypatch.setattr(pipeline, "LIMITS", Limits(seconds=0.0, seconds_per_megabyte=0.0))
    (folder / "raw" / "乙市2023.html").write_bytes(report("乙市人民政府"))
    done = refresh(folder)
    assert done.documents_quarantined == 3
    with marts(folder) as opened:
        assert opened.quarantine(reason="timeout")["source"].to_list() == ["乙市2023.html"]
    assert received(folder) == BOTH


def test_a_failure_while_building_leaves_the_old_marts(folder, monkeypatch):
    before = published(folder / "marts")
    (folder / "raw" / "丙市2023.html").write_bytes(b"")
    monkeypatch.setattr("zwgk_analytics.quality.assess", _cannot_assess)
    with pytest.raises(ZwgkError, match="the old ones stay"):
        refresh(folder)
    assert published(folder / "marts") == before
    assert list((folder / "marts").glob(".*")) == []
    assert received(folder) == BOTH


def test_a_strict_refresh_publishes_nothing_while_an_error_is_open(folder):
    (folder / "raw" / "甲市2023.html").write_bytes(broken())
    before = published(folder / "marts")
    told = r"the old marts stay: \d findings of severity error"
    with pytest.raises(BrokenRulesError, match=told):
        refresh(folder, strict=True)
    assert published(folder / "marts") == before
    assert refresh(folder).errors > 0
    found = zwgk.findings(folder / "marts", severity="error")
    assert "applications.balance" in found["rule"].to_list()
    with marts(folder) as opened:
        decide(opened, folder / "raw" / "registers", found["finding_id"], "waived", "已核实")
    assert refresh(folder, strict=True).errors == 0
    found = zwgk.findings(folder / "marts", severity="error")
    assert set(found.select("review_state", "review_reason").rows()) == {("waived", "已核实")}


def _cannot_assess(con, *_):
    con.execute("SELECT nothing")


def broken():
    """A report whose 结转 was raised by one, so that it does not balance."""
    from tests.documents import applications
    from zwgk_analytics.forms import editions
    from zwgk_analytics.writers import write
    from zwgk_analytics.writers.form import form_document

    values = applications() | {("applications", "carried_out", "natural_person"): "1"}
    title = "甲市人民政府2023年政府信息公开工作年度报告"
    return write(form_document(editions()["2021"], values, title=title), "html")


def test_marts_that_break_an_expectation_of_their_own_are_not_published(folder, monkeypatch):
    seen, before = [], published(folder / "marts")

    def validated(path, **_):
        seen.append(path.exists())
        broken = Checked("unique(agency, year)", None, "error", False, 2)
        rule = Checked("applications.balance", "applications.balance", "error", False, 1)
        return [SuiteResult("reports", (broken, rule))]

    (folder / "raw" / "丙市2023.html").write_bytes(b"")
    monkeypatch.setattr("zwgk_analytics.quality.validate", validated)
    with pytest.raises(
        ZwgkError, match=r"the old marts stay: .*: reports: unique\(agency, year\)$"
    ):
        refresh(folder)
    assert published(folder / "marts") == before
    assert list((folder / "marts").glob(".*")) == []
    assert once.check(folder / "marts").faults == ("reports: unique(agency, year)",)
    assert seen == [True, True]


def test_no_raw_folder_is_told(tmp_path):
    with pytest.raises(ZwgkError, match="no such folder"):
        zwgk.refresh(tmp_path / "nowhere", tmp_path / "marts", progress=quiet)


def test_an_empty_raw_folder_gives_empty_marts(tmp_path):
    (tmp_path / "raw").mkdir()
    done = zwgk.refresh(tmp_path / "raw", tmp_path / "marts", progress=quiet)
    assert (done.documents_read, done.findings) == (0, 0)
    assert received(tmp_path) == []


def test_progress_tells_the_steps_in_order(folder):
    told = []
    (folder / "raw" / "丙市2023.html").write_bytes(b"")
    zwgk.refresh(folder / "raw", folder / "marts", progress=lambda *step: told.append(step))
    assert [step for step, done, _ in told if done == 0] == [
        "look",
        "read",
        "store",
        "marts",
        "check",
        "publish",
    ]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_refresh_that_is_ended_midway_leaves_everything_whole(folder, sent):
    for number in range(60):
        name = f"{'东西南北中江'[number // 10]}{'山河湖海川林州城阳安'[number % 10]}县人民政府"
        (folder / "raw" / f"{number}.html").write_bytes(report(name))
    command = [sys.executable, "-m", "zwgk_analytics.cli", "refresh"]
    options = ["--raw", str(folder / "raw"), "--marts", str(folder / "marts"), "--workers", "2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(
        command + options, stderr=subprocess.PIPE, text=True, env=environment
    )
    while not running.stderr.readline().startswith("read"):
        assert running.poll() is None
    time.sleep(0.5)
    running.send_signal(sent)
    told = running.communicate(timeout=60)[1]
    assert running.returncode in (130, -signal.SIGKILL)
    assert "Traceback" not in told
    assert received(folder) == BOTH
    done = refresh(folder)
    assert done.documents_read == 60
    assert len(received(folder)) == 62


def test_extract_keeps_the_order_and_the_callers_word(tmp_path):
    paths = []
    for number in (3, 1, 2):
        paths.append(tmp_path / f"{number}.html")
        paths[-1].write_bytes(report(received=number, granted=0))
    found = list(once.extract_each(paths, agency="丙市", year=2020))
    assert [e.source for e in found] == ["3.html", "1.html", "2.html"]
    assert {(e.agency, e.year, e.kind) for e in found} == {("丙市", 2020, "annual_report")}
    of_row = [[c["value"] for c in e.rows("cells") if c["form_row"] == "received"] for e in found]
    assert [max(values) for values in of_row] == [3, 1, 2]
