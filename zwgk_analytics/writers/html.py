"""`Document` → a web page."""

from html import escape

from zwgk_analytics.readers.document import Cell, Document, Grid
from zwgk_analytics.writers.layout import clean, is_title, rows_of, title_of

# names that government sites must give their meta tags, as the rule spells them
_NAMES = {
    "sitename": "SiteName",
    "sitedomain": "SiteDomain",
    "siteidcode": "SiteIDCode",
    "columnname": "ColumnName",
    "columntype": "ColumnType",
    "articletitle": "ArticleTitle",
    "pubdate": "PubDate",
    "contentsource": "ContentSource",
    "keywords": "Keywords",
    "author": "Author",
    "description": "Description",
    "url": "Url",
}


def write(document: Document, encoding: str = "utf-8") -> bytes:
    """The page: meta as `<meta>` tags, paragraphs, tables with their spans.

    `encoding` is declared by the page; a character that it lacks is written as a reference.
    """
    lines = ["<!DOCTYPE html>", '<html lang="zh-CN">', "<head>", f'<meta charset="{encoding}">']
    meta = {"title": title_of(document), **document.meta}
    lines += [_meta(name, clean(value)) for name, value in meta.items()]
    lines += ["</head>", "<body>"]
    for block in document.blocks:
        if isinstance(block, Grid):
            lines += _table(block)
        else:
            tag = "h1" if is_title(block.text, document) else "p"
            lines.append(f"<{tag}>{_text(clean(block.text))}</{tag}>")
    lines += ["</body>", "</html>", ""]
    return "\n".join(lines).encode(encoding, "xmlcharrefreplace")


def _meta(name: str, value: str) -> str:
    if name == "title":
        return f"<title>{escape(value)}</title>"
    if name == "canonical":
        return f'<link rel="canonical" href="{escape(value)}">'
    attribute = "property" if ":" in name else "name"
    return f'<meta {attribute}="{escape(_NAMES.get(name, name))}" content="{escape(value)}">'


def _table(grid: Grid) -> list[str]:
    rows = ["".join(map(_cell, row)) for row in rows_of(grid)]
    return ['<table border="1">', *(f"<tr>{row}</tr>" for row in rows), "</table>"]


def _cell(cell: Cell) -> str:
    spans = {"rowspan": cell.rowspan, "colspan": cell.colspan}
    attributes = "".join(f' {name}="{n}"' for name, n in spans.items() if n > 1)
    return f"<td{attributes}>{_text(cell.text)}</td>"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
