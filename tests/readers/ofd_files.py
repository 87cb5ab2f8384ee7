"""OFD files made at test time: by hand for what producers write, or from a PDF."""

import io
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

import pypdfium2 as pdfium

from zwgk_analytics.readers.pdf_page import Page, read_page
from zwgk_analytics.readers.text_lines import Line, text_lines

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MILLIMETRES = 25.4 / 72


def package(pages: Sequence[str], template: str = "", info: str = "", **parts: str) -> bytes:
    """An OFD file of pages (their objects); each uses `template` where there is one.

    `parts` are further files, or others in place of its own, by name (`Document`, `OFD`).
    """
    numbers = range(len(pages))
    listed = "".join(
        f'<ofd:Page ID="{i + 10}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in numbers
    )
    shared = '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    uses = '<ofd:Template TemplateID="5" ZOrder="Background"/>' if template else ""
    files = {
        "OFD.xml": parts.get("OFD")
        or f'<ofd:OFD {_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>{info}'
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": parts.get("Document")
        or f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{shared}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": _page(template, ""),
        **{f"Doc_0/Pages/Page_{i}/Content.xml": _page(pages[i], uses) for i in numbers},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _page(objects: str, uses: str) -> str:
    layer = f'<ofd:Layer ID="2" Type="Body">{objects}</ofd:Layer>'
    return f"<ofd:Page {_SPACE}>{uses}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def text(x: float, y: float, words: str, delta: str = "", size: float = 4, more: str = "") -> str:
    """An object that writes `words` at (x, y) in millimetres; its baseline lies 4 below."""
    return (
        f'<ofd:TextObject ID="3" Boundary="{x} {y} 100 10" Font="1" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="4"{f" DeltaX={delta!r}" if delta else ""}>{escape(words)}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def path(x: float, y: float, data: str, more: str = 'Stroke="true"') -> str:
    """An object that draws `data` from (x, y)."""
    return (
        f'<ofd:PathObject ID="4" Boundary="{x} {y} 200 200" LineWidth="0.2" {more}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def from_pdf(data: bytes, info: str = "") -> bytes:
    """The pages of a PDF as OFD: a text object for each line, a path for each ruled line."""
    document = pdfium.PdfDocument(data)
    pages = [_objects(read_page(document, i)) for i in range(len(document))]
    document.close()
    return package(pages, info=info)


def _objects(page: Page) -> str:
    rules = [
        path(0, 0, f"M {_mm(r.start)} {_mm(r.at)} L {_mm(r.end)} {_mm(r.at)}")
        for r in page.horizontal
    ]
    rules += [
        path(0, 0, f"M {_mm(r.at)} {_mm(r.start)} L {_mm(r.at)} {_mm(r.end)}")
        for r in page.vertical
    ]
    return "".join([*rules, *map(_line, text_lines(page.chars))])


def _line(line: Line) -> str:
    size = _mm(line.size)
    delta = " ".join(str(_mm(b.left - a.left)) for a, b in pairwise(line.chars))
    letters = "".join(c.text for c in line.chars)
    baseline = line.chars[0].bottom - 0.14 * line.size
    return text(_mm(line.left), _mm(baseline) - 4, letters, delta or "0", size)


def _mm(points: float) -> float:
    return round(points * _MILLIMETRES, 3)
