"""The commands with which people work findings off: list and set their state, draft a letter."""

from pathlib import Path

import click

from zwgk_analytics.cli_options import MARTS, RAW


@click.group()
def findings() -> None:
    """List findings, and set what was decided about them.

    \b
    Examples:
      zwgk findings list --state open --agency 平潭综合实验区
      zwgk findings set 3f2a90 --state waived --reason 表式说明允许
    """  # noqa: D301 (click's mark keeps the lines of an example)


@findings.command("list")
@click.option("--state", type=click.Choice(["open", "confirmed", "waived", "fixed"]))
@click.option("--agency", help="Only this agency.")
@click.option("--rule", help="Only this rule.")
@RAW
@MARTS
def list_(state: str | None, agency: str | None, rule: str | None, raw: Path, marts: Path) -> None:
    """Print the findings with their ids and states, a line each."""
    import polars as pl

    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.quality.review import reviewed

    with open_marts(marts) as opened:
        found = reviewed(opened, raw / "registers")
    wanted = {"review_state": state, "agency": agency, "rule": rule}
    for column, value in wanted.items():
        found = found.filter(pl.col(column) == value) if value else found
    for row in found.iter_rows(named=True):
        reason = f"（{row['review_reason']}）" if row["review_reason"] else ""
        repair = f" 可能的更正：{row['repair']}" if row["repair"] else ""
        click.echo(
            f"{row['finding_id']} {row['review_state']}{reason} {row['severity']} {row['rule']} "
            f"{row['agency'] or ''} {row['period'] or ''} {row['message']}{repair}"
        )
    click.echo(f"{len(found)} findings", err=True)


@findings.command("set")
@click.argument("ids", nargs=-1, required=True)
@click.option("--state", required=True, type=click.Choice(["open", "confirmed", "waived", "fixed"]))
@click.option("--reason", default="", help="Why; a waiver needs one.")
@RAW
@MARTS
def set_(ids: tuple[str, ...], state: str, reason: str, raw: Path, marts: Path) -> None:
    """Set the state of findings, named by the first characters of their ids."""
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.quality.review import NAME, decide

    registers = raw / "registers"
    with open_marts(marts) as opened:
        made = decide(opened, registers, ids, state, reason)
    for review in made:
        click.echo(f"{review.finding_id} {review.state}: {review.rule} {review.agency}")
    click.echo(f"{registers / NAME}", err=True)


@click.command()
@click.argument("ids", nargs=-1, required=True)
@click.option("--to", required=True, type=Path, help="File to write: .docx.")
@click.option("--from", "sender", default="", help="Who asks; left open when not given.")
@click.option("--reply-by", default="", help="The day by which an answer is asked for.")
@MARTS
def letter(ids: tuple[str, ...], to: Path, sender: str, reply_by: str, marts: Path) -> None:
    """Draft the letter that asks an agency to verify findings (核实函), one file an agency.

    \b
    Example:
      zwgk letter 3f2a90 77c1 --to 核实函.docx --from 某市政务公开办公室
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.quality.letter import write_letters

    with open_marts(marts) as opened:
        for path in write_letters(opened, ids, to, sender, reply_by):
            click.echo(path)
