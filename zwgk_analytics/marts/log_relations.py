"""What the models of publication logs read of data files: limits, words, topics."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from zwgk_analytics.errors import ZwgkError

_FORMS = files("zwgk_analytics.forms")
_SCHEMAS = {
    "limits": pa.schema({"name": pa.string(), "region": pa.string(), "value": pa.int64()}),
    "column_limits": pa.schema(
        {"position": pa.int64(), "kind": pa.string(), "pattern": pa.string(), "days": pa.int64()}
    ),
    "log_words": pa.schema(
        {"position": pa.int64(), "kind": pa.string(), "key": pa.string(), "pattern": pa.string()}
    ),
    "topics": pa.schema({"word": pa.string(), "topic": pa.string()}),
    "problem_kinds": pa.schema(
        {"position": pa.int64()}
        | dict.fromkeys(("kind", "label_zh", "label_en", "pattern", "decided_by"), pa.string())
    ),
}


def log_relations(registers: Path | None = None) -> dict[str, pa.Table]:
    """The relations by name: `limits`, `column_limits`, `log_words`, `topics`, `problem_kinds`.

    A file of the same name in the folder `registers` comes first: its limits over ours, its
    `column_limits.yml`, `topics.csv` and `problem_kinds.csv` in place of ours.

    Raises:
        ZwgkError: a file has not the form of ours.
    """
    rows = {
        "limits": _limits(registers),
        "column_limits": _column_limits(_own(registers, "column_limits.yml")),
        "log_words": _positioned(_csv(_FORMS / "log_words.csv", ("kind", "key", "pattern"))),
        "topics": _topics(_own(registers, "topics.csv")),
        "problem_kinds": _problem_kinds(_own(registers, "problem_kinds.csv")),
    }
    return {n: pa.Table.from_pylist(list(r), schema=_SCHEMAS[n]) for n, r in rows.items()}


def word_macros(relations: Mapping[str, "str | pa.Table"]) -> Iterator[str]:
    """Macros over one text, made of the words in the relations: engines compile them once.

    `topic_word(x)` is the first word of a topic in x, else null; `says_<kind>(x)` tells whether x
    has a word of that kind of `log_words`.
    """
    topics, words = relations["topics"], relations["log_words"]
    if not (isinstance(topics, pa.Table) and isinstance(words, pa.Table)):
        raise TypeError("topics and log_words are tables of `log_relations`")
    listed = "|".join(re.escape(word) for word in topics["word"].to_pylist()) or "[^\\s\\S]"
    yield f"topic_word(x) AS nullif(regexp_extract(x, {_quoted(listed)}), '')"
    for row in words.to_pylist():
        if row["kind"] == row["key"]:
            yield f"says_{row['kind']}(x) AS regexp_matches(x, {_quoted(row['pattern'])})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _own(registers: Path | None, name: str) -> Traversable:
    """The user's file where there is one, else ours."""
    own = registers / name if registers else None
    return own if own is not None and own.is_file() else _FORMS / name


def _limits(registers: Path | None) -> Iterable[dict[str, Any]]:
    ours, own = _FORMS / "limits.yml", _own(registers, "limits.yml")
    limits = _mapping(ours)
    for name, values in _mapping(own).items():
        if name not in limits:
            raise ZwgkError(f"{own}: no limit {name}; expected one of {', '.join(limits)}")
        limits[name] = {**limits[name], **values}
    for name, values in limits.items():
        for region, value in values.items():
            known = None if region == "default" else str(region)
            yield {"name": name, "region": known, "value": _days(own, name, value)}


def _mapping(path: Traversable) -> dict[str, dict[str, Any]]:
    read = _yaml(path) or {}
    if not (isinstance(read, Mapping) and all(isinstance(v, Mapping) for v in read.values())):
        raise ZwgkError(f"{path}: expected lines as `interpretation_workdays:`, `  default: 3`")
    return dict(read)


def _column_limits(path: Traversable) -> Iterable[dict[str, Any]]:
    read = _yaml(path)
    needed = {"kind", "limit_days", "pattern"}
    if not (isinstance(read, list) and all(isinstance(k, dict) and needed <= {*k} for k in read)):
        raise ZwgkError(f"{path}: expected a list of kinds, each with {', '.join(sorted(needed))}")
    for position, kind in enumerate(read):
        days = _days(path, str(kind["kind"]), kind["limit_days"])
        said = {"kind": str(kind["kind"]), "pattern": str(kind["pattern"])}
        yield {"position": position, "days": days} | said


def _days(path: Traversable, name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ZwgkError(f"{path}: {name} is {value}; expected a whole number")
    return value


def _topics(path: Traversable) -> Iterable[dict[str, Any]]:
    known: dict[str, str] = {}
    for row in _csv(path, ("topic", "words")):
        for word in filter(None, map(str.strip, row["words"].split("|"))):
            known.setdefault(word, row["topic"])
    return ({"word": word, "topic": topic} for word, topic in known.items())


def _problem_kinds(path: Traversable) -> Iterable[dict[str, Any]]:
    """Kinds of problems in the order in which they are tried; each pattern is one of RE2."""
    for row in _positioned(_csv(path, ("kind", "label_zh", "label_en", "pattern", "decided_by"))):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            message = f"{path}: the pattern of {row['kind']} is no regular expression: {error}"
            raise ZwgkError(message) from error
        yield {**row, "decided_by": row["decided_by"] or None}


def _positioned(rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return ({"position": position} | row for position, row in enumerate(rows))


def _csv(path: Traversable, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise ZwgkError(f"{path}: no UTF-8; save it as CSV UTF-8") from error
    if any(row.get(column) is None for row in rows for column in needed):
        raise ZwgkError(f"{path}: expected the columns {', '.join(needed)} in every row")
    return rows


def _yaml(path: Traversable) -> Any:  # noqa: ANN401 - the callers look at what it is
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ZwgkError(f"{path}: no YAML: {' '.join(str(error).split())}") from error
