"""Versions: of what lies in a marts folder, and of everything that turns bytes into facts.

A new reader version re-reads every document. A folder of a newer schema is left alone.
"""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_READING = ("readers", "forms", "facts")
_BUILDING = ("agencies", "store", "marts", "quality")
_LIBRARIES = ("duckdb", "pyarrow", "rensa", "rapidfuzz", "chinesecalendar", "sqlglot")
_SUFFIXES = (".py", ".yml", ".csv", ".sql")

# Raise it when an older zwgk would misread the store or the marts that this one writes: when a
# column or mart is renamed, dropped or gets another meaning. What is merely added needs no raise.
SCHEMA_VERSION = 1
UPDATE = "update with `pip install -U zwgk-analytics`"


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A short hash over the sources of readers, forms and facts, in hexadecimal."""
    return _hash_of(_READING)


@lru_cache(maxsize=1)
def build_version() -> str:
    """A short hash over all that turns bytes into marts and findings, libraries included."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return _hash_of((*_READING, *_BUILDING), *libraries)


def _hash_of(packages: tuple[str, ...], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for package in packages:
        _add(digest, files("zwgk_analytics") / package)
    return digest.hexdigest()[:16]


def _add(digest: "hashlib._Hash", folder: Traversable) -> None:
    for item in sorted(folder.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            _add(digest, item)
        elif item.name.endswith(_SUFFIXES):
            digest.update(item.name.encode())
            digest.update(item.read_bytes())
