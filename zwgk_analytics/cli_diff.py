"""The command that tells what refreshes have changed."""

from pathlib import Path
from typing import Any

import click

from zwgk_analytics.cli_options import MARTS


@click.command()
@click.option(
    "--from",
    "stamp",
    metavar="STAMP",
    help="All since this refresh; else of the last that found any.",
)
@MARTS
def diff(stamp: str | None, marts: Path) -> None:
    """Show what changed between refreshes: reports, cells, and silent edits of a published report.

    \b
    Examples:
      zwgk diff
      zwgk diff --from 20260301
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.marts.changes import changes_since

    with open_marts(marts) as opened:
        found = changes_since(opened, stamp)
    for row in found.iter_rows(named=True):
        click.echo(_line(row))
    click.echo(f"{len(found)} changes", err=True)


def _line(row: dict[str, Any]) -> str:
    cell = "/".join(row[k] for k in ("form_table", "form_row", "form_column") if row[k])
    # a checksum is told by its first digits, as long as it takes to tell two apart
    before, after = (value and value[:12] for value in (row["before"], row["after"]))
    parts = [row["refresh_id"], row["change"], row["agency"], row["year"], cell]
    told = " ".join(str(part) for part in parts if part)
    return f"{told}: {before or '—'} → {after or '—'} [{row['source']}]"
