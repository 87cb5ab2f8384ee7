"""Text and tables as a walk over a marked-up file meets them → blocks in reading order.

HTML and DOCX walk different trees, but what they collect is the same: paragraphs between breaks,
tables whose cells hold paragraphs and tables again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Block, Cell, Grid, Paragraph
from zwgk_analytics.readers.spans import Spanned, lay_out

MAX_NESTED: Final = 200

# A cell of a table of figures is shorter than this; what is longer, beside other tables, is prose.
_PROSE: Final = 200
_WHOLE_TEXT: Final = 500
_SPACES = re.compile(r"[ \t\n\r\f]+")

Draft = str | tuple[Cell, ...]
"""A block that has no place yet: the text of a paragraph, or the cells of a grid."""


@dataclass(slots=True)
class Container:
    """What the body, a cell or a text box holds, in reading order."""

    drafts: list[Draft] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _aside: list[Draft] = field(default_factory=list)

    def add(self, text: str, *, raised: bool = False) -> None:
        """Appends inline text; nothing is put between it and what is there.

        A raised digit after a digit is a note's mark, not part of the number: 12¹ is not 121.
        """
        if raised and text[:1].isdigit() and self._line and self._line[-1][-1].isdigit():
            text = f"[{text}]"
        if text:
            self._line.append(text)

    def end_line(self) -> None:
        """Ends the paragraph; one without visible text leaves no trace."""
        if not self._line and not self._aside:
            return
        text = _SPACES.sub(" ", "".join(self._line)).strip(" ")
        if text and not text.isspace():
            self.drafts.append(text)
        self.drafts += self._aside
        self._line.clear()
        self._aside.clear()

    def set_aside(self, drafts: Iterable[Draft]) -> None:
        """Keeps blocks that are anchored inside a paragraph until that paragraph ends."""
        self._aside += drafts

    @property
    def text(self) -> str:
        """The paragraphs, a line each, without the tables."""
        return "\n".join(d for d in self.drafts if isinstance(d, str))

    @property
    def grids(self) -> list[Draft]:
        """The tables, without the paragraphs."""
        return [d for d in self.drafts if not isinstance(d, str)]


@dataclass(slots=True)
class TableCell(Container):
    """A cell with its printed spans."""

    rowspan: int = 1
    colspan: int = 1
    merge: str = ""  # of a Word cell with those above and below: restart, continue or none
    is_gap: bool = False  # slots that the source leaves without a cell

    def spanned(self) -> Spanned:
        """This cell as `lay_out` takes it."""
        return Spanned(None if self.is_gap else self.text, self.rowspan, self.colspan)


@dataclass(slots=True)
class Section:
    """Rows of a table that no rowspan leaves; `rank` is their place among the sections shown."""

    rank: int = 1
    rows: list[list[TableCell]] = field(default_factory=list)


class Table:
    """An open table: its sections in the order of the source."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    @property
    def rows(self) -> list[list[TableCell]]:
        """All rows, in the order of the source."""
        return [row for section in self.sections for row in section.rows]

    @property
    def row(self) -> list[TableCell]:
        """The open row; a cell outside of any begins one."""
        if not self.sections or not self.sections[-1].rows:
            self.open_row()
        return self.sections[-1].rows[-1]

    def open_section(self, rank: int) -> None:
        """Begins a section; rank 0 (head) and 2 (foot) are given once, as in a browser."""
        if rank != 1 and any(s.rank == rank for s in self.sections):
            rank = 1
        self.sections.append(Section(rank))

    def open_row(self) -> None:
        """Begins a row of the open section."""
        if not self.sections:
            self.open_section(1)
        self.sections[-1].rows.append([])

    def drafts(self) -> list[Draft]:
        """The table's blocks: its grid and the grids inside it, or what a layout table frames."""
        cells = [cell for row in self.rows for cell in row]
        if _is_layout(self.rows):
            return [draft for cell in cells for draft in cell.drafts]
        shown = sorted(self.sections, key=lambda section: section.rank)
        grid = lay_out([[[cell.spanned() for cell in row] for row in s.rows] for s in shown])
        return [grid, *(inner for cell in cells for inner in cell.grids)]


class Flow:
    """What is open while a reader walks its tree: containers of text, and tables."""

    def __init__(self) -> None:
        self._containers = [Container()]
        self._tables: list[Table] = []

    @property
    def container(self) -> Container:
        """The innermost open container; text goes there."""
        return self._containers[-1]

    @property
    def table(self) -> Table | None:
        """The innermost open table."""
        return self._tables[-1] if self._tables else None

    def open(self, container: Container) -> None:
        """Lets text go to `container` until it is closed."""
        self._containers.append(container)

    def close(self) -> list[Draft]:
        """Closes the innermost container and gives its blocks."""
        self.container.end_line()
        return self._containers.pop().drafts

    def open_table(self) -> Table:
        """Begins a table; what follows, up to its end, is inside it.

        Raises:
            ReadError: `too_large`, for a table inside more than 200 others.
        """
        if len(self._tables) == MAX_NESTED:
            raise ReadError("too_large", f"tables are nested more than {MAX_NESTED} deep")
        self._tables.append(Table())
        return self._tables[-1]

    def close_table(self) -> None:
        """Ends the innermost table and puts its blocks where it stands."""
        self.container.drafts += self._tables.pop().drafts()


def number(drafts: Iterable[Draft]) -> Iterator[Block]:
    """The blocks with their places: "paragraph n" and "table n", both from 1."""
    paragraphs = tables = 0
    for draft in drafts:
        if isinstance(draft, str):
            paragraphs += 1
            yield Paragraph(draft.strip(), f"paragraph {paragraphs}")
        else:
            tables += 1
            yield Grid(draft, f"table {tables}")


def _is_layout(rows: list[list[TableCell]]) -> bool:
    """Whether a table only arranges the page: what it frames is then not a grid.

    It has one column, or a single cell with text; or it frames other tables beside prose or with
    hardly a row of its own; or one cell holds the whole text.
    """
    if max(map(len, rows), default=0) <= 1:
        return True
    sizes = [[sum(len(d) for d in c.drafts if isinstance(d, str)) for c in row] for row in rows]
    flat = [size for row in sizes for size in row if size]
    if len(flat) <= 1:
        return True
    if any(cell.grids for row in rows for cell in row):
        return max(flat) >= _PROSE or sum(sum(map(bool, row)) > 1 for row in sizes) < 2
    return max(flat) >= max(_WHOLE_TEXT, 0.8 * sum(flat))
