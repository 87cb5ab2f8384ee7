"""A briefing as a Word document with real styles, a table of contents and linked notes."""

from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from zwgk_analytics.briefing.images import images
from zwgk_analytics.briefing.layout import (
    ACCENT,
    BAND,
    FONT,
    GRID,
    QUIET,
    Loose,
    plain_table,
    plain_values,
)
from zwgk_analytics.briefing.model import (
    Block,
    Briefing,
    Cards,
    Paragraph,
    Picture,
    Run,
    Section,
    Table,
)
from zwgk_analytics.briefing.words import say
from zwgk_analytics.errors import UsageError

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph as WordParagraph

_SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Caption": 10, "toc 1": 10.5}


def write(briefing: Briefing, template: Path | None = None) -> bytes:
    """The document; with a template, in its styles, header and footer, its text left out."""
    file = _blank() if template is None else _opened(template)
    file.core_properties.title = briefing.title[:255]
    pen = _Pen(file, briefing)
    pen.write()
    target = BytesIO()
    file.save(target)
    return target.getvalue()


class _Pen:
    """Writes a briefing at the end of a Word file."""

    def __init__(self, file: "WordFile", briefing: Briefing) -> None:
        self._file, self._briefing = file, briefing
        drawn = images(briefing.pictures, "png")
        self._images = dict(zip(map(id, briefing.pictures), drawn, strict=True))
        section: Loose = file.sections[-1]
        self._width = section.page_width - section.left_margin - section.right_margin
        self._marks = 0

    def write(self) -> None:
        briefing = self._briefing
        self._add(briefing.title, "Title")
        for line in briefing.about:
            self._add(line, "Subtitle")
        titles = [*(section.title for section in briefing.sections), briefing.notes_title]
        self._contents(titles)
        for number, section in enumerate(briefing.sections, 1):
            self._section(section, f"_Toc{number}")
        self._heading(briefing.notes_title, f"_Toc{len(titles)}")
        for number, note in enumerate(briefing.notes, 1):
            paragraph = self._add(f"[{number}] {note}", "Note")
            self._bookmark(paragraph, f"note_{number}")

    def _section(self, section: Section, mark: str) -> None:
        self._heading(section.title, mark)
        for block, following in zip_longest(section.blocks, section.blocks[1:]):
            self._block(block, leads=isinstance(following, Table))

    def _block(self, block: Block, *, leads: bool) -> None:
        if isinstance(block, Paragraph):
            paragraph = self._add("", "Normal")
            paragraph.paragraph_format.keep_with_next = leads
            self._runs(paragraph, block.runs)
        elif isinstance(block, Cards):
            self._table(block.table)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._picture(block)

    def _picture(self, picture: Picture) -> None:
        self._add(picture.title, "Heading 2").paragraph_format.keep_with_next = True
        image = self._images[id(picture)]
        if image is not None:
            shape = self._file.add_picture(BytesIO(image), width=Emu(self._width))
            shape._inline.docPr.set("descr", picture.title)
            self._file.paragraphs[-1].paragraph_format.keep_with_next = True
        elif picture.plain is not None:
            self._table(plain_table(picture.plain, plain_values(picture.plain)))
        else:
            self._add(say("unassessed.not_drawn"), "Normal")
        for note in picture.notes:
            self._add(note, "Note")

    def _table(self, table: Table) -> None:
        made = self._file.add_table(rows=0, cols=len(table.head))
        made.autofit = False
        made._tbl.tblPr.append(_borders())
        widths = [int(self._width * weight / sum(table.weights)) for weight in table.weights]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Emu(width)
        for index, cells in enumerate(([Run(title) for title in table.head], *table.rows)):
            row = made.add_row()
            _keep(row, is_head=index == 0)
            for column, (cell, run) in enumerate(zip(row.cells, cells, strict=True)):
                cell.width = Emu(widths[column])
                self._cell(cell, run, is_head=index == 0, is_number=column in table.numeric)
        self._add("", "Note")  # Word joins two tables that no paragraph parts

    def _cell(self, cell: Loose, run: Run, *, is_head: bool, is_number: bool) -> None:
        (paragraph,) = cell.paragraphs
        paragraph.style = _style(self._file, "Cell")
        if is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._runs(paragraph, (run,))
        if is_head:
            paragraph.runs[0].bold = True
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", BAND)):
                shade.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)

    def _runs(self, paragraph: "WordParagraph", runs: tuple[Run, ...]) -> None:
        for run in runs:
            paragraph.add_run(run.text)
            for note in run.notes:
                raised = paragraph.add_run(f"[{note}]")
                raised.font.superscript = True
                _link(paragraph, raised._r, f"note_{note}")

    def _heading(self, text: str, mark: str) -> None:
        self._bookmark(self._add(text, "Heading 1"), mark)

    def _add(self, text: str, style: str) -> "WordParagraph":
        return self._file.add_paragraph(text, _style(self._file, style))

    def _contents(self, titles: list[str]) -> None:
        """A table of contents, filled in: Word makes it anew from the headings when asked."""
        self._add(say("docx.contents"), "Contents")
        lines = [self._add("", "toc 1") for _ in titles]
        opened = lines[0]
        _field_mark(opened, "begin")
        code = OxmlElement("w:instrText")
        code.set(qn("xml:space"), "preserve")
        code.text = r' TOC \o "1-1" \n \h \z \u '
        opened.add_run()._r.append(code)
        _field_mark(opened, "separate")
        for number, (line, title) in enumerate(zip(lines, titles, strict=True), 1):
            _link(line, line.add_run(title)._r, f"_Toc{number}")
        _field_mark(lines[-1], "end")

    def _bookmark(self, paragraph: "WordParagraph", name: str) -> None:
        self._marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:name"), name)
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._marks))
        paragraph.runs[0]._r.addprevious(start)
        paragraph._p.append(end)


