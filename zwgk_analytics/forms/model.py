"""A form edition as a value: tables, their rows and columns, and what must add up in them."""

from dataclasses import dataclass, field
from typing import Literal

Axis = Literal["row", "column"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row or one column of a statutory table.

    `path` is what the form prints, from the outermost group to the line itself; `role` says what
    part it plays in the identities (intake, outcome, part, total, carry).
    """

    key: str
    path: tuple[str, ...]
    role: str | None = None
    group: str | None = None
    unit: str | None = None
    unit_must_be_stated: bool = False  # where a page states no unit, none is assumed
    signed: bool = False
    label_en: str = ""

    @property
    def label(self) -> str:
        """The line's own label, as the form prints it."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Section:
    """A block of a table under a heading of its own, with its own columns."""

    heading: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What must hold between cells of a table, by rule id.

    kind `sum`: the lines of role `parts_role` sum to the line `total`, on every line of the other
    axis. `balance`: the lines `left` sum to the lines `right`. `carry_over`: row `now` equals row
    `before` of the year before. `roll_forward`: column `stock` equals that of the year before,
    plus columns `plus`, minus columns `minus`, on each of `rows`.
    """

    rule: str
    kind: Literal["sum", "balance", "carry_over", "roll_forward"]
    axis: Axis = "row"
    total: str | None = None
    parts_role: str | None = None
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    now: str | None = None
    before: str | None = None
    rows: tuple[str, ...] = ()
    stock: str | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table.

    `layout` is `matrix` (row labels left, column labels on top), `sections` (the same in blocks
    under headings) or `across` (one line of numbers; the header names row and column).
    """

    key: str
    title: str
    layout: Literal["matrix", "sections", "across", "list"]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    corner: str | None = None
    unit: str | None = None
    unit_heading: str | None = None  # of the column that states each line's unit
    sections: tuple[Section, ...] = ()
    identities: tuple[Identity, ...] = ()

    def row(self, key: str) -> Line:
        """The row of that key (KeyError when the table has none)."""
        return _line(self.rows, key)

    def column(self, key: str) -> Line:
        """The column of that key (KeyError when the table has none)."""
        return _line(self.columns, key)

    def unit_of(self, column: str) -> str | None:
        """The unit that the form gives to the numbers of a column."""
        return self.column(column).unit or self.unit

    def addresses(self) -> list[tuple[str, str]]:
        """Every (row, column) that the form prints a cell for, in the order of the form."""
        if self.sections:
            return [(r, c) for s in self.sections for r in s.rows for c in s.columns]
        return [(r.key, c.key) for r in self.rows for c in self.columns]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the annual report's form, with the reporting years it was made for."""

    key: str
    authority: str
    first_year: int
    last_year: int | None
    met_until: int | None = None  # the last year that agencies are known to have used it for
    rows_vary: bool = False  # a local form: no report prints all of its lines
    tables: dict[str, Table] = field(default_factory=dict)

    def is_usual(self, year: int) -> bool:
        """Whether a report on that year may be expected to use this form."""
        return self.first_year <= year <= (self.met_until or self.last_year or year)

    def covers(self, year: int) -> bool:
        """Whether reports on that year had to use this form."""
        return self.first_year <= year <= (self.last_year or year)


def _line(lines: tuple[Line, ...], key: str) -> Line:
    for line in lines:
        if line.key == key:
            return line
    raise KeyError(key)
