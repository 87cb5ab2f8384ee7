"""A briefing as plain Markdown: charts as tables of their numbers, notes as footnotes."""

import re
from collections.abc import Iterator, Sequence

from zwgk_analytics.briefing.layout import plain_table, plain_values
from zwgk_analytics.briefing.model import Block, Briefing, Cards, Paragraph, Picture, Run, Table
from zwgk_analytics.briefing.words import clean

_MEANT = re.compile(r"[\\`*_{}\[\]#|$~^!]")
_AT_START = re.compile(r"^(?:[-+](?=\s|$)|-(?=--)|=+$|\d{1,9}(?=[.)](?:\s|$)))")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def write(briefing: Briefing) -> bytes:
    """The page in UTF-8."""
    lines = [f"# {escaped(briefing.title)}", *(escaped(line) for line in briefing.about)]
    for section in briefing.sections:
        lines.append(f"## {escaped(section.title)}")
        for block in section.blocks:
            lines += _block(block)
    lines.append(f"## {escaped(briefing.notes_title)}")
    lines += [f"[^{n}]: {escaped(note)}" for n, note in enumerate(briefing.notes, 1)]
    return ("\n\n".join(lines) + "\n").encode()


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no mark, tag, link or list comes of it."""
    marked = _MEANT.sub(lambda sign: f"\\{sign[0]}", clean(text).translate(_ENTITIES))
    return _AT_START.sub(lambda m: f"{m[0]}\\" if m[0].isdigit() else f"\\{m[0]}", marked)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield "".join(map(_run, block.runs))
    elif isinstance(block, Cards):
        yield _table(block.table)
    elif isinstance(block, Table):
        yield _table(block)
    elif isinstance(block, Picture):
        yield f"**{escaped(block.title)}**"
        if block.plain is not None:
            yield _table(plain_table(block.plain, plain_values(block.plain)))
        yield from (escaped(note) for note in block.notes)


def _table(table: Table) -> str:
    rules = ["---:" if column in table.numeric else "---" for column in range(len(table.head))]
    lines: list[Sequence[str]] = [[escaped(title) for title in table.head], rules]
    lines += [[_run(cell) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _run(run: Run) -> str:
    return escaped(run.text) + "".join(f"[^{note}]" for note in run.notes)
