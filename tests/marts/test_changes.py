from datetime import date

import duckdb
import pytest

from tests.marts.facts import cell, document, marts
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import open_marts
from zwgk_analytics.marts.changes import changes_since, write_changes
from zwgk_analytics.marts.publish import building, publish, published


@pytest.fixture
def refreshed(tmp_path):
    """Publishes marts over the given facts as the next refresh; the changes that it logs."""
    folder, done = tmp_path / "marts", []

    def publishing(documents, cells=(), items=()):
        stamp = f"2026010{len(done) + 1}T00"
        done.append({"refresh_id": stamp})
        previous = published(folder) if len(done) > 1 else None
        built = building(folder, stamp)
        with duckdb.connect(str(built)) as con:
            marts(con, documents=documents, cells=list(cells), items=list(items), refreshes=done)
            write_changes(con, previous, stamp)
        publish(built, stamp)
        return changes(folder)

    publishing.folder = folder
    return publishing


def changes(folder, stamp=None):
    with open_marts(folder) as opened:
        found = changes_since(opened, stamp)
    return sorted(found.select("change", "agency", "year", "before", "after").rows(), key=str)


def received(value, source="a.html"):
    return cell("applications", "received", "total", value, source=source)


ON = date(2024, 1, 20)
FIRST = document(sha256="1", published_on=ON)


def test_the_first_refresh_and_one_without_changes_log_nothing(refreshed):
    assert refreshed([FIRST], [received(5)]) == []
    assert refreshed([FIRST], [received(5)]) == []


def test_reports_that_come_and_go(refreshed):
    refreshed([FIRST])
    assert refreshed([FIRST, document("b.html", "乙市", sha256="2")]) == [
        ("report.added", "乙市", 2023, None, "2")
    ]
    assert refreshed([document("b.html", "乙市", sha256="2")]) == [
        ("report.removed", "甲市", 2023, "1", None)
    ]


def test_other_content_without_a_newer_date_is_a_silent_edit(refreshed):
    refreshed([FIRST], [received(5)])
    edited = document(sha256="2", published_on=ON)
    assert refreshed([edited], [received(6)]) == [
        ("cell.changed", "甲市", 2023, "5", "6"),
        ("report.edited", "甲市", 2023, "1", "2"),
    ]


def test_a_newer_date_makes_it_a_revision_and_the_old_version_may_stay(refreshed):
    refreshed([FIRST], [received(5)])
    revised = document("b.html", sha256="2", published_on=date(2024, 3, 1))
    assert refreshed([revised], [received(6, "b.html")]) == [
        ("cell.changed", "甲市", 2023, "5", "6"),
        ("report.revised", "甲市", 2023, "1", "2"),
    ]
    assert refreshed([revised, FIRST], [received(5), received(6, "b.html")]) == [
        ("report.version_added", "甲市", 2023, None, "1")
    ]
    assert refreshed([revised], [received(6, "b.html")]) == [
        ("report.version_removed", "甲市", 2023, "1", None)
    ]


def test_other_bytes_that_say_the_same_are_no_edit(refreshed):
    refreshed([FIRST], [received(5)])
    assert refreshed([document(sha256="2", published_on=ON)], [received(5)]) == [
        ("report.refetched", "甲市", 2023, "1", "2")
    ]


def test_a_moved_file_is_no_change_and_another_name_is_told(refreshed):
    refreshed([FIRST], [received(5)])
    moved = document("new/a.html", sha256="1", published_on=ON)
    assert refreshed([moved], [received(5, "new/a.html")]) == []
    named = document("new/a.html", "甲市人民政府", sha256="1", published_on=ON)
    assert refreshed([named], [received(5, "new/a.html")]) == [
        ("report.renamed", "甲市人民政府", 2023, "甲市 2023", "甲市人民政府 2023")
    ]


def test_what_is_read_otherwise_from_the_same_document_is_ours(refreshed):
    refreshed([FIRST], [received(5)])
    assert refreshed([FIRST], [received(None, "a.html")]) == [
        ("cell.reread", "甲市", 2023, "5", "blank")
    ]


def test_a_log_tells_its_number_of_items(refreshed):
    item = {"source": "l.csv", "place": "row 2", "agency": "甲市", "title": "t"}
    refreshed([], items=[item])
    assert refreshed([], items=[item, item | {"place": "row 3", "title": "u"}]) == [
        ("log.changed", "甲市", None, "1", "2")
    ]
    assert refreshed([], items=[item, item | {"place": "row 3", "title": "v"}]) == [
        ("log.changed", "甲市", None, "2", "2")
    ]


def test_changes_outlive_the_databases_that_are_thrown_away(refreshed):
    names = "乙丙丁戊己"
    documents = [FIRST]
    refreshed(documents)
    for name in names:
        documents = [*documents, document(f"{name}.html", name, sha256=name)]
        refreshed(documents)
    assert len(list(refreshed.folder.glob("zwgk_*.duckdb"))) == 3
    since = [row[1] for row in changes(refreshed.folder, "20260101")]
    assert sorted(since) == sorted(names)
    assert [row[1] for row in changes(refreshed.folder, "20260105T00")] == ["己"]
    with pytest.raises(UsageError, match=r"no such refresh; the last ones are .*20260106T00"):
        changes(refreshed.folder, "2025")
