"""Text from documents, made harmless for programs that take some texts for formulas."""

import re

# what a spreadsheet takes a cell for a formula by, at its start; some take full-width signs too
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_HARMLESS = re.compile(r"[-－]+|[+-]?\d[\d,]*(?:\.\d+)?%?")


def for_spreadsheet(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it.

    A plain number with its sign and the dash of an empty cell stay as they are.
    """
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text
