"""The files of one source: the newest under its name, older ones beside, each with its sidecar."""

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import yaml

from zwgk_analytics.collect.fetch import Answer
from zwgk_analytics.store.files import flush, replace_text, sha256_of

_LEDGER: Final = ".collected.jsonl"
_RESUMED: Final = timedelta(hours=12)  # an older unfinished run is begun anew
_SUFFIXES: Final = {
    *(".htm", ".html", ".shtml", ".xhtml", ".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et"),
    *(
        ".ofd",
        ".csv",
        ".tsv",
        ".txt",
        ".json",
        ".ndjson",
        ".xml",
        ".rtf",
        ".zip",
        ".gz",
        ".parquet",
    ),
}
_BY_TYPE: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/json": ".json",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ATTACHED: Final = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd")


@dataclass(slots=True)
class Known:
    """What was last seen at one address; `run` is None once the run that saw it was finished."""

    url: str
    file: str
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None
    checked_at: str | None = None
    vanished_at: str | None = None
    run: str | None = None


class Shelf:
    """A folder of fetched files with a ledger of every address behind them.

    Args:
        folder: where the files are.
        older: where a version goes when a newer one takes its name; beside it when None.
    """

    def __init__(self, folder: Path, older: Path | None = None) -> None:
        self.folder, self._older = folder, older or folder
        folder.mkdir(parents=True, exist_ok=True)
        self.known = {known.url: known for known in _lines(folder / _LEDGER)}
        self._run = now()

    def is_done(self, url: str) -> bool:
        """Whether the run before, which did not finish, has already asked for an address."""
        known = self.known.get(url)
        if known is None or known.run is None or known.checked_at is None:
            return False
        begun = datetime.fromisoformat(known.checked_at)
        return datetime.now(UTC).replace(tzinfo=None) - begun < _RESUMED and self.path(url).exists()

    def path(self, url: str) -> Path:
        """The file of an address that is known."""
        return self.folder / self.known[url].file

    def conditions(self, url: str) -> Mapping[str, str | None]:
        """What to ask by; nothing where the file is not, or no longer, what was fetched."""
        known = self.known.get(url)
        if known is None or known.vanished_at or _sha256(self.path(url)) != known.sha256:
            return {}
        return {"etag": known.etag, "last_modified": known.last_modified}

    def aside(self, url: str) -> Path:
        """Where to write what comes; no reader looks there."""
        return self.folder / f".{_digest(url)}.part"

    def keep(
        self, url: str, answer: Answer, told: Mapping[str, Any], same: Callable[[Path, Path], bool]
    ) -> str:
        """Takes what came into `aside(url)`: `new`, `changed` or `unchanged`.

        Args:
            url: the address that was asked.
            answer: what the server said.
            told: what the sidecar says beside the particulars of the fetch.
            same: whether two files, the old and the new one, say the same.
        """
        known = self.known.setdefault(url, Known(url, _name(url, answer.content_type)))
        path, aside = self.path(url), self.aside(url)
        what = "unchanged"
        if answer.sha256 is not None and not path.exists():
            what = "new"
        elif answer.sha256 is not None and _sha256(path) != answer.sha256:
            what = "unchanged" if same(path, aside) else "changed"
        if what == "changed":
            self._put_by(path, known)
        if what != "unchanged":
            flush(aside)
            aside.replace(path)
            flush(self.folder)
        aside.unlink(missing_ok=True)
        if answer.sha256 is not None:
            here = _sha256(path)
            # a run that was killed has put a file there and noted nothing of it
            if what != "unchanged" or here != known.sha256:
                known.fetched_at = now()
            known.sha256 = here
        known.etag, known.last_modified = answer.etag, answer.last_modified
        known.vanished_at = None
        self._write_sidecar(known, answer, told, is_new=what != "unchanged")
        self._append(known)  # last: what the ledger has is not asked for again
        return what

    def vanish(self, url: str) -> bool:
        """Notes that an address has nothing any more; whether that is news. The file stays."""
        known = self.known.get(url)
        if known is None:
            return False
        is_news = known.vanished_at is None
        known.vanished_at = known.vanished_at or now()
        beside = sidecar_of(self.path(url))
        if is_news and beside.exists():
            write_sidecar(beside, read_sidecar(beside) | {"vanished_at": known.vanished_at})
        self._append(known)
        return is_news

    def finish(self) -> None:
        """Ends the run: the next one asks for every address again."""
        for known in self.known.values():
            known.run = None
        lines = (json.dumps(asdict(k), ensure_ascii=False) for k in self.known.values())
        replace_text(self.folder / _LEDGER, "".join(f"{line}\n" for line in lines))

    def _append(self, known: Known) -> None:
        known.checked_at, known.run = now(), self._run
        with (self.folder / _LEDGER).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(known), ensure_ascii=False) + "\n")

    def _put_by(self, path: Path, known: Known) -> None:
        # digits sort before the letters of a suffix: of equal reports the newest is in force
        stamp = re.sub(r"\W", "", known.fetched_at or now())
        old = self._older / f"{path.stem}.{stamp}{path.suffix}"
        self._older.mkdir(parents=True, exist_ok=True)
        beside = read_sidecar(sidecar_of(path)) | {"replaced_at": now()}
        write_sidecar(sidecar_of(old), beside)
        if not old.exists():
            _link(path, old)

    def _write_sidecar(
        self, known: Known, answer: Answer, told: Mapping[str, Any], is_new: bool
    ) -> None:
        beside = sidecar_of(self.path(known.url))
        before = read_sidecar(beside)
        # a check that found nothing new must leave the sidecar: a refresh reads what it touches
        is_good = before.get("sha256") == known.sha256 and "vanished_at" not in before
        if not is_new and is_good and before.items() >= told.items():
            return
        fetch = {
            "url": known.url,
            "final_url": answer.url if answer.url != known.url else None,
            "fetched_at": known.fetched_at,
            "sha256": known.sha256,
            "status": answer.status,
            "content_type": answer.content_type,
            "etag": known.etag,
            "last_modified": known.last_modified,
        }
        # what a person, or an earlier run, has added stays
        added = {k: v for k, v in before.items() if k not in fetch.keys() | {"vanished_at"}}
        fresh = {k: v for k, v in fetch.items() if v is not None}
        write_sidecar(beside, {**fresh, **added, **told})


