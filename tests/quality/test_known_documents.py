"""Every finding on real reports, prose and tables, each looked at by hand; and none beside."""

import csv
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from zwgk_analytics.marts.api import open_marts
from zwgk_analytics.pipeline import refresh

KNOWN = Path(__file__).with_name("known_findings.csv")
CLEAN = ("huaian_2024", "pingtan_2021")


def known(where: str) -> set[tuple[str, ...]]:
    """The findings expected on the published pages or on the repository's samples of them."""
    with KNOWN.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if where in row["where"]]
    return {
        tuple(row[k] for k in ("report", "rule", "subject", "expected", "actual")) for row in rows
    }


def found(reports: Path, folder: Path) -> set[tuple[str, ...]]:
    copytree(reports, folder / "raw" / "reports", ignore=ignore_patterns("*.json"))
    refresh(folder / "raw", folder / "marts")
    with open_marts(folder / "marts") as marts:
        rows = marts.sql("SELECT source, rule, subject_key, expected, actual FROM findings").rows()
    return {(Path(source.split("#")[0]).stem, *rest) for source, *rest in rows}


@pytest.fixture(scope="module")
def pages(corpus, tmp_path_factory):
    """The findings on the published pages; where those are not at hand, on the samples."""
    if corpus is None:
        return None
    return found(corpus / "reports", tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def samples(raw, tmp_path_factory):
    return found(raw / "reports", tmp_path_factory.mktemp("samples"))


def test_the_known_defects_of_the_samples_and_no_other(samples):
    assert samples == known("samples")


def test_the_known_defects_of_the_published_pages_and_no_other(pages, samples):
    expected = known("samples") if pages is None else known("pages")
    assert (samples if pages is None else pages) == expected


def test_the_reports_that_are_sound_stay_clean(pages, samples):
    """Beside the length of their 总体情况, a note."""
    told = samples if pages is None else pages
    assert {f[1] for f in told if f[0] in CLEAN} <= {"text.too_long"}
