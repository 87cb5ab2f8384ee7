"""Requests that reach public addresses only: each hop is resolved, checked, and connected there."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import httpx

from zwgk_analytics.collect.failures import RefusedError
from zwgk_analytics.collect.sources import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which to try them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class GuardedTransport(httpx.AsyncBaseTransport):
    """HTTP to checked addresses; the name is looked up once, so that it cannot change its mind.

    Args:
        allowed: private networks that may be asked all the same.
        look_up: how a name is resolved.
    """

    def __init__(self, allowed: Sequence[Network] = (), look_up: Resolve = resolve) -> None:
        self._allowed, self._look_up = allowed, look_up
        # no connection is kept: one made for a name must not serve another at the same address
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request.

        Raises:
            RefusedError: the address is not http(s), or a name leads to an address not allowed.
        """
        if request.url.scheme not in {"http", "https"}:
            raise RefusedError(f"{request.url}: only http and https are asked")
        name = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        error: httpx.ConnectError | None = None
        for address in await self._checked(name, port):
            try:
                return await self._inner.handle_async_request(_at(request, address, name))
            except httpx.ConnectError as failed:
                error = failed
        raise error or httpx.ConnectError(f"{name} has no address", request=request)

    async def _checked(self, name: str, port: int) -> list[str]:
        try:
            found = await self._look_up(name, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{name} is not found: {error}") from error
        for text in found:
            if not is_allowed(text, self._allowed):
                raise RefusedError(
                    f"{name} leads to {text}, which is not public; "
                    "list its network under allow_private: if it is meant"
                )
        return list(found)

    async def aclose(self) -> None:
        """Closes what is open."""
        await self._inner.aclose()


def is_allowed(text: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an address is public, by itself and by any address packed into it, or allowed."""
    address = ipaddress.ip_address(text)
    if any(address in network for network in allowed):
        return True
    return all(a.is_global and not a.is_multicast for a in (address, *_packed(address)))


def _packed(address: Address) -> list[Address]:
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [a for a in found if a is not None]


def _at(request: httpx.Request, address: str, name: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,  # Host is the name's
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": name},
    )