def now() -> str:
    """The moment, UTC, to the second."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def sidecar_of(path: Path) -> Path:
    """The sidecar of a fetched file."""
    return path.with_name(f"{path.name}.yml")


def read_sidecar(path: Path) -> dict[str, Any]:
    """What a sidecar says; {} where there is none, or none that can be read."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, yaml.YAMLError, UnicodeDecodeError):
        return {}
    return dict(told) if isinstance(told, Mapping) else {}


def write_sidecar(path: Path, told: Mapping[str, Any]) -> None:
    """Writes a sidecar, in one step."""
    replace_text(path, yaml.safe_dump(dict(told), allow_unicode=True, sort_keys=False))


def suffix_of(url: str) -> str:
    """The suffix of the file at an address, where it is one that we know; else the empty string."""
    suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""


def _name(url: str, content_type: str | None) -> str:
    kind = (content_type or "").split(";")[0].strip().lower()
    suffix = suffix_of(url) or _BY_TYPE.get(kind, ".html")
    stem = PurePosixPath(unquote(urlsplit(url).path)).stem
    return (
        f"{re.sub(r'[^0-9A-Za-z_-]+', '_', stem)[:40].strip('_') or 'page'}-{_digest(url)}{suffix}"
    )


def _digest(url: str) -> str:
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sha256(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:  # a file system without links
        shutil.copy2(path, to)


def _lines(path: Path) -> list[Known]:
    if not path.exists():
        return []
    found = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        # the last line may be cut off by a crash: its address is asked again
        with suppress(ValueError, TypeError):
            found.append(Known(**json.loads(line)))
    return found
