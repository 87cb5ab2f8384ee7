"""One file of any kind → its facts. The single entry from raw to facts."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import yaml

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.alignment import Problem
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.grid_ledgers import add_ledgers, read_ledgers
from zwgk_analytics.facts.item_lists import read_items
from zwgk_analytics.facts.prose_inspections import add_inspections
from zwgk_analytics.facts.prose_records import add_rectifications
from zwgk_analytics.facts.report import as_date, problem_table, read_report
from zwgk_analytics.facts.score_grids import read_scores
from zwgk_analytics.facts.tables import extract_table, looks_tabular
from zwgk_analytics.facts.work_reports import read_work_report
from zwgk_analytics.readers import Document, read, sniff
from zwgk_analytics.readers.tabular import as_grid

_HEAD = 4096
_LARGEST_SIDECAR = 1 << 20
_TEXTS = ("agency", "title", "url")


def extract(
    path: Path | str,
    *,
    source: str | None = None,
    agency: str | None = None,
    year: int | None = None,
) -> Extraction:
    """The facts of one file: an annual report, a publication log, scores or annual figures.

    Args:
        path: the file; a sidecar `NAME.yml` beside it overrides what the file says.
        source: the name that the facts carry; the file's own name when None.
        agency: who filed it, over file and sidecar.
        year: the reporting year, over file and sidecar.

    Returns:
        An `Extraction`. What cannot be read or is not recognised has kind `unknown`, a `reason`
        and a problem that tells it; it has no facts.
    """
    path = Path(path)
    source = source or path.name
    into = Extraction(source, "", "unknown")
    try:
        told = read_sidecar(path)
        told |= {k: v for k, v in (("agency", agency), ("year", year)) if v is not None}
        into.sha256 = _sha256(path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if looks_tabular(path.name, head):
            found = extract_table(path, source, into.sha256, dict(told))
            return _printed_scores(path, found, told) or found
        data = path.read_bytes()
        into.media = sniff(data, path.name)
        document = read(data, path.name)
    except ReadError as error:
        return unreadable(into, error.code, str(error))
    except OSError as error:
        return unreadable(into, "unreadable", f"the file cannot be opened: {error.strerror}")
    into = read_report(document, into, told)
    if into.reason == "not.recognised":
        into = read_scores(document, into, told)
    if into.kind == "assessment":
        into = add_ledgers(document, path, into, told)
    if into.reason in {"not.recognised", "form.blank"}:
        into = read_ledgers(document, into, told)
    if into.reason == "not.recognised":
        into = read_items(document, data, into, told)
    if into.reason == "not.recognised":
        into = read_ledgers(document, into, told, ("publication_log",))
    if into.reason == "not.recognised":
        into = read_work_report(document, into, told)
    if into.kind == "unknown" and into.media in {"xlsx", "xls"}:
        table = extract_table(path, source, into.sha256, dict(told))
        return table if table.kind != "unknown" else into
    return add_inspections(document, add_rectifications(document, into, told), told)


def _printed_scores(path: Path, found: Extraction, told: Mapping[str, Any]) -> Extraction | None:
    """The scores of a text that is laid out as a document prints them: indicators side by side.

    None where it is a plain list already, or where a document of it would say no more.
    """
    is_whole = found.kind == "assessment" and not {
        "column.unused",
        "column.alike",
        "rank.unreadable",
    } & {p["code"] for p in found.rows("problems")}
    if found.kind not in {"assessment", "unknown"} or is_whole:
        return None
    grid = as_grid(path)
    if grid is None or not grid.cells:
        return None
    into = Extraction(found.source, found.sha256, found.media, reason="not.recognised")
    into = read_scores(Document(found.media, (grid,)), into, told)
    says_more = len(into.rows("scores")) >= len(found.rows("scores"))
    return into if into.kind == "assessment" and says_more else None


def sidecar_of(path: Path) -> Path | None:
    """The sidecar beside a file: `huaian_2024.yml` or `huaian_2024.pdf.yml`; None if none."""
    names = sidecar_names(path.name)
    return next((p for n in names if (p := path.with_name(n)).is_file() and p != path), None)


def sidecar_names(name: str) -> tuple[str, ...]:
    """What the sidecar of a file of that name may be called, the most telling first."""
    return f"{name}.yml", f"{PurePath(name).stem}.yml", f"{name.partition('.')[0]}.yml"


def read_sidecar(path: Path) -> dict[str, Any]:
    """What the sidecar says; {} without one.

    Raises:
        ReadError: as `parse_sidecar` tells.
    """
    beside = sidecar_of(path)
    if beside is None:
        return {}
    return parse_sidecar(beside.read_bytes(), beside.name)


def parse_sidecar(data: bytes, name: str) -> dict[str, Any]:
    """What the bytes of a sidecar say; `name` is for messages.

    Raises:
        ReadError: they are no YAML mapping, are over 1 MB, or a value is of another kind than its
            key asks for.
    """
    if len(data) > _LARGEST_SIDECAR:
        raise ReadError("sidecar", f"{name} has more than {_LARGEST_SIDECAR >> 20} MB; shorten it")
    try:
        told = yaml.load(data.decode("utf-8"), _Loader) or {}  # noqa: S506 (a safe one)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise ReadError("sidecar", f"{name} is no YAML: {reason}") from error
    if not isinstance(told, Mapping):
        raise ReadError("sidecar", f"{name} must be lines of `key: value`")
    wrong = [key for key in _TEXTS if not isinstance(told.get(key) or "", str)]
    if wrong or not _is_year(told.get("year") or date.today().year):
        key = wrong[0] if wrong else "year"
        expected = "text; put it between quotation marks" if wrong else "a year such as 2024"
        raise ReadError("sidecar", f"{name}: {key} must be {expected}")
    if told.get("published_on"):
        told = {**told, "published_on": as_date(told["published_on"])}
    return dict(told)


class _Loader(yaml.SafeLoader):
    """Without aliases: those of aliases of aliases grow without end once they are written out."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node.

        Raises:
            ComposerError: it is an alias.
        """
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read")
        return super().compose_node(parent, index)


def _is_year(value: object) -> bool:
    return type(value) is int and 1949 <= value <= 9999


def unreadable(into: Extraction, code: str, message: str) -> Extraction:
    """The extraction of a file that must not be used, with the problem that tells why."""
    into.reason = code
    into.tables = {"problems": problem_table(into.source, [Problem(code, message)])}
    return into


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
