"""DOCX → `Document`: paragraphs and grids of the main text, meta from the core properties."""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.bundle import DAMAGE
from zwgk_analytics.readers.document import Document
from zwgk_analytics.readers.flow import Container, Draft, Flow, Table, TableCell, number
from zwgk_analytics.readers.slivers import merge_slivers

MAX_BYTES: Final = 64 * 2**20  # of XML, unzipped

_DAMAGE: Final = (*DAMAGE, etree.LxmlError)
# Deleted or moved away, shown only by other means, or settings. Field codes and deleted text need
# no entry: their elements are not `t`.
_DROPPED: Final = frozenset(
    ("del", "moveFrom", "rPr", "pPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "rt")
)
_NOT_IN_FORCE: Final = ("vanish", "strike", "dstrike")
_Properties = dict[str, etree._Element]
_TEXT: Final = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}


def read(data: bytes) -> Document:
    """One `Document` (media "docx") from the bytes of a Word file.

    Insertions are kept, deletions and hidden text dropped; a text box follows the paragraph that
    it is anchored in; a table inside a cell is a grid of its own.

    Raises:
        ReadError: `damaged`, `encrypted`, or `too_large` (64 MB of XML; the caps of
            `readers.spans`).
    """
    try:
        package = _Package(data)
        text = _Text(package.hidden_styles())
        return Document("docx", tuple(number(text.drafts(package.body()))), package.properties())
    except _DAMAGE as error:
        reason = str(error) or type(error).__name__
        raise ReadError(
            "damaged", f"not a whole Word file ({reason}); open it in Word and save it again"
        ) from error


