"""What a briefing is before it is laid out: figures, texts, tables, charts, numbered notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from zwgk_analytics.charts import Chart

Change = Literal["known", "none_before", "not_comparable"]
Kind = Literal["line", "column", "bar", "stacked", "stacked_bar", "pie", "funnel"]


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank among the agencies that have the figure, with the 95 % interval of a share's rank."""

    rank: int
    low: int | None
    high: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an agency and year: value, unit, source, place, caveats, and what it is beside.

    `value` is None where nothing is reported. `before` is the value of the year before, also
    where it is not comparable (`change` says so). `median` is that of `peers` other agencies; None
    where too few have a comparable value. A share has the unit `比例` and is a number up to 1.
    """

    key: str
    label: str
    year: int
    value: Decimal | None
    unit: str | None
    origin: str | None = None
    source: str | None = None
    place: str | None = None
    caveats: tuple[str, ...] = ()
    before: Decimal | None = None
    change: Change = "none_before"
    median: Decimal | None = None
    peers: int = 0
    rank: Rank | None = None
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over all agencies of a year: how many report it, median, lowest and highest.

    The change is that of the medians over the `paired` agencies with both years comparable.
    """

    key: str
    label: str
    year: int
    unit: str | None
    count: int
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    paired: int = 0
    median_before: Decimal | None = None
    median_now: Decimal | None = None
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text and the numbers of the notes that stand behind it."""

    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure to show large: its label, the value, lines of comparison."""

    label: str
    value: Run
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Headline figures side by side, and the same in full as a table."""

    cards: tuple[Card, ...]
    table: "Table"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences after each other."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head; `weights` are the widths of the columns to each other.

    Columns of `numeric` are set flush right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    weights: tuple[float, ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plain:
    """The numbers of a chart as an office program draws them: categories and series."""

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    is_share: bool = False
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: what is seen as its title, its notes, the figure, its plain numbers if it has."""

    title: str
    notes: tuple[str, ...]
    chart: "Chart" = field(repr=False)
    plain: Plain | None


Block = Cards | Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a briefing."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing on one agency and year, or on all agencies of a year (`agency` is None).

    `figures` (or `spreads`, over all agencies) are what its texts say; `notes` are its sources and
    caveats, the first has the number 1.
    """

    title: str
    about: tuple[str, ...]
    year: int
    agency: str | None
    refreshed_on: date | None
    figures: tuple[Figure, ...]
    spreads: tuple[Spread, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    notes_title: str

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The charts of all sections, in reading order."""
        return tuple(block for block in self._blocks() if isinstance(block, Picture))

    def save(self, path: str | Path, *, template: str | Path | None = None) -> Path:
        """Writes the briefing; the suffix says as what: .html, .docx, .pptx, .pdf or .md.

        Args:
            path: the file to write.
            template: a .docx or .pptx of one's own, whose styles or slide layouts are used.

        Raises:
            UsageError: the suffix is none of these, or the template does not fit it.
            ZwgkError: a library of the extra `brief` is missing.
        """
        from zwgk_analytics.briefing.files import save

        return save(self, Path(path), None if template is None else Path(template))

    def _blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks
