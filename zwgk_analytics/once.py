"""Documents and marts looked at once, without a refresh: what is read of them, what rules say."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.gate import faults_of
from zwgk_analytics.marts.api import Marts, open_marts
from zwgk_analytics.store.isolation import Limits, processors, read_each
from zwgk_analytics.store.reading import Task

if TYPE_CHECKING:
    import polars as pl


def extract_each(
    files: Sequence[Path], agency: str | None = None, year: int | None = None
) -> Iterator[Extraction]:
    """The extraction of each document in the order given, each read in a process of its own.

    A ZIP bundle gives one for each document that it holds.
    """
    tasks = [
        Task(source, path, "", size, agency=agency, year=year, member=member)
        for path in files
        for source, size, member in _documents_of(path)
    ]
    early: dict[int, Extraction] = {}
    waiting = deque(id(task) for task in tasks)
    for task, extraction in read_each(tasks, processors(), Limits()):
        early[id(task)] = extraction
        while waiting and waiting[0] in early:
            yield early.pop(waiting.popleft())


def _documents_of(path: Path) -> list[tuple[str, int, str | None]]:
    """The documents in a file by source, size and name inside: itself, or those of a bundle."""
    from zwgk_analytics.facts.bundles import members  # loads every reader

    try:
        found = members(path)
    except (ReadError, OSError):
        found = None  # reading it as a document tells what is wrong with it
    if found is None:
        return [(path.name, _size(path), None)]
    return [(f"{path.name}/{m.name}", m.size, m.name) for m in found]


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What a check found: each rule with what it could assess, the findings by rule, faults."""

    rules: "pl.DataFrame"
    findings: "pl.DataFrame"
    faults: tuple[str, ...]


def check(marts: str | Path = "data/marts", rules: Path | None = None) -> CheckSummary:
    """The rules and suites run anew over the published marts, which stay as they are.

    `rules` is a folder of rules of your own, `expectations/rules` when None.
    """
    import duckdb

    from zwgk_analytics.quality import assess, own_rules, reviews_of, summary, validate

    own = own_rules(rules)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "zwgk.duckdb"
        with open_marts(marts) as opened:
            copyfile(opened.path, copy)
        with duckdb.connect(str(copy)) as con:
            assess(con, reviews_of(con), own)
            counted = summary(con, own)
        faults = faults_of(validate(copy))
        with Marts(copy) as opened:
            query = "SELECT * FROM findings ORDER BY rule, agency, period, finding_id"
            return CheckSummary(counted, opened.sql(query), faults)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
