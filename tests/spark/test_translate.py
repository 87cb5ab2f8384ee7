"""DuckDB's SQL as Spark runs it: text in, text out."""

import pytest

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.marts.models import MACROS, ordered, read_sql
from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import rules
from zwgk_analytics.spark.translate import Translator, spark_sql, tables


def translated(text, parameters=None, macros=""):
    translator = Translator()
    assert translator.statements(macros) == []
    (tree,) = translator.statements(text, parameters)
    return spark_sql(tree)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 标题 FROM main.报告", "SELECT `标题` FROM `报告`"),
        ("SELECT a FROM previous.reports", "SELECT `a` FROM `previous_reports`"),
        ("SELECT a / b", "SELECT CAST(`a` AS DOUBLE) / `b`"),
        ("SELECT CAST(a AS INTEGER)", "SELECT CAST(ROUND(`a`) AS INT)"),
        ("SELECT CAST('7' AS INTEGER)", "SELECT CAST('7' AS INT)"),
        ("SELECT TRY_CAST(a AS INTEGER)", "SELECT TRY_CAST(`a` AS INT)"),
        ("SELECT length(a)", "SELECT CAST(LENGTH(`a`) AS BIGINT)"),
        ("SELECT avg(a)", "SELECT AVG(CAST(`a` AS DOUBLE))"),
        (
            "SELECT row_number() OVER (ORDER BY a)",
            "SELECT CAST(ROW_NUMBER() OVER (ORDER BY `a` NULLS LAST) AS BIGINT)",
        ),
        ("SELECT substr(a, b, 2)", "SELECT SUBSTRING(`a`, CAST(`b` AS INT), 2)"),
        (
            r"SELECT regexp_replace(a, '(x)$', '\1', 'g')",
            r"SELECT REGEXP_REPLACE(`a`, '(x)\\z', '$1')",
        ),
        (
            "SELECT string_agg(DISTINCT a, '; ' ORDER BY a)",
            "SELECT CASE WHEN SIZE(COLLECT_SET(`a`)) > 0 "
            "THEN ARRAY_JOIN(ARRAY_SORT(COLLECT_SET(`a`)), '; ') END",
        ),
        (
            "SELECT a FROM t QUALIFY rank() OVER (ORDER BY a) = 1",
            "SELECT `a` FROM `t` QUALIFY CAST(RANK() OVER (ORDER BY `a` NULLS LAST) AS BIGINT) = 1",
        ),
    ],
)
def test_a_statement(text, expected):
    assert translated(text) == expected


@pytest.mark.parametrize(
    ("parameters", "text"),
    [({"n": 3, "t": "甲'乙"}, "SELECT $n, $t"), ([3, "甲'乙"], "SELECT ?, ?")],
)
def test_parameters_are_values_never_sql(parameters, text):
    assert translated(text, parameters) == r"SELECT 3, '甲\'乙'"


def test_a_macro_is_written_out_where_it_stands():
    macros = "CREATE OR REPLACE TEMP MACRO twice(x) AS x + x;"
    assert translated("SELECT twice(a * 2) * 3", macros=macros) == (
        "SELECT ((`a` * 2) + (`a` * 2)) * 3"
    )


def test_a_macro_may_say_what_it_is_on_spark():
    macros = (
        "CREATE OR REPLACE MACRO middle(x, p) AS quantile_cont(x, p);\n"
        '-- spark: "percentile"(x, p)\n'
        "CREATE OR REPLACE MACRO whole(x) AS floor(x);"
    )
    assert translated("SELECT middle(a, 0.5)", macros=macros) == "SELECT `PERCENTILE`(`a`, 0.5)"
    assert translated("SELECT whole(a)", macros=macros) == "SELECT FLOOR(`a`)"


def test_a_macro_with_too_few_values_is_told():
    with pytest.raises(ZwgkError, match="twice takes 1 values, not 2"):
        translated("SELECT twice(a, b)", macros="CREATE MACRO twice(x) AS x + x;")


def test_a_replacement_of_the_first_alone_is_refused():
    with pytest.raises(ZwgkError, match="add 'g'"):
        translated("SELECT regexp_replace(a, 'x', 'y')")


def test_every_mart_and_every_rule_can_be_carried():
    translator = Translator()
    translator.statements(read_sql(MACROS))
    for model in ordered():
        assert len(translator.statements(model.select)) == 1
    for rule in rules().values():
        (tree,) = translator.statements(sql.findings(rule))
        assert tables(tree)
