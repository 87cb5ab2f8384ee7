"""The command that fills the annual report's form from the ledger of requests (依申请公开台账)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zwgk_analytics.cli_options import MARTS
from zwgk_analytics.errors import UsageError

if TYPE_CHECKING:
    from zwgk_analytics.marts.filled_form import FilledForm


@click.command()
@click.option("--year", type=int, required=True, help="The reporting year.")
@click.option("--agency", help="As the marts name it; needed where several have a ledger.")
@click.option("--to", type=Path, required=True, help="File: .docx, .xlsx, .html or .pdf.")
@MARTS
def fill(year: int, agency: str | None, to: Path, marts: Path) -> None:
    """Write the three tables of the annual report, filled from the ledger of requests.

    A cell that the ledger does not decide stays blank; which and why is told on standard error.

    \b
    Example:
      zwgk fill --year 2024 --agency 市民政局 --to 年报.docx
    """  # noqa: D301 (click's mark keeps the lines of an example)
    from zwgk_analytics.marts.api import open_marts
    from zwgk_analytics.marts.filled_form import filled_form
    from zwgk_analytics.writers import MEDIA

    media = to.suffix.lstrip(".").lower()
    if media not in MEDIA:
        raise UsageError(f"{to}: cannot be written; give a name that ends in .{', .'.join(MEDIA)}")
    if to.exists():
        raise UsageError(f"{to}: is there already; name another file")
    with open_marts(marts) as opened:
        form = filled_form(opened, year, agency)
    _write(form, media, to)
    for source in form.sources:
        click.echo(f"zwgk: figures of table 2 from {source}", err=True)
    for line in form.told():
        click.echo(f"zwgk: {line}", err=True)
    click.echo(to)


def _write(form: "FilledForm", media: str, to: Path) -> None:
    from zwgk_analytics.store.files import replace_bytes
    from zwgk_analytics.writers import write
    from zwgk_analytics.writers.form import form_document

    title = f"{form.agency}{form.year}年政府信息公开工作年度报告"
    document = form_document(form.edition, form.values, title=title, author=form.agency)
    data = write(document, media)
    to.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(to, data)
