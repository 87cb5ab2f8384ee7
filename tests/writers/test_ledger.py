"""Blank ledgers: what is written is what is read back."""

import io

import pytest

from zwgk_analytics.cli import cli
from zwgk_analytics.errors import UsageError
from zwgk_analytics.facts.extract import extract
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.readers.workbook import load
from zwgk_analytics.writers.ledger import heading_of, ledger_template

KINDS = list(record_kinds().values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.key)
def test_a_workbook_has_one_sheet_with_every_heading(kind):
    [sheet] = load(ledger_template(kind, "xlsx"), 10_000).sheets
    assert sheet.rows == [[heading_of(c) for c in kind.columns]]


@pytest.mark.parametrize("media", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.key)
def test_a_blank_ledger_is_known_and_empty(kind, media, tmp_path):
    path = tmp_path / f"blank.{media}"
    path.write_bytes(ledger_template(kind, media))
    found = extract(path)
    assert (found.kind, found.reason, found.rows(kind.key)) == (kind.key, None, [])


def test_another_kind_of_file_is_refused():
    with pytest.raises(UsageError, match=r"no template as 'docx'; give a name that ends in"):
        ledger_template(KINDS[0], "docx")


def run(*args):
    from click.testing import CliRunner

    return CliRunner().invoke(cli, ["template", *map(str, args)])


def test_the_command_writes_lists_and_never_overwrites(tmp_path):
    target = tmp_path / "new" / "督查台账.xlsx"
    assert run("inspections", "--to", target).output == f"{target}\n"
    assert io.BytesIO(target.read_bytes()).read(2) == b"PK"
    again = run("inspections", "--to", target)
    assert isinstance(again.exception, UsageError)
    assert "is there already" in str(again.exception)
    assert [line.split("\t")[0] for line in run("--list").output.splitlines()] == list(
        record_kinds()
    )
    assert "no ledger 'x'" in str(run("x", "--to", target).exception)
    assert "name a kind and a file" in str(run().exception)
