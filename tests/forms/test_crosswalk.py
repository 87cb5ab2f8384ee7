import pytest

from zwgk_analytics.forms import editions
from zwgk_analytics.forms.crosswalk import Break, breaks, crosswalk, links

WALK = {row["measure"]: [row[e] for e in ("2008", "2014", "2019", "2021")] for row in crosswalk()}


@pytest.mark.parametrize(
    ("measure", "walk"),
    [
        ("applications_received", ["same", "same", "same", "same"]),
        ("applications_closed", ["near", "same", "same", "same"]),
        ("applications_granted", ["near", "near", "same", "same"]),
        ("applications_denied", ["breaks", "breaks", "same", "same"]),
        ("normative_documents_issued", ["absent", "same", "near", "same"]),
        ("normative_documents_in_force", ["absent", "absent", "breaks", "same"]),
        ("administrative_fees", ["absent", "absent", "absent", "same"]),
        ("administrative_fee_items", ["absent", "absent", "same", "absent"]),
        ("items_published", ["same", "same", "absent", "absent"]),
        ("applications_online", ["same", "same", "absent", "absent"]),
        ("reconsiderations", ["same", "same", "same", "same"]),
    ],
)
def test_what_continues_what_is_near_and_what_breaks(measure, walk):
    assert WALK[measure] == walk


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        ("applications_received", ()),
        ("normative_documents_issued", (Break(2019, "newly_made"), Break(2021, "newly_made"))),
        ("normative_documents_in_force", (Break(2021, "total_published"),)),
        ("administrative_fees", (Break(2021, "fee_items"),)),
        ("items_published", (Break(2019, None),)),
        ("applications_closed_on_time", (Break(2019, "ended_2018"),)),
        ("litigations_direct", (Break(2024, "review_law_2024"),)),
        ("litigations_after_review", (Break(2024, "review_law_2024"),)),
        ("litigations", ()),
        ("rank", ()),
    ],
)
def test_where_a_line_breaks(measure, found):
    assert breaks(measure) == found


def test_every_link_is_of_a_form_or_of_years():
    for link in links():
        assert link.edition in editions() or (link.first_year, link.last_year) != (0, 9999), link
        assert link.link in {"near", "breaks", "ends"}
        assert link.caveat