class _Package:
    """The XML parts of a Word file, unzipped up to `MAX_BYTES` in all."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = set(self._zip.namelist())
        self._left = MAX_BYTES

    def body(self) -> etree._Element:
        """The root of the main document."""
        for relation in self._elements("_rels/.rels", "Relationship"):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return self._parse((relation.get("Target") or "").lstrip("/"))
        return self._parse("word/document.xml")

    def hidden_styles(self) -> set[str]:
        """The ids of styles whose text is not shown."""
        return {
            _value(style, "styleId")
            for style in self._elements("word/styles.xml", "style")
            if _is_on(_properties(style, "rPr").get("vanish"))
        }

    def properties(self) -> dict[str, str]:
        """The core properties that have a value, names lower-cased."""
        found: dict[str, str] = {}
        for element in self._elements("docProps/core.xml", None):
            if element.text and element.text.strip() and not len(element):
                found.setdefault(_name(element).lower(), element.text.strip())
        return found

    def _elements(self, part: str, name: str | None) -> Iterator[etree._Element]:
        if part in self._names:
            for element in self._parse(part).iter(etree.Element):
                if name is None or _name(element) == name:
                    yield element

    def _parse(self, part: str) -> etree._Element:
        if part not in self._names:
            raise ReadError("damaged", f"not a whole Word file ({part} is missing); save it again")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(self._unzip(part), parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise ReadError("damaged", f"{part} declares a DTD, which a Word file never has")
        return root

    def _unzip(self, part: str) -> bytes:
        if self._zip.getinfo(part).flag_bits & 1:
            raise ReadError("encrypted", "the file is encrypted; save it without a password")
        with self._zip.open(part) as stream:
            data = stream.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError("too_large", f"more than {MAX_BYTES >> 20} MB of text; split the file")
        if b"<!DOCTYPE" in data:
            raise ReadError("damaged", f"{part} declares a DTD, which a Word file never has")
        return data


class _Text:
    """The blocks of a Word file's main text, from one walk over its elements."""

    def __init__(self, hidden_styles: set[str]) -> None:
        self._hidden_styles = hidden_styles
        self._flow = Flow()
        self._raised = False

    def drafts(self, root: etree._Element) -> list[Draft]:
        """The blocks, in reading order."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                if self._is_dropped(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._enter(element)
            elif element is skipped:
                skipped = None
            else:
                self._leave(element)
        return self._flow.close()

    def _is_dropped(self, element: etree._Element) -> bool:
        match name := _name(element):
            case "r":
                return self._is_hidden(_properties(element, "rPr"))
            case "p":
                return self._has_hidden_style(_properties(element, "pPr").get("pStyle"))
            case "tr":
                properties = _properties(element, "trPr")
                return "del" in properties or _is_on(properties.get("hidden"))
            case "sdt":
                return _is_on(_properties(element, "sdtPr").get("showingPlcHdr"))
            case "Fallback":
                parent = element.getparent()
                return parent is not None and any(_name(e) == "Choice" for e in parent)
        return name in _DROPPED

    def _is_hidden(self, properties: _Properties) -> bool:
        if any(_is_on(properties.get(name)) for name in _NOT_IN_FORCE):
            return True
        if "vanish" in properties:  # switched off: overrides the style
            return False
        return self._has_hidden_style(properties.get("rStyle"))

    def _has_hidden_style(self, style: etree._Element | None) -> bool:
        return style is not None and _value(style) in self._hidden_styles

    def _enter(self, element: etree._Element) -> None:
        container, table = self._flow.container, self._flow.table
        match name := _name(element):
            case "t":
                container.add(element.text or "", raised=self._raised)
            case "tab" | "ptab" | "noBreakHyphen":
                container.add(_TEXT[name])
            case "br" | "cr":
                container.end_line()
            case "r":
                align = _properties(element, "rPr").get("vertAlign")
                self._raised = _value(align) == "superscript"
            case "txbxContent":
                self._flow.open(Container())
            case "tbl":
                self._flow.open_table()
            case "tr" if table:
                table.open_row()
                _leave_gap(table, _properties(element, "trPr").get("gridBefore"))
            case "tc" if table:
                self._flow.open(_open_cell(table, _properties(element, "tcPr")))

    def _leave(self, element: etree._Element) -> None:
        table = self._flow.table
        match _name(element):
            case "p":
                self._flow.container.end_line()
            case "r":
                self._raised = False
            case "txbxContent":
                box = self._flow.close()
                self._flow.container.set_aside(box)
            case "tbl" if table:
                merge_slivers(table.rows, _widths(element))
                _merge_down(table.rows)
                self._flow.close_table()
            case "tr" if table:
                _leave_gap(table, _properties(element, "trPr").get("gridAfter"))
            case "tc" if table:
                self._flow.close()


def _leave_gap(table: Table, gap: etree._Element | None) -> None:
    if width := _number(gap, 0):
        table.row.append(TableCell(colspan=width, is_gap=True))


def _open_cell(table: Table, properties: _Properties) -> TableCell:
    cell = TableCell(
        colspan=_number(properties.get("gridSpan"), 1), merge=_merge_of(properties.get("vMerge"))
    )
    if table.row and _merge_of(properties.get("hMerge")) == "continue":
        table.row[-1].colspan += cell.colspan
    else:
        table.row.append(cell)
    return cell


def _widths(table: etree._Element) -> list[int]:
    """The widths of the columns, in twips, as the table states them."""
    grid = next((child for child in table if _name(child) == "tblGrid"), ())
    return [_number(column, 0, "w") for column in grid if _name(column) == "gridCol"]


def _merge_down(rows: list[list[TableCell]]) -> None:
    """Lets each vertically merged cell cover the cells below that continue it."""
    above: dict[int, TableCell] = {}
    for row in rows:
        here: dict[int, TableCell] = {}
        column = 0
        for cell in row:
            owner = above.get(column)
            is_same = owner and owner.merge and owner.colspan == cell.colspan
            if owner and is_same and cell.merge == "continue":
                owner.rowspan += 1
                here[column] = owner
            else:
                here[column] = cell
            column += max(cell.colspan, 1)
        row[:] = [cell for cell, kept in zip(row, here.values(), strict=True) if cell is kept]
        above = here


def _merge_of(element: etree._Element | None) -> str:
    return "" if element is None else _value(element) or "continue"


def _name(element: etree._Element) -> str:
    """The tag without its namespace: the transitional and strict forms differ only in that."""
    return _local(str(element.tag))


@lru_cache(512)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _properties(element: etree._Element, name: str) -> _Properties:
    """The settings in the child `name` (rPr, tcPr …), by their own names."""
    for child in element:
        if _name(child) == name:
            return {_name(e): e for e in child}
    return {}


def _value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute in the namespace of its element."""
    if element is None:
        return ""
    space, brace, _ = str(element.tag).rpartition("}")
    return element.get(f"{space}{brace}{name}") or ""


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and _value(element) not in {"0", "false", "off"}


def _number(element: etree._Element | None, default: int, name: str = "val") -> int:
    match = re.match(r"\s*([0-9]{1,9})", _value(element, name))
    return int(match[1]) if match else default
