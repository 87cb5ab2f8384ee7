from datetime import date, datetime

import pytest

from tests.marts.facts import cell, document, line, marts, rows
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import open_marts
from zwgk_analytics.marts.publish import building, publish

HEAD = "name,aliases,level,kind,parent,valid_from,valid_to,successor,collected\n"


@pytest.fixture
def register(tmp_path):
    """Writes a register and gives its folder."""

    def written(*lines):
        (tmp_path / "agencies.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return written


def refreshed(day):
    at = datetime.fromisoformat(day)
    return [{"refresh_id": "1", "started_at": at, "finished_at": at, "engine": "duckdb"}]


def test_every_mart_carries_the_canonical_name_and_keeps_the_printed_one(register):
    con = marts(
        registers=register("甲区,甲区管委会,市,开发区,,,,,"),
        documents=[
            document("a.html", "甲区管委会", 2014, published_on=date(2015, 1, 2)),
            document("b.html", "甲区", 2015),
            document("c.html", "乙县", 2015),
        ],
        items=[{"source": "l.csv", "place": "row 2", "agency": "甲区 管委会", "title": "t"}],
        scores=[
            {"source": "s.csv", "place": "row 2", "scheme": "x", "period": "2015"}
            | {"agency": "甲区管委会", "score": 5}
        ],
        figures=[
            {"source": "f.csv", "place": "row 2", "agency": "甲区管委会", "year": 2016}
            | {"measure": "staff", "value": 3}
        ],
    )
    printed = "SELECT agency, agency_printed FROM "
    assert rows(con, f"{printed} reports ORDER BY year, agency") == [
        ("甲区", "甲区管委会"),
        ("乙县", "乙县"),
        ("甲区", "甲区"),
    ]
    assert rows(con, f"{printed} publications") == [("甲区", "甲区 管委会")]
    assert rows(con, f"{printed} assessments") == [("甲区", "甲区管委会")]
    assert rows(con, "SELECT agency, value FROM annual_figures") == [("甲区", 3)]
    assert rows(con, "SELECT report_id FROM report_versions ORDER BY 1") == [
        ("乙县-2015",), ("甲区-2014",), ("甲区-2015",),
    ]  # fmt: skip


def test_two_names_of_one_agency_are_versions_of_one_report(register):
    con = marts(
        registers=register("甲区,甲区管委会,市,开发区,,,,,"),
        documents=[
            document("a.html", "甲区管委会", 2015, published_on=date(2016, 1, 2), sha256="1"),
            document("b.html", "甲区", 2015, published_on=date(2016, 5, 1), sha256="2"),
        ],
    )
    found = "SELECT source, first_published_on, deadline_on, days_late FROM reports"
    assert rows(con, found) == [("b.html", date(2016, 1, 2), date(2016, 3, 31), 0)]


def test_names_are_listed_with_how_often_and_where(register):
    con = marts(
        registers=register("甲市教育局,,市,部门,,,,,"),
        documents=[document(agency="甲市教育局")],
        items=[
            {"source": "l.csv", "place": f"row {n}", "agency": agency, "title": "t"}
            for n, agency in enumerate(["甲市教育局", "甲市教肓局", "甲市教肓局", None])
        ],
    )
    query = "SELECT printed, agency, occurrences, source_kinds, proposal, score, kind_from "
    assert rows(con, query + "FROM agency_names ORDER BY occurrences, agency") == [
        ("甲市教育局", "甲市教育局", 2, "annual_report, publication_log", None, None, "register"),
        ("甲市教肓局", None, 2, "publication_log", "甲市教育局", 80.0, "name"),
    ]


def test_a_fault_of_the_register_is_told_and_stops_nothing(register):
    con = marts(registers=register("甲局,,厅,部门,,,,,", "乙局,,市,部门,,,,,"))
    assert rows(con, "SELECT source, place, message FROM reading_problems") == [
        (
            "registers/agencies.csv",
            "line 2",
            "level '厅' is none of 国家, 省, 市, 县, 乡; the row is left out",
        )
    ]
    assert rows(con, "SELECT agency FROM agencies") == [("乙局",)]


def test_who_had_to_file_who_did_and_how_late(register):
    con = marts(
        registers=register(
            "甲市人民政府,,市,政府,,,,,",
            "甲市教育局,,市,部门,甲市人民政府,,,,",
            "甲市国土局,,市,部门,,,2023-12-20,甲市自规局,",
            "甲市自规局,,市,部门,,2023-12-21,,,",
            "乙局,,市,部门,,,,,否",
            "丙局,,市,部门,,,,,2023",
        ),
        refreshes=refreshed("2025-02-10"),
        documents=[
            document("a", "甲市人民政府", 2022, published_on=date(2023, 3, 31)),
            document("b", "甲市人民政府", 2023, published_on=date(2024, 4, 2)),
            document("c", "甲市教育局", 2023),
            document("d", "乙局", 2023, published_on=date(2024, 2, 1)),
            document("e", "丁县财政局", 2023, published_on=date(2024, 1, 31)),
            document("f", "戊中心", 2022, published_on=date(2023, 1, 31)),
        ],
    )
    query = "SELECT agency, year, expected, present, deadline_on, days_late, is_due FROM coverage "
    found = rows(con, query + "ORDER BY year, agency")
    spring, winter = date(2024, 3, 31), date(2024, 1, 31)
    assert [row for row in found if row[1] == 2023] == [
        ("丁县财政局", 2023, None, True, winter, 0, True),
        ("丙局", 2023, True, False, winter, None, True),
        ("乙局", 2023, False, True, winter, 1, True),
        ("甲市人民政府", 2023, True, True, spring, 2, True),
        ("甲市教育局", 2023, True, True, winter, None, True),
        ("甲市自规局", 2023, True, False, winter, None, True),
    ]
    assert [(r[0], r[3], r[5]) for r in found if r[1] == 2022] == [
        ("戊中心", True, None),
        ("甲市人民政府", True, 0),
        ("甲市国土局", False, None),
        ("甲市教育局", False, None),
    ]
    # the year just due: departments by 31 January, the government not yet
    assert [(r[0], r[4]) for r in found if r[1] == 2024] == [
        ("甲市教育局", date(2025, 1, 31)),
        ("甲市自规局", date(2025, 1, 31)),
    ]


def test_a_version_without_a_date_leaves_lateness_open_unless_another_was_in_time():
    late = [document("a", "甲局", published_on=date(2024, 3, 1)), document("b", "甲局", sha256="2")]
    assert rows(marts(documents=late), "SELECT days_late FROM reports") == [(None,)]
    early = [*late, document("c", "甲局", published_on=date(2024, 1, 3), sha256="3")]
    assert rows(marts(documents=early), "SELECT days_late FROM reports") == [(0,)]


def test_a_governments_figures_beside_those_of_its_children(register):
    registers = register(
        "甲市,,市,政府,,,,,",
        "甲市办公室,,市,部门,甲市,,,,",
        "乙县,,县,政府,甲市,,,,",
        "丙税务局,,县,垂管,甲市,,,,",
        "旧局,,市,部门,甲市,,2022,,",
    )

    def sums(*received):
        names = ("甲市", "甲市办公室", "乙县")
        reports = [document(f"{n}.html", n) for n, r in zip(names, received, strict=True) if r]
        cells = [
            cell
            for n, r in zip(names, received, strict=True)
            if r
            for cell in line("received", r, 0, 0, 0, 0, 0, r, source=f"{n}.html")
        ]
        con = marts(registers=registers, documents=reports, cells=cells)
        query = "SELECT requests, children, children_counted, children_requests, missing_children "
        return rows(con, query + "FROM parent_children")

    assert sums(9, 4, 5) == [(9, 2, 2, 9, None)]
    assert sums(9, 4, 4) == [(9, 2, 2, 8, None)]
    assert sums(9, None, 5) == [(9, 2, 1, None, "甲市办公室")]
    assert sums(None, 4, 5) == []


@pytest.fixture
def opened(tmp_path, register):
    registers = register(
        "甲规划局,,市,部门,,,2018-12-20,甲自规局,",
        "甲国土局,甲国土资源局,市,部门,,2000,2018-12-20,甲自规局,",
        "甲自规局,,市,部门,,2018-12-21,,,",
    )
    built = building(tmp_path / "marts", "1")
    import duckdb

    named = [("甲规划局", 2016), ("甲国土局", 2016), ("甲国土局", 2017), ("甲自规局", 2018)]
    with duckdb.connect(str(built)) as con:
        marts(con, registers=registers, documents=[document(f"{a}{y}", a, y) for a, y in named])
    publish(built, "1")
    with open_marts(tmp_path / "marts") as found:
        yield found


def test_a_series_follows_successors_when_asked_and_says_whose_each_row_is(opened):
    asked = {"agency": "甲国土资源局", "follow_successors": True}
    assert opened.reports(agency="甲国土资源局").select("agency", "year").rows() == [
        ("甲国土局", 2016), ("甲国土局", 2017),
    ]  # fmt: skip
    assert opened.reports(**asked).select("agency", "year", "agency_then").rows() == [
        ("甲国土局", 2016, "甲国土局"),
        ("甲国土局", 2017, "甲国土局"),
        ("甲国土局", 2018, "甲自规局"),
    ]
    rows = opened.reports(agency="甲自规局", follow_successors=True, years=2016)
    assert rows.select("agency", "agency_then").rows() == [
        ("甲自规局", "甲国土局"),
        ("甲自规局", "甲规划局"),
    ]
    with pytest.raises(UsageError, match="name them with agency="):
        opened.reports(follow_successors=True)


def test_the_line_of_an_agency_tells_mergers(opened):
    found = opened.lineage("甲自规局").select("agency", "relation", "caveat").rows()
    assert found == [
        ("甲国土局", "predecessor", "merged with 甲规划局 into 甲自规局"),
        ("甲规划局", "predecessor", "merged with 甲国土局 into 甲自规局"),
        ("甲自规局", "self", None),
    ]
    assert opened.lineage("乙局")["agency"].to_list() == ["乙局"]


def test_a_circle_in_the_register_ends(tmp_path):
    from zwgk_analytics.marts.lineage import Agencies

    empty = {"aliases": [], "valid_from": None, "valid_to": None}
    rows = [empty | {"agency": a, "successors": [b]} for a, b in (("甲", "乙"), ("乙", "甲"))]
    assert Agencies(rows).lineage("甲")["agency"].to_list() == ["乙", "甲"]


def test_a_cell_is_traced_by_any_name(tmp_path, register):
    import duckdb

    built = building(tmp_path / "m", "1")
    with duckdb.connect(str(built)) as con:
        marts(
            con,
            registers=register("甲区,甲区管委会,市,开发区,,,,,"),
            documents=[document(agency="甲区")],
            cells=[cell("applications", "received", "total", 5)],
        )
    publish(built, "1")
    with open_marts(tmp_path / "m") as found:
        traced = found.trace("甲区管委会", 2023, "applications", "received", "total")
        assert (traced.agency, traced.value) == ("甲区", 5)
        assert found.canonical(["甲区管委会", "别的"]) == ["甲区", "别的"]
