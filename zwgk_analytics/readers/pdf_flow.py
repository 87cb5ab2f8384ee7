"""Pages → blocks in reading order: tables and paragraphs, rejoined over page breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zwgk_analytics.readers.document import Block, Paragraph
from zwgk_analytics.readers.pdf_join import Table
from zwgk_analytics.readers.pdf_page import Page
from zwgk_analytics.readers.ruled_grid import RuledGrid, ruled_grids
from zwgk_analytics.readers.running_text import Measure, Sheet, body_lines, joined, paragraphs
from zwgk_analytics.readers.text_lines import Line, text_lines

Item = list[Line] | RuledGrid
"""What stands on a page: lines between two grids, or a grid."""


def blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """The blocks of a document: a table or a paragraph that runs over pages is one block."""
    story = _Story()
    layouts = _layouts(pages)
    for i, (page, items) in enumerate(zip(pages, layouts, strict=True)):
        before = layouts[i - 1][-1:] if i else []
        after = layouts[i + 1][:1] if i + 1 < len(layouts) else []
        story.add_page(page.number, _without_frames(items, before, after))
    tables = 0
    for part in story.parts:
        if isinstance(part, Table):
            tables += 1
            yield part.grid(f"table {tables}")
        else:
            yield Paragraph(joined(part.lines), part.place)


def _layouts(pages: Sequence[Page]) -> list[list[Item]]:
    """Page by page what stands on it, from top to bottom, page numbers left out."""
    grids: list[list[RuledGrid]] = []
    sheets: list[Sheet] = []
    for page in pages:
        found, rest = ruled_grids(page.horizontal, page.vertical, page.chars)
        grids.append(found)
        sheets.append(Sheet(page.number, page.height, text_lines(rest)))
    return [
        _interleaved(lines, found) for lines, found in zip(body_lines(sheets), grids, strict=True)
    ]


def _interleaved(lines: list[Line], grids: list[RuledGrid]) -> list[Item]:
    items: list[Item] = []
    for grid in grids:
        above = [line for line in lines if line.top < grid.ys[0]]
        lines = [line for line in lines if line.top >= grid.ys[0]]
        items += [above, grid] if above else [grid]
    return [*items, lines] if lines else items


def _without_frames(items: list[Item], before: list[Item], after: list[Item]) -> list[Item]:
    """The items, a frame around one cell as lines, unless a table of another page runs on in it."""
    kept: list[Item] = []
    for i, item in enumerate(items):
        neighbours = [*(before if i == 0 else []), *(after if i == len(items) - 1 else [])]
        if isinstance(item, list) or len(item.cells) > 1 or _runs_on(neighbours, item):
            kept.append(item)
        elif item.cells[0].chars:
            kept.append(text_lines(item.cells[0].chars))
    return kept


def _runs_on(neighbours: list[Item], frame: RuledGrid) -> bool:
    """Whether the grid that meets `frame` at a page break has its edges."""
    return any(isinstance(n, RuledGrid) and Table.of(n, 0).continues_in(frame) for n in neighbours)


@dataclass(slots=True)
class _Passage:
    """A paragraph under construction; `is_open` while the next page may carry it on."""

    lines: list[Line]
    place: str
    is_open: bool


@dataclass(slots=True)
class _Story:
    """The document so far; the last part may go on on the next page."""

    parts: list[Table | _Passage] = field(default_factory=list)

    def add_page(self, page: int, items: Sequence[Item]) -> None:
        """Appends what stands on `page`, joining its first item to the last part if it goes on."""
        begun = 0
        for i, item in enumerate(items):
            last = self.parts[-1] if self.parts and i == 0 else None
            if isinstance(item, RuledGrid):
                self._add_grid(last, item, page)
            else:
                begun = self._add_lines(last, item, page, begun)

    def _add_grid(self, last: Table | _Passage | None, grid: RuledGrid, page: int) -> None:
        if isinstance(last, Table) and last.page == page - 1 and last.continues_in(grid):
            last.extend(grid, page)
        else:
            self.parts.append(Table.of(grid, page))

    def _add_lines(
        self, last: Table | _Passage | None, lines: list[Line], page: int, begun: int
    ) -> int:
        """Appends the paragraphs of `lines`; returns how many have begun on the page."""
        measure = Measure.of(lines)
        groups = paragraphs(lines)
        if isinstance(last, _Passage) and last.is_open and not measure.is_indented(lines[0]):
            last.lines += groups.pop(0)
            last.is_open = not groups and not measure.is_short(last.lines[-1])
        for group in groups:
            begun += 1
            # a single line gives no measure of its page: nothing shows that it is full
            is_open = group is groups[-1] and len(lines) > 1 and not measure.is_short(group[-1])
            self.parts.append(_Passage(group, f"page {page}, paragraph {begun}", is_open))
        return begun
