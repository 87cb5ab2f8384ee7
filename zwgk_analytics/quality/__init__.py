"""Quality: rules as data, run over the marts; findings, and what could not be assessed."""

from zwgk_analytics.quality.assess import assess, summary
from zwgk_analytics.quality.rules import Rule, rules
from zwgk_analytics.quality.suites import suites
from zwgk_analytics.quality.validate import Checked, SuiteResult, validate

__all__ = ["Checked", "Rule", "SuiteResult", "assess", "rules", "suites", "summary", "validate"]
