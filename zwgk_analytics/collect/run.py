"""Every source of `sources.yml`, different hosts side by side, into the raw folder."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from zwgk_analytics.collect.failures import FetchError, RefusedError, VanishedError
from zwgk_analytics.collect.fetch import Fetcher, Limits
from zwgk_analytics.collect.guard import GuardedTransport, Resolve, resolve
from zwgk_analytics.collect.listing import (
    ListError,
    Listing,
    attachments,
    read_listing,
    visible,
)
from zwgk_analytics.collect.log_file import LogFile
from zwgk_analytics.collect.shelf import (
    ATTACHED,
    Shelf,
    now,
    read_sidecar,
    sidecar_of,
    suffix_of,
    write_sidecar,
)
from zwgk_analytics.collect.sources import Page, Source, load
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.store.files import sha256_of
from zwgk_analytics.store.lock import BusyError, locked

_WEB = {"", ".htm", ".html", ".shtml", ".xhtml"}
_PACKED = {".pdf": b"%PDF", ".docx": b"PK", ".xlsx": b"PK", ".ofd": b"PK", ".zip": b"PK"}


@dataclass(slots=True)
class Summary:
    """What a collection did: addresses by what became of them, and a line for each that is news."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    failed: int = 0
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, note: str | None = None) -> None:
        """Counts one address."""
        setattr(self, what, getattr(self, what) + 1)
        if note is not None:
            self.notes.append(f"{what}: {note}")


def collect(
    sources: Path,
    raw: Path,
    *,
    limits: Limits | None = None,
    look_up: Resolve = resolve,
) -> Summary:
    """Brings `raw` up to what the sources list; one summary.

    Every file has a sidecar with its address, time, hash and headers. A run that was ended midway
    is taken up where it stopped. What cannot be had is counted and noted; the rest goes on.

    Args:
        sources: a `sources.yml`; docs/collect.md tells its keys.
        raw: the folder of documents.
        limits: what an address may take.
        look_up: how host names are resolved.

    Raises:
        ZwgkError: the sources are not understood, or another collection fills the same folder.
    """
    wanted, summary = load(sources), Summary()
    transport = GuardedTransport(wanted.allow_private, look_up)

    async def run() -> None:
        async with (
            Fetcher(transport, wanted.contact, limits) as fetcher,
            asyncio.TaskGroup() as group,
        ):
            for source in wanted.sources:
                group.create_task(_Visit(source, raw, fetcher, summary).run())

    with _alone(raw):
        try:
            asyncio.run(run())
        except ExceptionGroup as group:
            raise group.exceptions[0] from group  # such as a full disk: the first says it
    return summary


