"""The ledgers (台账) of an openness office as data: one YAML a kind, and what its columns hold."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from zwgk_analytics.forms.labels import fold, vocabulary
from zwgk_analytics.forms.load import editions

_FORMS: Final = files("zwgk_analytics.forms")
_FOLDER: Final = _FORMS / "records"

TYPES: Final = (
    "text",
    "code",  # a number under which something is filed: digits, letters, brackets
    "agency",
    "date",
    "integer",
    "number",
    "yes_no",
    "choice",
    "element",  # what a guide must make public: its text, or whether it is public
    "pseudonym",  # a person: only a keyed hash of it is kept
    "personal",  # known and never kept
)


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """One column of a ledger.

    `headings` are the ways in which it is printed, the label of our template first. `choices` maps
    a key to the words that mean it. `time` names the field that keeps the time of day of a date.
    `is_of_form` tells choices that are lines of the annual report's form, by its labels folded;
    `is_of_group` a number that a merged cell states for each of its rows.
    """

    key: str
    label: str
    label_en: str
    type: str
    headings: tuple[str, ...]
    about: str
    example: str | None = None
    unit: str | None = None
    choices: dict[str, tuple[str, ...]] | None = None
    time: str | None = None
    is_of_form: bool = False
    is_of_group: bool = False


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of ledger: its columns, and those without which a table is not of it.

    Each of `needs` is a column, or several of which one is enough. `ignored` are headings that
    such tables have and that say nothing of the record. `like` are patterns of headings that nobody
    has listed, by column: the first that fits counts. `is_of_title` tells that the title of such a
    table names the agency of its rows. `about` is the column without which a row is no record.
    """

    key: str
    label: str
    label_en: str
    grain: str
    basis: str
    needs: tuple[tuple[str, ...], ...]
    columns: tuple[RecordColumn, ...]
    ignored: tuple[str, ...]
    like: dict[str, str]
    is_of_title: bool
    about: str | None

    @property
    def holds_persons(self) -> bool:
        """Whether its rows are about persons: nothing of their cells may be quoted anywhere."""
        return any(column.type in {"pseudonym", "personal"} for column in self.columns)

    @property
    def needed(self) -> str:
        """What a table must have to be of this kind, in words."""
        labels = {column.key: column.label for column in self.columns}
        return ", ".join(" or ".join(labels[key] for key in some) for some in self.needs)


@lru_cache(maxsize=1)
def record_kinds() -> dict[str, RecordKind]:
    """Every kind of ledger by its key, in the order of keys."""
    found = sorted(f.name for f in _FOLDER.iterdir() if f.name.endswith(".yml"))
    read = (_kind(name.removesuffix(".yml"), _yaml(f"records/{name}")) for name in found)
    return {kind.key: kind for kind in read}


@lru_cache(maxsize=1)
def record_words() -> dict[str, frozenset[str]]:
    """The words for `yes`, `no`, `nothing`, rows of `totals` and `notes`, and for `nobody`."""
    return {key: frozenset(words) for key, words in _yaml("record_words.yml").items()}


def _kind(key: str, said: dict[str, Any]) -> RecordKind:
    return RecordKind(
        key=key,
        label=said["label"],
        label_en=said["label_en"],
        grain=said["grain"],
        basis=said["basis"],
        needs=tuple(tuple(some.split("|")) for some in said["needs"]),
        columns=tuple(_column(name, about) for name, about in said["columns"].items()),
        ignored=tuple(said.get("ignored", ())),
        like=said.get("like", {}),
        is_of_title=said.get("of_title", False),
        about=said.get("about"),
    )


def _column(key: str, said: dict[str, Any]) -> RecordColumn:
    choices, form = said.get("choices"), said.get("form")
    known = dict.fromkeys([said["label"], *said.get("headings", ()), key])
    return RecordColumn(
        key=key,
        label=said["label"],
        label_en=said["label_en"],
        type=said.get("type", "text"),
        headings=tuple(known),
        about=said["about"],
        example=str(said["example"]) if "example" in said else None,
        unit=said.get("unit"),
        choices=_choices(choices or {}, form) if choices or form else None,
        time=said.get("time"),
        is_of_form=form is not None,
        is_of_group=said.get("of_group", False),
    )


def _choices(own: dict[str, Any], form: dict[str, str] | None) -> dict[str, tuple[str, ...]]:
    """The words by key: for lines of the form its labels first, a line's group alone and ahead."""
    if form is None:
        return {key: tuple(words) for key, words in own.items()}
    table = next(iter(editions().values())).tables[form["table"]]
    printed = vocabulary().lines[table.key]["row" if form["axis"] == "row" else "column"]
    words: dict[str, list[str]] = {}
    for line in table.rows if form["axis"] == "row" else table.columns:
        if line.role != form["role"]:
            continue
        labels = [w for w, keys in printed.items() if line.key in keys]
        known = dict.fromkeys([fold(line.label), *labels, *own.get(line.key, ())])
        if line.group in {None, line.key}:
            words[line.key] = list(known)
        else:
            group = fold(line.path[-2])
            words[line.key] = [*known, *(group + word for word in known)]
            words.setdefault(line.group or "", [group])
    extra = {key: tuple(list_) for key, list_ in own.items() if key not in words}
    return {key: tuple(known) for key, known in words.items()} | extra


def _yaml(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(
        (_FORMS / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return read
