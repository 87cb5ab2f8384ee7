import csv
import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import zwgk_analytics as zwgk
from tests.collect.server import QUICK, Reply, local
from tests.documents import report
from tests.test_cli import run as command
from zwgk_analytics.collect import run as module
from zwgk_analytics.collect.shelf import Shelf
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.store.discovery import discover
from zwgk_analytics.store.lock import locked


def counts(done):
    return done.new, done.changed, done.unchanged, done.vanished, done.failed


def listed(*paths):
    return Reply("".join(f"<li><a href={p}>年度报告</a> 2024-01-02</li>" for p in paths).encode())


def files(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def sidecar(path):
    return yaml.safe_load(path.with_name(f"{path.name}.yml").read_text("utf-8"))


@pytest.fixture
def reports(site):
    """A list of two reports, and the source that reads it."""
    site.pages |= {
        "/list": listed("/2023.html", "/2022.html"),
        "/2023.html": Reply(
            report(), headers={"ETag": '"1"', "Content-Type": "text/html; charset=iso-8859-1"}
        ),
        "/2022.html": Reply(report(year=2022)),
    }
    return {
        "name": "reports/jia",
        "lists": site.url("/list"),
        "text": "年度报告",
        "sidecar": {"agency": "甲市人民政府"},
    }


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "raw" / "reports" / "jia"


def one_file(folder, start):
    [path] = [p for p in folder.iterdir() if p.name.startswith(start) and p.suffix != ".yml"]
    return path


def test_listed_reports_come_with_their_sidecars(site, run, reports, folder):
    assert counts(run(reports)) == (2, 0, 0, 0, 0)
    path = one_file(folder, "2023-")
    assert path.read_bytes() == report()
    told = sidecar(path)
    assert told.pop("fetched_at")[:2] == "20"
    assert told == {
        "url": site.url("/2023.html"),
        "sha256": hashlib.sha256(report()).hexdigest(),
        "status": 200,
        "content_type": "text/html; charset=iso-8859-1",
        "etag": '"1"',
        "agency": "甲市人民政府",
    }
    assert len(files(folder)) == 4


def test_what_did_not_change_touches_no_file(run, reports, folder):
    run(reports)
    before = {p: p.stat().st_mtime_ns for p in folder.iterdir() if not p.name.startswith(".")}
    assert counts(run(reports)) == (0, 0, 2, 0, 0)
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert len(files(folder)) == len(before)


def test_the_second_time_is_asked_conditionally(site, run, reports):
    run(reports)
    run(reports)
    [first, second] = [h for path, h, _ in site.asked if path == "/2023.html"]
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"1"'


def test_a_changed_report_keeps_the_old_one_beside_and_the_newest_is_in_force(
    site, run, reports, folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
    run(reports)
    site.pages["/2023.html"] = Reply(report(received=9), headers={"ETag": '"2"'})
    done = run(reports)
    assert counts(done) == (0, 1, 1, 0, 0)
    names = [n for n in files(folder) if n.startswith("2023-") and not n.endswith(".yml")]
    old, new = names  # the order of names is that of time
    assert (folder / old).read_bytes() == report()
    assert (folder / new).read_bytes() == report(received=9)
    assert sidecar(folder / old)["replaced_at"] >= sidecar(folder / old)["fetched_at"]
    assert sidecar(folder / new)["etag"] == '"2"'
    assert done.notes == [f"changed: {site.url('/2023.html')} → reports/jia/{new}"]
    zwgk.refresh(tmp_path / "raw", tmp_path / "marts", progress=lambda *step: None)
    with zwgk.open_marts(tmp_path / "marts") as marts:
        rows = marts.application_handling().select("year", "received").rows()
        assert sorted(rows) == [(2022, 8), (2023, 9)]
        assert marts.reports(years=2023)["url"].to_list() == [site.url("/2023.html")]


def test_a_page_that_differs_only_unseen_is_unchanged(site, run, reports, folder):
    site.pages["/2022.html"] = Reply(b"<p>x</p><script>1</script><i id=views>7</i>")
    source = reports | {"ignore": "#views"}
    run(source)
    site.pages["/2022.html"] = Reply(b"<p>x</p><script>2</script><i id=views>8</i>")
    assert counts(run(source)) == (0, 0, 2, 0, 0)
    site.pages["/2022.html"] = Reply(b"<p>y</p><script>2</script><i id=views>8</i>")
    assert counts(run(source)) == (0, 1, 1, 0, 0)


def test_a_vanished_page_is_noted_once_and_its_file_kept(site, run, reports, folder):
    run(reports)
    site.pages["/list"] = listed("/2023.html")  # and the list has forgotten it too
    del site.pages["/2022.html"]
    done = run(reports)
    assert counts(done) == (0, 0, 1, 1, 0)
    path = one_file(folder, "2022-")
    assert done.notes == [
        f"vanished: {site.url('/2022.html')}: the server says 404; {path.name} is kept"
    ]
    assert path.read_bytes() == report(year=2022)
    assert "vanished_at" in sidecar(path)
    again = run(reports)
    assert (counts(again), again.notes) == ((0, 0, 1, 1, 0), [])
    site.pages["/2022.html"] = Reply(report(year=2022))
    assert counts(run(reports)) == (0, 0, 2, 0, 0)
    assert "vanished_at" not in sidecar(path)


def test_what_a_person_wrote_into_a_sidecar_stays(site, run, reports, folder):
    run(reports)
    path = one_file(folder, "2022-")
    beside = path.with_name(f"{path.name}.yml")
    beside.write_text(beside.read_text("utf-8") + "year: 2022\ncomment: 核对过\n", "utf-8")
    site.pages["/2022.html"] = Reply(report(year=2022, received=9))
    run(reports)
    told = sidecar(one_file(folder, f"{path.stem}.html"))
    assert (told["year"], told["comment"]) == (2022, "核对过")


def test_a_file_that_was_lost_is_fetched_again(run, reports, folder):
    run(reports)
    one_file(folder, "2023-").unlink()
    assert counts(run(reports)) == (1, 0, 1, 0, 0)


def test_a_failed_address_does_not_stop_the_rest(site, run, reports, folder):
    site.pages["/2023.html"] = Reply(status=500)
    done = run(reports)
    assert counts(done) == (1, 0, 0, 0, 1)
    assert done.notes[0].startswith(f"failed: {site.url('/2023.html')}: the server says 500")
    assert len(files(folder)) == 2
    site.pages["/2023.html"] = Reply(report())
    assert counts(run(reports)) == (1, 0, 1, 0, 0)


def test_a_page_that_comes_in_place_of_a_file_replaces_nothing(site, run, tmp_path):
    source = {"name": "r", "pages": site.url("/a.pdf")}
    site.pages["/a.pdf"] = Reply(b"%PDF-1.7 real")
    assert counts(run(source)) == (1, 0, 0, 0, 0)
    site.pages["/a.pdf"] = Reply(b"\xef\xbb\xbf\r\n<html>404</html>")
    done = run(source)
    assert counts(done) == (0, 0, 0, 0, 1)
    assert "a web page came in place of the .pdf file" in done.notes[0]
    assert one_file(tmp_path / "raw" / "r", "a-").read_bytes() == b"%PDF-1.7 real"
    assert not list((tmp_path / "raw" / "r").glob(".*.part"))


def test_attachments_come_with_the_particulars_of_their_page(site, run, tmp_path):
    site.pages |= {"/a.html": Reply(b"<a href=f/a.pdf>x</a>"), "/f/a.pdf": Reply(b"%PDF-1.7")}
    source = {
        "name": "r",
        "pages": [{"url": site.url("/a.html"), "year": 2020}],
        "attachments": True,
    }
    assert counts(run(source)) == (2, 0, 0, 0, 0)
    path = one_file(tmp_path / "raw" / "r", "a-" + _digest(site.url("/f/a.pdf")))
    assert (sidecar(path)["year"], sidecar(path)["url"]) == (2020, site.url("/f/a.pdf"))


def _digest(url):
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def test_old_versions_of_tables_are_no_second_log(site, run, tmp_path):
    source = {"name": "t", "reads": "tables", "pages": site.url("/log.csv")}
    site.pages["/log.csv"] = Reply("标题,发布日期\n甲,2020-01-01\n".encode("gb18030"))
    run(source)
    site.pages["/log.csv"] = Reply("标题,发布日期\n乙,2020-01-01\n".encode("gb18030"))
    assert counts(run(source)) == (0, 1, 0, 0, 0)
    [found] = discover(tmp_path / "raw")
    assert "乙" in found.path.read_bytes().decode("gb18030")
    [old] = (tmp_path / "raw" / "t" / ".versions").glob("*.csv")
    assert "甲" in old.read_bytes().decode("gb18030")


# logs


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in r.items() if k != "crawled_at"} for r in csv.DictReader(file)]


