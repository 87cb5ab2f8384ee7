"""Every rule over generated marts with defects planted: found, none beside, time and memory.

    python benchmarks/quality.py [AGENCIES] [YEARS]

The facts of AGENCIES × YEARS sound reports (tables, prose, items of logs) are generated and the
marts built of them. In a known number of them something is broken: a total, a carried-over figure,
a sentence, a date. Then the rules run. What they find is held against what was planted; their time
against one plain scan of every column of the marts.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

FACTS = ("documents", "cells", "claims_read", "sections_read", "prose_figures_read", "items")
APPLICANTS = (
    "natural_person", "business", "research_institution", "social_organisation", "legal_service",
    "other_organisation", "total",
)  # fmt: skip
SIGNS = [chr(0x4E00 + 11 * n) for n in range(900)]
FIRST = 2016  # so that ten years lie within the holiday calendar
ITEMS = 12  # of a log, an agency and year
Rows = dict[str, list[dict[str, Any]]]


def generate(agencies: int, years: int) -> tuple[Rows, Counter[str]]:
    """The rows of every mart, and how many findings of each rule are planted."""
    chance, rows = random.Random(7), {name: [] for name in FACTS}
    planted: Counter[str] = Counter()
    for number in range(agencies):
        agency, carried, copied = f"机关{number:05}", 0, ""
        in_force = 50
        for year in range(FIRST, FIRST + years):
            defect = chance.choice(DEFECTS) if chance.random() < 0.05 else None
            report = Report(agency, year, defect, chance, carried, in_force, copied)
            report.write(rows)
            planted.update(report.planted)
            carried, in_force = report.carried_out, report.in_force
            copied = report.problems
    return rows, planted


DEFECTS = (
    "total", "balance", "carry", "review", "roll", "blank", "claim", "parts", "share", "year",
    "reuse", "late", "order", "number", "privacy",
)  # fmt: skip


class Report:
    """One report, sound but for one defect."""

    def __init__(
        self, agency: str, year: int, defect: str | None, chance: random.Random, carried: int,
        in_force: int, before: str,
    ) -> None:  # fmt: skip
        self.agency, self.year, self.defect, self.chance = agency, year, defect, chance
        self.carried_in, self.planted = carried, Counter[str]()
        self.received = chance.randint(20, 200)
        self.carried_out = chance.randint(0, 9)
        self.issued, self.repealed = chance.randint(0, 9), chance.randint(0, 5)
        self.in_force = in_force + self.issued - self.repealed
        self.is_first = not before
        self.before = before
        self.problems = "".join(chance.choices(SIGNS, k=300))
        if defect == "reuse" and before:
            self.problems = before[:280] + self.problems[:20]
            self.planted["text.reused"] += 1

    def write(self, rows: Rows) -> None:
        """Adds the rows of this report to every mart."""
        self.rows = rows
        self.source = f"{self.agency}_{self.year}.html"
        rows["documents"].append(
            {"source": self.source, "sha256": "0", "kind": "annual_report", "agency": self.agency,
             "year": self.year, "edition": "2021"}
        )  # fmt: skip
        self._applications()
        self._review()
        self._proactive()
        self._prose()
        self._items()

    def _cell(self, table: str, row: str, column: str, value: int | None) -> None:
        raw = "" if value is None else str(value)
        cell = {"form_table": table, "form_row": row, "form_column": column, "raw": raw}
        self.rows["cells"].append(
            cell | {"source": self.source, "value": None if value is None else Decimal(value),
                    "state": "blank" if value is None else "reported", "unit": "件",
                    "place": f"{table}, {row}, {column}"}
        )  # fmt: skip

    def _applications(self) -> None:
        from zwgk_analytics.forms import editions

        table = editions()["2021"].tables["applications"]
        outcomes = [row.key for row in table.rows if row.role == "outcome"]
        closed = self.received + self.carried_in - self.carried_out
        numbers = dict.fromkeys([row.key for row in table.rows], 0)
        numbers |= {"received": self.received, "carried_in": self.carried_in}
        numbers |= {"total": closed, "carried_out": self.carried_out, outcomes[0]: closed}
        grid = {row: [n, 0, 0, 0, 0, 0, n] for row, n in numbers.items()}
        if self.defect == "total":  # one part and no total: two identities cross in it
            grid[outcomes[0]][0] += 3
            self.planted += Counter({"applications.outcomes": 1, "applications.applicants": 1})
        if self.defect == "balance":
            grid["received"][0] += 2
            grid["received"][6] += 2
            self.planted["applications.balance"] += 2
        if self.defect == "carry" and not self.is_first:
            for column in (0, 6):  # in and out alike, so that only the years do not meet
                grid["carried_in"][column] += 1
                grid["received"][column] -= 1
            self.planted["applications.carry_over"] += 2
        self.received = grid["received"][6]
        for row, cells in grid.items():
            for column, value in zip(APPLICANTS, cells, strict=True):
                self._cell("applications", row, column, value)

    def _review(self) -> None:
        for channel in ("reconsideration", "litigation_direct", "litigation_after_review"):
            parts = [self.chance.randint(0, 5) for _ in range(4)]
            total = sum(parts)
            if self.defect == "review" and channel == "reconsideration":
                total += 1
                self.planted["review.sum"] += 1
            columns = ("upheld", "corrected", "other", "pending", "total")
            for column, value in zip(columns, [*parts, total], strict=True):
                self._cell("review", channel, column, value)

    def _proactive(self) -> None:
        from zwgk_analytics.forms import editions

        if self.defect == "roll" and not self.is_first:
            self.in_force += 7
            self.planted["proactive.roll_forward"] += 1
        known = {
            ("normative_documents", "issued"): self.issued,
            ("normative_documents", "repealed"): self.repealed,
            ("normative_documents", "in_force"): self.in_force,
        }
        for row, column in editions()["2021"].tables["proactive"].addresses():
            value: int | None = known.get((row, column), 0)
            if self.defect == "blank" and (row, column) == ("administrative_licenses", "decisions"):
                value = None
                self.planted["cells.blank"] += 1
            self._cell("proactive", row, column, value)

    def _prose(self) -> None:
        base = {"source": self.source}
        said = self.received + (500 if self.defect == "claim" else 0)
        self.planted["claims.table"] += self.defect == "claim"
        self.rows["claims_read"].append(
            base | {"measure": "applications_received", "value": Decimal(said), "unit": "件",
                    "text": f"收到申请{said}件", "place": "paragraph 3"}
        )  # fmt: skip
        parts = [self.chance.randint(1, 90) for _ in range(5)]
        whole = sum(parts) + (1 if self.defect == "parts" else 0)
        self.planted["claims.parts"] += self.defect == "parts"
        at = base | {"sentence": 1, "text": "共公开信息", "place": "paragraph 4", "decimals": 0,
                     "section": "overall", "unit": "条", "is_complete": False}  # fmt: skip
        figures = [at | {"kind": "count", "label": "公开", "value": Decimal(whole)}]
        figures += [
            at | {"kind": "count", "label": f"类{n}", "value": Decimal(p), "whole": 1,
                  "is_complete": True}
            for n, p in enumerate(parts)
        ]  # fmt: skip
        share = round(Decimal(100 * parts[0]) / whole, 2)
        if self.defect == "share":
            share += Decimal("101")  # no ratio of what is stated
            self.planted["claims.percentage"] += 1
        figures.append(
            at | {"kind": "share", "value": share, "decimals": 2, "unit": "%", "whole": 2}
        )
        plan = self.year + (0 if self.defect == "year" else 1)
        self.planted["text.wrong_year"] += self.defect == "year"
        for position, figure in enumerate(figures, 1):
            self.rows["prose_figures_read"].append(figure | {"position": position})
        self.rows["prose_figures_read"].append(
            at | {"sentence": 2, "position": 1, "kind": "plan_year", "section": "problems",
                  "value": Decimal(plan), "text": f"{plan}年，我们将采取"}
        )  # fmt: skip
        overall = "".join(self.chance.choices(SIGNS, k=900))
        for position, section, heading, text in (
            (1, "overall", "一、总体情况", overall),
            (2, "problems", "五、存在的主要问题及改进情况", self.problems),
        ):
            self.rows["sections_read"].append(
                base | {"section": section, "heading": heading, "text": text,
                        "position": position, "place": "paragraph 5"}
            )  # fmt: skip

    def _items(self) -> None:
        for n in range(1, ITEMS + 1):
            issued = date(self.year, n, 3)
            late, early = self.defect == "late" and n == 1, self.defect == "order" and n == 1
            published = issued + timedelta(60 if late else -2 if early else 2)
            title = f"{self.agency}关于印发{self.year}年第{n}号工作方案的通知"
            if self.defect == "privacy" and n == 1:
                title += "13800138000"
            number = f"甲府〔{self.year}〕{'0' if self.defect == 'number' and n == 1 else ''}{n}号"
            found = {
                "publication.late": late, "publication.date_order": early,
                "publication.privacy": self.defect == "privacy" and n == 1,
                "publication.number_format": self.defect == "number" and n == 1,
            }  # fmt: skip
            self.planted.update({rule: 1 for rule, is_there in found.items() if is_there})
            key = f"{self.agency}-{self.year}-{n}"
            self.rows["items"].append(
                {"agency": self.agency, "title": title, "document_number": number,
                 "series": "甲府", "series_year": self.year, "serial": n, "issued_on": issued,
                 "published_on": published, "validity": "有效", "place": f"row {n + 1}",
                 "url": f"http://a.cn/t{published:%Y%m%d}_{key}.html",
                 "source": f"{self.agency}.csv"}
            )  # fmt: skip


def build(path: Path, agencies: int, years: int) -> Counter[str]:
    """Writes the marts of generated facts; the number of findings planted, by rule."""
    from zwgk_analytics.facts.schema import SCHEMAS
    from zwgk_analytics.marts.build import build as build_marts
    from zwgk_analytics.marts.vocabulary import vocabulary
    from zwgk_analytics.store import manifest
    from zwgk_analytics.store.store import REFRESHES, Store, refreshed

    rows, planted = generate(agencies, years)
    names = dict(zip(SCHEMAS, Store(path.parent / "store").relations(), strict=True))
    tables = {
        name: pa.Table.from_pylist(rows.pop(name, []), schema=SCHEMAS[key])
        for key, name in names.items()
    }
    small = {
        "manifest": manifest.as_table([]),
        "refresh_log": pa.Table.from_pylist([], schema=REFRESHES),
        "refreshed": refreshed(datetime(2026, 6, 30)),
    }
    with duckdb.connect(str(path)) as con:
        build_marts(con, small | vocabulary() | tables)
    return +planted


def _peak_megabytes() -> float:
    """Of this process alone: `ru_maxrss` counts the parent that started it too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def measure(path: Path) -> dict[str, Any]:
    """Runs the rules in this process: CPU seconds of the scan, of each part, and memory."""
    from zwgk_analytics.marts.publish import opened
    from zwgk_analytics.quality import assess, sql
    from zwgk_analytics.quality.repairs import write_repairs
    from zwgk_analytics.quality.reuse import write_reuse
    from zwgk_analytics.quality.rules import rules

    con = opened(path)
    start = time.process_time()
    marts = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    for name in marts:
        columns = [f'"{c[0]}"' for c in con.execute(f"DESCRIBE {name}").fetchall()]
        con.execute(
            f"SELECT {', '.join(f'count(DISTINCT {c})' for c in columns)} FROM {name}"
        ).fetchall()
    scan = time.process_time() - start
    start = time.process_time()
    assess(con)
    total = time.process_time() - start
    parts = {}
    for part, run in (("text_reuse", write_reuse), ("repairs", write_repairs)):
        start = time.process_time()
        run(con)
        parts[part] = round(time.process_time() - start, 2)
    slow = {}
    for rule in rules().values():
        start = time.process_time()
        con.execute(f"SELECT count(*) FROM ({sql.subjects(rule)})").fetchall()
        slow[rule.id] = round(time.process_time() - start, 2)
    slowest = dict(sorted(slow.items(), key=lambda item: -item[1])[:5])
    found = dict(con.execute("SELECT rule, count(*) FROM findings GROUP BY rule").fetchall())
    memory = _peak_megabytes()
    return {"scan": scan, "total": total, "parts": parts, "slowest": slowest, "found": found,
            "memory": memory}  # fmt: skip


def told(measured: dict[str, Any], planted: Counter[str]) -> Iterator[str]:
    """The lines of the result."""
    missed, beside = planted - Counter(measured["found"]), Counter(measured["found"]) - planted
    yield f"planted {sum(planted.values())} findings of {len(planted)} rules"
    yield f"missed {dict(missed)}, beside them {dict(beside)}"
    ratio = measured["total"] / measured["scan"]
    seconds = f"{measured['total']:.1f} s of CPU, plain scan {measured['scan']:.1f} s"
    yield f"rules {seconds}: {ratio:.1f} x"
    yield f"of it {measured['parts']}; slowest rules {measured['slowest']}"
    yield f"memory {measured['memory']:.0f} MB"


def main() -> None:
    """Generates, measures in a process of its own, and prints the result."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
        return
    agencies, years = [*map(int, sys.argv[1:3]), 1000, 10][:2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zwgk.duckdb"
        planted = build(path, agencies, years)
        print(f"{agencies} agencies, {years} years, {path.stat().st_size / 2**20:.0f} MB")
        command = [sys.executable, "-m", "benchmarks.quality", "--measure", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        for line in told(json.loads(done.stdout), planted):
            print(line)


if __name__ == "__main__":
    main()
