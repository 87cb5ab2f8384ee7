"""A document → the claims of a work report (汇报, 总结, 自查报告): prose without statutory tables.

One file may hold several of them, each under its title (政务公开工作总结篇1 …): each is read with
its own author and year, and the place of a claim names the report that it stands in.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.alignment import Problem
from zwgk_analytics.facts.claims import Claim, claims_of
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.identity import (
    author_of_work,
    is_work_title,
    speaks_of_openness,
    stated_agency,
)
from zwgk_analytics.facts.report import problem_table
from zwgk_analytics.facts.schema import CLAIMS
from zwgk_analytics.facts.work_rules import work_rules
from zwgk_analytics.readers import Document, Paragraph

_HEAD = 12  # paragraphs among which the title stands
_SENTENCE = 30
_RESULTS = 2  # figures that make a text on openness a work report though no title says so


@dataclass(slots=True)
class _Part:
    """One report of a document: its title as printed, and what stands under it."""

    title: str | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        """Whether sentences stand under the title: a list of links has none."""
        return any(len(p.text) >= _SENTENCE and "。" in p.text for p in self.paragraphs)


def read_work_report(document: Document, into: Extraction, told: Mapping[str, Any]) -> Extraction:
    """Fills `into` with the claims of the work report that `document` is; else it stays as it is.

    A work report says so in its title, or it speaks of openness and states several figures of it.
    It has no cells. `told` is what the caller or a sidecar says; it overrides the document.
    """
    parts = _parts(document)
    titles = [part.title for part in parts if part.title and part.is_written]
    several = len(titles) > 1
    found = _author(document, titles, told)
    claims = [claim for part in parts for claim in _claims(part, *found, several=several)]
    if not titles and not _is_on_openness(document, claims):
        return into
    into.kind, into.reason = "work_report", None
    into.title = told.get("title") or parts[0].title
    into.agency, into.year = found
    into.tables = {
        "claims": _table(into.source, claims),
        "problems": problem_table(into.source, _unknown(into)),
    }
    return into


def _author(
    document: Document, titles: Sequence[str], told: Mapping[str, Any]
) -> tuple[str | None, int | None]:
    """Who reports and of which year; of several reports in one file only what the caller says."""
    agency, year = author_of_work(titles[0]) if len(titles) == 1 else (None, None)
    if len(titles) < 2:
        agency = agency or stated_agency(document)
    return told.get("agency") or agency, told.get("year") or year


def _unknown(into: Extraction) -> list[Problem]:
    return [
        Problem(f"{name}.unknown", f"the document does not say {what}; give --{name} or a sidecar")
        for name, what in (("agency", "who reports"), ("year", "of which year"))
        if getattr(into, name) is None
    ]


def _parts(document: Document) -> list[_Part]:
    """The reports of a document: a title opens one; what stands before the first has none."""
    parts = [_Part()]
    for index, paragraph in enumerate(document.paragraphs):
        line = "".join(unicodedata.normalize("NFKC", paragraph.text).split())
        if is_work_title(line, in_head=index < _HEAD):
            parts.append(_Part(line))
        parts[-1].paragraphs.append(paragraph)
    for part in parts:
        if part.title:
            part.paragraphs = part.paragraphs[1:]
    return [part for part in parts if part.title or part.paragraphs] or parts


def _claims(part: _Part, agency: str | None, year: int | None, *, several: bool) -> list[Claim]:
    """The claims of one report; among several its own title says whose they are."""
    if not several or part.title is None:
        return claims_of(part.paragraphs, agency, year)
    found = claims_of(part.paragraphs, *author_of_work(part.title))
    return [replace(claim, place=f"{claim.place}, {part.title}") for claim in found]


def _is_on_openness(document: Document, claims: Sequence[Claim]) -> bool:
    """Whether running text, of no other kind, speaks of openness and states results of it."""
    if any(True for _ in document.grids):
        return False
    terms = {rule.key for rule in work_rules().measures if rule.term}
    results = [claim for claim in claims if claim.measure not in terms]
    return len(results) >= _RESULTS and any(speaks_of_openness(p.text) for p in document.paragraphs)


def _table(source: str, claims: Sequence[Claim]) -> pa.Table:
    names = [name for name in CLAIMS.names if name != "source"]
    rows = [{"source": source, **{n: getattr(claim, n) for n in names}} for claim in claims]
    return pa.Table.from_pylist(rows, schema=CLAIMS)
