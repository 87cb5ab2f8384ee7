"""HTML → `Document`: paragraphs and grids as a browser shows them, meta as the page states it."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document
from zwgk_analytics.readers.encoding import decode
from zwgk_analytics.readers.flow import Draft, Flow, Table, TableCell, number

MAX_DEPTH: Final = 30_000  # the parser takes time with the square of the depth: 1 s here


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BREAKING: Final = _tags(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav "
    "ol p pre section summary table td th tr ul"
)
_RANKS: Final = {"thead": 0, "tbody": 1, "tfoot": 2}
_ACTING: Final = _tags("table thead tbody tfoot tr td th sup pre input")
# Not shown, or not part of the text; `s` and `del` are struck out, `xml` is Word's own settings.
_DROPPED: Final = _tags(
    "head script style noscript template textarea select datalist iframe object svg math xml "
    "noframes title del s strike rt rp -comment -doctype"
)
_STYLED: Final = (
    '[hidden], [style*="display" i], [style*="visibility" i], [style*="mso-hide" i], '
    '[style*="line-through" i]'
)
# Tables of other elements, as scripts draw them, say by their roles what is what.
_ROLES: Final = {
    **dict.fromkeys(("table", "grid", "treegrid"), "table"),
    "row": "tr",
    **dict.fromkeys(("cell", "gridcell", "columnheader", "rowheader"), "td"),
}
_DRAWN: Final = '[role="table" i], [role="grid" i], [role="treegrid" i]'
_ABSENT = re.compile(r"display:none")
_INVISIBLE = re.compile(r"visibility:hidden|mso-hide:all|line-through")  # a cell keeps its slots
_SHOWN_AS_BLOCK = re.compile(r"display:(?:block|flex|grid|table|list-item)")
_NESTING = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|div|dl|em|fieldset|figure|font|footer"
    r"|form|h[1-6]|header|main|menu|nav|ol|section|span|strong|ul|[biu])\b",
    re.IGNORECASE,
)
# Its markup is quoted-printable: rowspan=3D"2" would be read as 3.
_ARCHIVE = re.compile(
    r"\s*(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?content-type:\s*multipart/", re.IGNORECASE
)
_LEADING_DIGITS = re.compile(r"[ \t\n\r\f]*\+?([0-9]+)")


def read(data: bytes) -> Document:
    """One `Document` (media "html") from the bytes of a page.

    Text outside tables becomes paragraphs; a table becomes a grid, unless it only arranges the
    page, when what it frames is read as if it were not there. A table inside a cell is a grid of
    its own. Hidden and struck-out text is dropped.

    Raises:
        ReadError: `too_large`, for a table beyond the caps of `readers.spans` or tags nested more
            than 30,000 deep; `unsupported`, for a web archive (MHTML).
    """
    text = decode(data)
    if _ARCHIVE.match(text[:4096]):
        raise ReadError("unsupported", "a web archive (.mht) is not read; save the page as .html")
    _check_depth(text)
    tree = LexborHTMLParser(text)
    return Document("html", tuple(number(_Page(tree).drafts())), _meta(tree))


def _check_depth(text: str) -> None:
    if text.count("<") <= MAX_DEPTH:
        return
    depth = 0
    for match in _NESTING.finditer(text):
        depth = max(depth + (-1 if match[1] else 1), 0)
        if depth > MAX_DEPTH:
            raise ReadError("too_large", f"tags are nested more than {MAX_DEPTH:,} deep; clean it")


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page says of itself: the first value under each name, names lower-cased."""
    found: dict[str, str] = {}
    title = tree.css_first("head > title")
    if title is not None:
        _keep(found, "title", title.text())
    for node in tree.css("meta"):
        attributes = node.attributes
        for key in ("name", "property", "http-equiv"):
            _keep(found, attributes.get(key), attributes.get("content"))
    for node in tree.css('link[rel~="canonical" i]'):
        _keep(found, "canonical", node.attributes.get("href"))
    return found


def _keep(found: dict[str, str], name: str | None, value: str | None) -> None:
    if name and value and value.strip():
        found.setdefault(name.strip().lower(), " ".join(value.split()))


