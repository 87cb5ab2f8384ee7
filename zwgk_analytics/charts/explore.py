"""A chart with pickers for agency and year, where it is shown in a notebook."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from zwgk_analytics.charts.catalogue import catalogue, draw
from zwgk_analytics.charts.chart import Chart
from zwgk_analytics.charts.query import SupportsSql
from zwgk_analytics.charts.text import say

if TYPE_CHECKING:
    from IPython.display import DisplayHandle
    from ipywidgets import Dropdown

# set to "off" where pages are made of notebooks: a picker that picks nothing is not shown there
SWITCH = "ZWGK_PICKERS"
ALL = ""  # a dropdown shows nothing for None
_YEARS = {"year": pl.col("year"), "month": pl.col("month").dt.year()}


class Explorer:
    """A chart of the catalogue that a notebook shows under its pickers.

    `agency` and `year` are dropdowns of ipywidgets, None where the chart cannot be limited so or
    where there are no widgets: then the chart stands alone. `chart` is what was drawn last.
    """

    def __init__(
        self,
        draw_for: Callable[[str | None, int | None], Chart],
        takes: Sequence[str],
        first: tuple[str | None, int | None],
        lang: str,
    ) -> None:
        self._draw, self._asked = draw_for, first
        every = draw_for(None, None).data
        agencies = _agencies(every) if "agencies" in takes else []
        years = _years(every) if "years" in takes else []
        self.agency = _dropdown("agency", agencies, first[0], lang)
        self.year = _dropdown("year", years, first[1], lang)
        self.chart = draw_for(*first)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        pickers = [picker for picker in (self.agency, self.year) if picker is not None]
        if pickers:
            from ipywidgets import HBox

            display(HBox(pickers))  # type: ignore[no-untyped-call]
        shown = display(self.chart, display_id=True)  # type: ignore[no-untyped-call]
        for picker in pickers:
            picker.observe(self._redraw(shown), names="value")

    def _redraw(self, shown: "DisplayHandle") -> Callable[[object], None]:
        def redraw(_: object) -> None:
            agency = (self.agency.value or None) if self.agency else self._asked[0]
            year = (self.year.value or None) if self.year else self._asked[1]
            self.chart = self._draw(agency, year)
            shown.update(self.chart)  # type: ignore[no-untyped-call]

        return redraw


def explore(
    name: str,
    marts: SupportsSql,
    agency: str | None = None,
    year: int | None = None,
    lang: str = "zh",
    **options: object,
) -> Explorer:
    """A chart to pick agency and year for, as a notebook's last line; see `draw`.

    Args:
        name: a name of `catalogue()`.
        marts: as `open_marts()` gives them.
        agency: the agency that is shown first; all without.
        year: the year that is shown first; all without.
        lang: "zh" or "en".
        options: what the chart takes beside; see `Entry.options`.

    Raises:
        UsageError: there is no such chart, or it does not take that option.
    """

    def draw_for(chosen: str | None, of: int | None) -> Chart:
        return draw(name, marts, chosen, of, lang, **options)

    takes = catalogue()[name].options if name in catalogue() else ()
    return Explorer(draw_for, takes, (agency, year), lang)


def _dropdown(kind: str, values: Sequence[object], chosen: object, lang: str) -> "Dropdown | None":
    """A dropdown of values with 全部 first; None where there is nothing to choose."""
    if len(values) < 2 or os.environ.get(SWITCH) == "off":
        return None
    try:
        from ipywidgets import Dropdown
    except ImportError:
        return None
    known = values if chosen is None or chosen in values else [chosen, *values]
    options = [(say("explore.all", lang), ALL), *((str(value), value) for value in known)]
    return Dropdown(options=options, value=chosen or ALL, description=say(f"explore.{kind}", lang))


def _agencies(data: pl.DataFrame) -> list[str]:
    """Agencies with most rows first."""
    if "agency" not in data.columns:
        return []
    counts = data.drop_nulls("agency").group_by("agency").len()
    return counts.sort("len", "agency", descending=[True, False])["agency"].to_list()


def _years(data: pl.DataFrame) -> list[int]:
    """Years, newest first."""
    of = next((year for column, year in _YEARS.items() if column in data.columns), None)
    if of is None:
        return []
    return data.select(of.unique().sort(descending=True)).to_series().to_list()
