"""The commands about published marts: what they are, and the way back to earlier ones."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zwgk_analytics.cli_options import MARTS
from zwgk_analytics.errors import NoMartsError

if TYPE_CHECKING:
    from zwgk_analytics.marts.publish import Kept


@click.command()
@MARTS
def status(marts: Path) -> None:
    """Show the last runs, the documents that are not used and why, and the rows a mart."""
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.schedule.runs import finished, last_runs

    try:
        opened = open_marts(marts)
    except NoMartsError:
        for line in last_runs(marts, []):
            click.echo(line)
        raise
    with opened:
        published = opened.mart("refreshes").rows(named=True)
        for line in last_runs(marts, published):
            click.echo(line)
        last = finished(marts, published)[-1]
        click.echo(f"last refresh {last['refresh_id']}, finished {last['finished_at']} UTC")
        for key in ("read", "unchanged", "removed", "quarantined"):
            click.echo(f"  documents {key}: {last[f'documents_{key}']}")
        click.echo(f"  {opened.origin}")
        for row in opened.mart("quarantine").iter_rows(named=True):
            click.echo(f"  not used: {row['source']}: {row['reason']}: {row['detail']}")
        click.echo(repr(opened))


@click.command()
@click.option("--to", metavar="STAMP", help="These marts, not those that were current before.")
@click.option("--list", "listed", is_flag=True, help="Only tell which marts are kept.")
@MARTS
def rollback(to: str | None, listed: bool, marts: Path) -> None:
    """Return to marts that were published before; the next refresh publishes new ones as ever.

    \b
    Examples:
      zwgk rollback --list
      zwgk rollback
      zwgk rollback --to 20260301T0230
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.marts import publish

    if not listed:
        publish.rollback(marts, to)
    for one in publish.kept(marts):
        click.echo(_line(one))


def _line(one: "Kept") -> str:
    mark = "*" if one.is_current else " "
    if one.note:
        return f"{mark} {one.stamp}  {one.note}"
    started = one.provenance.started_at
    when = f"{started:%Y-%m-%d %H:%M:%S} UTC" if started else "at a time not told"
    by = f"zwgk {one.provenance.tool_version or 'of an older version'}"
    return f"{mark} {one.stamp}  {when}  {by}  {one.rows:,} rows"
