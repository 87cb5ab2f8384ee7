"""Quality: rules as data, run over the marts; findings, and what could not be assessed."""

from zwgk_analytics.quality.assess import assess, summary
from zwgk_analytics.quality.review import load as load_reviews
from zwgk_analytics.quality.review import reviews_of
from zwgk_analytics.quality.rules import Rule, rules
from zwgk_analytics.quality.suites import suites
from zwgk_analytics.quality.validate import Checked, SuiteResult, own_rules, validate

__all__ = [
    "Checked",
    "Rule",
    "SuiteResult",
    "assess",
    "load_reviews",
    "own_rules",
    "reviews_of",
    "rules",
    "suites",
    "summary",
    "validate",
]
