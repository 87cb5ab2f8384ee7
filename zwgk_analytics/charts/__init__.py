"""Charts over the marts: `catalogue()` names them, `draw(name, marts, …)` draws one.

Each chart is a pair of functions, `<name>_data(marts, …)` and `<name>_chart(data, …)`.
"""

from zwgk_analytics.charts.catalogue import Entry, catalogue, draw
from zwgk_analytics.charts.chart import Chart, Context

__all__ = ["Chart", "Context", "Entry", "catalogue", "draw"]
