"""Reading reports: our facts of a document against what a user would read its tables with.

The same files, one process, CPU seconds a document: HTML against `pandas.read_html` (which gives
tables without labels or places), PDF against pdfplumber's `extract_tables`. Ours is measured twice:
up to the cells of the statutory tables, and whole, with identity, prose and what it claims.
"""

import io
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pdfplumber

from zwgk_analytics.facts.alignment import align
from zwgk_analytics.facts.extract import extract
from zwgk_analytics.readers import read

RAW = Path(__file__).parents[1] / "data" / "raw" / "reports"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "reports"
_ROUNDS = 7


def _cells(path: Path) -> None:
    align(read(path.read_bytes(), path.name))


def _pandas(path: Path) -> None:
    data = path.read_bytes()
    is_utf8 = b'charset="utf-8"' in data.lower() or b"charset" not in data
    pd.read_html(io.StringIO(data.decode("utf-8" if is_utf8 else "gb18030")))


def _pdfplumber(path: Path) -> None:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()


def _cpu(read: Callable[[Path], object], paths: list[Path]) -> float:
    """The best of some rounds: CPU seconds a document."""
    read(paths[0])
    rounds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for path in paths:
            read(path)
        rounds.append((time.process_time() - start) / len(paths))
    return min(rounds)


def run(folder: Path) -> list[dict[str, object]]:
    """A row a format: documents, our CPU time a document, the other's, and the ratio."""
    rows: list[dict[str, object]] = []
    for suffix, name, other in (
        ("html", "pandas.read_html", _pandas),
        ("pdf", "pdfplumber", _pdfplumber),
    ):
        paths = sorted(folder.glob(f"*.{suffix}"))
        if not paths:
            continue
        ours, whole, theirs = _cpu(_cells, paths), _cpu(extract, paths), _cpu(other, paths)
        rows.append(
            {
                "format": suffix,
                "documents": len(paths),
                "ours_ms": round(ours * 1000, 1),
                "whole_ms": round(whole * 1000, 1),
                "other": name,
                "other_ms": round(theirs * 1000, 1),
                "times_faster": round(theirs / ours, 2),
            }
        )
    return rows


def main() -> None:
    """Prints the rows for the sample, and for the corpus of real documents where it is at hand."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    for name, folder in (("sample", RAW), ("real documents", CORPUS)):
        for row in run(folder) if folder.is_dir() else []:
            print(
                f"reports, {name}: {row['documents']} {row['format']}: cells {row['ours_ms']} ms "
                f"(all facts {row['whole_ms']} ms), {row['other']} {row['other_ms']} ms (bare "
                f"tables): {row['times_faster']} times as fast to the cells"
            )


if __name__ == "__main__":
    main()