def _blank() -> "WordFile":
    """An A4 file with our own styles and the page's number in its footer."""
    file = Document()
    (section,) = file.sections
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _set_style(file, "Normal", 10.5)
    for name, size in _SIZES.items():
        _set_style(file, name, size, colour=None if name == "toc 1" else ACCENT)
    for name, size in (("Subtitle", 9), ("Note", 8.5), ("Cell", 9)):
        _set_style(file, name, size, colour=None if name == "Cell" else QUIET, after=2)
    _set_style(file, "Contents", 12, colour=ACCENT)
    title_rule = file.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if title_rule is not None:
        file.styles["Title"].element.pPr.remove(title_rule)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ("begin", "PAGE", "end"):
        _page_number(footer, part)
    return file


def _opened(template: Path) -> "WordFile":
    try:
        file = Document(str(template))
    except (OpcError, ValueError, KeyError, OSError) as error:
        raise UsageError(
            f"{template.name}: not a Word document: {error}; save it as .docx"
        ) from error
    body = file.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    for name, size in (("Note", 8.5), ("Cell", 9), ("Contents", 12), ("toc 1", None)):
        if not _has(file, name):
            _set_style(file, name, size, fonts=False)
    return file


def _has(file: "WordFile", name: str) -> bool:
    return name in [style.name for style in file.styles]


def _style(file: "WordFile", name: str) -> str | None:
    """The style of that name; None, the usual one, where a template has none."""
    return name if _has(file, name) else None


def _set_style(
    file: "WordFile",
    name: str,
    size: float | None,
    *,
    colour: str | None = None,
    after: float = 6,
    fonts: bool = True,
) -> None:
    has = _has(file, name)
    style = file.styles[name] if has else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if size is not None:
        style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour)
    style.font.italic = False
    style.paragraph_format.space_after = Pt(after)
    if fonts:
        _set_fonts(style)


def _set_fonts(style: Loose) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{name}Theme"), None)
        fonts.set(qn(f"w:{name}"), FONT)
    fonts.attrib.pop(qn("w:cstheme"), None)


def _link(paragraph: "WordParagraph", run: Loose, mark: str) -> None:
    """Puts a run into a link to a bookmark of the document."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), mark)
    paragraph._p.append(link)
    link.append(run)


def _field_mark(paragraph: "WordParagraph", kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _page_number(paragraph: "WordParagraph", part: str) -> None:
    if part == "PAGE":
        code = OxmlElement("w:instrText")
        code.text = part
        paragraph.add_run()._r.append(code)
    else:
        _field_mark(paragraph, part)


def _keep(row: Loose, *, is_head: bool) -> None:
    """Rows do not break over pages; the head comes again on each."""
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if is_head else ())):
        properties.append(OxmlElement(name))


def _borders() -> Loose:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", GRID)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    return borders
