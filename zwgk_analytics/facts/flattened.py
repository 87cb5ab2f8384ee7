"""Tables that lost their grid → grids again: text in which labels and numbers follow each other.

Copying and conversion leave a table's cells one a line, between pipes, or all on one line with the
digits run together. The labels are found first; the numbers behind a row label are its row. Where
digits run together they are cut by the form's own sums (`readings`), and only if one reading holds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zwgk_analytics.facts.readings import Row, consistent, cuts
from zwgk_analytics.facts.token_stream import Token, tokens
from zwgk_analytics.forms import Table, editions
from zwgk_analytics.readers import Cell, Document, Grid

_DIGITS = re.compile(r"\d{1,200}")
_SOLVED = "run.solved"
_AMBIGUOUS = "run.ambiguous"
_LABELS = {"across": 0, "matrix": 1, "sections": 1, "list": 2}  # columns left of the numbers


@dataclass(slots=True)
class Line:
    """A row label with the texts that follow it."""

    label: str
    key: str
    columns: tuple[tuple[str, str], ...]  # key, label as printed
    place: str
    texts: list[str] = field(default_factory=list)
    unit: str = ""


@dataclass(slots=True)
class Restored:
    """The grid that a flattened table was, and what had to be solved or could not be."""

    grid: Grid
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # code, message, place


def restore(document: Document, missing: Sequence[str]) -> list[Restored]:
    """A grid for each of the tables `missing` that the document holds as plain text.

    The grid has the form's labels as printed and one cell a number; a row whose digits have no
    or several readings keeps them as one cell over all its columns, to be told as unreadable.
    """
    stream = list(tokens(document))
    found: list[Restored] = []
    for key in missing:
        form = _form(key, stream)
        lines = list(_lines(form, stream)) if form else []
        if (form and len(lines) >= min(3, len(form.rows))) or (form and _is_across(form, lines)):
            found.append(_restored(form, lines))
    return found


def _is_across(form: Table, lines: Sequence[Line]) -> bool:
    return form.layout == "across" and bool(lines)


def _form(table: str, stream: Sequence[Token]) -> Table | None:
    """The edition of the table whose columns the text names."""
    seen = {t.key for t in stream if t.table == table and t.axis == "column"}
    forms = [e.tables[table] for e in editions().values() if table in e.tables]
    scored = [(len(seen & {c.key for c in form.columns}), form) for form in forms]
    score, form = max(scored, key=lambda pair: pair[0], default=(0, None))
    return form if score >= 1 else None


def _lines(form: Table, stream: Sequence[Token]) -> Iterator[Line]:
    """The rows of a table, each with the texts between its label and the next."""
    if form.layout == "across":
        yield from _across_line(form, stream)
        return
    columns: dict[str, str] = {}
    line: Line | None = None
    is_header = False
    for token in stream:
        if token.table == form.key and token.axis == "column":
            columns = columns if is_header else {}
            columns.setdefault(token.key, token.text)
            is_header = True
        if token.axis == "value" and line is not None:
            line.texts.append(token.text)
            continue
        if token.axis == "unit" and line is not None:
            line.unit = token.text
            continue
        if line is not None and line.texts and line.columns:
            yield line
        line = None
        if token.table == form.key and token.axis == "row":
            is_header = False
            line = Line(token.text, token.key, _in_order(form, token.key, columns), token.place)
    if line is not None and line.texts and line.columns:
        yield line


def _in_order(form: Table, row: str, named: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The columns in the order of the numbers; () where the header names none or others.

    Only a list may lack some of the form's. Elsewhere the header says whose columns they are and
    the form says which and in what order: header lines flatten out of order and may be broken.
    """
    if form.layout == "list":
        return tuple(named.items())
    if form.layout != "sections":
        return _all(form)
    columns = next((s.columns for s in form.sections if row in s.rows), ())
    if not named or not named.keys() <= set(columns):
        return ()
    return tuple((c, named.get(c, form.column(c).label)) for c in columns)


def _all(form: Table) -> tuple[tuple[str, str], ...]:
    return tuple((c.key, c.label) for c in form.columns)


def _across_line(form: Table, stream: Sequence[Token]) -> Iterator[Line]:
    """The numbers after the last header label of a table whose header names rows and columns."""
    last = [i for i, t in enumerate(stream) if t.table == form.key and t.axis == "column"]
    for index in reversed(last):
        texts = []
        for token in stream[index + 1 :]:
            if token.axis != "value":
                break
            texts.append(token.text)
        if texts:
            yield Line("", "", _all(form) * len(form.rows), stream[index].place, texts)
            return


