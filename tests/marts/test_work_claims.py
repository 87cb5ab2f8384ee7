"""The figures of work reports have a mart of their own and never enter annual figures."""

from decimal import Decimal

from tests.marts.facts import marts


def test_a_work_report_is_told_apart_from_annual_figures():
    figure = {"measure": "training_courses", "value": 3, "unit": "次", "text": "举办培训3次"}
    con = marts(
        documents=[
            {"source": "told.txt", "kind": "work_report", "agency": "青川县民政局", "year": 2023},
            {"source": "untold.txt", "kind": "work_report"},
        ],
        claims_read=[
            figure | {"source": "told.txt", "place": "line 2"},
            figure | {"source": "untold.txt", "place": "line 5, 总结篇2"},
        ],
    )
    rows = con.execute(
        "SELECT source, agency, year, measure, value, place FROM work_claims ORDER BY source"
    ).fetchall()
    assert rows == [
        ("told.txt", "青川县民政局", 2023, "training_courses", Decimal(3), "line 2"),
        ("untold.txt", None, None, "training_courses", Decimal(3), "line 5, 总结篇2"),
    ]
    for mart in ("claims", "annual_figures", "reports"):
        assert con.execute(f"SELECT count(*) FROM {mart}").fetchone() == (0,)
