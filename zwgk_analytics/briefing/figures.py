"""Headline figures from the marts: of one agency beside its past and its peers, or over all."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from statistics import median
from typing import Any

from zwgk_analytics.briefing.model import Change, Figure, Rank, Spread
from zwgk_analytics.briefing.words import SHARE, clean, texts
from zwgk_analytics.forms.load import FOLDER as FORMS
from zwgk_analytics.forms.metrics import metrics
from zwgk_analytics.marts.api import Marts

FEWEST_PEERS = 3
_QUERIES = {
    "measures": """
SELECT
  agency, year, measure AS key, value, unit, origin, comparable, caveat, source
FROM annual_figures
WHERE year IN ($year, $year - 1) AND list_contains($keys, measure) AND agency IS NOT NULL
""",
    "metrics": """
SELECT metric AS key, TRY_CAST(period AS INTEGER) AS year, * EXCLUDE (metric)
FROM rankings
WHERE
  period IN (CAST($year AS VARCHAR), CAST($year - 1 AS VARCHAR))
  AND list_contains($keys, metric) AND agency IS NOT NULL
""",
}


@dataclass(frozen=True, slots=True)
class Peers:
    """The agencies of the same level and kind; None where no register tells, then all."""

    names: frozenset[str] | None


class Observed:
    """Every figure of a year and the year before, by key, year and agency."""

    def __init__(self, marts: Marts, year: int) -> None:
        self.year = year
        self._figures: dict[tuple[str, int], dict[str, Figure]] = {}
        self._not_comparable: set[tuple[str, int, str]] = set()
        self._read_measures(marts)
        self._read_metrics(marts)
        reports = marts.mart("reports", years=year)
        self.editions: dict[str, str] = dict(reports.select("agency", "edition").iter_rows())

    def value(self, key: str, agency: str) -> Decimal | None:
        """The value of this year; None where nothing is reported."""
        found = self._of(key, self.year).get(agency)
        return found.value if found else None

    def figure(self, key: str, agency: str, peers: Peers) -> Figure | None:
        """The figure of one agency; None where it neither reports it nor was asked for it."""
        found = self._of(key, self.year).get(agency)
        if found is None:
            if (key, self.editions.get(agency)) not in asked():
                return None
            found = Figure(key, label(key), self.year, None, unit_of(key))
        before = self._of(key, self.year - 1).get(agency)
        values = self._peer_values(found, agency, peers)
        return replace(
            found,
            before=before.value if before else None,
            change=self._change(found, before, agency),
            median=median(values) if len(values) >= FEWEST_PEERS else None,
            peers=len(values),
        )

    def spread(self, key: str) -> Spread | None:
        """The figure over all agencies that have a comparable value; None where none has."""
        now, before = self._comparable(key, self.year), self._comparable(key, self.year - 1)
        if not now:
            return None
        unit = next(iter(now.values())).unit
        values = _values(now, unit)
        earlier = _values(before, unit)
        both = [(values[name], earlier[name]) for name in values if name in earlier]
        is_told = len(both) >= FEWEST_PEERS
        return Spread(
            key,
            label(key),
            self.year,
            unit,
            len(values),
            median(values.values()),
            min(values.values()),
            max(values.values()),
            len(both),
            median(then for _, then in both) if is_told else None,
            median(value for value, _ in both) if is_told else None,
        )

    @property
    def agencies(self) -> list[str]:
        """Every agency with a value of the year."""
        there = {
            name
            for (_, year), figures in self._figures.items()
            for name, figure in figures.items()
            if year == self.year and figure.value is not None
        }
        return sorted(there)

    def _of(self, key: str, year: int) -> dict[str, Figure]:
        return self._figures.get((key, year), {})

    def _comparable(self, key: str, year: int) -> dict[str, Figure]:
        return {
            name: figure
            for name, figure in self._of(key, year).items()
            if figure.value is not None and (key, year, name) not in self._not_comparable
        }

    def _peer_values(self, own: Figure, agency: str, peers: Peers) -> list[Decimal]:
        if (own.key, own.year, agency) in self._not_comparable:
            return []
        edition = self.editions.get(agency)
        names = [
            name
            for name in self._comparable(own.key, self.year)
            if name != agency
            and (peers.names is None or name in peers.names)
            and self.editions.get(name, edition) in {edition, None}
        ]
        others = {name: self._of(own.key, self.year)[name] for name in names}
        return list(_values(others, own.unit).values())

    def _change(self, now: Figure, before: Figure | None, agency: str) -> Change:
        if before is None or before.value is None:
            return "none_before"
        doubts = {(now.key, year, agency) for year in (now.year, before.year)}
        fits = now.unit == before.unit and not doubts & self._not_comparable
        return "known" if fits else "not_comparable"

    def _read_measures(self, marts: Marts) -> None:
        for row in _rows(marts, "measures", self.year):
            figure = _measure(row)
            if not row["comparable"]:
                self._not_comparable.add((figure.key, figure.year, row["agency"]))
            self._keep(row["agency"], figure)

    def _read_metrics(self, marts: Marts) -> None:
        for row in _rows(marts, "metrics", self.year):
            rank = _rank(row)
            known = self._of(row["key"], row["year"]).get(row["agency"])
            figure = replace(known, rank=rank) if known else _metric(row, rank)
            self._keep(row["agency"], figure)

    def _keep(self, agency: str, figure: Figure) -> None:
        self._figures.setdefault((figure.key, figure.year), {})[agency] = figure


def keys() -> list[str]:
    """Every key that briefings tell, in their order."""
    return [key for part in texts()["parts"] for key in part["figures"]]


def label(key: str) -> str:
    """The Chinese name of a measure or metric."""
    known = _measures()
    return known[key]["label_zh"] if key in known else metrics()[key].label["zh"]


def unit_of(key: str) -> str | None:
    """The unit of a measure or metric where the source need not state it."""
    if key in _measures():
        return _measures()[key]["unit"]
    if metrics()[key].kind == "share":
        return SHARE
    unit: str | None = texts()["units"].get(key)
    return unit


@lru_cache(maxsize=1)
def asked() -> frozenset[tuple[str, str | None]]:
    """The measures that a form asks for, as (measure, edition)."""
    return frozenset((row["measure"], row["edition"]) for row in _csv("measure_cells.csv"))


def peers_of(marts: Marts, agency: str) -> Peers:
    """The peers that a mart with the columns agency, level and kind tells."""
    registers = marts.sql(
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal "
        "AND column_name IN ('agency', 'level', 'kind') GROUP BY table_name "
        "HAVING count(*) = 3 ORDER BY table_name"
    )
    for (name,) in registers.iter_rows():
        same = marts.sql(
            f'SELECT DISTINCT other.agency FROM main."{name}" AS own '  # noqa: S608
            f'JOIN main."{name}" AS other USING (level, kind) '
            "WHERE own.agency = ? AND other.agency <> own.agency",
            [agency],
        )
        if not same.is_empty():
            return Peers(frozenset(same["agency"]))
    return Peers(None)


def _rows(marts: Marts, query: str, year: int) -> list[dict[str, Any]]:
    found = marts.sql(_QUERIES[query], {"year": year, "keys": keys()})
    return found.rows(named=True)


def _measure(row: Mapping[str, Any]) -> Figure:
    file, _, place = (row["source"] or "").partition("#")
    return Figure(
        row["key"],
        label(row["key"]),
        row["year"],
        row["value"],
        row["unit"],
        row["origin"],
        clean(file) or None,
        clean(place) or None,
        (row["caveat"],) if row["caveat"] else (),
    )


def _metric(row: Mapping[str, Any], rank: Rank | None) -> Figure:
    value = None if row["value"] is None else Decimal(str(row["value"]))
    return Figure(row["key"], label(row["key"]), row["year"], value, unit_of(row["key"]), rank=rank)


def _rank(row: Mapping[str, Any]) -> Rank | None:
    if row["rank"] is None:
        return None
    return Rank(row["rank"], row["rank_low"], row["rank_high"], row["ranked_of"])


def _values(figures: Mapping[str, Figure], unit: str | None) -> dict[str, Decimal]:
    return {
        name: figure.value
        for name, figure in figures.items()
        if figure.value is not None and figure.unit == unit
    }


@lru_cache(maxsize=1)
def _measures() -> dict[str, dict[str, str]]:
    return {row["measure"]: row for row in _csv("measures.csv")}


def _csv(name: str) -> Sequence[dict[str, str]]:
    return list(csv.DictReader((FORMS / name).read_text(encoding="utf-8").splitlines()))
