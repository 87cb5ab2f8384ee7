"""The published marts as an analyst meets them: one method a mart, polars frames, traced cells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from html import escape
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.folders import locate
from zwgk_analytics.marts.provenance import Provenance, connect, said_by
from zwgk_analytics.marts.publish import published

if TYPE_CHECKING:
    import polars as pl

    from zwgk_analytics.marts.lineage import Agencies

Names = str | Iterable[str] | None
Years = int | Iterable[int] | None

# How a mart without a column `year` tells the year of a row.
_YEARS = {
    "year": '"year"',
    "month": 'year("month")',
    "period": 'TRY_CAST(substr("period", 1, 4) AS INTEGER)',
    "published_on": 'year("published_on")',
}

_TRACE = """
SELECT
  cells.agency, cells.year, form_table AS "table", form_row AS "row", form_column AS "column",
  value, unit, state, raw, place, cells.source, sha256, url
FROM report_cells AS cells
JOIN reports USING (report_id)
WHERE
  cells.agency = $agency AND cells.year = $year
  AND form_table = $form_table AND form_row = $form_row AND form_column = $form_column
"""


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell of a statutory table with the place it was read from."""

    agency: str
    year: int
    table: str
    row: str
    column: str
    value: Decimal | None
    unit: str | None
    state: str
    raw: str
    place: str
    source: str
    sha256: str
    url: str | None

    def __str__(self) -> str:
        number = "no value" if self.value is None else f"{self.value.normalize():f}"
        amount = f"{number} {self.unit}" if self.unit else number
        return f"{amount} ← “{self.raw}” ({self.state}) in {self.source}, {self.place}"


