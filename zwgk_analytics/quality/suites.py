"""The expectation suites: one file a mart, generated from the rules, the forms and the marts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from zwgk_analytics.marts.models import models
from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import FOLDER, Rule, rules

GX_SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}
Expectation = dict[str, Any]


def suites() -> dict[str, dict[str, Any]]:
    """Every suite by the mart it is about, ready for `great_expectations.ExpectationSuite(**…)`.

    Expectations whose `meta` names a rule say whether agencies' disclosure holds; those without
    say whether the mart itself is sound (key unique, nothing null that may not be).
    """
    by_mart: dict[str, list[Expectation]] = {mart: list(_sound(mart)) for mart in models()}
    for rule in rules().values():
        by_mart[rule.mart].append(_expectation(rule))
    return {
        mart: {"name": mart, "meta": {"mart": mart}, "expectations": expectations}
        for mart, expectations in by_mart.items()
    }


def write(folder: Path) -> list[Path]:
    """The files of all suites, written into a folder; files of other names are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for mart, suite in suites().items():
        path = folder / f"{mart}.yml"
        path.write_text(text(suite), encoding="utf-8")
        written.append(path)
    return written


def text(suite: dict[str, Any]) -> str:
    """A suite as YAML, with queries as blocks that can be read and compared."""
    return yaml.dump(suite, Dumper=_Blocks, allow_unicode=True, sort_keys=False, width=100)


def query(rule: Rule) -> str:
    """A rule's broken subjects as Great Expectations takes a query.

    The batch stands for the rule's mart; braces and colons have a meaning on the way to the
    database (`str.format`, bound parameters) and are escaped.
    """
    escaped = sql.broken(rule).replace("{", "{{").replace("}", "}}").replace(":", r"\:")
    return f"WITH {rule.mart} AS (SELECT * FROM {{batch}})\n\n{escaped}\n"  # noqa: S608


def _expectation(rule: Rule) -> Expectation:
    return {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": query(rule)},
        "description": rule.title,
        "severity": GX_SEVERITY[rule.severity],
        "meta": {
            "rule": rule.id,
            "basis": rule.basis,
            "subject": rule.subject,
            "not_assessable": rule.not_assessable,
        },
    }


def _sound(mart: str) -> Iterator[Expectation]:
    promised = yaml.safe_load((FOLDER / "integrity.yml").read_text(encoding="utf-8"))
    of_mart = promised.get(mart, {})
    key = list(models()[mart].key)
    if len(key) == 1:
        yield _built_in("expect_column_values_to_be_unique", column=key[0])
    else:
        yield _built_in("expect_compound_columns_to_be_unique", column_list=key)
    for column in of_mart.get("not_null", []):
        yield _built_in("expect_column_values_to_not_be_null", column=column)
    for column, values in of_mart.get("in_set", {}).items():
        yield _built_in("expect_column_values_to_be_in_set", column=column, value_set=values)


def _built_in(kind: str, **kwargs: object) -> Expectation:
    return {"type": kind, "kwargs": kwargs, "severity": "critical"}


class _Blocks(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _block(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Blocks.add_representer(str, _block)