def test_a_log_grows_over_pages_and_runs(site, run, tmp_path):
    page = "<li><a href=/{0}>通知{0}</a> 2024-01-0{0}</li>"
    site.pages["/index.html"] = Reply((page.format(3) + page.format(2)).encode())
    site.pages["/index_1.html"] = Reply(page.format(1).encode())
    source = {
        "name": "logs/jia",
        "reads": "log",
        "lists": site.url("/index.html"),
        "paging": site.url("/index_{page}.html"),
        "sidecar": {"agency": "甲市人民政府"},
    }
    done = run(source)
    assert (counts(done), done.notes) == ((3, 0, 0, 0, 0), ["logs/jia: 3 new items, 0 changed"])
    path = tmp_path / "raw" / "logs" / "jia" / "jia.csv"
    assert rows(path)[0] == {
        "title": "通知3",
        "published_on": "2024-01-03",
        "url": site.url("/3"),
    }
    told = sidecar(path)
    assert (told["kind"], told["agency"]) == ("publication_log", "甲市人民政府")
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [f.source for f in discover(tmp_path / "raw")] == ["logs/jia/jia.csv"]
    before = path.stat().st_mtime_ns
    assert counts(run(source)) == (0, 0, 0, 0, 0)
    assert path.stat().st_mtime_ns == before
    # one moves on, one is corrected, the oldest falls off the list
    site.pages["/index.html"] = Reply((page.format(4) + page.format(3)).encode())
    site.pages["/index_1.html"] = Reply(page.format(2).replace("通知", "更正").encode())
    assert counts(run(source)) == (1, 1, 0, 0, 0)
    assert [r["title"] for r in rows(path)] == ["通知3", "更正2", "通知1", "通知4"]
    assert [r["title"] for r in rows(path.parent / ".versions" / "jia.csv")] == ["通知2"]


