"""The data dictionary, generated from the models: every mart, column, unit and caveat."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zwgk_analytics.forms.crosswalk import crosswalk
from zwgk_analytics.forms.records import RecordKind, record_kinds
from zwgk_analytics.marts.models import Model, models
from zwgk_analytics.marts.vocabulary import vocabulary

if TYPE_CHECKING:
    import polars as pl


def dictionary() -> "pl.DataFrame":
    """One row per column of every mart: mart, column, label, unit, text, caveat."""
    import polars as pl  # slow to import

    columns = ("mart", "column", "label", "unit", "text", "caveat")
    return pl.DataFrame(
        [
            (model.name, c.name, c.label, c.unit, c.text, c.caveat)
            for model in models().values()
            for c in model.columns
        ],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )


def as_json() -> dict[str, Any]:
    """The dictionary as one object: `marts`, `measures`, `crosswalk`, `caveats` and `ledgers`."""
    words = vocabulary()
    return {
        "marts": {name: _described(model) for name, model in models().items()},
        "measures": words["measures"].to_pylist(),
        "measure_cells": words["measure_cells"].to_pylist(),
        "crosswalk": crosswalk(),
        "caveats": words["caveats"].to_pylist(),
        "ledgers": {key: asdict(kind) for key, kind in record_kinds().items()},
    }


def as_markdown() -> str:
    """The dictionary as a Markdown page."""
    parts = ["# Data dictionary", *(_page(model) for model in models().values())]
    for name, title in (("measures", "Measures"), ("caveats", "Caveats")):
        table = vocabulary()[name]
        rows = [[_text(v) for v in row.values()] for row in table.to_pylist()]
        parts.append(f"## {title}\n\n{_grid(table.column_names, rows)}")
    walked = crosswalk()
    walk = _grid(list(walked[0]), [list(row.values()) for row in walked])
    parts.append(f"## Crosswalk: measures over the editions of the form\n\n{walk}")
    parts += [_ledger(kind) for kind in record_kinds().values()]
    return "\n\n".join(parts) + "\n"


def _described(model: Model) -> dict[str, Any]:
    return {
        "grain": model.grain,
        "label": model.label,
        "key": list(model.key),
        "columns": [
            {"name": c.name, "label": c.label, "unit": c.unit, "text": c.text, "caveat": c.caveat}
            for c in model.columns
        ],
    }


def _page(model: Model) -> str:
    rows = [[f"`{c.name}`", c.label, _text(c.unit), c.text, _text(c.caveat)] for c in model.columns]
    grid = _grid(["column", "label", "unit", "what it is", "caveat"], rows)
    return f"## `{model.name}` {model.label}\n\n{model.grain}\n\n{grid}"


def _ledger(kind: RecordKind) -> str:
    rows = [
        [c.label, f"`{c.key}`", c.type, _text(c.unit), c.about, "、".join(c.headings[1:-1])]
        for c in kind.columns
    ]
    grid = _grid(["column", "key", "type", "unit", "what it is", "also headed"], rows)
    about = f"Ledger that is read (`zwgk template {kind.key}`). {kind.grain} {kind.basis}."
    return f"## {kind.label}\n\n{about}\n\n{grid}"


def _grid(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def _text(value: object) -> str:
    return "" if value is None else str(value)
