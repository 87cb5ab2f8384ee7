"""PDF files made at test time: by hand for what a producer may write, by typst for whole pages."""

from collections.abc import Sequence
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def hand_written(*contents: str, page: str = "", extra: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page per content stream, A4, font /F; `extra` objects are numbered from 4."""
    objects = [b"", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *extra]
    kids = []
    for content in contents:
        body = content.encode("latin-1")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(body), body))
        stream = len(objects)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % stream
            + b"/Resources<</Font<</F 3 0 R>>/XObject<</X 4 0 R>>>>"
            + page.encode()
            + b">>"
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _file(objects)


def stream(dictionary: str, content: bytes | str) -> bytes:
    """A stream object for `extra`."""
    body = content.encode("latin-1") if isinstance(content, str) else content
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (dictionary.encode(), len(body), body)


def _file(objects: list[bytes]) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


def text(x: float, y: float, words: str, size: float = 10) -> str:
    """Content that writes `words` at (x, y)."""
    return f"BT /F {size} Tf {x} {y} Td ({words}) Tj ET "


def typeset(body: str, page: str = "") -> bytes:
    """A PDF of Chinese text set by typst."""
    setting = f'#set page(paper: "a4", margin: 2cm{page})\n'
    font = '#set text(font: "Noto Serif SC", size: 10pt, lang: "zh")\n'
    source = (setting + font + body).encode()
    return typst.compile(source, format="pdf", font_paths=[str(FONTS)])