class _Page:
    """The blocks of a page, from one walk over its tree that no depth can overflow."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._flow = Flow()
        self._raised = self._verbatim = 0
        self._looks = {node.mem_id: look for node in tree.css(_STYLED) if (look := _look(node))}
        self._roles = dict(_roles(tree))
        if tree.root is not None:
            self._walk(tree.root)

    def drafts(self) -> list[Draft]:
        """The blocks, in reading order."""
        return self._flow.close()

    def _walk(self, root: LexborNode) -> None:
        path: list[tuple[LexborNode, str]] = []  # open elements and their tags
        node: LexborNode | None = root
        while node is not None or path:
            if node is None:
                parent, tag = path.pop()
                if tag in _BREAKING:
                    self._flow.container.end_line()
                if tag in _ACTING:
                    self._leave(tag)
                node = parent.next if path else None
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._add(node.text_content or "")
                node = node.next
                continue
            look = self._looks.get(node.mem_id) if self._looks else None
            if tag in _DROPPED or look == "absent":
                node = node.next
                continue
            if self._roles:
                tag = self._roles.get(node.mem_id, tag)
            if look == "block" and tag not in _BREAKING | _ACTING:
                tag = "div"
            if tag in _BREAKING:
                self._flow.container.end_line()
            if tag in _ACTING:
                self._enter(node, tag)
            path.append((node, tag))
            node = None if look == "invisible" else node.first_child

    def _enter(self, node: LexborNode, tag: str) -> None:
        match tag:
            case "table":
                self._flow.open_table()
            case "td" | "th":
                cell = _cell(node)
                self._table.row.append(cell)
                self._flow.open(cell)
            case "tr":
                self._table.open_row()
            case "thead" | "tbody" | "tfoot":
                self._table.open_section(_RANKS[tag])
            case "sup":
                self._raised += 1
            case "pre":
                self._verbatim += 1
            case "input" if self._flow.table:  # a form that is filled in on the page
                self._flow.container.add(_shown_value(node))

    def _leave(self, tag: str) -> None:
        match tag:
            case "table":
                self._flow.close_table()
            case "td" | "th":
                self._flow.close()
            case "sup":
                self._raised -= 1
            case "pre":
                self._verbatim -= 1

    @property
    def _table(self) -> Table:
        # the parser puts rows and cells nowhere but into tables
        return self._flow.table or self._flow.open_table()

    def _add(self, text: str) -> None:
        container = self._flow.container
        for line in text.splitlines(keepends=True) if self._verbatim else [text]:
            container.add(line, raised=self._raised > 0)
            if self._verbatim and line.endswith("\n"):
                container.end_line()


def _shown_value(node: LexborNode) -> str:
    attributes = node.attributes
    shown = (attributes.get("type") or "text").lower() in {"text", "number"}
    return (attributes.get("value") or "") if shown else ""


def _look(node: LexborNode) -> str:
    """What a style says that matters: absent, invisible (but in its place), block, or nothing."""
    style = "".join((node.attributes.get("style") or "").lower().split())
    if "hidden" in node.attributes or _ABSENT.search(style):
        return "absent"
    if _INVISIBLE.search(style):
        return "invisible"
    return "block" if _SHOWN_AS_BLOCK.search(style) else ""


def _roles(tree: LexborHTMLParser) -> Iterator[tuple[int, str]]:
    """The elements that play the part of a table's, each with the tag that it stands for."""
    for table in tree.css(_DRAWN):
        yield table.mem_id, "table"
        for node in table.css("[role]"):
            if tag := _ROLES.get((node.attributes.get("role") or "").lower()):
                yield node.mem_id, tag


def _cell(node: LexborNode) -> TableCell:
    attributes = node.attributes
    down, right = (
        attributes.get(name) or attributes.get(f"aria-{name}") for name in ("rowspan", "colspan")
    )
    return TableCell(rowspan=_span(down, 0), colspan=_span(right, 1))


def _span(printed: str | None, least: int) -> int:
    """A span as HTML reads it: leading digits, else 1."""
    match = _LEADING_DIGITS.match(printed or "")
    return max(int(match[1][:9]), least) if match else 1
