"""What lies under a raw folder on any path: as `store.discovery` tells it of this machine."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from zwgk_analytics.facts.extract import sidecar_names
from zwgk_analytics.spark.files import Files, address
from zwgk_analytics.store.discovery import OTHER_FOLDERS, Skipped, discover, is_read, on_one_line
from zwgk_analytics.store.files import local


@dataclass(frozen=True, slots=True)
class Listed:
    """One file under raw, by its address and that of its sidecar; size and time cover both."""

    source: str
    address: str
    sidecar: str | None
    size: int
    changed_ns: int


def listed(files: Files, raw: str, marts: str) -> Iterator[Listed | Skipped]:
    """Every document below `raw`; what lies below `marts` is none."""
    here = local(raw)
    if here is None:
        yield from _elsewhere(files, address(raw), address(marts))
        return
    for found in discover(here):
        if isinstance(found, Skipped):
            yield found
        else:
            beside = address(found.sidecar) if found.sidecar else None
            yield Listed(found.source, address(found.path), beside, found.size, found.changed_ns)


def _elsewhere(files: Files, raw: str, marts: str) -> Iterator[Listed]:
    folders: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for path, size, changed in files.files(raw):
        if not path.startswith(f"{marts}/"):
            folder, _, name = path.rpartition("/")
            folders[folder][name] = (size, changed)
    for folder, names in sorted(folders.items()):
        inside = PurePosixPath(folder.removeprefix(raw).lstrip("/")).parts
        if all(map(is_read, inside)) and not OTHER_FOLDERS.intersection(inside[:1]):
            yield from _in_folder(raw, folder, names)


def _in_folder(raw: str, folder: str, names: dict[str, tuple[int, int]]) -> Iterator[Listed]:
    read = sorted(name for name in names if is_read(name))
    beside = {name: _sidecar(name, names) for name in read if not name.endswith(".yml")}
    for name in read:
        if name in beside.values():
            continue
        sidecar = beside.get(name)
        stats = [names[n] for n in (name, sidecar) if n]
        yield Listed(
            source=on_one_line(f"{folder}/{name}".removeprefix(raw).lstrip("/")),
            address=f"{folder}/{name}",
            sidecar=f"{folder}/{sidecar}" if sidecar else None,
            size=sum(size for size, _ in stats),
            changed_ns=max(changed for _, changed in stats) * 1_000_000,
        )


def _sidecar(name: str, names: dict[str, tuple[int, int]]) -> str | None:
    return next((n for n in sidecar_names(name) if n in names and n != name), None)
