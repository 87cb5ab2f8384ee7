"""One address → its bytes in a file: politely, patiently, and within limits."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import httpx
from protego import Protego

from zwgk_analytics.collect.body import save
from zwgk_analytics.collect.failures import FetchError, PassingError, RefusedError, VanishedError

AGENT: Final = "zwgk-analytics"
_GONE: Final = {404, 410}
_PASSING: Final = {408, 425, 429, 500, 502, 503, 504}
_ROBOTS_BYTES: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may take, and how its host is spared."""

    bytes: int = 50 * 1024 * 1024
    redirects: int = 5
    attempts: int = 4
    seconds: float = 120.0  # one attempt, however slowly the bytes drip
    pause: float = 1.0  # between the starts of two requests to a host
    back_off: float = 2.0  # before the second attempt; doubled for each further one
    longest_pause: float = 60.0  # of what a server may ask for
    failures: int = 3  # in a row; then the host is left alone until the next run


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from an address; `sha256` is None where nothing changed since the last time."""

    url: str
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    sha256: str | None


class Fetcher:
    """Fetches addresses; one host is asked once a second, different hosts at the same time."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        contact: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        agent = f"{AGENT}/1 (+{contact})" if contact else f"{AGENT}/1"
        self._client = httpx.AsyncClient(
            transport=transport,
            trust_env=False,
            timeout=min(30.0, self.limits.seconds),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
        )
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: dict[str, float] = {}
        self._rules: dict[str, Protego] = {}
        self._failures: Counter[str] = Counter()
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Closes every connection."""
        await self._client.aclose()

    async def get(self, url: str, into: Path, known: Mapping[str, str | None]) -> Answer:
        """Writes what is at `url` to the file `into`, unless it is as `known` says.

        Args:
            url: the address.
            into: a file aside; after an error, or when nothing changed, it is not there.
            known: `etag` and `last_modified` of the last time.

        Raises:
            VanishedError: the server says that it is not there.
            RefusedError: the address, or one that it redirects to, must not be asked.
            FetchError: it could not be had after every attempt, or is beyond the limits.
        """
        headers = _conditions(known)
        try:
            with into.open("wb") as sink:
                answer = await self._patiently(url, sink, headers)
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        if answer.sha256 is None:
            into.unlink()
            if not headers:
                raise FetchError(f"{url}: the server says 304, but was asked for everything")
        return answer

    async def _patiently(self, url: str, sink: BinaryIO, headers: dict[str, str]) -> Answer:
        host, wait = self._request(url, {}).url.host, self.limits.back_off
        if self._failures[host] >= self.limits.failures:
            raise FetchError(f"{url}: not asked, {host} has failed too often; run it again later")
        for attempt in range(1, self.limits.attempts + 1):
            try:
                answer = await self._follow(url, sink, headers)
            except PassingError as error:
                if attempt == self.limits.attempts or error.wait > self.limits.longest_pause:
                    self._failures[host] += 1
                    raise FetchError(f"{url}: {error} ({attempt} attempts)") from error
                await asyncio.sleep(max(wait, error.wait))
                wait *= 2
            else:
                self._failures[host] = 0
                return answer
        raise AssertionError("there is at least one attempt")

    async def _follow(self, url: str, sink: BinaryIO, headers: dict[str, str]) -> Answer:
        request = self._request(url, headers)
        for _ in range(self.limits.redirects + 1):
            await self._obey(request.url)
            done = await self._send(request, sink, self.limits.bytes)
            if isinstance(done, Answer):
                return done
            request = done
        raise FetchError(
            f"{url}: more than {self.limits.redirects} redirects, the last to {request.url}"
        )

    def _request(self, url: str, headers: dict[str, str]) -> httpx.Request:
        try:
            return self._client.build_request("GET", url, headers=headers)
        except httpx.InvalidURL as error:
            raise FetchError(f"{url}: no address: {error}") from error

    async def _send(
        self, request: httpx.Request, sink: BinaryIO, most: int
    ) -> Answer | httpx.Request:
        """The answer, its body in `sink`; or the request that it redirects to."""
        pause = self._pause(request.url)
        async with self._turn(request.url.host, pause):
            try:
                async with asyncio.timeout(self.limits.seconds):
                    return await self._receive(request, sink, most)
            except TimeoutError as error:
                raise PassingError(f"no whole answer within {self.limits.seconds:g} s") from error
            except httpx.TransportError as error:
                raise PassingError(f"{type(error).__name__}: {error}") from error

    async def _receive(
        self, request: httpx.Request, sink: BinaryIO, most: int
    ) -> Answer | httpx.Request:
        response = await self._client.send(request, stream=True)
        try:
            if response.next_request is not None:
                return response.next_request
            url = str(request.url)
            _refuse_status(url, response)
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return _answer(url, response, None)
            return _answer(url, response, await save(response, sink, most))
        finally:
            await response.aclose()

    @asynccontextmanager
    async def _turn(self, host: str, pause: float) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        async with self._turns[host]:
            await asyncio.sleep(self._asked.get(host, -pause) + pause - loop.time())
            self._asked[host] = loop.time()
            yield

    def _pause(self, url: httpx.URL) -> float:
        rules = self._rules.get(_origin(url))
        asked = rules.crawl_delay(AGENT) if rules else None
        return max(self.limits.pause, min(asked or 0.0, self.limits.longest_pause))

    async def _obey(self, url: httpx.URL) -> None:
        if url.scheme not in {"http", "https"}:
            raise RefusedError(f"{url}: only http and https are asked")
        async with self._reading[_origin(url)]:
            if _origin(url) not in self._rules:
                self._rules[_origin(url)] = await self._robots(url)
        if not self._rules[_origin(url)].can_fetch(str(url), AGENT):
            raise RefusedError(f"{url}: closed to us by {_origin(url)}/robots.txt")

    async def _robots(self, url: httpx.URL) -> Protego:
        """The rules of a host: no robots.txt, no rules; no answer, no leave (RFC 9309)."""
        sink = BytesIO()
        request = self._request(f"{_origin(url)}/robots.txt", {})
        try:
            for _ in range(self.limits.redirects + 1):
                done = await self._send(request, sink, -_ROBOTS_BYTES)
                if isinstance(done, Answer):
                    break
                request = done
        except (VanishedError, FetchError):
            return Protego.parse("")
        except PassingError as error:
            raise PassingError(f"robots.txt: {error}", error.wait) from error
        return Protego.parse(sink.getvalue().decode("utf-8", "replace"))


def _origin(url: httpx.URL) -> str:
    return str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")


def _conditions(known: Mapping[str, str | None]) -> dict[str, str]:
    pairs = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
    return {name: value for name, value in pairs.items() if value}


def _refuse_status(url: str, response: httpx.Response) -> None:
    status = response.status_code
    if status in _GONE:
        raise VanishedError(f"{url}: the server says {status}")
    if status in _PASSING:
        raise PassingError(f"the server says {status}", _retry_after(response))
    if status not in {200, 304}:
        raise FetchError(f"{url}: the server says {status}")


def _retry_after(response: httpx.Response) -> float:
    told = response.headers.get("Retry-After", "")
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _answer(url: str, response: httpx.Response, sha256: str | None) -> Answer:
    told = response.headers.get
    return Answer(
        url,
        response.status_code,
        told("Content-Type"),
        told("ETag"),
        told("Last-Modified"),
        sha256,
    )
