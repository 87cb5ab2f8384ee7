"""An XLSX file packed anew from parts that are safe to parse and show their failures.

The parser gives a sheet as one block of memory and shows an error cell as an empty one. So the
cells are walked first: a sheet too large to hold is refused, and error cells keep their text.
"""

import re
import zipfile
from io import BytesIO

from lxml import etree

from zwgk_analytics.errors import ReadError

MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_UNZIPPED = 64 * 2**20

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def repack(data: bytes, max_cells: int = MAX_CELLS) -> tuple[bytes, dict[str, str]]:
    """The workbook with nothing but its checked parts, and its core properties.

    Raises:
        ReadError: truncated, encrypted, unsupported, damaged, too_large.
    """
    if not data.startswith(b"PK"):
        raise ReadError("unsupported", "this is no workbook; expected an .xlsx or .xls file")
    if b"PK\5\6" not in data:
        raise ReadError("truncated", "the workbook ends early; download it again")
    packed, meta = BytesIO(), dict[str, str]()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for part in _parts(source):
            root = _parse(source.read(part))
            if etree.QName(root).localname == "worksheet":
                _check_sheet(root, max_cells)
            if part.filename == "docProps/core.xml":
                meta = {etree.QName(e).localname.lower(): e.text for e in root if e.text}
            _drop_counts(root)
            target.writestr(part.filename, etree.tostring(root, encoding="utf-8"))
    return packed.getvalue(), meta


def _parts(source: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [p for p in source.infolist() if p.filename.lower().endswith((".xml", ".rels"))]
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted()
    if sum(part.file_size for part in parts) > MAX_UNZIPPED:
        limit = MAX_UNZIPPED >> 20
        raise ReadError("too_large", f"the workbook unzips to more than {limit} MB; split it")
    if "xl/workbook.bin" in source.namelist():
        raise ReadError("unsupported", "a binary workbook (.xlsb) is not read; save it as .xlsx")
    return parts


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged("it declares a document type, as no workbook does")
    return root


def _drop_counts(root: etree._Element) -> None:
    # the parser takes memory for as many strings or styles as a part claims to hold
    for element in (root, *root):
        for name in ("count", "uniqueCount"):
            element.attrib.pop(name, None)


def _check_sheet(root: etree._Element, max_cells: int) -> None:
    """Refuses a sheet too large to hold; turns errors and uncalculated formulas into text."""
    height = width = row = column = 0
    for element in root.iter("{*}row", "{*}c"):
        if etree.QName(element).localname == "row":
            row, column = int(element.get("r", row + 1)), 0
            continue
        row, column = _place(element.get("r"), row, column)
        if len(element):  # not one that only has a style
            height, width = max(height, row), max(width, column)
            _show_failure(element)
    check_extent(height, width, max_cells)


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """Row and column (1-based) of a cell; one without a reference stands beside the last."""
    if reference is None:
        return row, column + 1
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise damaged(f"a cell is named {reference!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _show_failure(cell: etree._Element) -> None:
    value, formula = cell.find("{*}v"), cell.find("{*}f")
    is_calculated = value is not None and bool(value.text)
    if cell.get("t") == "e" and is_calculated:
        cell.set("t", "str")
    elif formula is not None and not is_calculated and cell.get("t") != "str":
        if value is None:
            value = etree.SubElement(cell, formula.tag[:-1] + "v")
        value.text = f"={formula.text or ''}"
        cell.set("t", "str")


def check_extent(height: int, width: int, max_cells: int = MAX_CELLS) -> None:
    """Raises `ReadError` (`too_large`) where a sheet has more cells than are held."""
    if width > MAX_COLUMNS or height * width > max_cells:
        raise ReadError(
            "too_large",
            f"a sheet of {height:,} rows and {width:,} columns is not read; the limits are "
            f"{MAX_COLUMNS} columns and {max_cells:,} cells: delete what lies outside the table",
        )


def damaged(what: str) -> ReadError:
    """The error of a workbook that contradicts itself."""
    return ReadError("damaged", f"the workbook is damaged ({what}); open it, save it again")


def encrypted() -> ReadError:
    """The error of a workbook that needs a password."""
    return ReadError("encrypted", "the workbook needs a password; save it without one")
