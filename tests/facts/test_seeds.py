"""The ten work reports (汇报) that the product was asked for: every figure of theirs, by hand.

`seed_claims.csv` has a row a figure: in which report, measure, part, value, unit, qualifier. The
reports themselves are not in the repository.
"""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from zwgk_analytics.facts.extract import extract

Row = tuple[str, str, str, Decimal, str, str]


@pytest.fixture(scope="module")
def expected() -> Counter[Row]:
    with (Path(__file__).parent / "seed_claims.csv").open(encoding="utf-8") as file:
        return Counter(_row(row, row["report"]) for row in csv.DictReader(file))


def test_every_figure_of_the_ten_reports_is_extracted_and_no_other(
    corpus: Path | None, expected: Counter[Row]
) -> None:
    path = corpus and corpus.parent / "seeds" / "seed.txt"
    if not path or not path.is_file():
        print("the ten work reports are not at hand: they were not read")
        return
    found = extract(path)
    assert found.kind == "work_report"
    assert found.rows("cells") == []
    claims = [(row, row["place"].rpartition("篇")[2]) for row in found.rows("claims")]
    assert Counter(_row(row, report) for row, report in claims) == expected


def test_the_table_has_the_reports_that_state_figures(expected: Counter[Row]) -> None:
    assert expected.total() == 71
    assert {row[0] for row in expected} == {"2", "3", "5", "6", "7", "8", "10"}
    assert {row[5] for row in expected} == {"", "余", "at_most", "at_least"}


def _row(row: dict[str, str], report: str) -> Row:
    part, qualifier = row["part"] or "", row["qualifier"] or ""
    return report, row["measure"], part, Decimal(row["value"]), row["unit"] or "", qualifier
