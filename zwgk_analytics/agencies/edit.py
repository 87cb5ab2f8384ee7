"""Changes to the register that leave the rest of the file as its owner wrote it."""

import csv
import io
from collections.abc import Iterator

from zwgk_analytics.agencies.register import fold, heading_key, parse
from zwgk_analytics.errors import UsageError


def with_alias(text: str, name: str, canonical: str) -> str:
    """The text of a register with `name` as one more alias of `canonical`; other lines stay.

    Raises:
        UsageError: the register has no such agency, or the name is another agency's already.
    """
    agencies = parse(text).agencies
    owners = {fold(n): a.name for a in agencies.values() for n in (a.name, *a.aliases)}
    owner = owners.get(fold(canonical))
    if owner is None:
        raise UsageError(
            f"{canonical}: no such agency in the register; add a row for it first, or use one of "
            f"{', '.join(_alike(canonical, list(agencies)))}"
        )
    if taken := owners.get(fold(name)):
        raise UsageError(f"{name} is already a name of {taken} in the register")
    return "".join(_lines(text, name, owner))


def _lines(text: str, alias: str, owner: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, strict=True)
    keys: list[str | None] = []
    start = 0
    for cells in reader:
        written = "".join(lines[start : reader.line_num])
        start = reader.line_num
        if not keys:
            keys = [heading_key(cell) for cell in cells]
            yield written if "aliases" in keys else _row([*cells, "aliases"], written)
            keys = keys if "aliases" in keys else [*keys, "aliases"]
        elif cells and cells[keys.index("name")].strip() == owner:
            yield _row(_added(cells, keys.index("aliases"), alias), written)
        else:
            yield written
    yield from lines[start:]


def _added(cells: list[str], index: int, alias: str) -> list[str]:
    filled = cells + [""] * (index + 1 - len(cells))
    filled[index] = "|".join(part for part in (filled[index].strip(), alias) if part)
    return filled


def _row(cells: list[str], written: str) -> str:
    ending = written[len(written.rstrip("\r\n")) :]
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerow(cells)
    return out.getvalue()


def _alike(name: str, names: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    return [found for found, _, _ in process.extract(name, names, scorer=fuzz.ratio, limit=5)]
