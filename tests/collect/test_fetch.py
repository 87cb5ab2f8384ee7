import asyncio
import gzip
import hashlib
import ipaddress
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.collect.server import QUICK, Reply, local
from zwgk_analytics.collect.failures import FetchError, RefusedError, VanishedError
from zwgk_analytics.collect.fetch import Fetcher
from zwgk_analytics.collect.guard import GuardedTransport

HERE = [ipaddress.ip_network("127.0.0.1")]


def fetch(into, *urls, limits=QUICK, contact=None, known=None, at_once=False):
    """The answers for `urls`, asked one after the other or all at once; an error is the answer."""

    async def ask():
        async with Fetcher(GuardedTransport(HERE, local), contact, limits) as fetcher:
            tasks = [fetcher.get(u, into / f"{i}.part", known or {}) for i, u in enumerate(urls)]
            if at_once:
                return await asyncio.gather(*tasks, return_exceptions=True)
            return [(await asyncio.gather(task, return_exceptions=True))[0] for task in tasks]

    return asyncio.run(ask())


def one(into, url, **more):
    [answer] = fetch(into, url, **more)
    if isinstance(answer, BaseException):
        assert list(into.iterdir()) == []  # nothing is left of what failed
        raise answer
    return answer


def test_the_bytes_and_what_the_server_says_of_them(site, tmp_path):
    headers = {"ETag": '"a1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    site.pages["/a"] = Reply(b"\xc4\xea", headers=headers | {"Content-Type": "text/html"})
    answer = one(tmp_path, site.url("/a"), contact="https://www.example.gov.cn/us")
    assert (tmp_path / "0.part").read_bytes() == b"\xc4\xea"
    assert answer.sha256 == hashlib.sha256(b"\xc4\xea").hexdigest()
    assert (answer.status, answer.etag, answer.content_type) == (200, '"a1"', "text/html")
    assert answer.last_modified == headers["Last-Modified"]
    assert site.asked[-1][1]["user-agent"] == "zwgk-analytics/1 (+https://www.example.gov.cn/us)"


def test_what_did_not_change_is_not_sent_again(site, tmp_path):
    site.pages["/a"] = Reply(b"x", headers={"ETag": '"a1"'})
    since = "Mon, 01 Jan 2024 00:00:00 GMT"
    answer = one(tmp_path, site.url("/a"), known={"etag": '"a1"', "last_modified": since})
    assert (answer.status, answer.sha256) == (304, None)
    assert site.asked[-1][1]["if-modified-since"] == since
    assert list(tmp_path.iterdir()) == []


def test_an_answer_of_nothing_new_that_was_not_asked_for_is_an_error(site, tmp_path):
    site.pages["/a"] = Reply(status=304)
    with pytest.raises(FetchError, match="304, but was asked for everything"):
        one(tmp_path, site.url("/a"))


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")


def cut_off_chunks(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"4\r\nhalf\r\n")


def dripping(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_headers(handler):
    for _ in range(100):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler):
    time.sleep(2)


def no_http(handler):
    handler.wfile.write(b"\x00\x01 not a server\r\n\r\n")


def packed(data):
    return Reply(data, headers={"Content-Encoding": "gzip"})


FAULTS = {
    "500": Reply(status=500),
    "503": Reply(status=503, headers={"Retry-After": "0"}),
    "429": Reply(status=429),
    "cut off": Reply(write=cut_off),
    "cut off in chunks": Reply(write=cut_off_chunks),
    "silent": Reply(write=silent),
    "no http": Reply(write=no_http),
    "packed and cut off": packed(gzip.compress(b"x" * 100)[:-9]),
    "packed and damaged": packed(b"\x1f\x8b\x08\x00nothing of the kind"),
    "bytes behind the packed": packed(gzip.compress(b"x") + b"more"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_met_by_the_next_attempt(site, tmp_path, fault):
    site.pages["/a"] = [FAULTS[fault], Reply(b"whole")]
    one(tmp_path, site.url("/a"))
    assert (tmp_path / "0.part").read_bytes() == b"whole"
    assert site.paths() == ["/a", "/a"]


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "silent"])
def test_a_fault_that_stays_is_told_and_leaves_nothing(site, tmp_path, fault):
    site.pages["/a"] = FAULTS[fault]
    with pytest.raises(FetchError, match=r"/a: .* \(3 attempts\)"):
        one(tmp_path, site.url("/a"))
    assert site.paths() == ["/a"] * 3


@pytest.mark.parametrize("slow", [dripping, dripping_headers, silent])
def test_a_server_that_drips_is_given_up_in_time(site, tmp_path, slow):
    site.pages["/a"] = Reply(write=slow)
    limits = replace(QUICK, attempts=1, seconds=0.4)
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"no whole answer within 0\.4 s|ReadTimeout"):
        one(tmp_path, site.url("/a"), limits=limits)
    assert time.monotonic() - started < 2


