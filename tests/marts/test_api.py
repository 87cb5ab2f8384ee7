from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest

import zwgk_analytics as zwgk
from tests.marts.facts import document, line, marts
from zwgk_analytics.errors import NoMartsError, UsageError
from zwgk_analytics.marts.api import Marts, open_marts
from zwgk_analytics.marts.publish import building, publish


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "marts"
    built = building(folder, "1")
    reports = [("a.html", "甲市", 2022), ("b.html", "甲市", 2023), ("c.html", "乙市", 2023)]
    cells = [line("received", 5, 1, 0, 0, 0, 0, n, source=s) for n, (s, _, _) in enumerate(reports)]
    with duckdb.connect(str(built)) as con:
        marts(
            con,
            documents=[document(s, agency=a, year=y, url="http://x") for s, a, y in reports],
            cells=[c for row in cells for c in row],
            items=[
                {"source": "l.csv", "place": f"row {n}", "agency": "甲市", "title": str(n)}
                | {"published_on": date(2020 + n, 5, 6)}
                for n in (1, 2)
            ],
        )
    publish(built, "1")
    return folder


@pytest.fixture
def opened(folder):
    with open_marts(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("filters", "received"),
    [
        ({}, [2, 0, 1]),  # in the order of the key: 乙市, 甲市 2022, 甲市 2023
        ({"agency": "甲市"}, [0, 1]),
        ({"agency": ["甲市", "乙市"], "years": 2023}, [2, 1]),
        ({"years": range(2020, 2023)}, [0]),
        ({"year": 2023, "received": 1}, [1]),
        ({"granted": None}, [2, 0, 1]),
        ({"agency": "丙市"}, []),
        ({"agency": []}, []),
        ({"is_total_computed": True}, []),
    ],
)
def test_a_mart_is_a_method_with_filters(opened, filters, received):
    assert opened.application_handling(**filters)["received"].to_list() == received


def test_years_filter_the_marts_that_tell_the_year_otherwise(opened):
    assert opened.publications(years=2021)["title"].to_list() == ["1"]
    assert opened.publication_volume(years=[2022])["month"].to_list() == [date(2022, 5, 1)]
    assert opened.rankings(years=2023)["period"].unique().to_list() == ["2023"]


def test_a_frame_is_polars_and_pandas_is_at_hand(opened):
    frame = opened.application_handling()
    assert isinstance(frame, pl.DataFrame)
    assert frame.schema["received"] == pl.Int64
    assert frame.to_pandas()["received"].tolist() == [2, 0, 1]


def test_what_is_not_there_is_told_with_what_is(opened):
    with pytest.raises(UsageError, match=r"no column 'jahr'; it has report_id, agency, year"):
        opened.reports(jahr=2023)
    with pytest.raises(UsageError, match=r"has no year to filter by; it has source, sha256"):
        opened.quarantine(years=2023)
    with pytest.raises(
        UsageError, match=r"no mart 'report'; there are agencies, agency_names, annual_figures"
    ):
        opened.mart("report")
    with pytest.raises(AttributeError, match=r"no mart or method 'report'; there are"):
        opened.report()


def test_sql_takes_parameters_and_cannot_write(opened):
    found = opened.sql("SELECT count(*) AS n FROM reports WHERE year = ?", [2023])
    assert found.rows() == [(2,)]
    assert opened.sql("SELECT $a AS a", {"a": "甲"}).rows() == [("甲",)]
    with pytest.raises(duckdb.Error, match="read-only"):
        opened.sql("DELETE FROM reports")


def test_a_cell_is_traced_to_its_place(opened):
    cell = opened.trace("甲市", 2023, "applications", "received", "business")
    assert (cell.value, cell.unit, cell.state, cell.raw) == (Decimal(1), "件", "reported", "1")
    assert (cell.source, cell.place) == ("b.html", "applications received business")
    assert (cell.sha256, cell.url) == ("ab", "http://x")
    assert str(cell) == "1 件 ← “1” (reported) in b.html, applications received business"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("丙市", 2023, "applications", "received", "total"), "agency '丙市'.*there is 乙市, 甲市"),
        (("甲市", 2021, "applications", "received", "total"), "year 2021.*there is 2022, 2023"),
        (("甲市", 2023, "review", "received", "total"), "form_table 'review'.*is applications"),
        (("甲市", 2023, "applications", "granted", "total"), "form_row 'granted'.*is received"),
        (("甲市", 2023, "applications", "received", "x"), "form_column 'x'.*is business, leg"),
    ],
)
def test_a_cell_that_is_not_there_is_told_with_what_is(opened, asked, told):
    with pytest.raises(UsageError, match=told):
        opened.trace(*asked)


def test_a_reader_sees_what_there_is(opened):
    text = " ".join(repr(opened).split())
    assert "application_handling 3 依申请公开办理情况" in text
    html = opened._repr_html_()
    assert "<code>application_handling</code></td><td style='text-align:right'>3</td>" in html
    assert {"reports", "sql", "trace"} <= set(dir(opened))
    assert "本年新收 [件]" in opened.application_handling.__doc__
    about = opened.columns("application_handling").filter(pl.col("column") == "received")
    assert about.rows() == [
        ("received", "BIGINT", "本年新收 [件]: applications received in the year")
    ]


def test_marts_are_found_from_a_folder_below(folder, monkeypatch):
    below = folder.parent.parent / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    name = folder.parent.name
    assert open_marts(f"{name}/marts").path.parent == folder


def test_no_marts_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoMartsError, match="no marts here"):
        zwgk.open_marts()


def test_the_public_names_are_there():
    for name in zwgk.__all__:
        assert getattr(zwgk, name) is not None
    assert zwgk.Marts is Marts
    with pytest.raises(AttributeError, match="'nothing'"):
        zwgk.nothing  # noqa: B018
