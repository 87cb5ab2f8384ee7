"""Rows of a small table (scores, figures) with their place, and numbers read from them."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.numbers import Printed, parse
from zwgk_analytics.facts.schema import NUMBER, PROBLEMS
from zwgk_analytics.readers.tabular import RawTable

_LARGEST = Decimal(10) ** (NUMBER.precision - NUMBER.scale)


@dataclass(slots=True)
class Told:
    """The problems met in one table, as rows of `facts.schema.PROBLEMS`."""

    source: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, code: str, message: str, place: str) -> None:
        """One more problem at `place`."""
        self.rows.append({"source": self.source, "code": code, "message": message, "place": place})

    def table(self) -> pa.Table:
        """All of them as Arrow rows."""
        return pa.Table.from_pylist(self.rows, schema=PROBLEMS)

    def number(self, name: str, text: str | None, place: str) -> Printed:
        """The number in a cell; one that cannot be read or held is null and told."""
        printed = parse(text or "")
        fits = printed.number is None or abs(printed.number) < _LARGEST
        if printed.state == "unreadable" or not fits:
            self.add("number.unreadable", f"{name} is {text}; expected one number", place)
            return Printed("unreadable")
        return printed


def text_rows(
    table: RawTable, columns: Columns, down: Set[str] = frozenset(), group: str | None = None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row's place, and its cells by field (of a wide table: by column number).

    `down` are the fields of which a cell merged over several rows holds for each of them. With
    `group`, a row that one text fills is none: its text is the field `group` of those below it.
    """
    above_rows: dict[str, str] = {}
    where = f"{table.where}, row" if table.where else "row"
    wanted = {**columns.fields, **{str(i): i for i in columns.measures}}
    for batch in table.batches:
        for row in batch.to_pylist():
            if group and row["row"] in table.groups:
                above_rows = {group: table.groups[row["row"]]}
                continue
            cells = {name: (row[str(i)] or "").strip() for name, i in wanted.items()}
            if any(cells.values()):
                above = table.merged.get(row["row"], {})
                cells |= {f: above[wanted[f]] for f in down & wanted.keys() if wanted[f] in above}
                said = {k: v for k, v in cells.items() if v}
                yield f"{where} {row['row']}", above_rows | said
