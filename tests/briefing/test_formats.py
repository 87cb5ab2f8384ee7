"""Each format, read back: its numbers are the mart's, and text from documents stays text."""

import io
import re
import zipfile
from decimal import Decimal

import mistune
import pypdfium2
import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor
from lxml import etree
from pptx import Presentation
from pptx.util import Inches
from selectolax.lexbor import LexborHTMLParser

from tests.briefing.conftest import HOSTILE, TITLE
from zwgk_analytics.briefing import images
from zwgk_analytics.briefing.as_md import escaped
from zwgk_analytics.briefing.figures import keys, label
from zwgk_analytics.cli import cli
from zwgk_analytics.errors import RenderError, UsageError, ZwgkError

FORMATS = ("html", "docx", "pptx", "pdf", "md")
SPACE = re.compile(r"\s+|\u2060")
NOTE = re.compile(r"\[\^?\d+\]")


@pytest.fixture(scope="session")
def files(briefing, overview, tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefings")
    return {
        (name, kind): made.save(folder / f"{name}.{kind}")
        for name, made in (("one", briefing), ("all", overview))
        for kind in FORMATS
    }


def bare(text):
    return SPACE.sub("", NOTE.sub("", text))


def html(path):
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    for unseen in page.css("script, style"):
        unseen.decompose()
    return page


def docx_texts(path):
    body = Document(str(path)).element.body
    for paragraph in body.iter(qn("w:p")):
        yield "".join(t.text or "" for t in paragraph.iter(qn("w:t")))


def pptx_texts(path):
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)


def shown(path):
    """All that a reader sees in the file's text, without spaces and note numbers."""
    kind = path.suffix[1:]
    if kind == "html":
        return bare(html(path).body.text(separator=""))
    if kind == "docx":
        return bare("".join(docx_texts(path)))
    if kind == "pptx":
        return bare("".join(pptx_texts(path)))
    if kind == "pdf":
        pages = pypdfium2.PdfDocument(path)
        text = "".join(page.get_textpage().get_text_range() for page in pages)
        return bare(re.sub(r"\d+ / \d+", "", text))  # the pages' own numbers
    page = mistune.create_markdown(escape=False, plugins=["table"])(path.read_text("utf-8"))
    return bare(LexborHTMLParser(page).body.text(separator=""))


def printed(value, unit):
    if unit == "share":
        return f"{float(value):.1%}"
    text = f"{Decimal(value):,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def filed(marts):
    """Every figure of the agency and year that briefings tell, as the marts hold it."""
    figures = marts.annual_figures(agency=HOSTILE, years=2024, measure=keys())
    shares = marts.rankings(agency=HOSTILE, period="2024", metric=keys())
    for row in figures.filter(figures["value"].is_not_null()).iter_rows(named=True):
        yield label(row["measure"]), printed(row["value"], row["unit"])
    for row in shares.iter_rows(named=True):
        if row["metric"].endswith(("_share", "_rate")):
            yield label(row["metric"]), printed(row["value"], "share")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_number_equals_the_mart(marts, files, kind):
    text = shown(files["one", kind])
    expected = list(filed(marts))
    assert len(expected) >= 12
    missing = [pair for pair in expected if bare("".join(pair)) not in text]
    assert missing == []


@pytest.mark.parametrize("kind", FORMATS)
def test_medians_over_all_equal_the_mart(marts, files, kind):
    found = marts.sql(
        "SELECT measure, median(value) AS median, min(unit) AS unit FROM annual_figures "
        "WHERE year = 2024 AND list_contains(?, measure) AND value IS NOT NULL GROUP BY measure",
        [keys()],
    )
    text = shown(files["all", kind])
    for key, median, unit in found.iter_rows():
        assert bare(f"{label(key)}有5个机关报告，中位数{printed(str(median), unit)}") in text


@pytest.mark.parametrize("kind", FORMATS)
def test_missing_is_told(files, kind):
    assert "行政许可处理决定数未报告未报告" in shown(files["one", kind])


@pytest.mark.parametrize("kind", FORMATS)
def test_notes_are_there_with_file_and_place(files, kind):
    assert bare("复议诉讼纠错数：reports/own_2024.html，") in shown(files["one", kind])


