import io
import json
import zipfile

import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from zwgk_analytics.cli import main
from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.bundles import extract_member, members

QUIET = {"progress": lambda *step: None}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


REPORTS = {
    "2023/甲市.docx": report(media="docx"),
    "2023/乙市.html": report("乙市人民政府", received=7),
    "2023/乙市.yml": b"url: http://yi.example/2023",
    "日志.csv": LOG.encode("gb18030"),
    "README.txt": "说明".encode(),
}


@pytest.fixture
def bundle(tmp_path):
    path = tmp_path / "raw" / "年报.zip"
    path.parent.mkdir()
    path.write_bytes(zipped(REPORTS))
    return path


@pytest.fixture(autouse=True)
def no_suites(monkeypatch):
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


def test_readme_and_sidecars_are_no_documents(bundle):
    assert [m.name for m in members(bundle)] == ["2023/甲市.docx", "2023/乙市.html", "日志.csv"]


def test_a_document_kept_as_zip_is_no_bundle(tmp_path):
    (tmp_path / "a.docx").write_bytes(report(media="docx"))
    (tmp_path / "a.html").write_bytes(report())
    assert members(tmp_path / "a.docx") is None
    assert members(tmp_path / "a.html") is None


def test_a_bundle_without_documents_or_cut_short_is_refused(tmp_path):
    (tmp_path / "none.zip").write_bytes(zipped({"README.md": b"x"}))
    (tmp_path / "cut.zip").write_bytes(zipped(REPORTS)[:-200])
    for name, code in (("none.zip", "empty"), ("cut.zip", "damaged")):
        with pytest.raises(ReadError) as error:
            members(tmp_path / name)
        assert error.value.code == code


def test_a_member_is_read_as_a_file_of_its_own_with_the_sidecars_of_both(bundle):
    bundle.with_suffix(".yml").write_text(
        "title: 汇编\nurl: http://all.example\n", encoding="utf-8"
    )
    inner = extract_member(bundle, "2023/乙市.html", source="年报.zip/2023/乙市.html")
    assert (inner.agency, inner.year, inner.kind) == ("乙市人民政府", 2023, "annual_report")
    assert inner.url == "http://yi.example/2023"
    other = extract_member(bundle, "2023/甲市.docx", source="s")
    assert (other.agency, other.url) == ("甲市人民政府", "http://all.example")
    assert {row["source"] for row in other.rows("cells")} == {"s"}
    gone = extract_member(bundle, "x.docx", source="s")
    assert (gone.kind, gone.reason) == ("unknown", "changed")


def test_extract_prints_an_object_a_document(bundle, capsys):
    with pytest.raises(SystemExit) as left:
        main(["extract", str(bundle)])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert not left.value.code
    assert [(t["source"], t["kind"], t["agency"]) for t in told] == [
        ("年报.zip/2023/甲市.docx", "annual_report", "甲市人民政府"),
        ("年报.zip/2023/乙市.html", "annual_report", "乙市人民政府"),
        ("年报.zip/日志.csv", "publication_log", None),
    ]


def refresh(bundle):
    done = zwgk.refresh(bundle.parent, bundle.parents[1] / "marts", **QUIET)
    with zwgk.open_marts(bundle.parents[1] / "marts") as opened:
        reports = opened.reports().select("source", "agency").rows()
        quarantined = opened.quarantine().select("source", "reason").rows()
    return (
        (done.documents_read, done.documents_unchanged, done.documents_removed),
        reports,
        quarantined,
    )


def test_only_what_changed_in_a_bundle_is_read_again(bundle):
    both = [
        ("年报.zip/2023/乙市.html", "乙市人民政府"),
        ("年报.zip/2023/甲市.docx", "甲市人民政府"),
    ]
    assert refresh(bundle) == ((3, 0, 0), both, [])
    assert refresh(bundle) == ((0, 3, 0), both, [])
    bundle.write_bytes(zipped({**REPORTS, "2023/乙市.html": b""}))
    assert refresh(bundle) == ((1, 2, 0), both[1:], [("年报.zip/2023/乙市.html", "empty")])
    bundle.write_bytes(zipped({"2023/甲市.docx": REPORTS["2023/甲市.docx"]}))
    assert refresh(bundle) == ((0, 1, 2), both[1:], [])
    bundle.write_bytes(zipped(REPORTS)[:-200])
    _counts, reports, [(source, reason)] = refresh(bundle)
    assert (reports, source, reason) == ([], "年报.zip", "damaged")
    bundle.unlink()
    assert refresh(bundle) == ((0, 0, 1), [], [])
