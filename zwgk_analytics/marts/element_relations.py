"""What the models of service items read of data files: elements asked by type, and words."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.forms.labels import fold
from zwgk_analytics.forms.records import RecordColumn, record_kinds, record_words

_NAME: Final = "elements.yml"
_FORM: Final = files("zwgk_analytics.forms") / _NAME
_RULES: Final = pa.schema(
    {
        "item_type": pa.string(),
        "element": pa.string(),
        "label": pa.string(),
        "position": pa.int64(),
        "none_is_text": pa.bool_(),
    }
)
_WORDS: Final = pa.schema({"word": pa.string(), "says": pa.string()})


def element_relations(registers: Path | None = None) -> dict[str, pa.Table]:
    """The relations `element_rules` (type × element asked) and `element_words` (word → says).

    `says` is `public`, `absent`, or `no` where the word may be the text itself (无 of fees). A list
    of `elements.yml` in the folder `registers` takes the place of ours of the same name.

    Raises:
        ZwgkError: that file has not the form of ours, or names an element that there is not.
    """
    lists = _lists(registers)
    rules = pa.Table.from_pylist(list(_rules(lists)), schema=_RULES)
    words = [{"word": word, "says": says} for word, says in _words(lists).items()]
    return {
        "element_rules": rules,
        "element_words": pa.Table.from_pylist(words, schema=_WORDS),
    }


def _lists(registers: Path | None) -> dict[str, list[str]]:
    ours = _read(_FORM)
    own = registers / _NAME if registers else None
    if own is None or not own.is_file():
        return ours
    given = _read(own)
    for name in given.keys() - ours.keys():
        raise ZwgkError(f"{own}: no list {name}; expected {', '.join(ours)}")
    keys = {name: _keys(own, given[name]) for name in given.keys() & {*_types(), "none_is_text"}}
    return ours | given | keys


def _rules(lists: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for item_type in _types():
        for position, column in enumerate(_elements().values()):
            if column.key in lists[item_type]:
                yield {
                    "item_type": item_type,
                    "element": column.key,
                    "label": column.label,
                    "position": position,
                    "none_is_text": column.key in lists["none_is_text"],
                }


def _words(lists: Mapping[str, list[str]]) -> dict[str, str]:
    known = record_words()
    said = {"public": known["yes"], "no": known["no"]}
    words = {word: says for says, some in said.items() for word in sorted(some)}
    words |= {str(word): says for says in ("public", "absent") for word in lists[says]}
    return words


def _types() -> tuple[str, ...]:
    """The types of items as their ledger has them, and `unstated`."""
    columns = {column.key: column for column in record_kinds()["service_items"].columns}
    return (*(columns["item_type"].choices or {}), "unstated")


def _elements() -> dict[str, RecordColumn]:
    columns = record_kinds()["service_items"].columns
    return {column.key: column for column in columns if column.type == "element"}


def _keys(path: Traversable, names: list[str]) -> list[str]:
    """The elements that a list names, by key or by any heading."""
    known = {fold(h): c.key for c in _elements().values() for h in c.headings}
    for name in names:
        if fold(name) not in known:
            labels = ", ".join(f"{key} ({c.label})" for key, c in _elements().items())
            raise ZwgkError(f"{path}: no element {name}; expected {labels}")
    return [known[fold(name)] for name in names]


def _read(path: Traversable) -> dict[str, list[str]]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ZwgkError(f"{path}: no YAML: {' '.join(str(error).split())}") from error
    if not (isinstance(read, dict) and all(_is_words(names) for names in read.values())):
        raise ZwgkError(f"{path}: expected lists of words as `service: [item, basis]`")
    return read


def _is_words(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)