def test_each_attempt_waits_longer(site, tmp_path):
    site.pages["/a"] = Reply(status=500)
    with pytest.raises(FetchError):
        one(tmp_path, site.url("/a"), limits=replace(QUICK, back_off=0.1))
    times = [t for path, _, t in site.asked if path == "/a"]
    assert times[1] - times[0] >= 0.1
    assert times[2] - times[1] >= 0.2


def test_a_server_that_asks_for_too_long_a_pause_is_left_for_later(site, tmp_path):
    site.pages["/a"] = Reply(status=503, headers={"Retry-After": "3600"})
    with pytest.raises(FetchError, match=r"503 \(1 attempts\)"):
        one(tmp_path, site.url("/a"))


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_told_apart(site, tmp_path, status):
    site.pages["/a"] = Reply(status=status)
    with pytest.raises(VanishedError, match=f"the server says {status}"):
        one(tmp_path, site.url("/a"))
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("status", [202, 301, 400, 401, 403, 412])
def test_any_other_answer_is_an_error_at_once(site, tmp_path, status):
    site.pages["/a"] = Reply(b"<p>no</p>", status=status)
    with pytest.raises(FetchError, match=f"the server says {status}"):
        one(tmp_path, site.url("/a"))
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_body_beyond_the_limit_is_not_read_to_its_end(site, tmp_path, is_packed):
    flood = b"\0" * 200_000_000 if is_packed else b"x" * 100_001
    site.pages["/a"] = packed(gzip.compress(flood)) if is_packed else Reply(flood)
    with pytest.raises(FetchError, match="larger than 100,000 bytes"):
        one(tmp_path, site.url("/a"))
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 99_999, 100_000])
def test_a_packed_body_comes_whole(site, tmp_path, size):
    site.pages["/a"] = packed(gzip.compress(b"z" * size))
    one(tmp_path, site.url("/a"))
    assert (tmp_path / "0.part").read_bytes() == b"z" * size


def moved(to):
    return Reply(status=302, headers={"Location": to})


def test_five_redirects_are_followed_and_no_more(site, tmp_path):
    for number in range(6):
        site.pages[f"/{number}"] = moved(f"/{number + 1}")
    site.pages["/6"] = Reply(b"there")
    answer = one(tmp_path, site.url("/1"))
    assert answer.url == site.url("/6")
    (tmp_path / "0.part").unlink()
    with pytest.raises(FetchError, match="more than 5 redirects"):
        one(tmp_path, site.url("/0"))


def test_a_redirect_in_a_circle_ends(site, tmp_path):
    site.pages["/a"] = moved("/b")
    site.pages["/b"] = moved("/a")
    with pytest.raises(FetchError, match="more than 5 redirects"):
        one(tmp_path, site.url("/a"))


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("http://intranet.example.gov.cn/a", r"leads to 10\.0\.0\.7"),
        ("file:///etc/passwd", "only http and https|UnsupportedProtocol"),
        ("ftp://www.example.gov.cn/a", "only http and https|UnsupportedProtocol"),
    ],
)
def test_every_hop_of_a_redirect_is_checked(site, tmp_path, to, told):
    site.pages["/a"] = moved(to)
    with pytest.raises(RefusedError, match=told):
        one(tmp_path, site.url("/a"))


