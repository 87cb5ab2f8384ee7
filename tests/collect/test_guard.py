import asyncio
import ipaddress

import httpx
import pytest

from tests.collect.server import Reply
from zwgk_analytics.collect.failures import RefusedError
from zwgk_analytics.collect.guard import GuardedTransport, is_allowed

HERE = [ipaddress.ip_network("127.0.0.1")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1",
        "fe80::1%eth0",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_a_public_address_is_allowed(address):
    assert is_allowed(address)


def test_a_network_that_is_listed_is_allowed():
    networks = [ipaddress.ip_network("10.1.0.0/16")]
    assert is_allowed("10.1.2.3", networks)
    assert not is_allowed("10.2.2.3", networks)


def get(url, look_up, allowed=()):
    async def ask():
        transport = GuardedTransport(allowed, look_up)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.get(url)

    return asyncio.run(ask())


def answers(*given):
    """A resolver that gives one list of addresses after the other, and notes the names."""
    waiting, names = list(given), []

    async def look_up(host, port):
        names.append(host)
        return waiting.pop(0)

    return look_up, names


def test_the_connection_goes_to_the_address_that_was_checked(site):
    site.pages["/a"] = Reply(b"here")
    # a second look-up would lead elsewhere: there must be none
    look_up, names = answers(["127.0.0.1"])
    answer = get(site.url("/a", "rebind.example.gov.cn"), look_up, HERE)
    assert (answer.text, names) == ("here", ["rebind.example.gov.cn"])
    [(_, headers, _)] = site.asked
    assert headers["host"] == f"rebind.example.gov.cn:{site.port}"


def test_one_private_address_among_public_ones_is_refused(site):
    look_up, _ = answers(["1.1.1.1", "127.0.0.1"])
    with pytest.raises(RefusedError, match=r"leads to 127\.0\.0\.1, which is not public"):
        get(site.url("/a"), look_up)
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "localhost"])
def test_no_spelling_of_this_machine_passes(site, host):
    from zwgk_analytics.collect.guard import resolve

    with pytest.raises((RefusedError, httpx.ConnectError)):
        get(site.url("/a", host), resolve)
    assert site.asked == []


def test_the_next_address_is_tried_where_one_does_not_answer(site):
    site.pages["/a"] = Reply(b"here")
    look_up, _ = answers(["127.0.0.2", "127.0.0.1"])
    assert get(site.url("/a"), look_up, [ipaddress.ip_network("127.0.0.0/8")]).text == "here"


def test_only_http_and_https_are_asked():
    with pytest.raises((RefusedError, httpx.UnsupportedProtocol)):
        get("ftp://www.example.gov.cn/a", answers(["1.1.1.1"])[0])


def test_an_address_of_the_sixth_version_is_written_into_the_request():
    from zwgk_analytics.collect.guard import _at

    request = httpx.Request("GET", "https://www.example.gov.cn:8443/a?b=1")
    moved = _at(request, "2606:4700::1", "www.example.gov.cn")
    assert str(moved.url) == "https://[2606:4700::1]:8443/a?b=1"
    assert moved.headers["Host"] == "www.example.gov.cn:8443"
    assert moved.extensions["sni_hostname"] == "www.example.gov.cn"
