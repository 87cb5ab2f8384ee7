"""The marts as files: what each `.sql` beside this module says of itself, and what it reads."""

from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from importlib.resources import files
from typing import Any

import yaml

from zwgk_analytics.errors import ZwgkError

FOLDER = files("zwgk_analytics.marts")
MACROS = "macros.sql"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a mart as its header describes it."""

    name: str
    label: str
    text: str
    unit: str | None = None
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One mart: its grain, its key, its columns and its SELECT.

    `select` is None for a mart that a later layer writes; its columns are described all the same.
    `by_agency` are the relations that it reads agency by agency: see `marts.partition`.
    """

    name: str
    grain: str
    label: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    select: str | None
    by_agency: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def models() -> dict[str, Model]:
    """Every mart by its name, in the order of names."""
    found = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".sql") and f.name != MACROS)
    read = (parse(name.removesuffix(".sql"), read_sql(name)) for name in found)
    return {model.name: model for model in read}


def read_sql(name: str) -> str:
    """The text of one `.sql` file of this package."""
    return (FOLDER / name).read_text(encoding="utf-8")


def parse(name: str, text: str) -> Model:
    """One model from its file: leading comment lines are YAML, the rest is the SELECT.

    Raises:
        ZwgkError: the header lacks `grain`, `label`, `key` or `columns`, or is no YAML.
    """
    lines = text.splitlines()
    size = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = "\n".join(line[3:] for line in lines[:size] if not line.startswith("-- Written by"))
    try:
        said: dict[str, Any] = yaml.load(header, Loader=yaml.CSafeLoader)
        columns = tuple(Column(name=c, **about) for c, about in said["columns"].items())
        key = tuple(said["key"])
        grain, label = said["grain"], said["label"]
        by_agency = tuple(said.get("by_agency", ()))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ZwgkError(
            f"{name}.sql: the header must be YAML with grain, label, key and columns: {error}"
        ) from error
    select = "\n".join(lines[size:]).strip()
    return Model(name, grain, label, key, columns, select or None, by_agency)


@lru_cache(maxsize=1024)
def reads(select: str) -> frozenset[str]:
    """The tables that a SELECT reads, its own CTEs left out."""
    from sqlglot import exp, parse_one  # slow to import

    tree = parse_one(select, read="duckdb")
    inner = {cte.alias for cte in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table)) - inner


@lru_cache(maxsize=1)
def after_rules() -> set[str]:
    """The marts that read, themselves or through others, what the rules write."""
    written = {name for name, model in models().items() if model.select is None}
    late: set[str] = set()
    for model in ordered():
        if reads(model.select or "") & (written | late):
            late.add(model.name)
    return late


@lru_cache(maxsize=1)
def ordered() -> tuple[Model, ...]:
    """The marts that are built by SELECT, each after those that it reads."""
    built = {name: model for name, model in models().items() if model.select}
    needs = {name: reads(model.select or "") & built.keys() for name, model in built.items()}
    return tuple(built[name] for name in TopologicalSorter(needs).static_order())