def _restored(form: Table, lines: Sequence[Line]) -> Restored:
    cells: list[Cell] = []
    notes: list[tuple[str, str, str]] = []
    readings = _readings(form, lines, notes)
    row = 0
    header: tuple[tuple[str, str], ...] = ()
    for line, texts in zip(lines, readings, strict=True):
        if line.columns != header:
            header = line.columns
            header_cells = _header(form, header, row)
            cells += header_cells
            row = max(c.row + c.rowspan for c in header_cells)
        left = _LABELS[form.layout]
        cells += [Cell(t, row, i) for i, t in enumerate((line.label, line.unit)[:left])]
        span = len(header) if len(texts) == 1 else 1
        cells += [Cell(t, row, left + i, 1, span) for i, t in enumerate(texts)]
        row += 1
    return Restored(Grid(tuple(cells), f"text at {lines[0].place}"), notes)


def _header(form: Table, columns: Sequence[tuple[str, str]], row: int) -> list[Cell]:
    labels = [label for _, label in columns]
    if form.layout != "across":
        heads = (form.corner or "", form.unit_heading or "")[: _LABELS[form.layout]]
        return [Cell(text, row, i) for i, text in enumerate((*heads, *labels))]
    width = len(form.columns)
    tops = [Cell(r.label, row, i * width, 1, width) for i, r in enumerate(form.rows)]
    return [*tops, *(Cell(text, row + 1, i) for i, text in enumerate(labels))]


def _readings(
    form: Table, lines: Sequence[Line], notes: list[tuple[str, str, str]]
) -> list[list[str]]:
    """The texts of each row, one a column wherever that is certain."""
    texts = [_one_a_column(line) for line in lines]
    open_rows = [i for i, t in enumerate(texts) if t is None]
    groups = _groups(form)
    options = [_options(line, groups) for line in lines]
    answers = consistent(options, _signs(form, lines)) if open_rows and all(options) else []
    for i in open_rows:
        run = " | ".join(lines[i].texts)
        reading = answers[0][i] if len(answers) == 1 else next(iter(options[i]), ())
        if len(answers) == 1 or len(options[i]) == 1:
            numbers = [str(n) for n in reading]
            texts[i] = numbers
            notes.append(_note(lines[i], run, _SOLVED, "one reading holds: " + " ".join(numbers)))
        else:
            texts[i] = [run]
            end = (
                f"{len(options[i])} readings of the row are possible" if groups else "nothing tells"
            )
            notes.append(_note(lines[i], run, _AMBIGUOUS, end))
    return [t or [] for t in texts]


def _note(line: Line, run: str, code: str, end: str) -> tuple[str, str, str]:
    count = len(line.columns)
    return code, f"«{run}» stands for {count} numbers; by the form's sums {end}", line.place


def _one_a_column(line: Line) -> list[str] | None:
    texts, width = line.texts, len(line.columns)
    is_whole = len(texts) >= width and not any(texts[width:])  # an empty line may follow
    return texts[:width] if is_whole else None


def _groups(form: Table) -> tuple[int, ...]:
    """How the numbers of a row fall into groups whose last is their sum; () where none must."""
    has_sum = any(i.kind == "sum" and i.axis == "column" for i in form.identities)
    if not has_sum:
        return ()
    return (len(form.columns),) * (len(form.rows) if form.layout == "across" else 1)


def _options(line: Line, groups: tuple[int, ...]) -> tuple[Row, ...]:
    if any(not _DIGITS.fullmatch(text) for text in line.texts):
        return ()
    if len(line.texts) == len(line.columns):
        return (tuple(int(t) for t in line.texts),)
    return cuts(tuple(line.texts), groups) if sum(groups) == len(line.columns) else ()


def _signs(form: Table, lines: Sequence[Line]) -> list[list[int]]:
    """The column identities of the form as factors of the rows; none for a table without any."""
    keys = [line.key for line in lines]
    signs: list[list[int]] = []
    for identity in form.identities:
        if identity.axis != "row" or identity.kind not in {"sum", "balance"}:
            continue
        plus = set(identity.left) or {r.key for r in form.rows if r.role == identity.parts_role}
        minus = set(identity.right) or {identity.total or ""}
        if plus | minus <= set(keys):
            signs.append([(k in plus) - (k in minus) for k in keys])
    return signs