def test_a_collected_log_is_read_by_the_refresh(site, run, tmp_path):
    site.pages["/feed"] = Reply(
        "<rss version='2.0'><channel><item><title>通知</title><link>/1</link>"
        "<pubDate>Sun, 31 Dec 2023 16:30:00 GMT</pubDate></item></channel></rss>".encode()
    )
    run({"name": "log", "reads": "log", "format": "feed", "lists": site.url("/feed"),
         "sidecar": {"agency": "甲市人民政府"}})  # fmt: skip
    found = zwgk.extract(tmp_path / "raw" / "log" / "log.csv")
    [item] = found.rows("items")
    assert found.kind == "publication_log"
    assert (item["agency"], item["title"], str(item["published_on"]), item["url"]) == (
        "甲市人民政府",
        "通知",
        "2024-01-01",  # in China it was the new year
        site.url("/1"),
    )
    assert found.rows("problems") == []


def test_paging_ends_where_pages_repeat_or_end_or_hold_nothing(site, run):
    def source(name):
        return {"name": name, "reads": "log", "paging": site.url(f"/{name}/{{page}}")}

    item = Reply(b"<li><a href=/1>x</a> 2024-01-01</li>")
    other = Reply(b"<li><a href=/2>x</a> 2024-01-01</li>")
    site.pages |= {"/repeats/1": item, "/repeats/2": other, "/repeats/3": item}
    site.pages |= {"/ends/1": item, "/empty/1": item, "/empty/2": Reply(b"<p>none</p>")}
    done = run(source("repeats"), source("ends"), source("empty"))
    assert counts(done) == (4, 0, 0, 0, 0)
    assert set(site.paths()) == {
        *("/repeats/1", "/repeats/2", "/repeats/3", "/ends/1", "/ends/2", "/empty/1", "/empty/2")
    }


