"""Claims of sentences and reports that somebody wrote who had not seen the patterns, scored.

A figure is found when a claim has its measure and value; a claim is right when it is a figure, or
a part, of the same report. What is still missed is in the floors, not taken out of the files.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from zwgk_analytics.facts.claims import claims_of
from zwgk_analytics.readers import Paragraph

HERE = Path(__file__).parent
MEASURES = {
    *("items_published", "items_published_website", "items_published_new_media", "page_views"),
    *("normative_documents_issued", "interpretations", "complaints", "processing_fee"),
    *("applications_received", "applications_carried_in", "applications_carried_out"),
    *("applications_closed", "applications_granted", "applications_partially_granted"),
    *("applications_disclosed", "applications_denied", "applications_unable"),
    *("applications_not_processed", "applications_other", "reconsiderations", "litigations"),
}
LATER = {  # the sets before claims_reports_manners.yml do not list all of them
    *("staff", "training_courses", "training_attendees", "press_conferences", "gazette_issues"),
    "reviews_corrected",
}
Figures = set[tuple[str, float]]


def stated(lines: list[str], are_parts: bool, measures: set[str] = MEASURES) -> Figures:
    """The figures of a file: «measure value», with a {label} where it is a part."""
    chosen = [line.split() for line in lines if ("{" in line) == are_parts]
    return {(words[0], float(words[1])) for words in chosen if words[0] in measures}


def read(entry: dict[str, Any], measures: set[str] = MEASURES) -> tuple[Figures, Figures]:
    """The wholes and the parts that are read in an entry."""
    agency, year = entry["by"].rsplit(" ", 1)
    texts = entry.get("paragraphs") or [entry[key] for key in ("head", "say") if key in entry]
    paragraphs = [Paragraph(t, f"paragraph {n}") for n, t in enumerate(texts, 1)]
    claims = [c for c in claims_of(paragraphs, agency, int(year)) if c.measure in measures]
    wholes, parts = (
        {(c.measure, float(c.value)) for c in claims if (c.part is not None) == is_part}
        for is_part in (False, True)
    )
    return wholes, parts


@pytest.mark.parametrize(
    ("name", "recall", "precision"),
    [
        ("claims_counties", 0.98, 0.99),
        ("claims_cities", 0.97, 0.99),
        ("claims_rare", 0.93, 0.98),
        ("claims_reports", 0.96, 0.98),
        ("claims_reports_later", 0.97, 0.98),
        ("claims_reports_long", 0.97, 0.98),
        ("claims_reports_manners", 0.96, 0.98),
    ],
)
def test_figures_are_found_and_others_are_not(name: str, recall: float, precision: float) -> None:
    entries = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    measures = MEASURES | LATER if name == "claims_reports_manners" else MEASURES
    found = wanted = right = said = 0
    for entry in entries:
        wholes, parts = read(entry, measures)
        true = stated(entry["claims"], False, measures)
        others = [*entry.get("parts", []), *entry.get("doubtful", [])]
        true_parts = stated(entry["claims"], True, measures) | stated(others, False, measures)
        found, wanted = found + len(true & (wholes | parts)), wanted + len(true)
        right, said = right + len(wholes & (true | true_parts)), said + len(wholes)
    assert wanted > 120
    assert found / wanted >= recall
    assert right / said >= precision
