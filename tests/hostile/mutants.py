"""Mutants of sound documents, and what escapes: a crash, or a wrong number in silence.

An escape is a mutant that raises anything but `ReadError`, takes over `SECONDS`, or yields a number
as `reported` that the sound document does not have there, without a problem and without a broken
identity of the form. A changed digit is no escape: nobody could tell.
"""

import random
import signal
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from tests.hostile.damage import DAMAGE
from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.report import read_cells, read_report
from zwgk_analytics.forms import Edition, Table, editions
from zwgk_analytics.forms.model import Identity
from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import rules
from zwgk_analytics.readers import read
from zwgk_analytics.writers import MEDIA, write
from zwgk_analytics.writers.form import form_document

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "data" / "raw" / "reports", ROOT.parent / "shared" / "corpus" / "reports")
SHARES = {"html": 92, "docx": 3, "xlsx": 3, "pdf": 2}  # by what reading them costs
WHOLE = 10  # of so many mutants one is read with its prose
SECONDS = 30
_TITLE = "某市2021年政府信息公开工作年度报告"
Address = tuple[str, str, str]


class Document(NamedTuple):
    """A sound document: what it reports, and what is said of it."""

    name: str
    media: str
    data: bytes
    values: dict[Address, Any]
    told: Counter[str]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged document, made again from its seed."""

    seed: int
    of: str
    media: str
    damage: str
    data: bytes
    is_digits: bool


@dataclass(frozen=True, slots=True)
class Escape:
    """What went wrong with a mutant."""

    seed: int
    of: str
    damage: str
    kind: str
    detail: str


def mutant(seed: int) -> Mutant:
    """The mutant of a seed; the same as long as the documents are."""
    chance = random.Random(seed)
    media = chance.choices(list(SHARES), list(SHARES.values()))[0]
    found = documents()[media]
    # among many different numbers a wrong one shows; most real pages are full of zeros
    document = chance.choices(found, [10 + len(set(d.values.values())) for d in found])[0]
    name = chance.choice(list(DAMAGE[media]))
    data, is_digits = DAMAGE[media][name](chance, document.data)
    return Mutant(seed, document.name, media, name, data, is_digits)


def escape(seed: int) -> Escape | None:
    """What escapes of the mutant of a seed; None where it is right, told or refused."""
    one = mutant(seed)
    document = next(d for d in documents()[one.media] if d.name == one.of)
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(SECONDS)
    try:
        kind, detail = _judged(one, document)
    except Exception as error:  # whatever it is, it is what is looked for
        kind, detail = f"raises {type(error).__name__}", str(error)
    finally:
        signal.alarm(0)
    return Escape(seed, one.of, one.damage, kind, detail) if kind else None


def _late(*_: object) -> None:
    raise TimeoutError(f"over {SECONDS} s")


def _judged(one: Mutant, document: Document) -> tuple[str, str]:
    found = _extracted(one.data, f"mutant.{one.media}", is_whole=one.seed % WHOLE == 0)
    if found is None or one.is_digits or found.reason:
        return "", ""
    wrong = {a: v for a, v in _values(found).items() if document.values.get(a) != v}
    if not wrong or _told(found) - document.told or _broken(found) - document.broken:
        return "", ""
    return "wrong", "; ".join(f"{'.'.join(a)} = {v}" for a, v in list(wrong.items())[:3])


def _extracted(data: bytes, name: str, is_whole: bool = False) -> Extraction | None:
    try:
        document = read(data, name)
    except ReadError:
        return None
    return (read_report if is_whole else read_cells)(document, Extraction(name, "", ""), {})


def _values(found: Extraction) -> dict[Address, Any]:
    cells = [c for c in found.rows("cells") if c["state"] == "reported"]
    return {(c["form_table"], c["form_row"], c["form_column"]): c["value"] for c in cells}


def _told(found: Extraction) -> Counter[str]:
    return Counter(p["code"] for p in found.rows("problems"))


def _broken(found: Extraction) -> frozenset[str]:
    """The subjects of the form's own identities that the cells break."""
    if "cells" not in found.tables:
        return frozenset()
    cells = found.tables["cells"]
    with duckdb.connect() as con:
        con.register("cells", cells)
        same = f"'r' AS report_id, 'a' AS agency, 2023 AS year, '{found.edition}' AS edition"
        con.execute(f"CREATE TABLE reports AS SELECT {same}, 's' AS source, 'x' AS sha256")
        con.execute(f"CREATE TABLE report_cells AS SELECT {same}, * FROM cells")
        return frozenset(
            f"{rule.id} {key}"
            for rule in rules().values()
            if rule.sql is None
            for (key,) in con.execute(f"SELECT subject_key FROM ({sql.broken(rule)})").fetchall()
        )


@lru_cache(maxsize=1)
def documents() -> dict[str, list[Document]]:
    """The sound documents by media: of the sample and the corpus, filled forms, the blank form."""
    found: dict[str, list[Document]] = {media: [] for media in MEDIA}
    files = [p for folder in FOLDERS for p in sorted(folder.glob("*")) if p.suffix[1:] in MEDIA]
    for path in files:
        found[path.suffix[1:]].append(_sound(path.name, path.suffix[1:], path.read_bytes()))
    for media in MEDIA:
        for key in ("2019", "2021"):
            data = write(
                form_document(editions()[key], _balanced(editions()[key]), title=_TITLE), media
            )
            found[media].append(_sound(f"filled {key}.{media}", media, data))
        data = write(form_document(editions()["2021"], title=_TITLE), media)
        found[media].append(_sound(f"blank 2021.{media}", media, data))
    return found


def _balanced(edition: Edition) -> dict[Address, str]:
    """Numbers for every address, hardly two alike, whose sums and balances hold."""
    chance = random.Random(edition.key)
    filled: dict[Address, str] = {}
    for table in edition.tables.values():
        numbers = {address: chance.randint(1, 999) for address in table.addresses()}
        # sums down the columns first: those across the rows then keep them
        for identity in sorted(
            table.identities, key=lambda i: (i.axis == "column", i.kind == "balance")
        ):
            if identity.kind in {"sum", "balance"}:
                _settle(numbers, table, identity)
        filled |= {(table.key, *address): str(number) for address, number in numbers.items()}
    return filled


def _settle(numbers: dict[tuple[str, str], int], table: Table, identity: Identity) -> None:
    is_row = identity.axis == "row"
    lines, others = (table.rows, table.columns) if is_row else (table.columns, table.rows)
    summed = [x.key for x in lines if identity.parts_role and x.role == identity.parts_role]
    for other in others:
        at = {x.key: (x.key, other.key) if is_row else (other.key, x.key) for x in lines}
        if identity.kind == "sum":
            numbers[at[identity.total]] = sum(numbers[at[key]] for key in summed)
        else:
            first, *rest = identity.left
            right = sum(numbers[at[key]] for key in identity.right)
            numbers[at[first]] = right - sum(numbers[at[key]] for key in rest)


def _sound(name: str, media: str, data: bytes) -> Document:
    read = _extracted(data, name) or Extraction(name, "", "")
    return Document(name, media, data, _values(read), _told(read), _broken(read))
