"""The file that slides are put in: our own 16:9 look, or the layouts of a user's template."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from zwgk_analytics.briefing.layout import FONT, Loose
from zwgk_analytics.errors import UsageError

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import SlideLayout

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
_SMALL = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}


def blank() -> "Deck":
    """A deck of our own: 16:9, titles at the upper left, a Chinese font in the theme."""
    deck = Presentation()
    stretch = _WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    master = deck.slide_master
    for holder in (master, *deck.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = Emu(int(shape.left * stretch)), int(shape.width * stretch)
    title = next(shape for shape in master.placeholders if shape.placeholder_format.type in _TITLES)
    title.left, title.top, title.width, title.height = map(Inches, (0.6, 0.4, 12.13, 0.9))
    style = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle"))
    style.find(qn("a:lvl1pPr")).set("algn", "l")
    _set_theme_font(master)
    return deck


def opened(template: Path) -> "Deck":
    """A user's deck without its slides: what is used are its layouts and its look.

    Raises:
        UsageError: the file is no .pptx, or no layout of it has a title.
    """
    try:
        deck = Presentation(str(template))
    except (PythonPptxError, ValueError, KeyError, OSError) as error:
        raise UsageError(
            f"{template.name}: not a PowerPoint file: {error}; save it as .pptx"
        ) from error
    if not any(map(_holds_title, deck.slide_layouts)):
        raise UsageError(f"{template.name}: none of its layouts has a title; add one and try again")
    listed = deck.slides._sldIdLst
    for slide in list(listed):
        deck.part.drop_rel(slide.rId)
        listed.remove(slide)
    return deck


def cover(deck: "Deck") -> "SlideLayout":
    """The layout for the first slide: one with a title in the middle, else any with a title."""
    layouts = [layout for layout in deck.slide_layouts if _holds_title(layout)]
    middle = [x for x in layouts if PP_PLACEHOLDER.CENTER_TITLE in _types(x)]
    return (middle or layouts)[0]


def content(deck: "Deck") -> "SlideLayout":
    """The layout for the other slides: with a title, and with as little beside it as there is."""
    layouts = [layout for layout in deck.slide_layouts if _holds_title(layout)]
    plain = [x for x in layouts if PP_PLACEHOLDER.CENTER_TITLE not in _types(x)] or layouts
    return min(plain, key=lambda layout: len(_types(layout) - _SMALL))


def colour(code: str) -> RGBColor:
    """A colour by its six hexadecimal digits."""
    made: RGBColor = RGBColor.from_string(code)  # type: ignore[no-untyped-call]
    return made


def set_font(properties: Loose, name: str = FONT) -> None:
    """Sets Latin and Chinese font of run properties (`a:rPr`, `a:defRPr`)."""
    for tag in ("a:latin", "a:ea"):
        found = properties.find(qn(tag))
        if found is None:
            found = properties.makeelement(qn(tag), {})
            properties.append(found)
        found.set("typeface", name)


def _holds_title(layout: "SlideLayout") -> bool:
    return bool(_types(layout) & _TITLES)


def _types(layout: "SlideLayout") -> set[Any]:
    holders: Loose = layout.placeholders
    return {shape.placeholder_format.type for shape in holders}


def _set_theme_font(master: Loose) -> None:
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    named = f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/>'
    text = theme.blob.decode("utf-8")
    for old in ('<a:latin typeface="Calibri"/><a:ea typeface=""/>',):
        text = text.replace(old, named)
    theme._blob = text.encode("utf-8")
