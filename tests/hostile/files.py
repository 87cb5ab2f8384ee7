"""Files as an enemy would send them: small on the disk, and what may become of each."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

import xlsxwriter

from tests.documents import report
from tests.readers import ofd_files

_ENTITIES = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
BOMB = f"<!DOCTYPE x [{''.join(_ENTITIES)}]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>'
READ = "read"  # as if nothing were wrong
Files = Iterator[tuple[str, bytes, str]]  # name, content, the reasons that may be given


def hostile_files() -> Files:
    """Every hostile file; the bundles are told by what is wrong with what they hold."""
    for kind in (_pages, _word_files, _workbooks, _ofd_files, _pdf_files, _pictures, _packed):
        yield from kind()
    yield from _tables()


def _pages() -> Files:
    wide = "<table><tr><td rowspan=100000000 colspan=100000000>a<td>b<tr><td>c</table>"
    yield "wide.html", wide.encode(), "too_large"
    yield "tall.html", wide.replace("colspan=100000000", "").encode(), "not.recognised"
    for tag in ("div", "a", "svg><g"):
        name = f"nested {tag.partition('>')[0]}.html"
        yield name, f"<{tag}>".encode() * 1_000_000, "too_large not.recognised"
    yield "entities.html", f"{BOMB}<p>&l9;".encode(), "not.recognised"
    yield "outside.html", f"{OUTSIDE}<p>&l9;".encode(), "not.recognised"
    page = report("丁市人民政府").decode()
    yield "digits.html", page.replace(">5<", f">{'1' * 100_000}<", 1).encode(), READ


def _zipped(parts: dict[str, str], data: bytes = b"") -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a" if data else "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def _docx(body: str, dtd: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = f'{dtd}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return _zipped({"word/document.xml": root})


def _word_files() -> Files:
    words = "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"
    span = '<w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr>'
    table = f"<w:tbl><w:tr><w:tc>{span}<w:p/></w:tc></w:tr></w:tbl>"
    yield "span.docx", _docx(table), "too_large not.recognised"
    yield "bomb.docx", _docx(" " * (65 << 20)), "too_large"
    yield "entities.docx", _docx(words, BOMB), "damaged"
    yield "outside.docx", _docx(words, OUTSIDE), "damaged"
    yield "nested.docx", _docx("<w:tbl><w:tr><w:tc>" * 300_000), "damaged"


def _workbooks() -> Files:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "a")
    sound = out.getvalue()
    yield "bomb.xlsx", _zipped({"xl/worksheets/sheet9.xml": " " * (65 << 20)}, sound), "too_large"
    for name, dtd in (("entities.xlsx", BOMB), ("outside.xlsx", OUTSIDE)):
        with zipfile.ZipFile(io.BytesIO(sound)) as package:
            parts = {n: package.read(n).decode() for n in package.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = parts[sheet].replace("<worksheet", f"{dtd}<worksheet")
        yield name, _zipped(parts), "damaged"


def _ofd_files() -> Files:
    words = partial(ofd_files.text, 1, 1, "abc")
    yield "bomb.ofd", ofd_files.package([words() + " " * (65 << 20)]), "too_large"
    yield "entities.ofd", ofd_files.package([], OFD=f"{BOMB}<x>&l9;</x>"), "damaged"
    yield "outside.ofd", ofd_files.package([], OFD=f"{OUTSIDE}<x>&l9;</x>"), "damaged"
    yield "delta.ofd", ofd_files.package([words(delta="g 100000000 4.2")]), "too_large"
    page = '<ofd:Page ID="10" BaseLoc="Pages/Page_0/Content.xml"/>' * 100_000
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    pages = f"<ofd:Document {space}><ofd:Pages>{page}</ofd:Pages></ofd:Document>"
    yield "pages.ofd", ofd_files.package([words()], Document=pages), "too_large"


def _pdf(pages: bytes, *objects: bytes) -> bytes:
    """A PDF whose page tree is `pages` and whose objects count from 3."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", pages, *objects), 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size, start = len(offsets) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start)


def _stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (len(packed), more, packed)