class _Visit:
    """One source of one run."""

    def __init__(self, source: Source, raw: Path, fetcher: Fetcher, summary: Summary) -> None:
        self._source, self._fetcher, self._summary = source, fetcher, summary
        folder = raw / source.name
        hidden = folder / ".versions"
        self._documents = Shelf(folder, None if source.reads == "documents" else hidden)
        self._lists = Shelf(folder / ".lists", folder / ".lists" / ".versions")
        self._pages: dict[str, Page] = {page.url: page for page in source.pages}
        name = f"{folder.name}.csv"
        self._log = LogFile(folder / name, hidden / name, source.key or self._default_key())

    def _default_key(self) -> str | None:
        return None if self._source.format == "json" else "url"

    async def run(self) -> None:
        """Reads the lists, then the documents that they, the source and earlier runs name."""
        async for listing in self._listings():
            for link in listing.links:
                self._pages.setdefault(link, Page(link))
        if self._source.reads == "log":
            self._save_log()
        else:
            await self._fetch_documents()
        self._documents.finish()
        self._lists.finish()

    async def _listings(self) -> AsyncIterator[Listing]:
        seen: set[str] = set()
        for first in self._source.lists:
            url: str | None = first
            while url is not None and url not in seen and len(seen) < self._source.last_page:
                seen.add(url)
                listing = await self._listing(url)
                if listing is None or not self._takes(listing):
                    break
                yield listing
                url = listing.next
        if self._source.paging is None:
            return
        shown: list[Listing] = []
        for number in range(self._source.first_page, self._source.last_page + 1):
            url = self._source.paging.replace("{page}", str(number))
            listing = await self._listing(url, is_last=number > self._source.first_page)
            # behind the last page some sites show nothing, others the first or the last page again
            if listing is None or listing in shown or not (listing.links or listing.rows):
                return
            shown.append(listing)
            if not self._takes(listing):
                return
            yield listing

    async def _listing(self, url: str, is_last: bool = False) -> Listing | None:
        """What a list page shows; None where it cannot be had. `is_last`: it need not be there."""
        try:
            if not self._lists.is_done(url):
                await self._ask(url, self._lists, Page(url))
            return read_listing(self._lists.path(url).read_bytes(), url, self._source)
        except VanishedError as error:
            if not is_last:
                self._summary.count("failed", str(error))
        except (FetchError, RefusedError, ListError) as error:
            self._summary.count("failed", str(error))
        return None

    def _takes(self, listing: Listing) -> bool:
        """Adds the items of a list page; whether the next one is wanted."""
        if self._source.reads != "log":
            return True
        return self._log.add(listing.rows) > 0 or not self._source.stop_at_known

    async def _fetch_documents(self) -> None:
        # what is no longer listed is asked for too: it may have been changed or taken down
        earlier = {url: Page(url) for url in self._documents.known}
        waiting = deque((earlier | self._pages).values())
        seen = {page.url for page in waiting}
        while waiting:
            page = waiting.popleft()
            await self._document(page)
            for url in self._attached(page):
                if url not in seen:
                    seen.add(url)
                    waiting.append(Page(url, page.sidecar))

    async def _document(self, page: Page) -> None:
        if self._documents.is_done(page.url):
            self._summary.count("unchanged")
            return
        try:
            what = await self._ask(page.url, self._documents, page)
        except VanishedError as error:
            if page.url not in self._documents.known:
                self._summary.count("failed", str(error))
            else:
                is_news = self._documents.vanish(page.url)
                kept = f"{error}; {self._documents.path(page.url).name} is kept"
                self._summary.count("vanished", kept if is_news else None)
        except (FetchError, RefusedError) as error:
            self._summary.count("failed", str(error))
        else:
            file = f"{self._source.name}/{self._documents.path(page.url).name}"
            self._summary.count(what, None if what == "unchanged" else f"{page.url} → {file}")

    async def _ask(self, url: str, shelf: Shelf, page: Page) -> str:
        aside = shelf.aside(url)
        answer = await self._fetcher.get(url, aside, shelf.conditions(url))
        if answer.sha256 is not None:
            try:
                _refuse_page_for_file(url, aside)
            except FetchError:
                aside.unlink()
                raise
        told = {**self._source.sidecar, **page.sidecar} if shelf is self._documents else {}
        return shelf.keep(url, answer, told, self._is_same)

    def _is_same(self, old: Path, new: Path) -> bool:
        """Whether two versions of a page show the same: counters in scripts change every time."""
        if suffix_of(old.name) not in _WEB:
            return False
        was, is_now = old.read_bytes(), new.read_bytes()
        ignore = self._source.ignore
        links = [attachments(data, "http://x/", ATTACHED) for data in (was, is_now)]
        return links[0] == links[1] and visible(was, ignore) == visible(is_now, ignore)

    def _attached(self, page: Page) -> Iterable[str]:
        known = self._documents.known.get(page.url)
        if not self._source.attachments or known is None or suffix_of(known.file) not in _WEB:
            return []
        path = self._documents.path(page.url)
        return attachments(path.read_bytes(), page.url, ATTACHED) if path.exists() else []

    def _save_log(self) -> None:
        for what, number in (("new", self._log.new), ("changed", self._log.changed)):
            for _ in range(number):
                self._summary.count(what)
        if self._log.save():
            first = next(iter([*self._source.lists, self._source.paging or ""]))
            particulars = {"url": first, "fetched_at": now(), "sha256": sha256_of(self._log.path)}
            told = {"kind": "publication_log", **particulars, **self._source.sidecar}
            if read_sidecar(sidecar_of(self._log.path)) != told:
                write_sidecar(sidecar_of(self._log.path), told)
            self._summary.notes.append(
                f"{self._source.name}: {self._log.new} new items, {self._log.changed} changed"
            )


def _refuse_page_for_file(url: str, aside: Path) -> None:
    """A file that is gone is often answered by a web page that says so, with the status 200."""
    mark = _PACKED.get(suffix_of(url))
    if mark is None:
        return
    with aside.open("rb") as file:
        head = file.read(1024)
    if mark not in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FetchError(f"{url}: a web page came in place of the {suffix_of(url)} file")


@contextmanager
def _alone(raw: Path) -> Iterator[None]:
    raw.mkdir(parents=True, exist_ok=True)
    try:
        with locked(raw / ".collect" / "lock"):
            yield
    except BusyError as error:
        raise ZwgkError(f"{raw}: another collection fills it; wait until it is done") from error