class Marts:
    """The marts of one published database, opened read-only.

    Every mart is a method: `marts.application_handling(agency=…, years=…)` returns its rows as a
    polars frame (`.to_pandas()` is polars' own). A frame is of the refresh that was the last when
    the marts were opened; a later refresh neither blocks nor changes it.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._con = path, connect(path)
        self._columns = self._read_catalogue()

    def sql(self, query: str, params: object = None) -> "pl.DataFrame":
        """The rows of any SELECT over the marts; `params` fill `?` or `$name`."""
        found: pl.DataFrame = self._con.cursor().sql(query, params=params).pl()
        return found

    def mart(
        self,
        name: str,
        *,
        agency: Names = None,
        years: Years = None,
        follow_successors: bool = False,
        **equal: object,
    ) -> "pl.DataFrame":
        """The rows of one mart in the order of its key.

        Args:
            name: the mart.
            agency: one agency or several, by any name that the register knows.
            years: one year or several (a range too); of the month, period or date of publication
                where the mart has no year.
            follow_successors: take the rows of predecessors and successors too (`lineage`).
                `agency` is then the one asked for, and the added column `agency_then` the one
                whose row it is; nothing is added up.
            equal: any column and its value, or its values; None asks for missing ones.

        Raises:
            UsageError: no such mart or column; the message lists what there is.
        """
        if follow_successors:
            chosen: dict[str, Any] = {"years": years, **equal}
            return self._agencies.follow(partial(self.mart, name, **chosen), agency)
        columns = self._columns_of(name)
        wanted = equal | ({"agency": self.canonical(agency)} if agency is not None else {})
        filters = [(f'"{_known(column, name, columns)}"', v) for column, v in wanted.items()]
        if years is not None:
            filters.append((_year_of(name, columns), years))
        params: list[object] = []
        tests = [_test(expression, value, params) for expression, value in filters]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return self.sql(f'SELECT * FROM main."{name}"{where}{_order(name)}', params)  # noqa: S608

    def canonical(self, agency: str | Iterable[str]) -> list[str]:
        """The names that the marts carry for agencies that are given by any registered name."""
        names = [agency] if isinstance(agency, str) else agency
        return [self._agencies.canonical(name) for name in names]

    def lineage(self, agency: str) -> "pl.DataFrame":
        """One row per agency in the line of one through reorganisations, as the register has it.

        Columns: agency, relation (`predecessor`, `self`, `successor`), valid_from, valid_to,
        successors, caveat (mergers and splits, across which figures do not carry over as such).
        """
        return self._agencies.lineage(*self.canonical(agency))

    def export(
        self,
        name: str,
        path: str | Path,
        *,
        agency: Names = None,
        years: Years = None,
        follow_successors: bool = False,
        **equal: object,
    ) -> Path:
        """Writes the rows of one mart, chosen as by `mart`, to .csv, .xlsx, .parquet or .json.

        Raises:
            UsageError: no such mart, column or format; the message lists what there is.
        """
        from zwgk_analytics.marts.export import write

        rows = self.mart(
            name, agency=agency, years=years, follow_successors=follow_successors, **equal
        )
        return write(rows, path, name)

    def trace(self, agency: str, year: int, table: str, row: str, column: str) -> TracedCell:
        """The cell of a report in force, with its file, its place and the text as printed.

        Raises:
            UsageError: the report has no such cell; the message lists what it has.
        """
        wanted = {
            "agency": self._agencies.canonical(agency),
            "year": year,
            "form_table": table,
            "form_row": row,
            "form_column": column,
        }
        found = self.sql(_TRACE, wanted)
        if found.is_empty():
            raise UsageError(self._no_cell(wanted))
        return TracedCell(**found.row(0, named=True))

    @cached_property
    def origin(self) -> Provenance:
        """What these marts say of themselves: the row of the mart `provenance`."""
        return said_by(self._con)

    def columns(self, name: str) -> "pl.DataFrame":
        """One row per column of a mart: column, type, and its label, unit and caveat."""
        self._columns_of(name)
        return self.sql(
            "SELECT column_name AS column, data_type AS type, comment AS about "
            "FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ? "
            "ORDER BY column_index",
            [name],
        )

    def catalogue(self) -> "pl.DataFrame":
        """One row per mart: mart, rows, label."""
        counts = " UNION ALL ".join(
            f"SELECT '{name}' AS mart, count(*) AS rows FROM main.\"{name}\""  # noqa: S608
            for name in self._columns
        )
        return self.sql(
            f"SELECT mart, rows, comment AS label FROM ({counts}) "  # noqa: S608
            "JOIN duckdb_tables() AS t ON t.table_name = mart ORDER BY mart"
        )

    def close(self) -> None:
        """Lets go of the database."""
        self._con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Callable[..., "pl.DataFrame"]:
        if name.startswith("_") or name not in self._columns:
            raise AttributeError(f"no mart or method {name!r}; there are {', '.join(dir(self))}")

        def rows(
            *,
            agency: Names = None,
            years: Years = None,
            follow_successors: bool = False,
            **equal: object,
        ) -> "pl.DataFrame":
            chosen: dict[str, Any] = {"agency": agency, "years": years, **equal}
            return self.mart(name, follow_successors=follow_successors, **chosen)

        rows.__name__, rows.__doc__ = name, self._about(name)
        return rows

    def __dir__(self) -> list[str]:
        own = [n for n in super().__dir__() if not n.startswith("_")]
        return sorted({*own, *self._columns})

    def __repr__(self) -> str:
        rows = self.catalogue().rows()
        width = max((len(mart) for mart, _, _ in rows), default=0)
        lines = [f"{mart:<{width}}  {n:>10,}  {label or ''}" for mart, n, label in rows]
        return "\n".join([f"Marts of {self.path}", *lines])

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td><code>{escape(mart)}</code></td>"
            f"<td style='text-align:right'>{n:,}</td><td>{escape(label or '')}</td></tr>"
            for mart, n, label in self.catalogue().rows()
        )
        head = "<tr><th>mart</th><th>rows</th><th>内容</th></tr>"
        return f"<table><caption>{escape(self.path.name)}</caption>{head}{body}</table>"

    def _read_catalogue(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        query = (
            "SELECT table_name, column_name FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"
        )
        for table, column in self._con.execute(query).fetchall():
            found.setdefault(table, []).append(column)
        return found

    @cached_property
    def _agencies(self) -> "Agencies":
        from zwgk_analytics.marts.lineage import Agencies

        known = "agencies" in self._columns  # marts of an older version have no register
        return Agencies(self.sql("FROM agencies").rows(named=True) if known else ())

    def _columns_of(self, name: str) -> list[str]:
        if name not in self._columns:
            raise UsageError(f"no mart {name!r}; there are {', '.join(self._columns)}")
        return self._columns[name]

    def _about(self, name: str) -> str:
        lines = [f"{column}: {about or kind}" for column, kind, about in self.columns(name).rows()]
        return "\n".join([f"The rows of the mart {name}.", "", *lines])

    def _no_cell(self, wanted: dict[str, Any]) -> str:
        known: dict[str, Any] = {}
        for column, value in wanted.items():
            there = self.mart("report_cells", **known)[column].unique().sort().to_list()
            if value not in there:
                few = ", ".join(str(v) for v in there[:40]) or "nothing"
                return f"no cell with {column} {value!r}; among {known or 'all'} there is {few}"
            known[column] = value
        return f"no cell {wanted}"


def open_marts(path: str | Path = "data/marts") -> Marts:
    """The marts that were published last under `path`.

    A relative path is looked for in the folder at hand and in those above it, so that a notebook
    in a subfolder finds them.

    Raises:
        NoMartsError: nothing was published there; ZwgkError: by a newer version.
    """
    folder = locate(path)
    while True:  # a refresh may publish others, and delete these, between the two looks
        now = published(folder)
        try:
            return Marts(now)
        except ZwgkError:
            if published(folder) == now:
                raise


def _known(column: str, name: str, columns: Sequence[str]) -> str:
    if column not in columns:
        raise UsageError(f"{name} has no column {column!r}; it has {', '.join(columns)}")
    return column


def _year_of(name: str, columns: Sequence[str]) -> str:
    for column, expression in _YEARS.items():
        if column in columns:
            return expression
    raise UsageError(f"{name} has no year to filter by; it has {', '.join(columns)}")


def _test(expression: str, value: object, params: list[object]) -> str:
    if value is None:
        return f"{expression} IS NULL"
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    params.append(values)
    return f"list_contains(?, {expression})"


def _order(name: str) -> str:
    from zwgk_analytics.marts.models import models  # reads every header

    key = models()[name].key if name in models() else ()
    columns = ", ".join(f'"{column}"' for column in key)
    return f" ORDER BY {columns}" if key else ""


def findings(
    path: str | Path = "data/marts",
    *,
    agency: Names = None,
    years: Years = None,
    **equal: object,
) -> "pl.DataFrame":
    """The findings of the published marts: one row per broken expectation.

    The filters are those of `Marts.mart`; `rule=` and `severity=` among them.
    """
    with open_marts(path) as marts:
        return marts.mart("findings", agency=agency, years=years, follow_successors=False, **equal)
