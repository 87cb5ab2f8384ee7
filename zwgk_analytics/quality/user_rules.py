"""Rules that users add: a YAML each with SQL, severity and message, in a folder of their own."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.quality.rules import SEVERITIES, Rule, rules

if TYPE_CHECKING:
    import duckdb

FOLDER: Final = "rules"  # beside the suites
_NEEDED: Final = ("id", "severity", "message", "sql")
_KNOWN: Final = {*_NEEDED, "title", "mart", "subject", "basis", "not_assessable"}
# What a rule's SQL may leave out, and what stands for it: without `outcome` every row is broken.
_DEFAULTS: Final = {
    "agency": "CAST(NULL AS VARCHAR)",
    "period": "CAST(NULL AS VARCHAR)",
    "subject": "''",
    "subject_key": "CAST(subject AS VARCHAR)",
    "outcome": "'broken'",
    "items": "1",
    "expected": "''",
    "actual": "''",
    "place": "CAST(NULL AS VARCHAR)",
    "source": "''",
}


def user_rules(folder: Path | None) -> list[Rule]:
    """The rules of every `*.yml` of a folder, in the order of file names; none without it.

    Raises:
        ZwgkError: a file is no rule; the message names file and line.
    """
    if folder is None or not folder.is_dir():
        return []
    found = [_parse(path) for path in sorted(folder.glob("*.yml"))]
    for rule in found:
        if rule.id in rules() or [r.id for r in found].count(rule.id) > 1:
            raise ZwgkError(f"{folder}: two rules have the id {rule.id}; give yours another")
    return found


def checked(con: "duckdb.DuckDBPyConnection", rule: Rule, folder: Path) -> Rule:
    """A user's rule with what its SQL leaves out, once the database has understood it.

    Raises:
        ZwgkError: the SQL fails, or the message names a column that it does not yield.
    """
    import duckdb

    path, line = _where(rule, folder)
    sql = (rule.sql or "").strip().rstrip(";")
    try:
        columns = [c[0] for c in con.execute(f"DESCRIBE SELECT * FROM ({sql})").fetchall()]  # noqa: S608
    except duckdb.Error as error:
        said = str(error).splitlines()
        at = re.search(r"LINE (\d+):", str(error))
        offset = int(at[1]) - 1 if at else 0
        raise ZwgkError(f"{path}:{line + offset}: the SQL of {rule.id} fails: {said[0]}") from error
    named = set(re.findall(r"\{(\w+)\}", rule.message_zh)) - {*columns, *_DEFAULTS}
    if named:
        raise ZwgkError(
            f"{path}: the message names {{{min(named)}}}, which the SQL does not yield; "
            f"it yields {', '.join(columns)}"
        )
    added = [f"{text} AS {name}" for name, text in _DEFAULTS.items() if name not in columns]
    inner = f"SELECT own.*{''.join(f', {a}' for a in added)} FROM (\n{sql}\n) AS own"  # noqa: S608
    return Rule(**{**_fields(rule), "sql": inner})


def _parse(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    try:
        said = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ZwgkError(f"{path}:{line}: no YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(said, dict):
        raise ZwgkError(f"{path}:1: a rule is lines of `key: value` with {', '.join(_NEEDED)}")
    lines = {str(key).strip(): _line_of(text, str(key)) for key in said}
    for key in _NEEDED:
        if not said.get(key):
            raise ZwgkError(f"{path}:{lines.get(key, 1)}: the rule has no `{key}`")
    for key in said:
        if key not in _KNOWN:
            raise ZwgkError(f"{path}:{lines[key]}: no field `{key}`; a rule has {_listed()}")
    if said["severity"] not in SEVERITIES:
        raise ZwgkError(
            f"{path}:{lines['severity']}: severity {said['severity']!r} is none of "
            f"{', '.join(SEVERITIES)}"
        )
    return _rule(said)


def _rule(said: dict[str, Any]) -> Rule:
    message = said["message"]
    zh, en = (message, message) if isinstance(message, str) else (message["zh"], message["en"])
    title = said.get("title", said["id"])
    return Rule(
        id=said["id"],
        title=title,
        title_en=title,
        mart=said.get("mart", "reports"),
        subject=said.get("subject", "本单位自定的检查对象"),
        severity=said["severity"],
        basis=said.get("basis", "本单位自定规则"),
        not_assessable=said.get("not_assessable", ""),
        message_zh=zh,
        message_en=en,
        sql=said["sql"],
    )


def _where(rule: Rule, folder: Path) -> tuple[Path, int]:
    """The file of a rule and the line on which its SQL begins."""
    for path in sorted(folder.glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        if yaml.load(text, Loader=yaml.CSafeLoader).get("id") == rule.id:
            line = _line_of(text, "sql")
            is_block = re.search(r"^sql:\s*[|>]", text, re.MULTILINE)
            return path, line + 1 if is_block else line
    return folder, 1


def _line_of(text: str, key: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _fields(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in rule.__slots__}


def _listed() -> str:
    return ", ".join(sorted(_KNOWN))
