"""ZIP bundles of documents → the documents in them, never written to the disk."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from zwgk_analytics.errors import ReadError

MAX_MEMBER: Final = 64 * 2**20  # bytes, unzipped
MAX_TOTAL: Final = 256 * 2**20
MAX_COUNT: Final = 2000
MAX_DEPTH: Final = 2  # a bundle in a bundle

_KINDS: Final = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx", "OFD.xml": "ofd"}
_IS_UTF8: Final = 0x800
_HIDDEN: Final = (".", "~$", "__MACOSX")
DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    OverflowError, NotImplementedError,
)  # fmt: skip
"""What reading a damaged ZIP raises."""


def is_bundle(data: bytes) -> bool:
    """Whether `data` is a ZIP of documents, not a document that is kept as a ZIP."""
    return data.startswith((b"PK\3\4", b"PK\5\6")) and package_kind(data) is None


def package_kind(data: bytes) -> str | None:
    """What a ZIP file is as a whole: docx, xlsx, pptx or ofd; None for a bundle of documents."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename.replace("\\", "/").lstrip("/") for info in archive.infolist()]
    except DAMAGE:  # cut short: the names before the contents are left
        return next((kind for start, kind in _KINDS.items() if start.encode() in data), None)
    kinds = (kind for start, kind in _KINDS.items() if any(n.startswith(start) for n in names))
    return next(kinds, None)


def members(data: bytes) -> list[tuple[str, bytes]]:
    """The documents in a bundle as (name, bytes), in its order; those of inner bundles too.

    Names are paths with "/" and without "..", made unique: labels, not places on a disk. Hidden
    files and what an operating system adds are left out.

    Raises:
        ReadError: `encrypted`, `damaged`, `unsupported` for bundles nested deeper than two, or
            `too_large`: 2,000 documents, 64 MB each, 256 MB in all.
    """
    found: dict[str, bytes] = {}
    total = 0
    for name, content in _walk(data, MAX_DEPTH):
        total += len(content)
        if total > MAX_TOTAL or len(found) == MAX_COUNT:
            raise ReadError(
                "too_large",
                f"the bundle holds more than {MAX_COUNT:,} files or {MAX_TOTAL >> 20} MB; split it",
            )
        found[_unique(name, found)] = content
    return list(found.items())


def _walk(data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    if not depth:
        raise ReadError("unsupported", "bundles are nested more than two deep; unpack them")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                name = _label(info)
                if info.is_dir() or not name or _is_hidden(name):
                    continue
                content = _unzip(archive, info, name)
                if is_bundle(content):
                    inner = _walk(content, depth - 1)
                    yield from ((f"{name}/{within}", found) for within, found in inner)
                else:
                    yield name, content
    except DAMAGE as error:
        raise ReadError(
            "damaged", f"the bundle cannot be unzipped ({error}); zip it anew"
        ) from error


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.flag_bits & 1:
        raise ReadError(
            "encrypted", f"{name} in the bundle asks for a password; zip it without one"
        )
    with archive.open(info) as stream:
        content = stream.read(MAX_MEMBER + 1)
    if len(content) > MAX_MEMBER:
        raise ReadError("too_large", f"{name} unzips to more than {MAX_MEMBER >> 20} MB")
    return content


def _label(info: zipfile.ZipInfo) -> str:
    """The name of a member, decoded; without the parts that lead out of a folder."""
    name = info.filename if info.flag_bits & _IS_UTF8 else _decoded(info.filename)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in {"/", ".", ".."} and part[1:2] != ":")


def _decoded(name: str) -> str:
    # without the flag a name is read as CP437; tools in China write GBK, some UTF-8
    try:
        written = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_hidden(name: str) -> bool:
    return any(part.startswith(_HIDDEN) for part in name.split("/"))


def _unique(name: str, taken: dict[str, bytes]) -> str:
    path, number = PurePosixPath(name), 1
    while name in taken:
        number += 1
        name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return name
