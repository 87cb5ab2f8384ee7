"""The command that writes a blank ledger (台账) of a kind."""

from pathlib import Path

import click

from zwgk_analytics.errors import UsageError


@click.command()
@click.argument("kind", required=False)
@click.option("--to", "target", type=Path, help="File to write: .xlsx or .csv.")
@click.option("--list", "is_list", is_flag=True, help="List the kinds of ledgers.")
def template(kind: str | None, target: Path | None, is_list: bool) -> None:
    """Write a blank ledger of a kind; filled in, it goes under data/raw.

    \b
    Examples:
      zwgk template --list
      zwgk template inspections --to 督查台账.xlsx
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.forms.records import record_kinds

    kinds = record_kinds()
    if is_list:
        for found in kinds.values():
            click.echo(f"{found.key}\t{found.label}\t{found.grain}")
        return
    if kind is None or target is None:
        raise UsageError("name a kind and a file: zwgk template inspections --to FILE.xlsx")
    if kind not in kinds:
        raise UsageError(f"no ledger {kind!r}; there are {', '.join(kinds)}")
    _write(kind, target)
    click.echo(target)


def _write(kind: str, target: Path) -> None:
    from zwgk_analytics.forms.records import record_kinds
    from zwgk_analytics.store.files import replace_bytes
    from zwgk_analytics.writers.ledger import ledger_template

    data = ledger_template(record_kinds()[kind], target.suffix.lstrip(".").lower())
    if target.exists():
        raise UsageError(f"{target}: is there already; name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(target, data)
