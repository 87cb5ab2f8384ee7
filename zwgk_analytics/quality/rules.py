"""The catalogue of rules: one YAML a rule says what must hold, how grave a break is, and why."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from zwgk_analytics.errors import ZwgkError

FOLDER = files("zwgk_analytics.quality")
SEVERITIES = ("error", "warning", "info")
OUTCOMES = ("holds", "broken", "not_assessable")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data.

    `sql` yields one row per subject (see `quality.sql`), None where the rule is an identity of the
    forms. `message_zh` and `message_en` name columns of that row in braces. `not_assessable` says
    in words when nothing is asserted. `by_agency` are the marts that the SQL reads agency by agency
    (see `marts.partition`).
    """

    id: str
    title: str
    title_en: str
    mart: str
    subject: str
    severity: str
    basis: str
    not_assessable: str
    message_zh: str
    message_en: str
    sql: str | None = None
    by_agency: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of ids."""
    found = sorted(f.name for f in (FOLDER / "rules").iterdir() if f.name.endswith(".yml"))
    read = [parse((FOLDER / "rules" / f).read_text(encoding="utf-8"), f) for f in found]
    return {rule.id: rule for rule in read}


def parse(text: str, name: str) -> Rule:
    """One rule from the text of its file; `name` is for messages.

    Raises:
        ZwgkError: the text is no YAML, a field is missing or unknown, or the severity is none.
    """
    try:
        said: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
        message, is_identity = said.pop("message"), said.pop("identity", False)
        said["by_agency"] = tuple(said.get("by_agency", ()))
        rule = Rule(**said, message_zh=message["zh"], message_en=message["en"])
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ZwgkError(f"{name}: not a rule: {' '.join(str(error).split())}") from error
    if rule.severity not in SEVERITIES:
        raise ZwgkError(f"{name}: severity {rule.severity!r} is none of {', '.join(SEVERITIES)}")
    if is_identity == (rule.sql is not None):
        raise ZwgkError(f"{name}: give either `sql` or `identity: true`")
    return rule
