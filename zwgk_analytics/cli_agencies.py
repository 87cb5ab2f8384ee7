"""The command about names of agencies: what the register does not know, and what to make of it."""

from pathlib import Path

import click

from zwgk_analytics.cli_options import MARTS, RAW
from zwgk_analytics.errors import UsageError


@click.command()
@click.option("--accept", metavar="NAME=CANONICAL", multiple=True, help="Make NAME an alias.")
@RAW
@MARTS
def agencies(accept: tuple[str, ...], raw: Path, marts: Path) -> None:
    """List names that the register does not know, most frequent first, with what they may mean.

    \b
    Examples:
      zwgk agencies
      zwgk agencies --accept 平台综合实验区社会事业局=平潭综合实验区社会事业局 && zwgk refresh
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.agencies.register import load

    for pair in accept:
        click.echo(_accept(pair, raw / "registers"))
    for fault in load(raw / "registers").faults:
        click.echo(f"zwgk: {fault}", err=True)
    if not accept:
        _list(marts)


def _accept(pair: str, registers: Path) -> str:
    from zwgk_analytics.agencies.edit import with_alias
    from zwgk_analytics.agencies.register import NAME, decode
    from zwgk_analytics.store.files import replace_bytes

    name, equals, canonical = (part.strip() for part in pair.partition("="))
    if not (name and equals and canonical):
        raise UsageError(f"--accept {pair}: write NAME=CANONICAL, the printed name first")
    path = registers / NAME
    if not path.is_file():
        raise UsageError(f"{path}: no register; make it with the columns name, level and kind")
    text, encoding = decode(path.read_bytes())
    data = with_alias(text, name, canonical).encode(encoding)
    replace_bytes(path, data)
    return f"{path}: {name} is now an alias of {canonical}; the next refresh takes it up"


def _list(marts: Path) -> None:
    from zwgk_analytics.marts.api import open_marts

    query = "FROM agency_names WHERE agency IS NULL ORDER BY occurrences DESC, printed"
    with open_marts(marts) as opened:
        for row in opened.sql(query).iter_rows(named=True):
            proposed = f"\t{row['proposal']} ({row['score']:g})" if row["proposal"] else ""
            click.echo(f"{row['occurrences']}\t{row['printed']}\t{row['source_kinds']}{proposed}")
        known = opened.sql("SELECT count(agency) AS known, count(*) AS met FROM agency_names")
    click.echo(f"{known['known'][0]} of {known['met'][0]} names are in the register", err=True)
