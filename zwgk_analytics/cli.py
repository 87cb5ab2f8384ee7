"""The command line: parses arguments, prints, and turns failures into one line and a status."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from click.exceptions import Abort, ClickException, Exit

from zwgk_analytics.cli_agencies import agencies
from zwgk_analytics.cli_diff import diff
from zwgk_analytics.cli_findings import findings, letter
from zwgk_analytics.cli_marts import rollback, status
from zwgk_analytics.cli_options import MARTS, RAW
from zwgk_analytics.cli_requests import fill
from zwgk_analytics.cli_template import template
from zwgk_analytics.errors import BrokenRulesError, UsageError, ZwgkError

if TYPE_CHECKING:
    from zwgk_analytics.once import CheckSummary

_STRICT = click.option("--strict", is_flag=True, help="Exit with 3 when a rule of error is broken.")
_RULES = click.option("--rules", type=Path, help="Folder of rules of your own.")
_NOTIFY = click.option("--notify", metavar="COMMAND", help="Run at the end, JSON on its input.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zwgk-analytics")
@click.option("--debug", is_flag=True, help="Show the traceback of a failure.")
def cli(debug: bool) -> None:
    """Turns what Chinese agencies disclose (政务公开) into marts, checks and charts.

    \b
    Examples:
      zwgk refresh                       read what is new under data/raw, publish the marts
      zwgk extract report.pdf            one JSON object of what a document says
      zwgk status                        what the last refresh did
    """  # noqa: D301 (click's mark keeps the lines of an example)


@cli.command()
@click.option("--raw", default="data/raw", show_default=True, help="Folder of documents.")
@click.option("--marts", default="data/marts", show_default=True, help="Folder of zwgk.duckdb.")
@click.option("--workers", type=click.IntRange(1), help="Documents read at a time.")
@click.option(
    "--engine", default="duckdb", show_default=True, type=click.Choice(["duckdb", "spark"])
)
@click.option(
    "--duckdb/--no-duckdb",
    default=None,
    help="Whether Spark makes a zwgk.duckdb beside its Parquet.  [default: where MARTS is local]",
)
@_STRICT
@_RULES
@click.option("--log", "to_log", is_flag=True, help="Tell it in MARTS/logs/refresh.log instead.")
@_NOTIFY
@click.option(
    "--keep", default=3, show_default=True, type=click.IntRange(1), help="Published marts kept."
)
@click.option("--wait", default=0.0, metavar="SECONDS", help="For another refresh that runs.")
def refresh(  # noqa: PLR0913, PLR0917 (one argument an option)
    raw: str,
    marts: str,
    workers: int | None,
    engine: str,
    duckdb: bool | None,
    strict: bool,
    rules: Path | None,
    to_log: bool,
    notify: str | None,
    *,
    keep: int,
    wait: float,
) -> None:
    """Read what is new or changed, rebuild the marts, run the rules, publish.

    \b
    Example:
      zwgk refresh --raw data/raw --marts data/marts --workers 4
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.schedule.watched import Watch, describe

    said = (workers, strict, rules, keep, wait, engine, duckdb)
    done = Watch(marts, to_log, notify).refresh(raw, *said)
    if not to_log:
        click.echo(f"{describe(done)}\n{done.path or marts}")
    for fault in done.register_faults:
        click.echo(f"zwgk: {fault}", err=True)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--agency", help="Who filed it, over what the document says.")
@click.option("--year", type=int, help="The reporting year, over what the document says.")
def extract(files: tuple[Path, ...], agency: str | None, year: int | None) -> None:
    """Print what each document says, one JSON object a line; 2 when one is not recognised.

    \b
    Example:
      zwgk extract huaian_2024.pdf --year 2024
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.facts.json import to_json
    from zwgk_analytics.once import extract_each

    are_known = True
    for extraction in extract_each(files, agency, year):
        are_known = are_known and extraction.kind != "unknown"
        click.echo(json.dumps(to_json(extraction), ensure_ascii=False))
    _exit_when(not are_known, 2)


@cli.command()
@MARTS
@_STRICT
@_RULES
@click.option("--report", type=Path, help="Write the findings as a page, FILE.html.")
def check(marts: Path, strict: bool, rules: Path | None, report: Path | None) -> None:
    """Run the rules over the published marts and print the findings by rule.

    \b
    Example:
      zwgk check --strict
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics import once

    checked = once.check(marts, rules)
    found = checked.findings
    if report:
        _write_report(checked, marts, report)
    for rule in checked.rules.iter_rows(named=True):
        click.echo(
            f"{rule['rule']} ({rule['severity']}): {rule['broken']} broken, {rule['holds']} hold, "
            f"{rule['not_assessable']} not assessable"
        )
        for finding in found.filter(found["rule"] == rule["rule"]).iter_rows(named=True):
            click.echo(f"  {finding['message']} [{finding['source']}]")
    _tell_faults(checked.faults)
    errors = len(found.filter((found["severity"] == "error") & (found["review_state"] != "waived")))
    click.echo(f"{len(found)} findings, {errors} of them errors")
    _exit_when(strict and errors > 0, 3)


