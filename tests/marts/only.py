"""A few models alone over literal facts, where building every mart would take too long."""

from datetime import UTC, datetime
from functools import lru_cache

import duckdb
import pyarrow as pa

from zwgk_analytics.facts.schema import SCHEMAS
from zwgk_analytics.marts.element_relations import element_relations
from zwgk_analytics.marts.log_relations import log_relations
from zwgk_analytics.marts.models import MACROS, models, read_sql
from zwgk_analytics.marts.vocabulary import workdays
from zwgk_analytics.store.store import refreshed

NAMES = pa.schema({"printed": pa.string(), "agency": pa.string()})


def only(*names, kind, facts, registers=None, known=()):
    """A database of the models `names`, in that order, over the rows `facts` of one ledger.

    `known` are pairs of an agency's printed name and its name in the register.
    """
    con = duckdb.connect()
    con.execute(read_sql(MACROS))
    schema = SCHEMAS[kind]
    filled = [dict.fromkeys(schema.names) | row for row in facts]
    pairs = [{"printed": printed, "agency": agency} for printed, agency in known]
    tables = {
        f"{kind}_read": pa.Table.from_pylist(filled, schema=schema),
        "agency_names": pa.Table.from_pylist(pairs, schema=NAMES),
        "workdays": _workdays(),
        "refreshed": refreshed(datetime.now(UTC)),
        **(log_relations(registers) | element_relations(registers)),
    }
    for name, table in tables.items():
        con.register(name, table)
    for name in names:
        con.execute(f'CREATE TABLE "{name}" AS {models()[name].select}')
    return con


@lru_cache(maxsize=1)
def _workdays():
    return workdays()
