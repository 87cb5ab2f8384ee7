"""The truth of annual reports, rendered to each format: input for measuring and for sample data.

Run `python -m benchmarks.render TRUTH_FOLDER TARGET_FOLDER` to render every `NAME.cells.json` of
a folder to every format, and to see how much of it the readers give back.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zwgk_analytics import readers
from zwgk_analytics.forms import editions
from zwgk_analytics.readers.document import Document
from zwgk_analytics.writers import MEDIA, write
from zwgk_analytics.writers.form import form_document, values_of


@dataclass(frozen=True, slots=True)
class Truth:
    """One annual report whose figures are known: its name and its document."""

    name: str
    document: Document


def truths(folder: Path) -> Iterator[Truth]:
    """Each `NAME.cells.json` of a folder as the form of its edition, filled with its figures.

    `NAME.truth.json` beside it adds the title and the address, where it states them.
    """
    for path in sorted(folder.glob("*.cells.json")):
        name = path.name.removesuffix(".cells.json")
        beside = folder / f"{name}.truth.json"
        more = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        found = {**more, **json.loads(path.read_text("utf-8"))}
        yield Truth(name, _document(found))


def _document(found: dict[str, Any]) -> Document:
    day = found.get("published_on")
    return form_document(
        editions()[found["edition"]],
        values_of(found["cells"]),
        title=found.get("title") or f"{found['agency']}{found['year']}年政府信息公开工作年度报告",
        published_on=date.fromisoformat(day) if day else None,
        url=found.get("url"),
        author=found["agency"],
    )


def render(truth: Truth, target: Path, media: str) -> Path:
    """The file `NAME.<media>` in `target`.

    Where the format has no place for the report's address, `NAME.yml` beside it states it.
    """
    path = target / f"{truth.name}.{media}"
    path.write_bytes(write(truth.document, media))
    url = truth.document.meta.get("url")
    if url and media != "html":
        path.with_suffix(".yml").write_text(yaml.safe_dump({"url": url}), "utf-8")
    return path


def _texts(document: Document) -> Counter[str]:
    # where a printed label breaks into lines is the page's doing
    return Counter("".join(text.split()) for text in document.texts())


def main() -> None:
    """Renders a folder of truth and prints a line for each format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("truth", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    found = list(truths(arguments.truth))
    for media in MEDIA:
        folder = arguments.target / media
        folder.mkdir(parents=True, exist_ok=True)
        start = time.perf_counter()
        paths = [render(truth, folder, media) for truth in found]
        written = time.perf_counter()
        kept = total = 0
        for truth, path in zip(found, paths, strict=True):
            wanted = _texts(truth.document)
            got = _texts(readers.read(path.read_bytes(), path.name))
            total += wanted.total()
            kept += (wanted & got).total()
        read = time.perf_counter()
        print(
            f"{media}: {len(paths)} documents, {(written - start) / len(paths):.3f} s to write and "
            f"{(read - written) / len(paths):.3f} s to read each, {kept} of {total} texts read back"
        )


if __name__ == "__main__":
    main()
