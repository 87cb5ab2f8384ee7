"""A growing log: every item that a list has ever shown, in one CSV, in the order of appearance."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from zwgk_analytics.collect.shelf import now
from zwgk_analytics.store.files import replace_text

_SEEN: Final = "crawled_at"  # when we first saw it: no date of the agency's

Row = dict[str, str]


class LogFile:
    """The items of one source under raw.

    Args:
        path: the CSV.
        older: the CSV to which rows go that a newer one has replaced.
        key: the column that tells items apart; all columns when None.
    """

    def __init__(self, path: Path, older: Path, key: str | None) -> None:
        self.path, self._older, self._key = path, older, key
        self._rows = {self._key_of(row): row for row in _read(path)}
        self._replaced: list[Row] = []
        self.new = self.changed = 0

    def add(self, rows: Iterable[Row]) -> int:
        """Takes the items of one list page; how many of them were not known."""
        before = self.new
        for row in rows:
            self._take({k: v for k, v in row.items() if v})
        return self.new - before

    def _take(self, row: Row) -> None:
        key = self._key_of(row)
        old = self._rows.get(key)
        if old is None:
            self.new += 1
            self._rows[key] = row | {_SEEN: now()}
        elif {k: v for k, v in old.items() if k != _SEEN} != row:
            self.changed += 1
            self._replaced.append(old)
            self._rows[key] = row | {_SEEN: now()}

    def save(self) -> bool:
        """Writes what has changed; whether anything has."""
        if not self.new and not self.changed:
            return False
        if self._replaced:
            self._older.parent.mkdir(parents=True, exist_ok=True)
            _write(self._older, [*_read(self._older), *self._replaced])
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _write(self.path, list(self._rows.values()))
        return True

    def _key_of(self, row: Mapping[str, str]) -> str:
        if self._key and row.get(self._key):
            return row[self._key]
        return "\0".join(f"{k}={v}" for k, v in sorted(row.items()) if k != _SEEN)


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]


def _write(path: Path, rows: list[Row]) -> None:
    columns = [c for c in dict.fromkeys(c for row in rows for c in row) if c != _SEEN]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*columns, _SEEN], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    replace_text(path, text.getvalue())
