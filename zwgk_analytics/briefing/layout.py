"""What several formats share: tables of a chart's numbers, and fonts that office programs have."""

from decimal import Decimal
from typing import Any

from zwgk_analytics.briefing.model import Plain, Run, Table
from zwgk_analytics.briefing.words import SHARE, amount, say, texts

# objects of python-docx, python-pptx and plotly, whose types are told in part only
Loose = Any

FONT = "Microsoft YaHei"
INK, QUIET, ACCENT, GRID, BAND = "222222", "5F6670", "1F4E79", "C9CDD2", "F3F5F8"


def plain_values(plain: Plain) -> list[list[str]]:
    """By category, the value of each series as printed; empty where there is none."""
    unit = SHARE if plain.is_share else None
    return [
        [
            "" if numbers[index] is None else amount(Decimal(str(numbers[index])), unit)
            for _, numbers in plain.series
        ]
        for index in range(len(plain.categories))
    ]


def plain_table(plain: Plain, values: list[list[str]]) -> Table:
    """A chart's numbers as a table: a row a category, a column a series."""
    head = (texts()["heads"]["plain"], *(name or say("heads.value") for name, _ in plain.series))
    rows = tuple(
        (Run(category), *map(Run, own))
        for category, own in zip(plain.categories, values, strict=True)
    )
    weights = (2.0, *(1.0 for _ in plain.series))
    return Table(head, rows, weights, frozenset(range(1, len(head))))