@cli.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="Name the charts.")
@click.option("--to", type=Path, help="File to write: .png, .svg, .pdf or .html.")
@click.option("--agency", "agencies", multiple=True, help="Only these agencies.")
@click.option("--year", "years", multiple=True, type=int, help="Only these years.")
@MARTS
def chart(
    name: str | None,
    listed: bool,
    to: Path | None,
    agencies: tuple[str, ...],
    years: tuple[int, ...],
    marts: Path,
) -> None:
    """Export a chart.

    \b
    Examples:
      zwgk chart --list
      zwgk chart application_flow --to flow.pdf --agency 平潭综合实验区 --year 2024
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics import charts

    if listed:
        for key, entry in charts.catalogue().items():
            click.echo(f"{key}\t{entry.title}")
        return
    if name is None or to is None:
        raise UsageError("give a chart and --to FILE.png; `zwgk chart --list` names the charts")
    from zwgk_analytics.marts.api import open_marts

    with open_marts(marts) as opened:
        drawn = charts.draw(name, opened, agencies or None, years or None)
    click.echo(drawn.save(to))


@cli.command()
@click.option("--year", type=int, required=True, help="The reporting year.")
@click.option("--agency", help="As the marts name it; all agencies without.")
@click.option("--to", type=Path, required=True, help="File: .html, .docx, .pptx, .pdf or .md.")
@click.option("--template", type=Path, help="A .docx or .pptx whose look is used.")
@MARTS
def brief(year: int, agency: str | None, to: Path, template: Path | None, marts: Path) -> None:
    """Write a briefing: figures beside last year and peers, charts, findings, sources.

    \b
    Examples:
      zwgk brief --agency 平潭综合实验区 --year 2024 --to brief.docx
      zwgk brief --year 2024 --to overview.pptx --template ours.pptx
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics import briefing

    briefing.check_target(to, template)
    made = briefing.brief(marts, year=year, agency=agency)
    click.echo(made.save(to, template=template))


@cli.command()
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.option("--folder", default="lab", show_default=True, type=Path, help="Where copies go.")
@MARTS
def lab(options: tuple[str, ...], folder: Path, marts: Path) -> None:
    """Open JupyterLab in a copy of the notebooks, with the marts at hand.

    \b
    Examples:
      zwgk lab
      zwgk lab --folder ~/analysis -- --no-browser --port 8899
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics import lab as notebooks

    for copy in notebooks.prepare(folder, marts):
        click.echo(copy)
    _exit_when((status := notebooks.run(folder, options)) != 0, status)


@cli.command()
@click.argument("action", type=click.Choice(["show", "install", "remove"]))
@click.option("--at", default="02:30", show_default=True, help="HH:MM of the machine's own time.")
@RAW
@MARTS
@_STRICT
@_NOTIFY
def schedule(
    action: str, at: str, raw: Path, marts: Path, strict: bool, notify: str | None
) -> None:
    """Refresh every day: a systemd timer of the user, else cron; on Windows the line to type.

    \b
    Example:
      zwgk schedule install --at 02:30
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.schedule import timers
    from zwgk_analytics.schedule.command import job, name_of

    if action == "install":
        told: str | None = timers.install(job(at, raw, marts, strict, notify))
    else:
        told = getattr(timers, action)(name_of(marts))
    click.echo(told or f"{marts}: no scheduled refresh; `zwgk schedule install` makes one")


@cli.command()
@click.argument("sources", type=click.Path(path_type=Path))
@RAW
def collect(sources: Path, raw: Path) -> None:
    """Fetch what SOURCES.yml lists into raw; 2 when an address could not be had.

    \b
    Example:
      zwgk collect sources.yml && zwgk refresh
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics import collect as collecting

    done = collecting.collect(sources, raw)
    for note in done.notes:
        click.echo(note)
    click.echo(
        f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, "
        f"{done.vanished} vanished, {done.failed} failed"
    )
    _exit_when(done.failed > 0, 2)


@cli.command()
@click.option(
    "--format", "form", default="md", show_default=True, type=click.Choice(["md", "json"])
)
def dictionary(form: str) -> None:
    """Print every mart, column, measure, unit and caveat."""
    from zwgk_analytics.marts.dictionary import as_json, as_markdown

    click.echo(json.dumps(as_json(), ensure_ascii=False) if form == "json" else as_markdown())


cli.add_command(agencies)
cli.add_command(diff)
cli.add_command(fill)
cli.add_command(findings)
cli.add_command(letter)
cli.add_command(rollback)
cli.add_command(status)
cli.add_command(template)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and exits with the status of the contract."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    is_debug = "--debug" in given
    try:
        sys.exit(cli.main([a for a in given if a != "--debug"], "zwgk", standalone_mode=False))
    except (KeyboardInterrupt, Abort):
        _fail("interrupted; nothing was published, the next refresh goes on from here", 130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us is gone
        sys.exit(1)
    except Exception as error:
        if is_debug:
            raise
        _fail(*_told(error))


def _told(error: Exception) -> tuple[str, int]:
    if isinstance(error, ClickException):
        return error.format_message(), error.exit_code
    if isinstance(error, BrokenRulesError):
        return str(error), 3
    if isinstance(error, ZwgkError):
        return str(error), 2 if isinstance(error, UsageError) else 1
    if isinstance(error, OSError):
        return f"{error.filename or 'the system'}: {error.strerror}", 1
    return f"{type(error).__name__}: {error}; this is a bug, --debug shows where", 1


def _write_report(checked: "CheckSummary", marts: Path, to: Path) -> None:
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.quality.report import write_report

    with open_marts(marts) as opened:
        write_report(opened, checked.findings, checked.rules, to)
    click.echo(to)


def _tell_faults(faults: Sequence[str]) -> None:
    for fault in faults:
        click.echo(f"zwgk: the marts break an expectation of their own: {fault}", err=True)


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"zwgk: {message}", err=True)
    sys.exit(status)


def _exit_when(condition: bool, status: int) -> None:
    if condition:
        raise Exit(status)


if __name__ == "__main__":
    main()
