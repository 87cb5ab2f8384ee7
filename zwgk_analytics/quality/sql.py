"""A rule as SQL: what it says of every subject, and the findings of those that break it.

A rule's SQL yields one row per subject: agency, period, subject (in words), subject_key, outcome
(`holds`, `broken`, `not_assessable`), items (how many things the row stands for), expected, actual,
place, source, and the columns that its messages name.
"""

from string import Formatter

from zwgk_analytics.quality.form_relations import literal, relations
from zwgk_analytics.quality.rules import FOLDER, OUTCOMES, Rule

_DIGIT = "[0-9０-９]"
_EDGE = ("(^|[^0-9A-Za-z/_=.-])", "([^0-9A-Za-z/_=-]|$)")
PERSONAL = (
    f"({_DIGIT}{{3}}){_DIGIT}{{10,14}}({_DIGIT}[0-9０-９XxＸｘ])",  # ID and bank cards
    f"({_DIGIT}{{3}}){_DIGIT}(?:[ -]{_DIGIT}{{4}}){{2,3}}[ -]{_DIGIT}{{0,2}}({_DIGIT}{{2}})",
    f"([1１][3-9３-９]{_DIGIT})[ -]?{_DIGIT}{{4}}[ -]?{_DIGIT}{{2}}({_DIGIT}{{2}})",  # mobile
)


def subjects(rule: Rule) -> str:
    """The SELECT of a rule: one row per subject that it looks at."""
    text = rule.sql or (FOLDER / "identity.sql").read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    ahead = relations(body, rule.id)
    return f"WITH {ahead}{body.removeprefix('WITH ')}" if ahead else body


def addressed(rule: Rule) -> str:
    """The WITH clause of an identity up to `addressed`: each cell that a subject needs."""
    return subjects(rule).partition(",\n\nasked AS (")[0]


def broken(rule: Rule) -> str:
    """The SELECT of the subjects that break a rule, with every column of the rule's own."""
    return f"SELECT * FROM (\n{subjects(rule).strip()}\n) AS subjects\nWHERE outcome = 'broken'"  # noqa: S608


def results(rule: Rule, of: str | None = None) -> str:
    """The SELECT of a rule's rows of the mart `rule_results`, an outcome that is not met as 0.

    `of` names a relation that holds the rule's subjects already.
    """
    inner = f"(\n{subjects(rule)}\n)"
    outcomes = ", ".join(f"({literal(outcome)})" for outcome in OUTCOMES)
    return f"""
SELECT
  {literal(rule.id)} AS rule,
  listed.outcome,
  CAST(coalesce(sum(subjects.items), 0) AS BIGINT) AS subjects
FROM (VALUES {outcomes}) AS listed (outcome)
LEFT JOIN {of or inner} AS subjects ON subjects.outcome = listed.outcome
GROUP BY listed.outcome"""  # noqa: S608


def findings(rule: Rule, of: str | None = None) -> str:
    """The SELECT of a rule's rows of the mart `findings`; `of` as for `results`."""
    inner = f"SELECT * FROM {of} WHERE outcome = 'broken'" if of else broken(rule)  # noqa: S608
    identity = ["coalesce(agency, '')", "coalesce(period, '')", "subject_key"]
    return f"""
SELECT
  substr(md5(concat_ws('|', {literal(rule.id)}, {", ".join(identity)})), 1, 16) AS finding_id,
  {literal(rule.id)} AS rule,
  {literal(rule.severity)} AS severity,
  agency,
  period,
  {masked("subject")} AS subject,
  {masked("expected")} AS expected,
  {masked("actual")} AS actual,
  {masked(message(rule.message_zh))} AS message,
  {masked(message(rule.message_en))} AS message_en,
  {literal(rule.basis)} AS basis,
  source,
  place,
  {masked("subject_key")} AS subject_key,
  CAST(NULL AS VARCHAR) AS repair,
  'open' AS review_state,
  CAST(NULL AS VARCHAR) AS review_reason
FROM (
{inner}
) AS broken"""  # noqa: S608


def masked(text: str) -> str:
    """An expression whose long numbers of persons keep their first three and last two digits.

    Titles come into findings of every rule, and a finding must not publish such a number again.
    Numbers inside addresses and keys (beside letters, /, _, = or -) stay.
    """
    for printed in PERSONAL:
        pattern = literal(f"{_EDGE[0]}{printed}{_EDGE[1]}")
        text = f"regexp_replace({text}, {pattern}, '\\1\\2******\\3\\4', 'g')"
    return text


def message(template: str) -> str:
    """A message with named fields as a SQL expression over the columns of those names."""
    parts = []
    for text, field, _, _ in Formatter().parse(template):
        parts += [literal(text)] if text else []
        parts += [f"CAST({field} AS VARCHAR)"] if field else []
    return " || ".join(parts)
