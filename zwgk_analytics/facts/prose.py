"""The prose of a report as fact tables: its sections, and the figures of its sentences."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from zwgk_analytics.facts.prose_figures import prose_figures
from zwgk_analytics.facts.schema import PROSE_FIGURES, SECTIONS
from zwgk_analytics.facts.sections import Section, sections
from zwgk_analytics.readers import Paragraph


def prose_tables(
    paragraphs: Sequence[Paragraph], source: str, agency: str | None, year: int | None
) -> dict[str, pa.Table]:
    """The tables `sections` and `prose_figures` of one report, by name."""
    parts = sections(paragraphs)
    section_of = {p.place: part.key for part in parts for p in part.paragraphs}
    figures = [
        {"source": source, "section": section_of.get(f.place), **asdict(f)}
        for f in prose_figures(paragraphs, agency, year)
    ]
    rows = [_section_row(source, n, part) for n, part in enumerate(parts, 1)]
    return {
        "sections": pa.Table.from_pylist(rows, schema=SECTIONS),
        "prose_figures": pa.Table.from_pylist(figures, schema=PROSE_FIGURES),
    }


def _section_row(source: str, position: int, part: Section) -> dict[str, Any]:
    return {
        "source": source,
        "section": part.key,
        "position": position,
        "heading": part.heading,
        "text": part.text,
        "place": part.place,
    }