@pytest.mark.parametrize("kind", FORMATS)
def test_hostile_names_and_titles_are_shown_as_text(files, kind):
    text = shown(files["one", kind])
    assert bare(HOSTILE) in text
    assert SPACE.sub("", TITLE) in SPACE.sub("", text)


def test_html_runs_nothing_of_a_document(files):
    page = LexborHTMLParser(files["one", "html"].read_text(encoding="utf-8"))
    assert page.css("img") == []
    assert page.css("[onerror], [onload], [onclick]") == []
    assert all(a.attributes["href"].startswith("#") for a in page.css("a"))
    # a title that closed a script would leave the rest of that script on the page
    assert "Plotly.newPlot" not in html(files["one", "html"]).text()
    drawn = [s.text() for s in page.css("script") if "Plotly.newPlot" in s.text()[:500]]
    assert any("alert(1)" in text for text in drawn)
    assert not any("<script" in text or "</" in text for text in drawn)


def test_html_asks_nobody_and_holds_plotly_once(files):
    text = files["one", "html"].read_text(encoding="utf-8")
    page = LexborHTMLParser(text)
    assert page.css("script[src], link, iframe, object, embed") == []
    assert "default-src 'none'" in page.css_first("meta[http-equiv]").attributes["content"]
    assert len(re.findall(r"\* plotly\.js v", text)) == 1
    assert "@media print" in text
    assert "prefers-color-scheme: dark" in text
    assert len(page.css(".plotly-graph-div")) >= 5


def test_markdown_makes_no_link_tag_or_list_of_a_title():
    render = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])
    for text in (TITLE, HOSTILE, "- a", "1. a", "# a", "> a", "~~a~~", "`a`", "![x](y)", "a | b"):
        page = LexborHTMLParser(render(escaped(text)))
        assert page.css("body *:not(p)") == [], text
        assert page.body.text().strip() == " ".join(text.split())


def test_docx_has_styles_contents_and_chinese_fonts(files, briefing):
    file = Document(str(files["one", "docx"]))
    heads = [p.text for p in file.paragraphs if p.style.name == "Heading 1"]
    assert heads == [*(s.title for s in briefing.sections), "数据来源与说明"]
    listed = [p for p in file.paragraphs if p.style.name == "toc 1"]
    assert ["".join(t.text for t in p._p.iter(qn("w:t"))) for p in listed] == heads
    codes = ["".join(t.itertext()) for t in file.element.body.iter(qn("w:instrText"))]
    assert [code.split()[0] for code in codes] == ["TOC"]
    links = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))}
    marks = {m.get(qn("w:name")) for m in file.element.body.iter(qn("w:bookmarkStart"))}
    assert links <= marks
    for name in ("Normal", "Title", "Heading 1"):
        fonts = file.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_pptx_is_wide_and_its_charts_are_native(marts, files):
    deck = Presentation(str(files["one", "pptx"]))
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    drawn = {str(chart.chart_type).split(" ")[0] for chart in charts}
    assert {"LINE_MARKERS", "COLUMN_STACKED", "BAR_STACKED"} <= drawn
    line = next(c for c in charts if str(c.chart_type).startswith("LINE_MARKERS"))
    values = marts.annual_figures(agency=HOSTILE, measure="applications_received").sort("year")
    assert list(line.plots[0].categories) == [str(year) for year in values["year"]]
    assert list(line.plots[0].series[0].values) == [float(v) for v in values["value"]]


def test_pptx_keeps_to_the_slide_and_has_chinese_fonts(files):
    deck = Presentation(str(files["all", "pptx"]))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            for run in shape._element.iter(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}r"
            ):
                assert run.rPr.find(
                    "{http://schemas.openxmlformats.org/drawingml/2006/main}ea"
                ).get("typeface")


def test_the_sheets_of_native_charts_hold_no_formula_and_no_link(files):
    sheets = 0
    for kind in ("one", "all"):
        with zipfile.ZipFile(files[kind, "pptx"]) as deck:
            books = [name for name in deck.namelist() if name.endswith(".xlsx")]
            for name in books:
                with zipfile.ZipFile(io.BytesIO(deck.read(name))) as book:
                    sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
                sheets += 1
                assert sheet.xpath("//*[local-name()='f' or local-name()='hyperlink']") == []
    assert sheets >= 5


