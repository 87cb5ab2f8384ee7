"""An annual report as a `Document`: the form of an edition, blank or filled, to be written."""

from collections.abc import Mapping, Sequence
from datetime import date

from zwgk_analytics.forms import Edition
from zwgk_analytics.forms.blank import FormCell, Values, tables
from zwgk_analytics.readers.document import Block, Cell, Document, Grid, Paragraph


def form_document(
    edition: Edition,
    values: Values | None = None,
    *,
    title: str = "",
    published_on: date | None = None,
    url: str | None = None,
    author: str | None = None,
    prose: Sequence[str] = (),
) -> Document:
    """The three statutory tables of an edition under their headings.

    Args:
        edition: the form.
        values: text by (table, row, column); an address without one stays blank.
        title: the report's title, printed above and kept as meta.
        published_on: printed as 发布日期 and kept as meta.
        url: kept as meta.
        author: kept as meta.
        prose: paragraphs above the tables.
    """
    meta = {"articletitle": title, "url": url or "", "author": author or ""}
    blocks: list[Block] = [Paragraph(title, "paragraph 1")] if title else []
    if published_on:
        meta["pubdate"] = published_on.isoformat()
        blocks.append(Paragraph(f"发布日期：{published_on.isoformat()}", "paragraph 2"))
    blocks += [Paragraph(t, f"paragraph {len(blocks) + i}") for i, t in enumerate(prose, start=1)]
    for number, (key, cells) in enumerate(tables(edition, values).items(), start=1):
        blocks.append(Paragraph(edition.tables[key].title, f"paragraph {len(blocks) + 1}"))
        blocks.append(grid_of(cells, f"table {number}"))
    return Document("form", tuple(blocks), {k: v for k, v in meta.items() if v})


def grid_of(cells: list[FormCell], place: str) -> Grid:
    """The cells of a form's table as a grid."""
    return Grid(tuple(Cell(c.text, c.row, c.column, c.rowspan, c.colspan) for c in cells), place)


def values_of(cells: list[Mapping[str, object]]) -> dict[tuple[str, str, str], str]:
    """Cells in the shape of `zwgk extract` (table, row, column, value) as texts to fill in."""
    return {
        (str(c["table"]), str(c["row"]), str(c["column"])): str(c["value"])
        for c in cells
        if c["value"] is not None
    }
