"""What one file yields: who filed it, and its facts as Arrow tables of `facts.schema`."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.schema import SCHEMAS


@dataclass(slots=True)
class Extraction:
    """The facts of one file.

    `kind` is annual_report, publication_log, assessment, annual_figures, channels, work_report,
    a ledger's key (`forms.records`) or unknown.
    `tables` maps the names of `facts.schema.SCHEMAS` (all but `documents`) to rows; a table without
    rows may be absent. `reason` is set when the file must not be used (quarantine): a stable code,
    told in words by the problem of the same code.
    """

    source: str
    sha256: str
    media: str
    kind: str = "unknown"
    agency: str | None = None
    year: int | None = None
    edition: str | None = None
    title: str | None = None
    published_on: date | None = None
    url: str | None = None
    reason: str | None = None
    tables: dict[str, pa.Table] = field(default_factory=dict)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of one fact table as dicts, in the order of the document."""
        found: list[dict[str, Any]] = self.tables[table].to_pylist() if table in self.tables else []
        return found

    def document(self) -> pa.Table:
        """This file's single row of `facts.schema.DOCUMENTS`."""
        schema = SCHEMAS["documents"]
        return pa.Table.from_pylist([{n: getattr(self, n) for n in schema.names}], schema=schema)
