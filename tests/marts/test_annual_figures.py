import csv
from importlib.resources import files

import pytest

from tests.marts.facts import cell, document, line, marts, rows
from zwgk_analytics.forms import editions
from zwgk_analytics.marts.vocabulary import vocabulary

FOUND = "SELECT measure, value, unit, origin, comparable, caveat, source FROM annual_figures "


def claim(measure, value, qualifier=None, part=None, **more):
    base = {"source": "a.html", "unit": "件", "text": f"{measure}{value}", "place": "paragraph 3"}
    return base | {"measure": measure, "value": value, "qualifier": qualifier, "part": part} | more


def figure(measure, value, place="row 2", **more):
    base = {"source": "f.csv", "agency": "甲市", "year": 2023, "place": place, "label": measure}
    return base | {"measure": measure, "value": value} | more


def test_the_table_goes_before_the_prose_and_the_prose_before_figures():
    measures = ("applications_received", "complaints", "staff")
    con = marts(
        documents=[document()],
        cells=line("received", 1, 0, 0, 0, 0, 0, 1),
        claims_read=[claim(m, 2) for m in measures[:2]],
        figures=[figure(m, 3) for m in measures],
    )
    assert rows(con, FOUND + "ORDER BY 1") == [
        ("applications_received", 1, "件", "table", True, None,
         "a.html#applications received total"),
        ("complaints", 2, "件", "prose", True, None, "a.html#paragraph 3"),
        ("staff", 3, "人", "figures", True, None, "f.csv#row 2"),
    ]  # fmt: skip


def test_a_blank_cell_leaves_the_figure_to_the_prose():
    con = marts(
        documents=[document()],
        cells=line("received", *[None] * 7),
        claims_read=[claim("applications_received", 2)],
    )
    assert rows(con, "SELECT value, origin FROM annual_figures") == [(2, "prose")]


def test_a_measure_of_two_cells_needs_both():
    direct = cell("review", "litigation_direct", "total", 4)
    after = cell("review", "litigation_after_review", "total", 3)
    found = "SELECT value, source FROM annual_figures WHERE measure = 'litigations'"
    assert rows(marts(documents=[document()], cells=[direct]), found) == []
    unknown = cell("review", "litigation_after_review", "total", None)
    assert rows(marts(documents=[document()], cells=[direct, unknown]), found) == []
    assert rows(marts(documents=[document()], cells=[direct, after]), found) == [
        (7, "a.html#review litigation_after_review total; review litigation_direct total")
    ]


def test_what_the_2019_form_counts_otherwise_is_not_comparable():
    con = marts(
        documents=[document(edition="2019", year=2019)],
        cells=[cell("proactive", "normative_documents", "newly_made", 60)],
    )
    [(measure, value, _, origin, comparable, caveat, _)] = rows(con, FOUND)
    assert (measure, value, origin) == ("normative_documents_issued", 60, "table")
    assert comparable is False
    assert caveat.startswith("2019年版")


def test_about_is_a_value_with_a_caveat_and_at_most_is_none():
    con = marts(
        documents=[document()],
        claims_read=[
            claim("page_views", 30000, "余"),
            claim("complaints", 5, "at_most"),
            claim("staff", 3, part="专职"),
        ],
    )
    assert rows(con, "SELECT measure, value, comparable, caveat FROM annual_figures") == [
        ("page_views", 30000, False, "原文为约数")
    ]


def test_an_exact_figure_goes_before_an_approximate_sentence():
    con = marts(
        documents=[document()],
        claims_read=[claim("staff", 30, "近")],
        figures=[figure("staff", 29)],
    )
    assert rows(con, "SELECT value, origin, caveat FROM annual_figures") == [(29, "figures", None)]


def test_contradicting_sources_give_no_value_and_say_so():
    con = marts(figures=[figure("staff", 3), figure("staff", 4, "row 9")])
    [(_, value, _, origin, comparable, caveat, source)] = rows(con, FOUND)
    assert (value, origin, comparable, source) == (None, "figures", False, "f.csv#row 2")
    assert "不一" in caveat


def test_a_contradicted_sentence_leaves_the_figure_to_the_next_source():
    con = marts(
        documents=[document()],
        claims_read=[claim("staff", 3), claim("staff", 4)],
        figures=[figure("staff", 5)],
    )
    assert rows(con, "SELECT value, origin FROM annual_figures") == [(5, "figures")]


def test_the_same_figure_twice_is_one():
    con = marts(figures=[figure("staff", 3), figure("staff", 3, "row 9")])
    assert rows(con, "SELECT value FROM annual_figures") == [(3,)]


def test_money_without_a_unit_gets_none():
    con = marts(figures=[figure("administrative_fees", 3), figure("staff", 2)])
    assert rows(con, "SELECT measure, unit FROM annual_figures ORDER BY 1") == [
        ("administrative_fees", None),
        ("staff", "人"),
    ]


