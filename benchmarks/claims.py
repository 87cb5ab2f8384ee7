"""Claims from prose: precision and recall by measure, and the time that a report takes.

    python benchmarks/claims.py [REPORTS]

Two yardsticks: the invented sentences of tests/facts (every measure, parts and qualifiers count),
and, where the folder REPORTS (../shared/corpus/reports) is at hand, the transcribed facts of real
reports for the measures that claims_truth_map.csv names.
"""

import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path

import yaml

from zwgk_analytics.facts.claims import Claim, claims_of, read_claims
from zwgk_analytics.readers import Paragraph, read

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "facts"
_REPORTS = ROOT.parent / "shared" / "corpus" / "reports"

Score = dict[str, Counter[str]]  # measure → right, wrong, missed


def invented() -> Score:
    """The score over the invented sentences: a claim is right with measure, value, part and all."""
    score: Score = {}
    for path in sorted(TESTS.glob("claims_*.yml")):
        for line in yaml.safe_load(path.read_text(encoding="utf-8")):
            found = Counter(map(_spoken, claims_of(*_arguments(line))))
            _count(score, found, Counter(line["claims"]))
    return score


def transcribed(reports: Path) -> tuple[Score, float]:
    """The score over the transcribed facts of real reports, and the seconds that a report takes."""
    with (TESTS / "claims_truth_map.csv").open(encoding="utf-8") as file:
        measures = {row["what"]: row["measure"] for row in csv.DictReader(file)}
    score: Score = {}
    seconds = []
    for path in sorted(reports.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        facts = [f for s in truth["narrative"] for f in s["facts"] if f["value"] is not None]
        wanted = {f"{measures[f['what']]} {f['value']}" for f in facts if f["what"] in measures}
        page = path.with_name(path.name.replace(".truth.json", ".html"))
        document = read(page.read_bytes(), page.name)
        start = time.perf_counter()
        claims = read_claims(document)
        seconds.append(time.perf_counter() - start)
        known = {c.measure for c in claims} & set(measures.values())
        found = {_bare(c) for c in claims if c.part is None and c.measure in known}
        found |= {_bare(c) for c in claims} & wanted  # a part counts as its measure
        _count(score, Counter(found), Counter(wanted))
    return score, sum(seconds) / max(1, len(seconds))


def show(title: str, score: Score) -> None:
    """Prints precision and recall by measure, and over all."""
    print(f"\n{title}\n{'measure':34}{'right':>6}{'wrong':>6}{'missed':>7}{'P':>8}{'R':>8}")
    total: Counter[str] = sum(score.values(), Counter())
    for measure, counts in [*sorted(score.items()), ("all", total)]:
        right, wrong, missed = (counts[k] for k in ("right", "wrong", "missed"))
        precision = f"{right / (right + wrong):.3f}" if right + wrong else "-"
        recall = f"{right / (right + missed):.3f}" if right + missed else "-"
        print(f"{measure:34}{right:6}{wrong:6}{missed:7}{precision:>8}{recall:>8}")


def _arguments(line: dict[str, str]) -> tuple[list[Paragraph], str | None, int | None]:
    agency, year = line["by"].rsplit(" ", 1) if "by" in line else (None, None)
    texts = [t for t in (line.get("head"), line["say"]) if t]
    return [Paragraph(t, str(n)) for n, t in enumerate(texts)], agency, int(year) if year else None


def _bare(claim: Claim) -> str:
    return f"{claim.measure} {claim.value.normalize():f}"


def _spoken(claim: Claim) -> str:
    part = f"{{{claim.part}}}" if claim.part else None
    return " ".join(w for w in (_bare(claim), claim.qualifier, part) if w)


def _count(score: Score, found: Counter[str], wanted: Counter[str]) -> None:
    groups = (("right", found & wanted), ("wrong", found - wanted), ("missed", wanted - found))
    for name, group in groups:
        for claim, n in group.items():
            score.setdefault(claim.split()[0], Counter())[name] += n


def main(reports: Path = _REPORTS) -> None:
    """Prints both yardsticks."""
    show("invented sentences", invented())
    if not reports.is_dir():
        print(f"\nno reports in {reports}: the transcribed facts were not measured")
        return
    score, seconds = transcribed(reports)
    show(f"transcribed facts of real reports ({seconds * 1000:.0f} ms a report)", score)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
