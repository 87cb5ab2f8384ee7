"""Briefings: what the marts say of an agency and year, laid out to be handed on.

`brief(marts, agency=…, year=…).save("brief.docx")`; .html, .pptx, .pdf and .md as well.
"""

from zwgk_analytics.briefing.compose import brief
from zwgk_analytics.briefing.files import check_target
from zwgk_analytics.briefing.model import Briefing

__all__ = ["Briefing", "brief", "check_target"]
