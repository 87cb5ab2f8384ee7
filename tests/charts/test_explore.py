import builtins

import IPython.display
import pytest

from tests.charts.test_application_handling import PINGTAN, report
from zwgk_analytics.charts import explore
from zwgk_analytics.charts.chart import Chart


class Handle:
    def __init__(self):
        self.updates = []

    def update(self, shown):
        self.updates.append(shown)


@pytest.fixture
def shown(monkeypatch):
    """What a notebook is given to show, in order; a handle comes back for what can change."""
    calls = []

    def display(what, display_id=False):
        calls.append(what)
        if display_id:
            calls.append(Handle())
            return calls[-1]
        return None

    monkeypatch.setattr(IPython.display, "display", display)
    return calls


@pytest.fixture
def filled(marts):
    return marts.add(
        "application_handling", *PINGTAN, report("乙局", 2021, "2021", 4, (1, 0, 3, 0, 0, 0), 4)
    )


def test_picking_draws_again(filled, shown):
    explorer = explore("application_handling", filled, agency="平潭")
    assert [label for label, _ in explorer.agency.options] == ["全部", "平潭", "乙局"]
    assert [value for _, value in explorer.year.options] == ["", 2024, 2023, 2021, 2020]
    explorer._ipython_display_()
    box, chart, handle = shown
    assert box.children == (explorer.agency, explorer.year)
    assert set(chart.data["agency"]) == {"平潭"}
    explorer.agency.value = "乙局"
    explorer.year.value = 2021
    assert handle.updates[-1] is explorer.chart
    assert explorer.chart.data.select("agency", "year").unique().rows() == [("乙局", 2021)]
    explorer.agency.value = ""
    assert explorer.chart.data["agency"].n_unique() == 2


def without_widgets(monkeypatch):
    real = builtins.__import__

    def importing(name, *rest):
        if name == "ipywidgets":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)


@pytest.mark.parametrize(
    "turn_off", [without_widgets, lambda patch: patch.setenv("ZWGK_PICKERS", "off")]
)
def test_without_pickers_the_chart_stands_alone(turn_off, filled, shown, monkeypatch):
    turn_off(monkeypatch)
    explore("application_handling", filled)._ipython_display_()
    chart, _ = shown
    assert isinstance(chart, Chart)
    assert chart.data["agency"].n_unique() == 2


def test_a_chart_without_years_has_no_picker_for_them(marts):
    marts.add("rule_results", ("claims.table", "broken", 1))
    explorer = explore("findings_by_rule", marts)
    assert (explorer.agency, explorer.year) == (None, None)


def test_months_give_years(marts):
    from datetime import date

    marts.add(
        "publication_volume", ("甲", date(2023, 1, 1), "x", 2), ("甲", date(2024, 1, 1), "x", 2)
    )
    years = explore("publication_volume", marts).year.options
    assert [label for label, _ in years] == ["全部", "2024", "2023"]


def test_an_agency_that_is_not_there_is_asked_for_all_the_same(filled):
    explorer = explore("application_handling", filled, agency="丙局")
    assert explorer.agency.value == "丙局"
    assert explorer.chart.title.endswith("没有可用数据")