def test_what_robots_txt_closes_is_not_asked(site, tmp_path):
    rules = "User-agent: *\nDisallow: /private/\nDisallow: /*.pdf$\nAllow: /private/open\n"
    site.pages["/robots.txt"] = Reply(rules.encode())
    site.pages["/private/open"] = site.pages["/b.pdf.html"] = Reply(b"yes")
    site.pages["/moved"] = moved("/private/a")
    paths = ("/private/a", "/b.pdf", "/private/open", "/b.pdf.html", "/moved")
    closed, pdf, opened, html, hop = fetch(tmp_path, *map(site.url, paths))
    for refused in (closed, pdf, hop):
        assert isinstance(refused, RefusedError)
        assert "closed to us by http://www.example.gov.cn" in str(refused)
    assert (opened.status, html.status) == (200, 200)
    assert site.paths() == ["/private/open", "/b.pdf.html", "/moved"]
    assert [path for path, *_ in site.asked].count("/robots.txt") == 1


def test_rules_for_us_by_name_count(site, tmp_path):
    rules = b"User-agent: *\nDisallow: /\nUser-agent: zwgk-analytics\nDisallow: /no\n"
    site.pages["/robots.txt"] = Reply(rules)
    site.pages["/yes"] = Reply(b"yes")
    yes, no = fetch(tmp_path, site.url("/yes"), site.url("/no"))
    assert (yes.status, type(no)) == (200, RefusedError)


@pytest.mark.parametrize("status", [403, 404])
def test_no_robots_txt_is_no_rule(site, tmp_path, status):
    site.pages |= {"/robots.txt": Reply(status=status), "/a": Reply(b"x")}
    assert one(tmp_path, site.url("/a")).status == 200


def test_a_robots_txt_that_cannot_be_had_closes_the_site_for_now(site, tmp_path):
    site.pages |= {"/robots.txt": Reply(status=500), "/a": Reply(b"x")}
    with pytest.raises(FetchError, match=r"robots\.txt: the server says 500"):
        one(tmp_path, site.url("/a"))
    assert site.paths() == []


def test_a_page_of_any_size_in_place_of_robots_txt_is_no_rule(site, tmp_path):
    site.pages |= {"/robots.txt": Reply(b"<html>" + b"x" * 600_000), "/a": Reply(b"x")}
    assert one(tmp_path, site.url("/a")).status == 200


def test_a_host_is_asked_once_a_second_and_hosts_side_by_side(site, tmp_path):
    site.pages |= {"/a": Reply(b"x"), "/b": Reply(b"x")}
    limits = replace(QUICK, pause=0.3)
    hosts = [f"{n}.example.gov.cn" for n in range(4)]
    urls = [site.url(path, host) for host in hosts for path in ("/a", "/b")]
    started = time.monotonic()
    answers = fetch(tmp_path, *urls, limits=limits, at_once=True)
    assert [a.status for a in answers] == [200] * 8
    assert time.monotonic() - started < 8 * 0.3
    for host in hosts:
        times = [t for _, h, t in site.asked if h["host"].startswith(host)]
        assert len(times) == 3
        assert min(b - a for a, b in pairwise(times)) > 0.2


def test_a_longer_pause_that_robots_txt_asks_for_is_kept(site, tmp_path):
    site.pages |= {"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 0.2"), "/a": Reply(b"x")}
    fetch(tmp_path, site.url("/a"), site.url("/a"))
    times = [t for path, _, t in site.asked if path == "/a"]
    assert times[1] - times[0] > 0.15


def test_a_host_that_fails_again_and_again_is_left_alone(site, tmp_path):
    site.pages |= {f"/{n}": Reply(status=500) for n in range(9)}
    site.pages["/ok"] = Reply(b"x")
    answers = fetch(
        tmp_path, *[site.url(f"/{n}") for n in range(9)], site.url("/ok", "two.example.gov.cn")
    )
    assert len(site.paths()) == 3 * QUICK.attempts + 1
    assert "has failed too often" in str(answers[3])
    assert answers[-1].status == 200


def test_a_name_that_nobody_knows_is_told(tmp_path):
    async def unknown(host, port):
        raise OSError("Name or service not known")

    async def ask():
        async with Fetcher(GuardedTransport((), unknown), None, QUICK) as fetcher:
            await fetcher.get("http://nowhere.example.gov.cn/a", tmp_path / "a", {})

    with pytest.raises(FetchError, match=r"nowhere\.example\.gov\.cn is not found"):
        asyncio.run(ask())
