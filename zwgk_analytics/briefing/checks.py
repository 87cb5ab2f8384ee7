"""What the rules found of one agency and year, or of all, and what they could not assess."""

from dataclasses import dataclass
from typing import Any

from zwgk_analytics.briefing.model import Run, Table
from zwgk_analytics.briefing.notes import Notes
from zwgk_analytics.briefing.words import clean, place, say, texts, unit
from zwgk_analytics.errors import NoMartsError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.quality import sql
from zwgk_analytics.quality.rules import OUTCOMES, Rule, rules

_OF_A_RULE = 5
_IN_YEAR = "(CAST(period AS VARCHAR) = $year OR starts_with(CAST(period AS VARCHAR), $year || '-')"
_IN_YEAR += " OR starts_with(CAST(period AS VARCHAR), $year || 'Q'))"
_OF_AGENCY = "($agency IS NULL OR agency = $agency)"
_FOUND = f"""
SELECT rule, severity, agency, subject, expected, actual, message, basis, source, place
FROM findings
WHERE {_OF_AGENCY} AND {_IN_YEAR}
ORDER BY
  CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, rule, agency, finding_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Checks:
    """Findings of one scope, and for each rule how many subjects held, broke, could not be told."""

    findings: tuple[dict[str, Any], ...]
    counts: dict[str, dict[str, int]]

    @property
    def doubts(self) -> dict[str, int]:
        """Broken relations of severity error, by the beginning of the rule's id."""
        counted: dict[str, int] = {}
        for finding in self.findings:
            if finding["severity"] == "error":
                group = str(finding["rule"]).split(".", maxsplit=1)[0]
                counted[group] = counted.get(group, 0) + 1
        return counted

    def of_severity(self, severity: str, agency: str | None = None) -> int:
        """How many findings are that grave, of one agency or of all."""
        return sum(
            finding["severity"] == severity and agency in {None, finding["agency"]}
            for finding in self.findings
        )


def checked(marts: Marts, year: int, agency: str | None) -> Checks:
    """Runs every rule for the year: findings from the mart, outcomes from the rules' own SQL."""
    scope = {"agency": agency, "year": str(year)}
    findings = tuple(marts.sql(_FOUND, scope).rows(named=True))
    counts = {rule.id: _counted(marts, rule, scope) for rule in rules().values()}
    return Checks(findings, counts)


def summary(checks: Checks) -> str:
    """One sentence: how many findings of what severity, how many subjects held."""
    total = {outcome: sum(c[outcome] for c in checks.counts.values()) for outcome in OUTCOMES}
    said = {"held": f"{total['holds']:,}", "unassessed": f"{total['not_assessable']:,}"}
    if not checks.findings:
        return say("findings.none", **said)
    by_severity = {name: f"{checks.of_severity(name):,}" for name in texts()["severity"]}
    return say("findings.found", n=f"{len(checks.findings):,}", **by_severity, **said)


def findings_table(checks: Checks, notes: Notes, *, is_named: bool) -> Table | None:
    """The findings, some of each rule, the gravest first; the rest of a rule is counted.

    `is_named` puts the agency before each.
    """
    rows: list[tuple[Run, ...]] = []
    for rule in dict.fromkeys(finding["rule"] for finding in checks.findings):
        own = [finding for finding in checks.findings if finding["rule"] == rule]
        rows += [_row(finding, notes, is_named) for finding in own[:_OF_A_RULE]]
        if len(own) > _OF_A_RULE:
            rest = say("findings.more", n=f"{len(own) - _OF_A_RULE:,}")
            rows.append((Run(""), Run(_title(rule)), Run(rest), Run("")))
    head = tuple(texts()["heads"]["findings"])
    return Table(head, tuple(rows), (0.7, 1.6, 4.6, 3.1)) if rows else None


def checks_table(checks: Checks) -> Table:
    """A row a rule that had a subject: how many held, broke and could not be assessed."""
    rows = tuple(
        (
            Run(rule.title),
            Run(texts()["severity"][rule.severity]),
            *(Run(f"{checks.counts[rule.id][outcome]:,}") for outcome in OUTCOMES),
        )
        for rule in rules().values()
        if any(checks.counts[rule.id].values())
    )
    head = tuple(texts()["heads"]["checks"])
    return Table(head, rows, (3.4, 1, 1.2, 1.2, 1.2), frozenset({2, 3, 4}))


def unassessed(checks: Checks) -> list[tuple[str, str]]:
    """Rules that could not be told for some subjects: what, and what makes it so."""
    return [
        (say("unassessed.rule", title=rule.title, n=f"{n:,}"), rule.not_assessable)
        for rule in rules().values()
        if (n := checks.counts[rule.id]["not_assessable"])
    ]


def _counted(marts: Marts, rule: Rule, scope: dict[str, Any]) -> dict[str, int]:
    import duckdb  # slow to import

    query = f"""
SELECT outcome, CAST(sum(items) AS BIGINT)
FROM (
{sql.subjects(rule)}
) AS subjects
WHERE {_OF_AGENCY} AND {_IN_YEAR}
GROUP BY outcome"""  # noqa: S608
    try:
        found = dict(marts.sql(query, scope).iter_rows())
    except duckdb.Error as error:
        raise NoMartsError(
            f"{marts.path}: marts that the rule {rule.id} does not fit, of another version; "
            "run `zwgk refresh`"
        ) from error
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def _row(finding: dict[str, Any], notes: Notes, is_named: bool) -> tuple[Run, ...]:
    said = {key: clean(finding[key] or "") for key in ("message", "expected", "actual")}
    kind = "compared" if said["expected"] and said["actual"] else "plain"
    told = say(f"findings.{kind}", **said)
    if is_named:
        told = say("findings.of", agency=unit(finding), told=told)
    file, _, _ = (finding["source"] or "").partition("#")
    where = place(clean(finding["place"] or "")).replace("#", "，")
    sources = (notes.add("，".join(filter(None, (clean(file), where)))),) if file else ()
    severity = texts()["severity"][finding["severity"]]
    return (
        Run(severity),
        Run(_title(finding["rule"])),
        Run(told, sources),
        Run(clean(finding["basis"] or "")),
    )


def _title(rule: str) -> str:
    return rules()[rule].title if rule in rules() else rule
