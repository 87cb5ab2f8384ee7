"""What a finding rests on, as it stands in the documents: cells in their row, sentences, items."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from zwgk_analytics.marts.api import Marts

_MOST: Final = 40  # places that are shown of one finding
_QUOTED: Final = 300  # characters of a sentence or section

_CELLS = """
SELECT
  cells.source, cells.form_table, cells.form_row, cells.form_column, cells.raw, cells.place
FROM report_cells AS cells
WHERE (cells.source, cells.form_table, cells.form_row) IN (
  SELECT (source, form_table, form_row) FROM report_cells
  WHERE list_contains($places, source || '#' || place)
)
ORDER BY cells.source, cells.form_table
"""
_TEXTS = """
SELECT DISTINCT source, place, text FROM prose_figures
WHERE list_contains($places, source || '#' || place)
UNION
SELECT DISTINCT source, place, text FROM claims
WHERE list_contains($places, source || '#' || place)
UNION
SELECT source, place, text FROM sections WHERE list_contains($places, source || '#' || place)
"""
_ITEMS = """
SELECT source, place, title, document_number, issued_on, published_on, url FROM publications
WHERE list_contains($places, source || '#' || place)
"""


@dataclass(slots=True)
class Row:
    """One printed row of a table: its label, and its cells with whether the finding means them."""

    label: str
    cells: list[tuple[str, str, bool]] = field(default_factory=list)  # column, raw, is meant


@dataclass(slots=True)
class Evidence:
    """What one finding rests on, file by file, as shown to a reader."""

    places: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)


def places_of(source: str | None) -> list[str]:
    """The places of a finding, each as `file#place`."""
    found, file = [], ""
    for part in (source or "").split("; "):
        before, mark, after = part.partition("#")
        file = before if mark else file
        if file:
            found.append(f"{file}#{after if mark else part}")
    return list(dict.fromkeys(found))[:_MOST]


def evidence(marts: Marts, findings: Iterable[Mapping[str, Any]]) -> dict[str, Evidence]:
    """The evidence of findings by their id."""
    places = {f["finding_id"]: places_of(f["source"]) for f in findings}
    wanted = {"places": sorted({p for listed in places.values() for p in listed})}
    labels = _labels()
    rows: dict[str, tuple[str, str, str]] = {}
    cells: dict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for source, table, row, column, raw, place in marts.sql(_CELLS, wanted).iter_rows():
        rows[f"{source}#{place}"] = (source, table, row)
        cells[source, table, row].append((column, raw or "", f"{source}#{place}"))
    quotes: dict[str, list[str]] = defaultdict(list)
    for source, place, text in marts.sql(_TEXTS, wanted).iter_rows():
        quotes[f"{source}#{place}"].append(text)
    for source, place, *told in marts.sql(_ITEMS, wanted).iter_rows():
        quotes[f"{source}#{place}"].append("　".join(str(v) for v in told if v is not None))
    found = {}
    for finding in findings:
        listed = places[finding["finding_id"]]
        shown = Evidence(listed)
        shown.quotes = list(_quotes(listed, quotes, str(finding["actual"])))
        for key in dict.fromkeys(rows[p] for p in listed if p in rows):
            label = labels.get((key[1], "row", key[2]), key[2])
            printed = [
                (labels.get((key[1], "column", column), column), raw, place in listed)
                for column, raw, place in cells[key]
            ]
            shown.rows.append(Row(label, printed))
        found[finding["finding_id"]] = shown
    return found


def _quotes(listed: list[str], quotes: Mapping[str, list[str]], actual: str) -> Iterator[str]:
    """The sentences of the places; of several in one paragraph those that name the figure."""
    number = actual.rstrip("%").split(" ")[-1]
    for place in listed:
        texts = sorted(quotes.get(place, []), key=len)
        telling = [t for t in texts if number and number in t] or texts
        for text in telling[:2]:
            yield text if len(text) <= _QUOTED else f"{text[:_QUOTED]}……"


def _labels() -> dict[tuple[str, str, str], str]:
    from zwgk_analytics.quality.form_relations import form_lines

    return {(str(t), str(a), str(k)): str(label) for t, a, k, _, label, _ in form_lines("")}
