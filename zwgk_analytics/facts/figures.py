"""Tables of annual figures, long or wide → one row an agency, year and printed indicator."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.headings import Columns, measure_of, measure_units
from zwgk_analytics.facts.numbers import Printed, convert_money, is_money, stated_money_unit
from zwgk_analytics.facts.schema import FIGURES
from zwgk_analytics.facts.table_rows import Told, text_rows
from zwgk_analytics.readers.tabular import RawTable

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?(?:\.0)?")


def figures(
    table: RawTable, columns: Columns, source: str, sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """The figures (`facts.schema.FIGURES`) and problems (`PROBLEMS`) of one table.

    A label that is not known has a null measure, a number that cannot be read a null value; both
    are told. Money is in the measure's unit; where no unit of money is stated it is not used.
    """
    told = Told(source)
    rows = []
    for place, cells in text_rows(table, columns):
        said = {"agency": sidecar.get("agency"), "year": sidecar.get("year")}
        row = {**{k: str(v) for k, v in said.items() if v is not None}, **cells}
        start = {
            "source": source,
            "place": place,
            "agency": row.get("agency"),
            "year": _year(row.get("year", ""), place, told),
            "url": row.get("url") or sidecar.get("url"),
        }
        rows += [start | f for f in _figures(row, table, columns, place, told)]
    return pa.Table.from_pylist(rows, schema=FIGURES), told.table()


def _figures(
    row: Mapping[str, str], table: RawTable, columns: Columns, place: str, told: Told
) -> Iterator[dict[str, Any]]:
    if "label" in columns.fields:
        yield _figure(row.get("label"), row.get("value"), row.get("unit"), place, told)
    else:
        for i in columns.measures:
            yield _figure(table.names[i], row.get(str(i)), row.get("unit"), place, told)


def _figure(
    label: str | None, text: str | None, stated: str | None, place: str, told: Told
) -> dict[str, Any]:
    measure = measure_of(label or "")
    if measure is None:
        told.add("figure.label", f"the indicator {label} is not known", place)
    printed = told.number(label or "the figure", text, place)
    unit = printed.unit or stated or stated_money_unit(label or "")
    value, unit = _in_unit(printed, unit, measure, place, told)
    return {"label": label, "measure": measure, "value": value, "unit": unit}


def _in_unit(
    printed: Printed, stated: str | None, measure: str | None, place: str, told: Told
) -> tuple[Decimal | None, str | None]:
    """The number in the unit of its measure."""
    unit, must_be_stated = measure_units().get(measure or "", (stated, False))
    if printed.number is None or not must_be_stated:
        return printed.number, unit
    if not (is_money(stated) and stated and unit):
        told.add("figure.unit", f"{printed.number} states no unit of money: it is not used", place)
        return None, unit
    return convert_money(printed.number, stated, unit), unit


def _year(text: str, place: str, told: Told) -> int | None:
    match = _YEAR.fullmatch(text.strip())
    if match is None:
        told.add("figure.year", f"the year is {text or 'not given'}; expected 2023", place)
    return int(match[1]) if match else None