def test_a_first_page_that_is_not_there_is_a_failure(site, run):
    source = {"name": "a", "reads": "log", "paging": site.url("/none/{page}")}
    other = {"name": "b", "reads": "log", "lists": site.url("/no")}
    assert counts(run(source, other)) == (
        0, 0, 0, 0, 2,
    )  # fmt: skip


def test_next_links_are_followed_once_each(site, run):
    page = "<li><a href=/{0}>通知</a> 2024-01-01</li><a class=next href=/{1}>下一页</a>"
    site.pages |= {f"/{a}": Reply(page.format(f"i{a}", b).encode()) for a, b in ("ab", "bc", "ca")}
    source = {"name": "x", "reads": "log", "lists": site.url("/a"), "next": "a.next"}
    assert counts(run(source)) == (3, 0, 0, 0, 0)
    assert site.paths() == ["/a", "/b", "/c"]


def test_a_log_may_stop_at_what_is_known(site, run):
    pages = {
        f"/{n}": Reply(json.dumps([{"title": "t", "url": f"/i{n}"}]).encode()) for n in (1, 2, 3)
    }
    site.pages |= pages
    source = {"name": "x", "reads": "log", "format": "json", "paging": site.url("/{page}"),
              "stop_at_known": True, "key": "url"}  # fmt: skip
    assert counts(run(source)) == (3, 0, 0, 0, 0)
    site.asked.clear()
    run(source)
    assert site.paths() == ["/1"]


def test_a_list_in_another_form_than_told_is_a_failure(site, run):
    site.pages["/a"] = Reply(b"<html>maintenance</html>")
    done = run({"name": "x", "reads": "log", "format": "json", "lists": site.url("/a")})
    assert counts(done) == (0, 0, 0, 0, 1)
    assert done.notes[0].startswith(f"failed: source x: {site.url('/a')}: no JSON")


# safety


def test_a_link_to_a_private_address_is_refused_and_the_rest_goes_on(site, run, reports):
    site.pages["/list"] = listed("/2023.html", "http://intranet.example.gov.cn/a.html")
    done = run(reports)
    assert counts(done) == (1, 0, 0, 0, 1)
    assert "leads to 10.0.0.7, which is not public" in done.notes[-1]


def test_private_addresses_are_refused_unless_listed(site, run, reports):
    done = run(reports, allow=())
    assert counts(done) == (0, 0, 0, 0, 1)
    assert "leads to 127.0.0.1, which is not public" in done.notes[0]
    assert site.asked == []


def test_a_name_from_a_server_stays_in_its_folder(site, run, tmp_path):
    long = "/" + "%E9%95%BF" * 300 + ".html"
    paths = ["/..%2f..%2fevil.html", "/a/%00.html", long, "/.hidden.html", "/" + "x" * 300]
    site.pages |= {path: Reply(b"<p>x</p>") for path in paths}
    done = run({"name": "r", "pages": [site.url(path) for path in paths]})
    assert counts(done) == (5, 0, 0, 0, 0)
    assert {p.parent for p in tmp_path.rglob("*.html")} == {tmp_path / "raw" / "r"}
    assert not [n for n in files(tmp_path / "raw" / "r") if n.startswith(".")]


def test_two_collections_do_not_fill_one_folder(run, reports, tmp_path):
    with locked(tmp_path / "raw" / ".collect" / "lock"), pytest.raises(ZwgkError, match="another"):
        run(reports)


# resuming


