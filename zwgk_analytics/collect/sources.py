"""`sources.yml` → what to fetch, every mistake in it told with its source and key."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import yaml
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from zwgk_analytics.errors import ZwgkError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_READS: Final = ("documents", "tables", "log")
_FORMATS: Final = ("html", "json", "feed")


class SourcesError(ZwgkError):
    """`sources.yml` asks for something that is not to be had."""


@dataclass(frozen=True, slots=True)
class Page:
    """One address, and what its sidecar says beside what all of its source say."""

    url: str
    sidecar: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder under raw and the addresses that fill it; docs/collect.md tells each key."""

    name: str
    reads: str = "documents"
    pages: tuple[Page, ...] = ()
    lists: tuple[str, ...] = ()
    paging: str | None = None
    first_page: int = 1
    last_page: int = 500
    next: str | None = None
    links: str = "a[href]"
    text: str = ""
    attachments: bool = False
    format: str = "html"
    items: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    stop_at_known: bool = False
    ignore: str | None = None
    sidecar: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources of one file, who asks, and the private networks that may be asked."""

    sources: tuple[Source, ...]
    contact: str | None = None
    allow_private: tuple[Network, ...] = ()


def load(path: Path) -> Sources:
    """What a `sources.yml` asks for.

    Raises:
        SourcesError: it is not there, no YAML, or a key of it is not understood.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourcesError(f"{path}: no such file; docs/collect.md shows one") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = " ".join(str(error).split())
        raise SourcesError(f"{path}: no YAML: {line}") from error
    if not isinstance(told, Mapping) or not isinstance(told.get("sources"), list):
        raise SourcesError(f"{path}: expected a key `sources:` with a list under it")
    try:
        _only(told, {"sources", "contact", "allow_private"}, "at the top")
        found = tuple(_source(s, f"source {i + 1}") for i, s in enumerate(told["sources"]))
        _once([s.name for s in found])
        return Sources(found, _text(told.get("contact"), "contact"), _networks(told))
    except ValueError as error:
        raise SourcesError(f"{path}: {error}") from error


def _source(told: object, where: str) -> Source:
    if not isinstance(told, Mapping) or not isinstance(told.get("name"), str):
        raise ValueError(f"{where}: expected keys and values, `name:` among them")
    where = f"source {told['name']}"
    _only(told, {f.name for f in fields(Source)}, where)
    given = {k: v for k, v in told.items() if v is not None}
    given["pages"] = tuple(_page(p, where) for p in _many(given.get("pages")))
    given["lists"] = tuple(_address(u, where) for u in _many(given.get("lists")))
    _check_types(given, where)
    source = Source(**given)
    _check(source, where)
    return source


def _check_types(given: Mapping[str, Any], where: str) -> None:
    wanted: dict[str, type] = {"attachments": bool, "stop_at_known": bool}
    wanted |= {"first_page": int, "last_page": int, "fields": Mapping, "sidecar": Mapping}
    for key in given.keys() - {"pages", "lists"}:
        kind = wanted.get(key, str)
        if not isinstance(given[key], kind):
            raise ValueError(f"{where}: `{key}: {given[key]}`: expected {_WORDS[kind]}")


_WORDS: Final = {bool: "true or false", int: "a number", Mapping: "keys and values", str: "text"}


def _check(source: Source, where: str) -> None:
    parts = PurePosixPath(source.name).parts
    if not re.fullmatch(r"[\w./-]+", source.name) or any(p.startswith((".", "/")) for p in parts):
        raise ValueError(f"{where}: the name is a folder under raw: letters, digits, _, - and /")
    for key, allowed in (("reads", _READS), ("format", _FORMATS)):
        if getattr(source, key) not in allowed:
            raise ValueError(f"{where}: `{key}` must be one of {', '.join(allowed)}")
    if not source.pages and not source.lists and not source.paging:
        raise ValueError(f"{where}: give `pages:`, `lists:` or `paging:`")
    if source.reads == "log" and source.pages:
        raise ValueError(f"{where}: a log is read from `lists:` or `paging:`, not from `pages:`")
    if source.paging is not None:
        if "{page}" not in source.paging:
            raise ValueError(f"{where}: `paging` must hold {{page}}")
        _address(source.paging.replace("{page}", "1"), where)
    html_items = source.items if source.format == "html" else None
    columns = source.fields.values() if source.format == "html" else ()
    for css in (source.next, source.links, source.ignore, html_items, *columns):
        _check_css(css, where)
    try:
        re.compile(source.text)
    except re.error as error:
        raise ValueError(f"{where}: `text: {source.text}` is no pattern: {error}") from error


def _check_css(css: object, where: str) -> None:
    try:
        if css is not None:
            LexborHTMLParser("<p>").css(str(css))
    except (SelectolaxError, ValueError) as error:
        raise ValueError(f"{where}: `{css}` is no CSS selector") from error


def _page(told: object, where: str) -> Page:
    if isinstance(told, Mapping):
        rest = {k: v for k, v in told.items() if k != "url"}
        return Page(_address(told.get("url"), where), rest)
    return Page(_address(told, where))


def _address(told: object, where: str) -> str:
    try:
        parts = urlsplit(told if isinstance(told, str) else "")
        is_good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.username is not None:
        raise ValueError(f"{where}: {told}: expected http(s)://host/… without user and password")
    return parts._replace(fragment="").geturl()


def _networks(told: Mapping[str, Any]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(str(n)) for n in _many(told.get("allow_private")))


def _many(told: object) -> Sequence[object]:
    if told is None:
        return ()
    return told if isinstance(told, list) else (told,)


def _text(told: object, key: str) -> str | None:
    if told is None or (isinstance(told, str) and told.isascii() and told.isprintable()):
        return told
    raise ValueError(f"`{key}: {told}`: expected an address in ASCII")


def _only(told: Mapping[Any, Any], known: set[str], where: str) -> None:
    if wrong := [str(key) for key in told if key not in known]:
        raise ValueError(f"{where}: no such key `{wrong[0]}`; known: {', '.join(sorted(known))}")


def _once(names: Sequence[str]) -> None:
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise ValueError(f"source {twice}: the name is given twice")
