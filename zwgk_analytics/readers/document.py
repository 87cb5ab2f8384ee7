"""The value every reader returns: text and grids in reading order, each with its place.

A reader knows no statutory form. It turns bytes into a `Document`; everything after it is blind
to the file format.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid, as printed: its text and the slots that it covers (0-based).

    A reader that is not sure of the text (OCR) ends it with ⁇ (U+2047): no number any more.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None  # 1-based, for paged media: a grid may run over several pages


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: cells in reading order, spans as printed, no cell repeated.

    `place` names the grid inside its document ("table 2", "sheet 1, table 1"). A turned grid has
    the rows of the source for columns.
    """

    cells: tuple[Cell, ...]
    place: str
    is_turned: bool = False

    @property
    def n_rows(self) -> int:
        """Rows, spans included."""
        return max((c.row + c.rowspan for c in self.cells), default=0)

    @property
    def n_columns(self) -> int:
        """Columns, spans included."""
        return max((c.column + c.colspan for c in self.cells), default=0)

    def slots(self) -> list[list[Cell | None]]:
        """Row by row, the cell that covers each slot (None where the source has none)."""
        width = self.n_columns
        matrix: list[list[Cell | None]] = [[None] * width for _ in range(self.n_rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    if matrix[row][column] is None:
                        matrix[row][column] = cell
        return matrix

    def place_of(self, cell: Cell) -> str:
        """Where a reader of the source finds this cell: "page 4, table 2, row 4, column 4"."""
        page = f"page {cell.page}, " if cell.page else ""
        row, column = (cell.column, cell.row) if self.is_turned else (cell.row, cell.column)
        return f"{page}{self.place}, row {row + 1}, column {column + 1}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text between two breaks of the source, with its place ("page 2, paragraph 5")."""

    text: str
    place: str


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: `media` (html, docx, pdf, xlsx, xls, text), meta as found, blocks.

    `meta` holds what the file says of itself under the file's own names, lower-cased (HTML:
    `<meta>` names and properties, `title`, `canonical`; DOCX: core properties; PDF: the document
    information); nothing is interpreted here. A name that occurs twice keeps its first value.
    """

    media: str
    blocks: tuple[Block, ...]
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def grids(self) -> list[Grid]:
        """The tables, in reading order."""
        return [b for b in self.blocks if isinstance(b, Grid)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The text outside tables, in reading order."""
        return [b for b in self.blocks if isinstance(b, Paragraph)]

    def texts(self) -> Iterator[str]:
        """Every text of the document, table cells included, in reading order."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                yield from (c.text for c in block.cells)
