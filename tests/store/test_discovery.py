import os

from zwgk_analytics.store.discovery import RawFile, Skipped, discover


def sources(raw):
    return [f.source for f in discover(raw) if isinstance(f, RawFile)]


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_documents_are_found_below_every_folder_in_order(tmp_path):
    put(tmp_path, "b.html", "报告/a.pdf", "logs/2024/x.csv.gz")
    assert sources(tmp_path) == ["b.html", "logs/2024/x.csv.gz", "报告/a.pdf"]


def test_what_is_no_document_is_left_out(tmp_path):
    put(
        tmp_path,
        "a.pdf",
        ".hidden.pdf",
        ".git/config",
        "README.md",
        "logs/README",
        "~$a.docx",
        "registers/filers.csv",
    )
    assert sources(tmp_path) == ["a.pdf"]


def test_a_register_folder_deeper_down_is_no_register(tmp_path):
    put(tmp_path, "logs/registers/a.csv")
    assert sources(tmp_path) == ["logs/registers/a.csv"]


def test_marts_below_raw_are_not_read(tmp_path):
    put(tmp_path, "raw/a.pdf", "marts/zwgk.duckdb", "marts/store/lock", "marts/store/b.parquet")
    assert sources(tmp_path) == ["raw/a.pdf"]


def test_a_sidecar_belongs_to_its_document(tmp_path):
    put(tmp_path, "a.pdf", "a.yml", "b.csv.gz", "b.csv.gz.yml", "alone.yml")
    found = {f.source: f for f in discover(tmp_path)}
    assert sorted(found) == ["a.pdf", "alone.yml", "b.csv.gz"]
    assert found["a.pdf"].sidecar == tmp_path / "a.yml"
    assert found["a.pdf"].size == len("a.pdf") + len("a.yml")
    assert found["b.csv.gz"].sidecar == tmp_path / "b.csv.gz.yml"


def test_links_are_told_and_not_followed(tmp_path):
    raw, other = tmp_path / "raw", tmp_path / "other"
    put(raw, "a.pdf")
    put(other, "secret.pdf")
    (raw / "file.pdf").symlink_to(other / "secret.pdf")
    (raw / "folder").symlink_to(other)
    (raw / "loop").symlink_to(raw)
    (raw / "broken.pdf").symlink_to(raw / "gone.pdf")
    found = list(discover(raw))
    assert sources(raw) == ["a.pdf"]
    told = {f.source: f.reason for f in found if isinstance(f, Skipped)}
    assert told == dict.fromkeys(["file.pdf", "folder", "loop", "broken.pdf"], "link")


def test_a_pipe_is_told_and_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert [f.reason for f in discover(tmp_path)] == ["special"]


def test_a_name_that_cannot_be_shown_is_written_out(tmp_path):
    for name in (b"\xff.html", b"\xfe.html", "两\n行\x1b.html".encode()):
        os.close(os.open(os.fsencode(tmp_path) + b"/" + name, os.O_CREAT))
    assert set(sources(tmp_path)) == {"\\xff.html", "\\xfe.html", "两\\n行\\x1b.html"}


def test_what_vanishes_meanwhile_is_passed_over(tmp_path):
    put(tmp_path, "a.pdf", "b.pdf")
    found = discover(tmp_path)
    assert next(found).source == "a.pdf"
    (tmp_path / "b.pdf").unlink()
    assert list(found) == []


def test_a_folder_that_cannot_be_opened_is_told(tmp_path, monkeypatch):
    put(tmp_path, "a.pdf", "locked/b.pdf")
    real = os.scandir

    def guarded(path):  # modes do not bind every user
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", guarded)
    told = [f for f in discover(tmp_path) if isinstance(f, Skipped)]
    assert [(f.source, f.reason) for f in told] == [("locked", "unreadable")]


def test_a_replaced_file_with_its_old_time_shows(tmp_path):
    put(tmp_path, "a.pdf")
    before = (tmp_path / "a.pdf").stat()
    first = next(discover(tmp_path))
    (tmp_path / "a.pdf").write_text("A.PDF")
    os.utime(tmp_path / "a.pdf", ns=(before.st_atime_ns, before.st_mtime_ns))
    second = next(discover(tmp_path))
    assert (first.size, first.changed_ns) != (second.size, second.changed_ns)
