"""The form itself as cells of text, blank or filled with values; derived from the edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zwgk_analytics.forms.model import Edition, Table

Values = Mapping[tuple[str, str, str], str]  # (table, row, column) → text of the cell


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of a form as printed: text, first row and column (0-based), spans."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


def tables(edition: Edition, values: Values | None = None) -> dict[str, list[FormCell]]:
    """The cells of each statutory table of an edition, by table key, as the form lays them out.

    `values` fills cells by (table, row, column); an address without a value stays blank.
    """
    layouts = {"matrix": _matrix, "sections": _sections, "across": _across, "list": _list}
    return {key: layouts[t.layout](t, values or {}) for key, t in edition.tables.items()}


def _matrix(table: Table, values: Values) -> list[FormCell]:
    columns = [c.path for c in table.columns]
    rows = [r.path for r in table.rows]
    head, side = max(map(len, columns)), max(map(len, rows))
    cells = [FormCell(table.corner or "", 0, 0, head, side)]
    cells += [_across_head(s, side) for s in _spans(columns)]
    cells += [FormCell(s.text, s.start + head, s.level, s.span, s.depth) for s in _spans(rows)]
    for i, row in enumerate(table.rows):
        for j, column in enumerate(table.columns):
            text = values.get((table.key, row.key, column.key), "")
            cells.append(FormCell(text, head + i, side + j))
    return _ordered(cells)


def _sections(table: Table, values: Values) -> list[FormCell]:
    width = 1 + max(len(s.columns) for s in table.sections)
    cells: list[FormCell] = []
    line = 0
    for section in table.sections:
        labels = [table.column(c).label for c in section.columns]
        cells.append(FormCell(section.heading, line, 0, 1, width))
        cells += _stretched([table.corner or "", *labels], line + 1, width)
        line += 2
        for row in section.rows:
            texts = [values.get((table.key, row, c), "") for c in section.columns]
            cells += _stretched([table.row(row).label, *texts], line, width)
            line += 1
    return cells


def _across(table: Table, values: Values) -> list[FormCell]:
    addresses = [(r, c) for r in table.rows for c in table.columns]
    spans = _spans([(*row.path, column.label) for row, column in addresses])
    cells = [_across_head(s, 0) for s in spans]
    bottom = max(c.row + c.rowspan for c in cells)
    for j, (row, column) in enumerate(addresses):
        cells.append(FormCell(values.get((table.key, row.key, column.key), ""), bottom, j))
    return _ordered(cells)


def _list(table: Table, values: Values) -> list[FormCell]:
    """A line an indicator: label, unit, numbers. A group that is no indicator has a line too."""
    lines = [[table.corner or "", table.unit_heading or "", *(c.label for c in table.columns)]]
    told = {row.label for row in table.rows}
    for row in table.rows:
        for group in row.path[:-1]:
            if group not in told:
                told.add(group)
                lines.append([group, "", *("" for _ in table.columns)])
        numbers = (values.get((table.key, row.key, c.key), "") for c in table.columns)
        lines.append([row.label, row.unit or "", *numbers])
    return [FormCell(t, i, j) for i, line in enumerate(lines) for j, t in enumerate(line)]


def _stretched(texts: Sequence[str], line: int, width: int) -> list[FormCell]:
    """A row whose last cell reaches to the right edge."""
    last = len(texts) - 1
    return [FormCell(t, line, i, 1, width - i if i == last else 1) for i, t in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    level: int
    depth: int
    start: int
    span: int


def _spans(paths: Sequence[Sequence[str]]) -> list[_Span]:
    """Labels as spans: equal neighbours of one parent are one; a path's last reaches down."""
    height = max(map(len, paths))
    spans: list[_Span] = []
    for level in range(height):
        start = 0
        for index, path in enumerate(paths):
            following = paths[index + 1] if index + 1 < len(paths) else ()
            if len(path) <= level:
                start = index + 1
            elif tuple(following[: level + 1]) != tuple(path[: level + 1]) or _is_leaf(path, level):
                depth = height - level if _is_leaf(path, level) else 1
                spans.append(_Span(path[level], level, depth, start, index - start + 1))
                start = index + 1
    return spans


def _is_leaf(path: Sequence[str], level: int) -> bool:
    return level == len(path) - 1


def _across_head(span: _Span, left: int) -> FormCell:
    return FormCell(span.text, span.level, left + span.start, span.depth, span.span)


def _ordered(cells: list[FormCell]) -> list[FormCell]:
    return sorted(cells, key=lambda c: (c.row, c.column))