def _pdf_files() -> Files:
    kids = b"<</Type/Pages/Kids[%b]/Count %d>>"
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    words = b"BT /F 12 Tf 50 700 Td (the annual report of an office) Tj ET "
    sound = (page, _stream(words), font)
    yield "loop.pdf", _pdf(kids % (b"2 0 R 3 0 R", 2), *sound), "damaged not.recognised"
    yield "pages.pdf", _pdf(kids % (b"3 0 R " * 100_000, 100_000), *sound), "too_large"
    yield "count.pdf", _pdf(kids % (b"3 0 R", 2_000_000_000), *sound), "too_large not.recognised"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    drawn = (page, _stream(words + b"/X Do"), font)
    itself = _stream(b"/X Do", form % 6)
    yield "itself.pdf", _pdf(kids % (b"3 0 R", 1), *drawn, itself), "not.recognised"
    laughs = [_stream(b"/X Do " * 10, form % (n + 7)) for n in range(12)]
    reasons = "crashed timeout out_of_memory"
    yield "laughs.pdf", _pdf(kids % (b"3 0 R", 1), *drawn, *laughs, itself), reasons
    vast = _stream(words + b" " * (100 << 20))
    yield "vast.pdf", _pdf(kids % (b"3 0 R", 1), page, vast, font), "not.recognised"
    wide = page.replace(b"595 842", b"100000000 900")
    image = b"<</Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray"
    image += b"/Length 1>>stream\n0\nendstream"
    drawn = (wide, _stream(b"1e8 0 0 900 0 0 cm /X Do"), font, image)
    yield "wide.pdf", _pdf(kids % (b"3 0 R", 1), *drawn), "damaged no_text"


def _pictures() -> Files:
    size = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    head = struct.pack(">I", 13) + b"IHDR" + size + struct.pack(">I", zlib.crc32(b"IHDR" + size))
    yield "large.png", b"\x89PNG\r\n\x1a\n" + head, "too_large damaged"
    size = struct.pack(">HBHHB", 11, 8, 65_000, 65_000, 1) + b"\1\x11\0"
    yield "large.jpg", b"\xff\xd8\xff\xc0" + size + b"\xff\xd9", "too_large damaged"
    tags = {256: 100_000, 257: 100_000, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 1}
    listed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    yield "large.tif", b"II*\0" + struct.pack("<IH", 8, 9) + listed + bytes(4), "too_large damaged"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0x80) + bytes(6) + b"\2\2\x44\1\0"
    gif = b"GIF89a" + struct.pack("<HHBBB", 100, 100, 0, 0, 0) + frame * 20_000
    yield "frames.gif", gif + b";", "too_large"


def _packed() -> Files:
    yield "bomb.zip", _zipped({"a.html": " " * (65 << 20)}), "too_large"
    yield "many.zip", _zipped({f"{n}.txt": " " * (1 << 20) for n in range(257)}), "too_large"
    yield "name.zip", _zipped({"é.html": "x"}).replace("é".encode(), b"\xff\xfe"), "damaged"
    laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    laughs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    sidecars = {
        "nested": "[" * 100_000,
        "laughs": "\n".join(laughs),
        "date": "published_on: 2024-99-99",
        "digits": f"year: {'9' * 5000}",
        "list": "agency: [a, b]",
    }
    for name, text in sidecars.items():
        yield f"{name}.zip", _zipped({"a.html": "x", "a.yml": text}), "sidecar"
    yield "bomb.gz", gzip.compress(bytes(70 << 20)), "unsupported"
    yield "line.csv.gz", gzip.compress(b"a" * (70 << 20)), "too_large"
    yield "bomb.json.gz", gzip.compress(b"[" + b" ,\n" * (30 << 20)), "too_large"


def _tables() -> Files:
    head = "标题,发布日期\n".encode()
    yield "line.csv", head + b"a" * (30 << 20), "too_large"
    yield "quote.csv", head + b'"' + b"a\n" * (1 << 20), READ
    yield "columns.csv", b"," * (2 << 20), "too_large"
    yield "field.csv", b"a" * (1 << 20) + b"\n1\n", "table.unknown"
    yield "nested.json", b'{"a":' * 100_000, "damaged"
    yield "digits.json", b'{"a": [{"a": ' + b"9" * 100_000 + b"}]}", "damaged table.unknown"