def test_a_run_that_was_killed_is_taken_up_where_it_stopped(site, tmp_path):
    paths = [f"/{n}.html" for n in range(12)]
    site.pages |= {path: Reply(b"<p>x</p>" + path.encode()) for path in paths}
    site.pages["/list"] = listed(*paths)
    told = {
        "allow_private": ["127.0.0.1"],
        "sources": [{"name": "r", "lists": site.url("/list", "127.0.0.1")}],
    }
    sources = tmp_path / "sources.yml"
    sources.write_text(yaml.safe_dump(told), "utf-8")
    code = (
        "from pathlib import Path; from zwgk_analytics.collect.run import *\n"
        f"collect(Path({str(sources)!r}), Path({str(tmp_path / 'raw')!r}), "
        "limits=Limits(pause=0.2))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen([sys.executable, "-c", code], env=environment)
    until = time.monotonic() + 60
    while len(site.paths()) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.wait()
    asked = site.paths()
    assert 5 <= len(asked) < 13
    site.asked.clear()
    done = module.collect(sources, tmp_path / "raw", limits=QUICK, look_up=local)
    assert done.failed == 0
    assert len(files(tmp_path / "raw" / "r")) == 24
    # the one that was under way is asked again, no other one
    assert len(set(asked) & set(site.paths())) <= 1
    site.asked.clear()
    module.collect(sources, tmp_path / "raw", limits=QUICK, look_up=local)
    assert len(site.paths()) == 13  # a run that ended is not resumed


@pytest.mark.parametrize("step", ["_write_sidecar", "_append"])
def test_a_file_that_came_right_before_the_end_gets_its_sidecar(
    run, reports, folder, monkeypatch, step
):
    def end(self, known, *_, **__):
        if known.file.startswith("2023-"):
            raise OSError(28, "killed")

    with monkeypatch.context() as patch:
        patch.setattr(Shelf, step, end)
        with pytest.raises(OSError, match="killed"):
            run(reports)
    assert one_file(folder, "2023-").exists()
    run(reports)
    told = sidecar(one_file(folder, "2023-"))
    assert told["sha256"] == hashlib.sha256(report()).hexdigest()
    assert told["fetched_at"][:2] == "20" and told["agency"] == "甲市人民政府"


def test_a_page_that_vanished_right_before_the_end_is_noted_beside_it(
    site, run, reports, folder, monkeypatch
):
    def end(*_):
        raise OSError(28, "killed")

    run(reports)
    site.pages["/2023.html"] = Reply(b"", status=404)
    with monkeypatch.context() as patch:
        patch.setattr("zwgk_analytics.collect.shelf.write_sidecar", end)
        with pytest.raises(OSError, match="killed"):
            run(reports)
    run(reports)
    assert sidecar(one_file(folder, "2023-"))["vanished_at"][:2] == "20"


def test_a_broken_ledger_costs_one_more_request_and_no_file(run, reports, folder):
    run(reports)
    ledger = folder / ".collected.jsonl"
    ledger.write_text(ledger.read_text("utf-8")[:-30] + "\n", "utf-8")
    before = files(folder)
    assert counts(run(reports)) == (0, 0, 2, 0, 0)
    assert files(folder) == before


def test_a_full_disk_is_told(run, reports, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr("zwgk_analytics.collect.shelf.flush", full)
    with pytest.raises(OSError, match="No space left"):
        run(reports)


def test_the_command_line_tells_what_became_of_it(capsys, site, reports, tmp_path, monkeypatch):
    monkeypatch.setattr("zwgk_analytics.collect.run.Limits", lambda: replace(QUICK))
    monkeypatch.setattr("zwgk_analytics.collect.fetch.Limits", lambda: replace(QUICK))
    at = {k: v.replace("www.example.gov.cn", "127.0.0.1") if isinstance(v, str) else v
          for k, v in reports.items()}  # fmt: skip
    path = tmp_path / "sources.yml"
    path.write_text(yaml.safe_dump({"allow_private": "127.0.0.1", "sources": [at]}), "utf-8")
    code, out, err = command(capsys, "collect", path, "--raw", tmp_path / "raw")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "2 new, 0 changed, 0 unchanged, 0 vanished, 0 failed"
    site.pages["/2022.html"] = Reply(status=403)
    code, out, _ = command(capsys, "collect", path, "--raw", tmp_path / "raw")
    assert code == 2
    assert out.splitlines()[-1] == "0 new, 0 changed, 1 unchanged, 0 vanished, 1 failed"
    assert command(capsys, "collect", Path("no.yml"), "--raw", tmp_path / "raw")[0] == 1
