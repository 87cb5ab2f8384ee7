"""What the models read beside the store: measures, caveats, days, and the user's registers."""

from dataclasses import asdict
from datetime import date, timedelta
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

import pyarrow as pa

from zwgk_analytics.agencies.deadlines import deadlines
from zwgk_analytics.agencies.names import agencies, faults
from zwgk_analytics.agencies.register import Register, load
from zwgk_analytics.forms import edition_for, editions
from zwgk_analytics.forms.crosswalk import links
from zwgk_analytics.marts.element_relations import element_relations
from zwgk_analytics.marts.log_relations import log_relations
from zwgk_analytics.marts.metric_relations import metric_relations

_TABLES = ("measures", "measure_cells", "claim_definitions", "caveats", "total_indicators")


def vocabulary(registers: Path | None = None) -> dict[str, pa.Table]:
    """The relations by name: the forms' tables as they are filed, `workdays`, and the metrics.

    `registers` is the folder of the user's own lists; its `composite.yml` sets the composites, its
    `agencies.csv` says who the agencies are.
    """
    override = registers / "composite.yml" if registers else None
    tables = {name: filed(name) for name in _TABLES}
    register = load(registers) if registers else Register()
    known = {"registered": agencies(register), "register_faults": faults(register)}
    dated = {"workdays": workdays(), "deadlines": deadlines()}
    dated |= {"form_years": form_years(), "measure_links": measure_links()}
    dated["form_cells"] = form_cells()
    ledgers = log_relations(registers) | element_relations(registers)
    return tables | dated | known | metric_relations(override) | ledgers


def form_years() -> pa.Table:
    """One row per year: the edition of the national form that reported on it."""
    found = [(year, edition_for(year)) for year in range(2008, 2100)]
    years = [{"year": year, "edition": edition.key} for year, edition in found if edition]
    return pa.Table.from_pylist(
        years, schema=pa.schema({"year": pa.int32(), "edition": pa.string()})
    )


def form_cells() -> pa.Table:
    """One row per cell of the newest form's tables of counts, with its row's role and group."""
    tables = next(iter(editions().values())).tables
    cells = [
        {
            "form_table": table.key,
            "form_row": row.key,
            "form_column": column.key,
            "row_role": row.role,
            "row_group": row.group,
        }
        for table in (tables["applications"], tables["review"])
        for row in table.rows
        for column in table.columns
    ]
    names = ("form_table", "form_row", "form_column", "row_role", "row_group")
    return pa.Table.from_pylist(cells, schema=pa.schema([(n, pa.string()) for n in names]))


def measure_links() -> pa.Table:
    """One row per way in which figures are not what the present form counts, and its scope.

    Scope `form` concerns figures from tables only, `any` those from sentences too.
    """
    scopes = {row["caveat"]: row["scope"] for row in filed("caveats").to_pylist()}
    rows = [asdict(link) | {"scope": scopes[link.caveat]} for link in links()]
    texts = {n: pa.string() for n in ("measure", "edition", "link", "caveat", "scope")}
    years = {n: pa.int32() for n in ("first_year", "last_year")}
    return pa.Table.from_pylist(rows, schema=pa.schema(texts | years))


def workdays() -> pa.Table:
    """One row per day that the holiday calendar covers, 调休 counted.

    `workday_number` counts the working days up to and including the day, so that a difference of
    two is the number of working days after the first up to the second.
    """
    from chinese_calendar import is_workday  # type: ignore[import-untyped]  # only a refresh needs it
    from chinese_calendar.constants import holidays  # type: ignore[import-untyped]

    first = date(min(holidays).year, 1, 1)
    last = date(max(holidays).year, 12, 31)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    numbers = accumulate(int(is_workday(day)) for day in days)
    return pa.table({"day": pa.array(days, pa.date32()), "workday_number": list(numbers)})


def filed(name: str) -> pa.Table:
    """The rows of a table of the forms as its CSV has them."""
    from pyarrow import csv

    options = csv.ConvertOptions(
        column_types={"edition": pa.string(), "caveat": pa.string(), "part": pa.string()},
        strings_can_be_null=True,
    )
    with (files("zwgk_analytics.forms") / f"{name}.csv").open("rb") as file:
        return csv.read_csv(file, convert_options=options)
