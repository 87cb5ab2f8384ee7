"""What the rankings read of the forms: metrics, composites and the levels of their intervals."""

import random
from itertools import product
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import pyarrow as pa

from zwgk_analytics.forms.metrics import Composite, composites, metrics, reasons

_CONFIDENCE: Final = 0.95
_MOST_UNITS: Final = 5000  # of one ranking; more take the level of so many
_SHIFT: Final = 0.2  # how far a weight may be off
_CORNERS: Final = 6  # dimensions up to which every combination of shifted weights is tried
_DRAWS: Final = 200

_METRICS: Final = pa.schema(
    {
        "metric": pa.string(),
        "kind": pa.string(),
        "higher_is_better": pa.bool_(),
        "interval": pa.string(),
        "minimum_n": pa.int64(),
    }
)
_TERMS: Final = pa.schema(
    {
        "metric": pa.string(),
        "side": pa.string(),
        "quantity": pa.string(),
        "sign": pa.int32(),
        "terms": pa.int64(),
    }
)
_INPUTS: Final = pa.schema(
    {
        "composite": pa.string(),
        "dimension": pa.string(),
        "input": pa.int32(),
        "kind": pa.string(),
        "name": pa.string(),
        "inputs": pa.int64(),
        "dimensions": pa.int64(),
        "has_indicators": pa.bool_(),
    }
)
_WEIGHTS: Final = pa.schema(
    {
        "composite": pa.string(),
        "dimension": pa.string(),
        "draw": pa.int32(),
        "weight": pa.float64(),
    }
)
_REASONS: Final = pa.schema({"reason": pa.string(), "label_zh": pa.string()})


def metric_relations(override: Path | None = None) -> dict[str, pa.Table]:
    """The relations by name; `override` is the user's file of composites.

    `metrics` and `metric_terms` hold what `forms/metrics.yml` declares, `rank_reasons` its
    reasons; `composite_inputs` and `composite_weights` hold the composites, draw 0 with the
    weights as they are and further draws with each weight up to 20 % off; `rank_levels` gives
    the half-width, in standard errors, at which so many intervals hold together (Šidák).
    """
    found = composites(override).values()
    return {
        "metrics": _table(_metric_rows(), _METRICS),
        "metric_terms": _table(_term_rows(), _TERMS),
        "rank_reasons": _table(
            [{"reason": k, "label_zh": v["zh"]} for k, v in reasons().items()], _REASONS
        ),
        "composite_inputs": _table([r for c in found for r in _input_rows(c)], _INPUTS),
        "composite_weights": _table([r for c in found for r in _weight_rows(c)], _WEIGHTS),
        "rank_levels": rank_levels(),
    }


def rank_levels() -> pa.Table:
    """Number of units → z at which that many 95 % intervals hold together; one row per number."""
    units = list(range(1, _MOST_UNITS + 1))
    z = [NormalDist().inv_cdf((1 + _CONFIDENCE ** (1 / n)) / 2) for n in units]
    return pa.table({"units": pa.array(units, pa.int64()), "z": z})


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def _metric_rows() -> list[dict[str, Any]]:
    names = ("kind", "higher_is_better", "interval", "minimum_n")
    return [{"metric": m.id} | {n: getattr(m, n) for n in names} for m in metrics().values()]


def _term_rows() -> list[dict[str, Any]]:
    return [
        {
            "metric": m.id,
            "side": side,
            "quantity": quantity,
            "sign": sign,
            "terms": sum(s == side for s, _, _ in m.terms),
        }
        for m in metrics().values()
        for side, quantity, sign in m.terms
    ]


def _input_rows(composite: Composite) -> list[dict[str, Any]]:
    kinds = {kind for d in composite.dimensions for kind, _ in d.inputs}
    return [
        {
            "composite": composite.id,
            "dimension": d.id,
            "input": number,
            "kind": kind,
            "name": name,
            "inputs": len(d.inputs),
            "dimensions": len(composite.dimensions),
            "has_indicators": "indicator" in kinds,
        }
        for d in composite.dimensions
        for number, (kind, names) in enumerate(d.inputs, 1)
        for name in names
    ]


def _weight_rows(composite: Composite) -> list[dict[str, Any]]:
    """The weights, their extremes, and draws in between: the same on every refresh."""
    chance = random.Random(composite.id)  # noqa: S311 (a fixed sequence is wanted)
    size = len(composite.dimensions)
    shifts = [(1.0,) * size]
    if size <= _CORNERS:
        shifts += list(product((1 - _SHIFT, 1 + _SHIFT), repeat=size))
    shifts += [
        tuple(chance.uniform(1 - _SHIFT, 1 + _SHIFT) for _ in range(size)) for _ in range(_DRAWS)
    ]
    return [
        {
            "composite": composite.id,
            "dimension": dimension.id,
            "draw": draw,
            "weight": dimension.weight * shift,
        }
        for draw, row in enumerate(shifts)
        for dimension, shift in zip(composite.dimensions, row, strict=True)
    ]
