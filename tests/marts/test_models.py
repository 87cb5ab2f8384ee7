import pytest
import sqlglot

from tests.marts.facts import marts, rows
from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.marts.models import after_rules, models, ordered, parse, reads
from zwgk_analytics.marts.vocabulary import vocabulary

BUILT = [name for name, model in models().items() if model.select]
CONTRACT = {
    "reports": "report_id agency year edition title published_on deadline_on days_late source "
    "sha256 url",
    "report_cells": "report_id agency year edition form_table form_row form_column value unit "
    "state raw place",
    "application_handling": "agency year edition received carried_in granted partially_granted "
    "denied unable not_processed other total carried_out",
    "applications": "agency year applicant outcome outcome_group requests",
    "proactive_disclosure": "agency year edition item measure value unit",
    "review_litigation": "agency year channel result cases",
    "claims": "report_id agency year measure part value unit qualifier text",
    "annual_figures": "agency year measure value unit origin comparable caveat source",
    "publications": "item_id agency title document_number series series_year serial issued_on "
    "published_on lag_days lag_workdays category channel validity url source",
    "publication_volume": "agency month category items",
    "publication_timeliness": "agency year items dated_items median_lag_days p90_lag_days "
    "share_within_20_workdays",
    "assessments": "scheme period agency indicator score rank ranked_of source",
    "rankings": "metric period agency value n rank rank_low rank_high ranked_of change",
    "findings": "finding_id rule severity agency period subject expected actual message basis "
    "source",
    "rule_results": "rule outcome subjects",
    "quarantine": "source sha256 reason detail",
    "refreshes": "refresh_id started_at finished_at engine documents_read documents_unchanged "
    "documents_quarantined",
}


@pytest.fixture(scope="module")
def empty():
    return marts()


@pytest.mark.parametrize("name", BUILT)
def test_a_model_has_the_columns_that_its_header_describes(empty, name):
    described = [column.name for column in models()[name].columns]
    assert [row[0] for row in rows(empty, f"DESCRIBE {name}")] == described


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_of_the_contract_are_there(name):
    described = {column.name for column in models()[name].columns}
    assert set(CONTRACT[name].split()) <= described


@pytest.mark.parametrize("name", BUILT)
def test_a_model_is_written_in_what_spark_understands(name):
    sqlglot.transpile(
        models()[name].select,
        read="duckdb",
        write="spark",
        identify=True,
        unsupported_level=sqlglot.ErrorLevel.RAISE,
    )


FORBIDDEN = (
    "quantile_cont", "date_diff", "datediff", "dayofweek", "regexp_replace", "hash(", "columns(",
    "pivot", "by name", "asof", "lambda", "::",
)  # fmt: skip


@pytest.mark.parametrize("name", BUILT)
def test_what_engines_disagree_on_stays_in_the_macros(name):
    text = models()[name].select.lower()
    assert [word for word in FORBIDDEN if word in text] == []


def test_a_model_comes_after_what_it_reads():
    seen = {model.name for model in models().values() if model.select is None}
    for model in ordered():
        assert reads(model.select) & models().keys() <= seen
        seen.add(model.name)
    assert seen == models().keys()


def test_what_reads_findings_is_built_after_the_rules():
    ranked = {"metric_quantities", "metric_values", "composites", "rankings"}
    assert after_rules() == ranked | {"inspection_decisions"}


def test_models_read_only_what_a_store_and_the_forms_give():
    given = {
        "documents",
        "cells",
        "claims_read",
        "problems",
        "items",
        "channels",
        "scores",
        "figures",
    }
    given |= {"sections_read", "prose_figures_read", *(f"{kind}_read" for kind in record_kinds())}
    given |= {"manifest", "refresh_log", "refreshed", "resolved_names"} | vocabulary().keys()
    read = set().union(*(reads(models()[name].select) for name in BUILT))
    assert read - models().keys() == given


def test_every_key_is_made_of_columns():
    for model in models().values():
        assert set(model.key) <= {column.name for column in model.columns}, model.name


def test_labels_and_units_are_in_the_catalogue(empty):
    label = "SELECT comment FROM duckdb_tables() WHERE table_name = 'reports'"
    assert rows(empty, label) == [("年度报告",)]
    about = (
        "SELECT comment FROM duckdb_columns() "
        "WHERE table_name = 'application_handling' AND column_name = 'received'"
    )
    assert rows(empty, about) == [("本年新收 [件]: applications received in the year",)]


def test_an_empty_store_gives_empty_marts(empty):
    assert [name for name in BUILT if rows(empty, f"SELECT 1 FROM {name}")] == []


@pytest.mark.parametrize(
    "text", ["SELECT 1", "-- grain: x\nSELECT 1", "-- a: b: c\nSELECT 1", "-- columns: 3\nSELECT 1"]
)
def test_a_header_that_is_wrong_names_its_file(text):
    with pytest.raises(ZwgkError, match=r"^bad\.sql: the header must be YAML"):
        parse("bad", text)