def test_every_mapped_cell_is_on_a_form():
    for row in vocabulary()["measure_cells"].to_pylist():
        edition = editions().get(row["edition"])
        if edition is None:  # its form is not described yet: the cells keep the contract's keys
            assert row["form_table"] == "statistics", row
            continue
        table = edition.tables[row["form_table"]]
        groups = {line.key.split(".")[0] for line in table.rows}
        assert row["form_row"] in groups | {line.key for line in table.rows}, row
        assert row["form_column"] in {line.key for line in table.columns}, row


def test_every_mapped_measure_and_caveat_is_described():
    words = vocabulary()
    measures = set(words["measures"]["measure"].to_pylist())
    caveats = set(words["caveats"]["caveat"].to_pylist())
    for row in words["measure_cells"].to_pylist():
        assert row["measure"] in measures
        assert row["caveat"] is None or row["caveat"] in caveats
        assert (row["link"] == "same") == (row["caveat"] is None), row
        assert row["link"] in {"same", "near", "breaks"}, row


def test_every_caveat_is_used():
    from zwgk_analytics.marts.models import models

    used = set(vocabulary()["measure_links"]["caveat"].to_pylist())
    text = models()["annual_figures"].select
    for caveat in vocabulary()["caveats"]["caveat"].to_pylist():
        assert caveat in used or f"'{caveat}'" in text


def test_the_vocabulary_files_have_one_row_a_key():
    for name, key in (
        ("measures", 1),
        ("caveats", 1),
        ("total_indicators", 1),
        ("measure_cells", 5),
    ):
        text = (files("zwgk_analytics.forms") / f"{name}.csv").read_text(encoding="utf-8")
        keys = [tuple(row[:key]) for row in csv.reader(text.splitlines())]
        assert len(keys) == len(set(keys)), name


COMPARED = "SELECT measure, year, value, comparable FROM annual_figures ORDER BY measure, year"


@pytest.fixture(scope="module")
def pingtan(raw, tmp_path_factory):
    """The marts of five real reports of one place, over all editions that it used."""
    import shutil

    import zwgk_analytics as zwgk

    folder = tmp_path_factory.mktemp("pingtan")
    (folder / "raw").mkdir()
    for name in ("2014.docx", "2014.yml", "2018.xlsx", "2018.yml", "2019.html", "2024.html"):
        shutil.copy(raw / "reports" / f"pingtan_{name}", folder / "raw")
    shutil.copy(raw / "reports" / "pingtan_2023.pdf", folder / "raw")
    shutil.copytree(raw / "registers", folder / "raw" / "registers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
        zwgk.refresh(folder / "raw", folder / "marts", progress=lambda *step: None)
    with zwgk.open_marts(folder / "marts") as opened:
        yield opened


@pytest.mark.parametrize(
    ("measure", "series"),
    [
        ("applications_received",
         [(2014, 1, True), (2018, 0, True), (2019, 23, True), (2023, 81, True), (2024, 218, True)]),
        ("applications_granted",
         [(2014, 1, False), (2018, 0, False), (2019, 7, True), (2023, 22, True), (2024, 71, True)]),
        ("normative_documents_issued", [(2019, 89, False), (2023, 77, True), (2024, 62, True)]),
        ("normative_documents_in_force", [(2019, 89, False), (2023, 470, True), (2024, 440, True)]),
        ("litigations_direct", [(2019, 0, False), (2023, 5, False), (2024, 0, True)]),
        ("litigations_after_review", [(2019, 0, False), (2023, 2, False), (2024, 19, True)]),
        ("litigations", [(2014, 0, True), (2018, 0, True), (2019, 0, True), (2023, 7, True),
                         (2024, 19, True)]),
        ("administrative_fee_items", [(2019, 35, True)]),
        ("items_published_website", [(2014, 2543, True), (2018, 2069, True)]),
    ],
)  # fmt: skip
def test_real_series_over_the_editions(pingtan, measure, series):
    found = pingtan.annual_figures(agency="平潭综合实验区管委会", measure=measure)
    assert found.select("year", "value", "comparable").rows() == series
    assert found["unit"].unique().to_list() == [
        next(r["unit"] for r in vocabulary()["measures"].to_pylist() if r["measure"] == measure)
    ]


def test_a_forms_wording_does_not_touch_a_sentence_but_its_grouping_does():
    con = marts(
        documents=[
            document(edition="2019", year=2019),
            document("b.html", year=2016, edition="2014"),
        ],
        claims_read=[
            claim("normative_documents_issued", 3),
            claim("applications_granted", 4, source="b.html"),
            claim("items_published_website", 5),
        ],
    )
    assert rows(con, COMPARED) == [
        ("applications_granted", 2016, 4, False),
        ("items_published_website", 2019, 5, False),
        ("normative_documents_issued", 2019, 3, True),
    ]


def test_a_figure_of_unknown_form_is_taken_by_the_national_form_of_its_year():
    con = marts(
        figures=[
            figure("applications_denied", 3, year=2016),
            figure("applications_denied", 4, place="row 3", year=2022),
        ]
    )
    assert [row[1:] for row in rows(con, COMPARED)] == [(2016, 3, False), (2022, 4, True)]
