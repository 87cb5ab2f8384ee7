"""Known reports, rendered to every format that is read: cells right, doubtful, missing and wrong.

    python -m benchmarks.formats [REPORTS] [--media MEDIA ...]

REPORTS is a folder of `NAME.cells.json` (../shared/corpus/reports where it is at hand, else each
edition's form with a number of its own in every cell). `scan` turns each page by half a degree and
puts noise on it, at 200 dpi. DOC and RTF are written by LibreOffice, and left out without it.
"""

import argparse
import io
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import xlwt

from benchmarks.render import Truth, truths
from tests.facts.grids import filled, numbered
from tests.readers.ofd_files import from_pdf
from tests.readers.scans import encoded, scanned
from zwgk_analytics import readers
from zwgk_analytics.facts.alignment import CellFact, align
from zwgk_analytics.forms import editions
from zwgk_analytics.readers.document import Document, Grid
from zwgk_analytics.writers import MEDIA, write

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "reports"
Cells = dict[tuple[str, str, str], CellFact]


def _xls(document: Document) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("年度报告")
    row = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            for c in block.cells:
                top, left = row + c.row, c.column
                sheet.write_merge(top, top + c.rowspan - 1, left, left + c.colspan - 1, c.text)
            row += block.n_rows + 1
        else:
            sheet.write(row, 0, block.text)
            row += 2
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mhtml(document: Document) -> bytes:
    head = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
    return head + b"Content-Transfer-Encoding: 8bit\n\n" + write(document, "html")


def _by_office(kind: str) -> Callable[[Document], bytes]:
    def convert(document: Document) -> bytes:
        with TemporaryDirectory() as name:
            source = Path(name, "source.docx")
            source.write_bytes(write(document, "docx"))
            profile = f"-env:UserInstallation={Path(name, 'profile').as_uri()}"
            command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", name]
            subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
            return source.with_suffix(f".{kind}").read_bytes()

    return convert


def _written(media: str) -> Callable[[Document], bytes]:
    return lambda document: write(document, media)


def _scan(document: Document) -> bytes:
    return encoded(list(scanned(write(document, "pdf"))), "PDF")


def writers() -> dict[str, Callable[[Document], bytes]]:
    """Media → what writes it, for each that can be written here."""
    office = {kind: _by_office(kind) for kind in ("doc", "rtf") if shutil.which("soffice")}
    return {
        **{media: _written(media) for media in MEDIA},
        "xls": _xls,
        "mhtml": _mhtml,
        **office,
        "ofd": lambda document: from_pdf(write(document, "pdf")),
        "scan": _scan,
    }


def _known(folder: Path | None) -> list[Truth]:
    if folder is not None:
        return list(truths(folder))
    return [Truth(edition, filled(edition, numbered(edition))) for edition in editions()]


def _cells(document: Document) -> Cells:
    return {(c.table, c.row, c.column): c for c in align(document).cells}


def compare(wanted: Cells, found: Cells) -> Counter[str]:
    """How many cells are right, doubtful (unreadable), missing, wrong, or in no truth."""
    outcome: Counter[str] = Counter(extra=len(found.keys() - wanted.keys()))
    for address, cell in wanted.items():
        got = found.get(address)
        if got is None:
            outcome["missing"] += 1
        elif (got.state, got.value) == (cell.state, cell.value):
            outcome["right"] += 1
        else:
            outcome["doubtful" if got.state == "unreadable" else "wrong"] += 1
    return outcome


def measure(known: list[Truth], writer: Callable[[Document], bytes]) -> tuple[Counter[str], float]:
    """The outcome over all documents, and the CPU seconds that one took to read."""
    outcome: Counter[str] = Counter()
    spent = 0.0
    for truth in known:
        data = writer(truth.document)
        start = time.process_time()
        document = readers.read(data)
        spent += time.process_time() - start
        outcome += compare(_cells(truth.document), _cells(document))
    return outcome, spent / len(known)


def main() -> None:
    """Prints a line for each format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "reports", type=Path, nargs="?", default=CORPUS if CORPUS.is_dir() else None
    )
    parser.add_argument("--media", nargs="*", default=list(writers()))
    arguments = parser.parse_args()
    known = _known(arguments.reports)
    print(f"{len(known)} reports, {sum(len(_cells(t.document)) for t in known)} cells")
    for media in arguments.media:
        outcome, seconds = measure(known, writers()[media])
        told = ", ".join(
            f"{outcome[kind]} {kind}" for kind in ("right", "doubtful", "missing", "wrong", "extra")
        )
        print(f"{media:>6}: {told}; {seconds:.2f} s of CPU to read one", flush=True)


if __name__ == "__main__":
    main()