def test_a_word_template_gives_its_look(briefing, tmp_path):
    ours = Document()
    ours.sections[0].header.paragraphs[0].text = "市政务公开办"
    ours.styles["Heading 1"].font.color.rgb = RGBColor(200, 0, 0)
    ours.add_paragraph("请在此处填写")
    ours.save(str(tmp_path / "ours.docx"))
    made = briefing.save(tmp_path / "made.docx", template=tmp_path / "ours.docx")
    file = Document(str(made))
    assert file.sections[0].header.paragraphs[0].text == "市政务公开办"
    assert file.styles["Heading 1"].font.color.rgb == RGBColor(200, 0, 0)
    assert "请在此处填写" not in "".join(docx_texts(made))
    assert "本年新收申请数2,345件" in shown(made)


def test_a_powerpoint_template_gives_its_look(briefing, tmp_path):
    ours = Presentation()
    ours.slides.add_slide(ours.slide_layouts[0]).shapes.title.text = "模板样张"
    ours.save(str(tmp_path / "ours.pptx"))
    made = briefing.save(tmp_path / "made.pptx", template=tmp_path / "ours.pptx")
    deck = Presentation(str(made))
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(7.5))
    assert "模板样张" not in "".join(pptx_texts(made))
    with zipfile.ZipFile(made) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        assert b"\xe6\xa8\xa1\xe6\x9d\xbf\xe6\xa0\xb7\xe5\xbc\xa0" not in b"".join(
            package.read(name) for name in names if name.startswith("ppt/slides/")
        )
    assert "本年新收申请数2,345件" in shown(made)


@pytest.mark.parametrize(
    ("to", "template", "message"),
    [
        ("brief.txt", None, "brief.txt: a briefing is written as .html, .docx, .pptx, .pdf, .md"),
        ("brief.pdf", "ours.docx", "ours.docx: only .docx and .pptx take a template, not .pdf"),
        ("brief.docx", "ours.pptx", "ours.pptx: the template of a .docx is a .docx"),
        ("brief.docx", "none.docx", "none.docx: there is no such template"),
        ("brief.docx", "torn.docx", "torn.docx: not a Word document"),
        ("brief.pptx", "torn.pptx", "torn.pptx: not a PowerPoint file"),
    ],
)
def test_what_cannot_be_written_is_told(briefing, tmp_path, to, template, message):
    for name in ("torn.docx", "torn.pptx", "ours.docx", "ours.pptx"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(UsageError) as failure:
        briefing.save(tmp_path / to, template=tmp_path / template if template else None)
    assert message in str(failure.value)
    assert not (tmp_path / to).exists()


def test_without_a_renderer_charts_are_drawn_from_their_numbers(briefing, tmp_path, monkeypatch):
    def nothing(*_):
        raise RenderError("no browser")

    monkeypatch.setattr(images, "render", nothing)
    drawn = images.images(briefing.pictures, "svg")
    plain = [picture.plain for picture in briefing.pictures]
    assert [image is None for image in drawn] == [p is None for p in plain]
    assert b"2024" in drawn[0]
    text = shown(briefing.save(tmp_path / "brief.pdf"))
    assert "没有能绘图的程序" in text
    images_of = Document(str(briefing.save(tmp_path / "brief.docx"))).inline_shapes
    assert len(images_of) == sum(p is not None for p in plain)


def test_a_missing_library_is_named(briefing, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "zwgk_analytics.briefing.as_pdf", None)
    with pytest.raises(ZwgkError, match=r"pip install 'zwgk-analytics\[brief\]'"):
        briefing.save(tmp_path / "brief.pdf")


def test_the_command_writes_the_file(marts, tmp_path):
    to = tmp_path / "brief.md"
    asked = ["brief", "--year", "2024", "--agency", HOSTILE, "--to", str(to)]
    done = CliRunner().invoke(cli, [*asked, "--marts", str(marts.path.parent)])
    assert done.output.strip() == str(to)
    assert "本年新收申请数2,345件" in shown(to)
