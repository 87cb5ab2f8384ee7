"""The version of everything that turns bytes into facts; a new one re-reads every document."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGES = ("readers", "forms", "facts")
_SUFFIXES = (".py", ".yml", ".csv")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A short hash over the sources of readers, forms and facts, in hexadecimal."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        _add(digest, files("zwgk_analytics") / package)
    return digest.hexdigest()[:16]


def _add(digest: "hashlib._Hash", folder: Traversable) -> None:
    for item in sorted(folder.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            _add(digest, item)
        elif item.name.endswith(_SUFFIXES):
            digest.update(item.name.encode())
            digest.update(item.read_bytes())
