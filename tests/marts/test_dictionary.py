from pathlib import Path

from zwgk_analytics.marts.dictionary import as_json, as_markdown, dictionary
from zwgk_analytics.marts.models import models


def test_every_column_of_every_mart_is_in_it():
    rows = dictionary().select("mart", "column").rows()
    assert rows == [(name, c.name) for name, m in models().items() for c in m.columns]


def test_a_column_has_its_label_unit_and_caveat():
    page = as_markdown()
    mart = page.split("## `publications`")[1]
    line = next(text for text in mart.splitlines() if text.startswith("| `lag_workdays`"))
    assert line == (
        "| `lag_workdays` | 公开间隔（工作日） | 工作日 | working days after issued_on up to "
        "published_on, 调休 counted | null outside of the years of the holiday calendar |"
    )
    assert "## `application_handling` 依申请公开办理情况\n\nOne row per agency and year." in page
    assert "| applications_received | 件 | 本年新收申请数 | applications received |" in page


def test_the_object_tells_marts_measures_and_caveats():
    told = as_json()
    handling = told["marts"]["application_handling"]
    assert handling["key"] == ["agency", "year"]
    assert handling["columns"][4]["name"] == "received"
    assert handling["columns"][4]["unit"] == "件"
    assert told["measures"][0]["measure"] == "items_published"
    assert {c["caveat"] for c in told["caveats"]} >= {"approximate", "contradicted"}


def test_the_page_in_docs_is_fresh():
    page = Path(__file__).parents[2] / "docs" / "dictionary.md"
    assert page.read_text("utf-8").strip() == as_markdown().strip(), "run `make generated`"
