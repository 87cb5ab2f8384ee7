"""Which edition's cells a page prints, and what of other editions is left out."""

from dataclasses import replace

from tests.facts.grids import filled, numbered
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.report import read_cells
from zwgk_analytics.readers import Cell, Document


def read(document: Document) -> Extraction:
    return read_cells(document, Extraction("a.html", "", "html"), {})


def cells(found: Extraction) -> dict[tuple[str, str, str], str]:
    return {
        (c["form_table"], c["form_row"], c["form_column"]): str(int(c["value"]))
        for c in found.rows("cells")
        if c["state"] == "reported"
    }


def told(found: Extraction) -> set[str]:
    return {p["code"] for p in found.rows("problems")}


def with_row(document: Document, table: int, texts: list[str]) -> Document:
    """The document with one more row below one of its tables."""
    grid = document.grids[table]
    width = grid.n_columns - len(texts) + 1
    row = [Cell(texts[0], grid.n_rows, 0, 1, width)]
    row += [Cell(t, grid.n_rows, width + i) for i, t in enumerate(texts[1:])]
    longer = replace(grid, cells=(*grid.cells, *row))
    return replace(document, blocks=tuple(longer if b is grid else b for b in document.blocks))


def test_a_sum_of_lines_that_only_another_form_asks_for_is_told_and_left_out():
    values = numbered("2021")
    whole = with_row(filled("2021", values), 1, ["（六）其他处理", *"1234567"])
    found = read(whole)
    assert found.edition == "2021"
    assert ("applications", "other", "total") not in cells(found)
    assert cells(found).keys() == values.keys()
    assert "cell.other_form" in told(found)


def test_other_alone_is_the_one_line_of_the_edition():
    values = numbered("2019")
    document = filled("2019", values)
    grid = document.grids[1]
    renamed = tuple(
        replace(c, text="（六）其他") if c.text.startswith("（六）") else c for c in grid.cells
    )
    found = read(
        replace(
            document,
            blocks=tuple(replace(b, cells=renamed) if b is grid else b for b in document.blocks),
        )
    )
    assert found.edition == "2019"
    assert cells(found) == values
