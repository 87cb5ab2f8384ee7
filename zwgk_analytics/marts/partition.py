"""Marts built anew for some agencies alone, where the others' rows cannot have changed.

A model says in its header what it may be built from by agency (`by_agency`): with those relations
cut to some agencies, its SELECT gives the rows of these agencies, exactly.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from zwgk_analytics.marts.ledger import Ledger

if TYPE_CHECKING:
    import duckdb

Units = list[str | None]

LOGGED: Final = "publications"
ITEMS: Final = "items"
_LOT = 500_000  # items
_MOST = 1000  # agencies; for more, and for more than half of the rows, all is built anew
_STOOD = f"""
CREATE OR REPLACE TEMP TABLE stood AS
SELECT source, agency, agency_printed, count(*) AS items FROM {LOGGED} GROUP BY ALL
"""  # noqa: S608 - of our own names, as all here
_UNITS = f"""
SELECT items.source, coalesce(names.agency, items.agency), count(*)
FROM {ITEMS} AS items
LEFT JOIN agency_names AS names ON names.printed = items.agency
GROUP BY ALL
"""  # noqa: S608
# Agencies of logs that came, changed or went, and those whose printed names mean another now.
_TOUCHED = f"""
SELECT agency FROM stood WHERE source IN (SELECT source FROM differing)
UNION
SELECT coalesce(names.agency, came.agency)
FROM (SELECT DISTINCT agency FROM {ITEMS} WHERE source IN (SELECT source FROM differing)) AS came
LEFT JOIN agency_names AS names ON names.printed = came.agency
UNION
SELECT unnest([stood.agency, coalesce(names.agency, stood.agency_printed)])
FROM (SELECT DISTINCT agency, agency_printed FROM stood) AS stood
LEFT JOIN agency_names AS names ON names.printed = stood.agency_printed
WHERE stood.agency IS DISTINCT FROM coalesce(names.agency, stood.agency_printed)
"""  # noqa: S608


def touched(con: "duckdb.DuckDBPyConnection", ledger: Ledger) -> Units | None:
    """The agencies whose items may differ from those in `publications`; None where too many may.

    With an agency come those that it shares a log with: some rules look at a log as a whole.
    """
    now, then = ledger.documents.get(ITEMS, {}), ledger.documents_before.get(ITEMS, {})
    differing = [s for s in now.keys() | then.keys() if now.get(s) != then.get(s)]
    con.register("differing", pa.table({"source": pa.array(differing, pa.string())}))
    con.execute(_STOOD)
    units = {row[0] for row in con.execute(_TOUCHED).fetchall()}
    stood = con.execute("SELECT source, agency, items FROM stood").fetchall()
    con.unregister("differing")
    con.execute("DROP TABLE stood")
    rows = 0
    for together, items in _sharing(stood):
        if not units.isdisjoint(together):
            units |= together
            rows += items
    if len(units) > _MOST or 2 * rows > sum(items for _, _, items in stood):
        return None
    return _in_order(units)


def batches(con: "duckdb.DuckDBPyConnection") -> list[Units]:
    """All agencies of the items, in lots of at most `_LOT` rows where agencies share no log.

    What takes memory by the row takes it for one lot at a time.
    """
    lots: list[set[str | None]] = []
    size = 0
    for together, items in _sharing(con.execute(_UNITS).fetchall()):
        if not lots or size + items > _LOT:
            lots.append(set())
            size = 0
        lots[-1] |= together
        size += items
    return [_in_order(lot) for lot in lots]


def _sharing(stood: list[tuple[str, str | None, int]]) -> list[tuple[set[str | None], int]]:
    """The agencies that share logs, set by set, each with its number of items."""
    of_log: dict[str, str | None] = {}
    leaders: dict[str | None, str | None] = {}

    def leader(agency: str | None) -> str | None:
        while leaders[agency] != agency:
            leaders[agency] = agency = leaders[leaders[agency]]
        return agency

    for source, agency, _ in sorted(stood, key=lambda row: row[0]):
        leaders.setdefault(agency, agency)
        leaders[leader(agency)] = leader(of_log.setdefault(source, agency))
    together: dict[str | None, set[str | None]] = defaultdict(set)
    rows: Counter[str | None] = Counter()
    for _, agency, items in stood:
        together[leader(agency)].add(agency)
        rows[leader(agency)] += items
    return [(units, rows[key]) for key, units in together.items()]


def _in_order(units: set[str | None]) -> Units:
    return sorted(units, key=lambda unit: (unit is not None, unit or ""))


def in_parts(
    con: "duckdb.DuckDBPyConnection",
    ledger: Ledger | None,
    by_agency: Collection[str],
    differing: set[str],
    make: Callable[[Units | None], None],
    empty: Callable[[], None],
) -> None:
    """Makes a relation anew for the agencies that need it: `make` gets them, None being all.

    All at once where memory holds them, else lot by lot from what `empty` leaves.
    """
    import duckdb

    if ledger is None or not by_agency:
        make(None)
    elif differing <= {*by_agency} and ledger.touched is not None:
        make(ledger.touched)
    else:
        try:
            _at_once(make)
        except duckdb.OutOfMemoryException:
            empty()
            for units in batches(con):
                make(units)


def _at_once(make: Callable[[Units | None], None]) -> None:
    make(None)


@contextmanager
def cut(
    con: "duckdb.DuckDBPyConnection",
    relations: Iterable[str],
    units: Units | None,
    items: str = "",
) -> Iterator[None]:
    """Within it, the relations hold the rows of some agencies alone, of all where they are None.

    `items` is the SELECT of the relation of that name.
    """
    names = set(relations) - {"agency_names"} if units is not None else set()
    for name in names:
        rows = _items_of(con, items, units or []) if name == ITEMS else _rows_of(con, name, units)
        con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {rows}')
    try:
        yield
    finally:
        for name in names:
            back = f"CREATE OR REPLACE TEMP VIEW {name} AS {items}"
            con.execute(back if name == ITEMS else f'DROP VIEW temp."{name}"')


def _rows_of(con: "duckdb.DuckDBPyConnection", mart: str, units: Units | None) -> str:
    return f"SELECT * FROM {whole(con, mart)} WHERE {among('agency', units)}"  # noqa: S608


def _items_of(con: "duckdb.DuckDBPyConnection", items: str, units: Units) -> str:
    """The bounds of the sources let Parquet files be read in part."""
    rows = f"FROM ({items}) WHERE {among('agency', _printed(con, units))}"
    bounds = con.execute(f"SELECT min(source), max(source) {rows}").fetchall()[0]
    first, last = ("'" + (bound or "").replace("'", "''") + "'" for bound in bounds)
    return f"SELECT * {rows} AND source BETWEEN {first} AND {last}"


def whole(con: "duckdb.DuckDBPyConnection", mart: str) -> str:
    """The full name of a mart: what is cut to some agencies stands before its plain name."""
    ((database,),) = con.execute("SELECT current_database()").fetchall()
    return f'"{database}".main."{mart}"'


def among(column: str, units: Units | None) -> str:
    """The condition that a column names one of some agencies, None being all."""
    if units is None:
        return "TRUE"
    named = ", ".join("'" + unit.replace("'", "''") + "'" for unit in units if unit is not None)
    told = [f"{column} IN ({named})"] if named else []
    told += [f"{column} IS NULL"] if None in units else []
    return f"({' OR '.join(told)})" if told else "FALSE"


def _printed(con: "duckdb.DuckDBPyConnection", units: Units) -> Units:
    """The names as logs print them of some agencies."""
    known = among("agency", units)
    renamed = con.execute(
        f"SELECT printed FROM agency_names WHERE agency IS NOT NULL AND {known}"  # noqa: S608
    ).fetchall()
    elsewhere = con.execute(
        f"SELECT printed FROM agency_names WHERE {among('printed', units)} "  # noqa: S608
        "AND agency IS NOT NULL AND agency <> printed"
    ).fetchall()
    others = {row[0] for row in elsewhere}
    return [*{row[0] for row in renamed}, *(u for u in units if u not in others)]
