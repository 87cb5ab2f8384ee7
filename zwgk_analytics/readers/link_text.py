"""What a link of a page shows: its text and its title."""

from selectolax.lexbor import LexborNode


def title_of(node: LexborNode) -> str:
    """The title that a link shows: its attribute where that says more than its text, cut short."""
    told = " ".join((node.attributes.get("title") or "").split())
    shown = text_of(node)
    return told if len(told) > len(shown) else shown


def text_of(node: LexborNode) -> str:
    """The text of an element on one line."""
    return " ".join(node.text(separator=" ").split())
