"""Lists of a site's columns (栏目) → their names, so that a log's codes can be read."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.schema import CHANNELS
from zwgk_analytics.facts.table_rows import Told, text_rows
from zwgk_analytics.readers.tabular import RawTable


def channels(
    table: RawTable, columns: Columns, source: str, _sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """One row a channel of the list (`facts.schema.CHANNELS`), and the problems (`PROBLEMS`).

    A channel without a name is kept with a null name: it is a column of the site all the same.
    """
    told, rows = Told(source), []
    for place, cells in text_rows(table, columns):
        if "channel" not in cells:
            told.add("channel.no_code", f"{cells['name']} has no code: it is not used", place)
            continue
        rows.append(_row(source, place, cells["channel"], cells.get("name")))
    return pa.Table.from_pylist(rows, schema=CHANNELS), told.table()


def told_channels(source: str, named: object) -> pa.Table:
    """The channels that a log's sidecar names (`channels`: code → name).

    Raises:
        ReadError: it is no mapping.
    """
    if not isinstance(named, Mapping):
        raise ReadError("sidecar", "the sidecar's `channels` must be lines of `code: name`")
    rows = [_row(source, "sidecar", str(code), str(name)) for code, name in named.items()]
    return pa.Table.from_pylist(rows, schema=CHANNELS)


def _row(source: str, place: str, channel: str, name: str | None) -> dict[str, Any]:
    return {"source": source, "place": place, "channel": channel, "name": name}
