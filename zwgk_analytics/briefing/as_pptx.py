"""A briefing as 16:9 slides with charts and tables that can be edited in PowerPoint."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from zwgk_analytics.briefing import native, slides
from zwgk_analytics.briefing.images import images
from zwgk_analytics.briefing.layout import ACCENT, BAND, INK, QUIET, Loose
from zwgk_analytics.briefing.model import (
    Block,
    Briefing,
    Card,
    Cards,
    Paragraph,
    Picture,
    Run,
    Table,
)
from zwgk_analytics.briefing.words import say

_TEXT, _CELL, _NOTE = 15.0, 11.0, 10.0
_LINE = 1.45  # of a line, in its size
_GAP = Inches(0.12)
_CARDS_A_ROW = 3
Box = tuple[int, int, int, int]


def write(briefing: Briefing, template: Path | None = None) -> bytes:
    """The deck; with a template, in its layouts, the template's own slides left out."""
    pen = _Pen(briefing, template)
    pen.write()
    target = BytesIO()
    pen.deck.core_properties.title = briefing.title[:255]
    pen.deck.save(target)
    return target.getvalue()


class _Pen:
    """Writes a briefing slide by slide; what is too long for one goes on on the next."""

    def __init__(self, briefing: Briefing, template: Path | None) -> None:
        self._briefing, self._has_look = briefing, template is not None
        self.deck: Loose = slides.blank() if template is None else slides.opened(template)
        shown = [picture for picture in briefing.pictures if picture.plain is None]
        drawn = images(shown, "png") if shown else []
        self._images = dict(zip(map(id, shown), drawn, strict=True))

    def write(self) -> None:
        briefing = self._briefing
        self._cover()
        for section in briefing.sections:
            texts = tuple(b for b in section.blocks if isinstance(b, Paragraph))
            others = [b for b in section.blocks if not isinstance(b, Paragraph)]
            if not others:
                self._texts(section.title, [text.runs for text in texts], _TEXT)
            for block in others:
                self._block(section.title, block, texts)
                texts = ()
        numbered = [(Run(f"[{n}] {note}"),) for n, note in enumerate(briefing.notes, 1)]
        self._texts(briefing.notes_title, numbered, _NOTE)

    def _cover(self) -> None:
        slide = self.deck.slides.add_slide(slides.cover(self.deck))
        self._fill(slide.shapes.title.text_frame, [(Run(self._briefing.title),)], 32, ACCENT)
        others = [p for p in slide.placeholders if p.placeholder_format.idx != 0]
        subtitle = [p for p in others if p.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE]
        lines = [(Run(line),) for line in self._briefing.about]
        for holder in (subtitle or others)[:1]:
            self._fill(holder.text_frame, lines, 14, QUIET)
            for paragraph in holder.text_frame.paragraphs if not self._has_look else ():
                paragraph.alignment = PP_ALIGN.LEFT
        for holder in others:
            if holder not in (subtitle or others)[:1]:
                holder._element.getparent().remove(holder._element)

    def _block(self, title: str, block: Block, lead: tuple[Paragraph, ...]) -> None:
        if isinstance(block, Cards):
            self._cards(title, block.cards)
            self._table(title, block.table, ())
        elif isinstance(block, Table):
            self._table(title, block, lead)
        elif isinstance(block, Picture):
            self._picture(block)

    def _slide(self, title: str) -> tuple[Loose, Box]:
        """A new slide with its title, and the room below that."""
        slide = self.deck.slides.add_slide(slides.content(self.deck))
        head = slide.shapes.title
        size = 24 if _width(title) <= 40 else 20
        self._fill(head.text_frame, [(Run(title),)], size, ACCENT)
        head.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        for holder in list(slide.placeholders):
            if holder.placeholder_format.idx != 0:
                holder._element.getparent().remove(holder._element)
        top = head.top + head.height + _GAP
        bottom = self.deck.slide_height - Inches(0.45)
        self._number(slide)
        return slide, (head.left, top, head.width, bottom - top)

    def _texts(self, title: str, paragraphs: Sequence[tuple[Run, ...]], size: float) -> None:
        if not paragraphs:
            return
        _, (_, _, width, height) = self._room(title)
        rows = height / Pt(size * _LINE)
        wide = width / Pt(size) - 2
        for page in _pages(paragraphs, lambda runs: _lines(_joined(runs), wide) + 0.45, rows):
            slide, box = self._slide(title)
            frame = slide.shapes.add_textbox(*box).text_frame
            self._fill(frame, page, size, INK, after=size * 0.4)

    def _room(self, title: str) -> tuple[Loose, Box]:
        """The room of a slide, told by one that is taken away again."""
        slide, box = self._slide(title)
        listed = self.deck.slides._sldIdLst
        last = listed[-1]
        self.deck.part.drop_rel(last.rId)
        listed.remove(last)
        return slide, box

    def _cards(self, title: str, cards: tuple[Card, ...]) -> None:
        slide, (left, top, width, height) = self._slide(title)
        rows = ceil(len(cards) / _CARDS_A_ROW)
        across = (width - _GAP * (_CARDS_A_ROW - 1)) // _CARDS_A_ROW
        down = min((height - _GAP * (rows - 1)) // max(rows, 1), Inches(2.4))
        for index, card in enumerate(cards):
            row, column = divmod(index, _CARDS_A_ROW)
            at = (left + column * (across + _GAP), top + row * (down + _GAP), across, down)
            self._card(slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *at), card)

    def _card(self, shape: Loose, card: Card) -> None:
        shape.fill.solid()
        shape.fill.fore_color.rgb = slides.colour(BAND)
        shape.line.fill.background()
        shape.shadow.inherit = False
        frame = shape.text_frame
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._fill(frame, [(Run(card.label),)], 14, INK)
        self._more(frame, (card.value,), 30, ACCENT)
        for line in card.lines:
            self._more(frame, (Run(line),), 11, QUIET)

    def _table(self, title: str, table: Table, lead: tuple[Paragraph, ...]) -> None:
        """The table over as many slides as it needs, short texts ahead of it on each."""
        _, (_, _, width, height) = self._room(title)
        ahead = int(Pt(_TEXT * _LINE) * 1.3) * len(lead)
        height -= ahead
        wide = [width * weight / sum(table.weights) / Pt(_CELL) - 1.6 for weight in table.weights]
        line = Pt(_CELL * _LINE)

        def tall(row: Sequence[Run]) -> float:
            return max(_lines(_joined((c,)), w) for c, w in zip(row, wide, strict=True)) + 0.55

        head = tuple(Run(name) for name in table.head)
        for page in _pages(table.rows, tall, height / line - tall(head)):
            slide, (left, top, width, _) = self._slide(title)
            if lead:
                frame = slide.shapes.add_textbox(left, top, width, ahead).text_frame
                self._fill(frame, [text.runs for text in lead], _TEXT, INK)
            rows = (head, *page)
            size = (left, top + ahead, width, int(line * sum(map(tall, rows))))
            made = slide.shapes.add_table(len(rows), len(head), *size).table
            self._fill_table(made, rows, table, width, [int(line * tall(row)) for row in rows])

    def _fill_table(
        self,
        made: Loose,
        rows: Sequence[Sequence[Run]],
        table: Table,
        width: int,
        heights: Sequence[int],
    ) -> None:
        made.horz_banding = False
        for column, weight in zip(made.columns, table.weights, strict=True):
            column.width = Emu(int(width * weight / sum(table.weights)))
        for index, (row, height) in enumerate(zip(rows, heights, strict=True)):
            made.rows[index].height = Emu(height)
            for column, run in enumerate(row):
                cell = made.cell(index, column)
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                colour = ACCENT if index == 0 else "FFFFFF" if index % 2 else BAND
                cell.fill.fore_color.rgb = slides.colour(colour)
                self._fill(cell.text_frame, [(run,)], _CELL, "FFFFFF" if index == 0 else INK)
                if column in table.numeric:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    def _picture(self, picture: Picture) -> None:
        slide, (left, top, width, height) = self._slide(picture.title)
        wide = width / Pt(_NOTE) - 2
        foot = int(Pt(_NOTE * _LINE) * sum(_lines(note, wide) for note in picture.notes))
        room = height - foot - _GAP
        if picture.plain is not None:
            native.add(slide, picture.plain, (left, top, width, room))
        elif (image := self._images[id(picture)]) is not None:
            self._image(slide, image, picture.title, (left, top, width, room))
        else:
            frame = slide.shapes.add_textbox(left, top, width, room).text_frame
            self._fill(frame, [(Run(say("unassessed.not_drawn")),)], _TEXT, QUIET)
        notes = [(Run(note),) for note in picture.notes]
        frame = slide.shapes.add_textbox(left, top + room + _GAP, width, foot).text_frame
        self._fill(frame, notes, _NOTE, QUIET)

    def _image(self, slide: Loose, image: bytes, title: str, box: Box) -> None:
        left, top, width, height = box
        shape = slide.shapes.add_picture(BytesIO(image), left, top, width=width)
        if shape.height > height:
            shape.width, shape.height = int(shape.width * height / shape.height), height
        shape.left = left + (width - shape.width) // 2
        shape._element.nvPicPr.cNvPr.set("descr", title)

    def _number(self, slide: Loose) -> None:
        width, height = self.deck.slide_width, self.deck.slide_height
        at = (width - Inches(1.2), height - Inches(0.42), Inches(0.9), Inches(0.3))
        paragraph = slide.shapes.add_textbox(*at).text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        field = paragraph._p.makeelement(qn("a:fld"), {"id": _FIELD, "type": "slidenum"})
        properties = field.makeelement(qn("a:rPr"), {"lang": "zh-CN", "sz": "1000"})
        text = field.makeelement(qn("a:t"), {})
        text.text = str(len(self.deck.slides))
        field.extend([properties, text])
        paragraph._p.append(field)

    def _fill(
        self,
        frame: Loose,
        paragraphs: Sequence[tuple[Run, ...]],
        size: float,
        colour: str,
        after: float = 0,
    ) -> None:
        frame.word_wrap = True
        for index, runs in enumerate(paragraphs):
            made = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            made.space_after = Pt(after)
            self._put(made, runs, size, colour)

    def _more(self, frame: Loose, runs: tuple[Run, ...], size: float, colour: str) -> None:
        made = frame.add_paragraph()
        self._put(made, runs, size, colour)
        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT

    def _put(self, paragraph: Loose, runs: tuple[Run, ...], size: float, colour: str) -> None:
        for text, is_note in _pieces(runs):
            made = paragraph.add_run()
            made.text = text
            made.font.size = Pt(min(size, 14) if is_note else size)
            if not self._has_look or colour in {"FFFFFF", QUIET}:
                made.font.color.rgb = slides.colour(colour)
            properties = made._r.get_or_add_rPr()
            properties.set("lang", "zh-CN")
            if not self._has_look:
                slides.set_font(properties)
            if is_note:
                properties.set("baseline", "30000")


_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


def _pieces(runs: tuple[Run, ...]) -> Iterator[tuple[str, bool]]:
    for run in runs:
        yield run.text, False
        if run.notes:
            yield "".join(f"[{note}]" for note in run.notes), True


def _joined(runs: tuple[Run, ...]) -> str:
    return "".join(text for text, _ in _pieces(runs))


def _width(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1 if ord(sign) > 0x2E7F else 0.56 for sign in text)


def _lines(text: str, wide: float) -> int:
    return max(1, ceil(_width(text) / wide))


def _pages(rows: Sequence[Any], tall: Callable[[Any], float], room: float) -> Iterator[list[Any]]:
    """The rows in parts that fit a slide; a row that fits none stands alone."""
    page: list[Any] = []
    used = 0.0
    for row in rows:
        if page and used + tall(row) > room:
            yield page
            page, used = [], 0.0
        page.append(row)
        used += tall(row)
    if page:
        yield page
