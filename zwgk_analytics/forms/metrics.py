"""The metrics of rankings and the composite's weights, read from their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.forms.load import FOLDER

INTERVALS = {"share": ("wilson", "tank"), "mean": ("poisson",), "count": ("poisson", "spread")}
_COMPOSITE = "composite.yml"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it counts, over what, and how its uncertainty is told.

    `terms` holds (side, quantity, sign) with side `numerator`, `denominator` or `variance`.
    """

    id: str
    label: Mapping[str, str]
    kind: str
    terms: tuple[tuple[str, str, int], ...]
    higher_is_better: bool
    interval: str
    minimum_n: int
    caveat: Mapping[str, str]
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a composite: its weight, and its inputs as (kind, names that mean it)."""

    id: str
    label: Mapping[str, str]
    weight: float
    inputs: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Composite:
    """A weighted mean of dimensions, each on a scale of 0 to 100."""

    id: str
    label: Mapping[str, str]
    dimensions: tuple[Dimension, ...]


@lru_cache(maxsize=1)
def metrics() -> dict[str, Metric]:
    """Every metric by its id, in the order of the file."""
    return {raw["id"]: _metric(raw) for raw in _file()["metrics"]}


def reasons() -> dict[str, Mapping[str, str]]:
    """Why a value is shown without a rank: key → words in zh and en."""
    found: dict[str, Mapping[str, str]] = _file()["reasons"]
    return found


def composites(override: Path | None = None) -> dict[str, Composite]:
    """Every composite by its id: those of `override` where that file exists, else our template.

    Raises:
        ZwgkError: the file is no YAML of that form, or names no metric that is a share.
    """
    if override is not None and override.is_file():
        name, text = str(override), override.read_text(encoding="utf-8")
    else:
        name, text = _COMPOSITE, (FOLDER / _COMPOSITE).read_text(encoding="utf-8")
    try:
        raw = yaml.safe_load(text)["composites"]
        found = {one["id"]: _composite(one) for one in raw}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        line = " ".join(str(error).split())
        raise ZwgkError(
            f"{name}: not a composite as forms/composite.yml shows it: {line}"
        ) from error
    for composite in found.values():
        _check(composite, name)
    return found


def _metric(raw: Mapping[str, Any]) -> Metric:
    sides = ("numerator", "denominator", "variance")
    terms = tuple(
        (side, term.removeprefix("-"), -1 if term.startswith("-") else 1)
        for side in sides
        for term in raw.get(side, [])
    )
    kept = {k: v for k, v in raw.items() if k not in sides}
    return Metric(terms=terms, **kept)


def _composite(raw: Mapping[str, Any]) -> Composite:
    dimensions = tuple(
        Dimension(d["id"], d["label"], float(d["weight"]), tuple(map(_input, d["inputs"])))
        for d in raw["dimensions"]
    )
    return Composite(raw["id"], raw["label"], dimensions)


def _input(raw: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    ((kind, names),) = raw.items()
    return kind, tuple(names) if isinstance(names, list) else (names,)


def _check(composite: Composite, file: str) -> None:
    shares = {m.id for m in metrics().values() if m.kind == "share"}
    said = f"{file}: {composite.id}"
    if not composite.dimensions or not all(d.inputs for d in composite.dimensions):
        raise ZwgkError(f"{said} has a dimension without inputs; name a metric or an indicator")
    for dimension in composite.dimensions:
        if dimension.weight <= 0:
            raise ZwgkError(f"{said}, {dimension.id}: the weight must be above 0")
        for kind, names in dimension.inputs:
            if kind not in {"metric", "indicator"}:
                raise ZwgkError(f"{said}, {dimension.id}: {kind} is neither metric nor indicator")
            if kind == "metric" and (unknown := sorted(set(names) - shares)):
                there = ", ".join(sorted(shares))
                raise ZwgkError(f"{said}, {dimension.id}: no share {unknown[0]}; there are {there}")


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    text = (FOLDER / "metrics.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded
