"""The quality report: one HTML page that needs nothing else, everything from documents escaped."""

from collections import Counter, defaultdict
from importlib.resources import files
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.quality.evidence import evidence
from zwgk_analytics.quality.rules import rules as package_rules

if TYPE_CHECKING:
    import polars as pl

_ROWS: Final = 500  # findings of one rule that are shown
_AGENCIES: Final = 200
WORDS: Final = {
    "error": "严重",
    "warning": "一般",
    "info": "提示",
    "open": "待处理",
    "confirmed": "已确认",
    "waived": "已豁免",
    "fixed": "已更正",
}


def write_report(marts: Marts, findings: "pl.DataFrame", summary: "pl.DataFrame", to: Path) -> None:
    """Writes the findings of marts as a page.

    Args:
        marts: where the cells and sentences are taken from.
        findings: rows of the mart `findings`.
        summary: rows of `quality.summary`: what each rule could assess.
        to: the file, `.html`.

    Raises:
        UsageError: the file has another ending.
    """
    from jinja2 import Environment

    if to.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"{to}: the quality report is a page; name a file that ends in .html")
    text = (files("zwgk_analytics.quality") / "report.html").read_text(encoding="utf-8")
    template = Environment(autoescape=True).from_string(text)
    to.write_text(template.render(**_content(marts, findings, summary)), encoding="utf-8")


def _content(marts: Marts, findings: "pl.DataFrame", summary: "pl.DataFrame") -> dict[str, Any]:
    rows = findings.to_dicts()
    by_rule: dict[str, list[dict[str, Any]]] = defaultdict(list)
    heat: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        heat[row["agency"] or ""][row["rule"]] += 1
        if len(by_rule[row["rule"]]) < _ROWS:
            by_rule[row["rule"]].append(row)
    found = Counter(row["rule"] for row in rows)
    listed = [rule | {"broken_rows": found[rule["rule"]]} for rule in summary.to_dicts()]
    agencies = sorted(heat, key=lambda a: (-sum(heat[a].values()), a))
    shown = [row for kept in by_rule.values() for row in kept]
    most = max((n for counts in heat.values() for n in counts.values()), default=1)
    return {
        "made": _made(marts),
        "findings": rows,
        "severities": Counter(row["severity"] for row in rows),
        "states": Counter(row["review_state"] for row in rows),
        "rules": listed,
        "titles": {rule["rule"]: rule["title"] for rule in listed},
        "subjects": {r.id: r.subject for r in package_rules().values()},
        "unassessable": {r.id: r.not_assessable for r in package_rules().values()},
        "shown_rules": [rule["rule"] for rule in listed if found[rule["rule"]]],
        "agencies": agencies[:_AGENCIES],
        "hidden_agencies": max(0, len(agencies) - _AGENCIES),
        "heat": heat,
        "shade": lambda n: round(0.12 + 0.6 * log(1 + n) / log(1 + most), 2),
        "by_rule": by_rule,
        "evidence": evidence(marts, shown),
        "words": WORDS,
        "quarantine": marts.mart("quarantine").to_dicts(),
        **_coverage(marts, rows),
    }


def _made(marts: Marts) -> str:
    last = marts.sql("SELECT max(finished_at) AS at FROM refreshes").item()
    return f"数据更新于 {last:%Y-%m-%d %H:%M}（UTC）。" if last else ""


def _coverage(marts: Marts, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Which reports there are, with the number of findings of each."""
    filed = marts.sql("SELECT agency, year FROM reports ORDER BY agency, year").rows()
    years = sorted({year for _, year in filed})
    there, found = set(filed), Counter((row["agency"], row["period"]) for row in rows)
    agencies = list(dict.fromkeys(agency for agency, _ in filed))[:_AGENCIES]
    cells = [
        (a, [f"● {found[a, str(y)] or ''}" if (a, y) in there else "" for y in years])
        for a in agencies
    ]
    return {"years": years, "coverage": cells}
