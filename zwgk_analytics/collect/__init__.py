"""Documents and logs fetched from agencies' sites into the raw folder, politely and safely."""

from zwgk_analytics.collect.run import Summary, collect

__all__ = ["Summary", "collect"]
