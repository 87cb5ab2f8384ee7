"""Charts over the marts: `catalogue()` names them, `draw(name, marts, …)` draws one.

Each chart is a pair of functions, `<name>_data(marts, …)` and `<name>_chart(data, …)`.
`save_all([(chart, path), …])` writes many at once, as PNG, SVG, PDF or HTML.
"""

from zwgk_analytics.charts.catalogue import Entry, catalogue, draw
from zwgk_analytics.charts.chart import Chart, Context
from zwgk_analytics.charts.explore import Explorer, explore
from zwgk_analytics.charts.export import pictures, save_all

__all__ = [
    "Chart",
    "Context",
    "Entry",
    "Explorer",
    "catalogue",
    "draw",
    "explore",
    "pictures",
    "save_all",
]
