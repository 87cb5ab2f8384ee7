"""The documents of a ZIP bundle, each read as a file of its own would be."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

import yaml

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.extract import (
    extract,
    parse_sidecar,
    read_sidecar,
    sidecar_names,
    sidecar_of,
    unreadable,
)
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.readers import bundle

_SUFFIX: Final = re.compile(r"[.\w]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a bundle, by the checksum of its content and of what its sidecars say."""

    name: str
    size: int
    sha256: str
    sidecar_sha256: str | None


def members(path: Path) -> list[Member] | None:
    """The documents in a bundle, in its order; None where the file is no bundle.

    README files and sidecars (`NAME.yml` beside a document of the bundle) are no documents.

    Raises:
        ReadError: the bundle cannot be unzipped, is too large, or holds no document.
        OSError: the file cannot be read.
    """
    contents = _contents(path)
    if contents is None:
        return None
    sidecar = sidecar_of(path)
    beside = sidecar.read_bytes() if sidecar else b""
    found = [
        Member(name, len(data), hashlib.sha256(data).hexdigest(), _told_sha(contents, name, beside))
        for name, data in contents.items()
        if _is_document(name)
    ]
    if not found:
        raise ReadError("empty", "the bundle holds no document; expected reports, logs or tables")
    return found


def extract_member(
    path: Path, name: str, *, source: str, agency: str | None = None, year: int | None = None
) -> Extraction:
    """The facts of one document of a bundle, as `extract` gives them.

    The sidecar of the bundle holds for all its documents, the one beside a document inside before
    it.
    """
    try:
        contents = _contents(path) or {}
        if name not in contents:
            raise ReadError("changed", "the bundle no longer holds this document; refresh again")
        inner = _inner_sidecar(contents, name)
        told = read_sidecar(path) | (parse_sidecar(contents[inner], inner) if inner else {})
    except ReadError as error:
        return unreadable(Extraction(source, "", "zip"), error.code, str(error))
    with TemporaryDirectory() as folder:
        # a short name of our own: that inside may be no name for a file here
        file = Path(folder) / f"document{_suffix(name)}"
        file.write_bytes(contents[name])
        if told:
            file.with_name("document.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
        return extract(file, source=source, agency=agency, year=year)


def _contents(path: Path) -> dict[str, bytes] | None:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return None
    if path.stat().st_size > bundle.MAX_TOTAL:
        return None  # too large to look into here; who reads it as a document says so
    data = path.read_bytes()
    return dict(bundle.members(data)) if bundle.is_bundle(data) else None


def _is_document(name: str) -> bool:
    last = PurePosixPath(name).name.lower()
    return not last.startswith("readme") and not last.endswith((".yml", ".yaml"))


def _suffix(name: str) -> str:
    path = PurePosixPath(name)
    inner = PurePosixPath(path.stem).suffix if path.suffix == ".gz" else ""
    suffix = inner + path.suffix
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _inner_sidecar(contents: dict[str, bytes], name: str) -> str | None:
    path = PurePosixPath(name)
    beside = (str(path.with_name(n)) for n in sidecar_names(path.name))
    return next((n for n in beside if n in contents and n != name), None)


def _told_sha(contents: dict[str, bytes], name: str, beside: bytes) -> str | None:
    inner = contents.get(_inner_sidecar(contents, name) or "", b"")
    told = hashlib.sha256(beside).digest() + inner
    return hashlib.sha256(told).hexdigest() if beside or inner else None
