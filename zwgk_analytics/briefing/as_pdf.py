"""A briefing as a PDF that typst sets, its charts as vector pictures, its text searchable."""

import json
from collections.abc import Mapping
from typing import Any

import typst

from zwgk_analytics.briefing.images import images
from zwgk_analytics.briefing.layout import plain_table, plain_values
from zwgk_analytics.briefing.model import Block, Briefing, Cards, Paragraph, Run, Table
from zwgk_analytics.briefing.words import FOLDER, say
from zwgk_analytics.charts import fonts

_FONT = "Noto Sans SC"


def write(briefing: Briefing) -> bytes:
    """The document; texts go to typst as data, so that nothing in them is markup."""
    drawn = images(briefing.pictures, "svg")
    pictures = dict(zip(map(id, briefing.pictures), drawn, strict=True))
    source = {
        "title": briefing.title,
        "about": briefing.about,
        "font": _FONT,
        "sections": [
            {"title": part.title, "blocks": [_block(block, pictures) for block in part.blocks]}
            for part in briefing.sections
        ],
        "notes_title": briefing.notes_title,
        "notes": briefing.notes,
    }
    layout: bytes = FOLDER.joinpath("briefing.typ").read_bytes()
    made: bytes = typst.compile(  # type: ignore[misc]
        layout,
        font_paths=[str(fonts.sans().parent)],
        ignore_system_fonts=True,
        sys_inputs={"briefing": json.dumps(source, ensure_ascii=False)},
    )
    return made


def _block(block: Block, pictures: Mapping[int, bytes | None]) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": [_run(run) for run in block.runs]}
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Cards):
        cards = [
            {"label": card.label, "value": _run(card.value), "lines": card.lines}
            for card in block.cards
        ]
        return {"kind": "cards", "cards": cards, "table": _table(block.table)}
    image = pictures[id(block)]
    plain = block.plain if image is None else None
    told = () if image or plain else (say("unassessed.not_drawn"),)
    return {
        "kind": "picture",
        "title": block.title,
        "notes": (*told, *block.notes),
        "image": image.decode() if image else None,
        "table": _table(plain_table(plain, plain_values(plain))) if plain else None,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "head": table.head,
        "rows": [[_run(cell) for cell in row] for row in table.rows],
        "weights": table.weights,
        "numeric": sorted(table.numeric),
    }


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "notes": run.notes}
