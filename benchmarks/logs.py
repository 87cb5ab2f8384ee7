"""Normalising a publication log: ours against a bare DuckDB load and pandas with equal cleaning.

    python -m benchmarks.logs [ROWS]

Two files are generated, half the rows in UTF-8 and half in GB18030, with dates and 文号 in the ways
that sites print them. Each contender reads both in a process of its own. DuckDB reads no GB18030:
its time holds decoding that file by chunks, and nothing is cleaned. `ours` and `pandas` clean
alike; `marts` goes on to `publications` and all that is built of it. CPU and peak memory are those
of the process and of its workers.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import generate


def ours(paths: list[Path]) -> int:
    """Items with dates, parts of the 文号 and places, in Arrow."""
    from zwgk_analytics.facts.tables import extract_table

    return sum(extract_table(p, p.name, "", {}).tables["items"].num_rows for p in paths)


def marts(paths: list[Path]) -> int:
    """The rows of `publications`: files to facts, then it and every other mart that logs feed."""
    import duckdb as db

    from zwgk_analytics import pipeline
    from zwgk_analytics.gate import row_of
    from zwgk_analytics.marts.build import build
    from zwgk_analytics.marts.publish import opened
    from zwgk_analytics.store.store import Store

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "store"))
        plan = pipeline._read_changed(store, paths[0].parent, None, lambda *_: None)
        row = row_of(datetime(2026, 6, 30), "duckdb", plan.documents, 0, 0)
        built = Path(folder, "marts.duckdb")
        with opened(built) as con:
            build(con, pipeline._sources(store, row, Path(folder)))
        with db.connect(str(built), read_only=True) as con:
            counted = con.execute("SELECT count(*) FROM publications").fetchone()
    return int(counted[0]) if counted else 0


def duckdb(paths: list[Path]) -> int:
    """A table as DuckDB's reader gives it."""
    import codecs

    import duckdb as db

    con = db.connect()
    plain = paths[1].with_suffix(".decoded.csv")
    with paths[1].open("rb") as source, plain.open("wb") as copy:
        decoder = codecs.getincrementaldecoder("gb18030")()
        while chunk := source.read(1 << 24):
            copy.write(decoder.decode(chunk).encode())
    con.execute(f"CREATE OR REPLACE TABLE t AS FROM read_csv(['{paths[0]}', '{plain}'])")
    row = con.execute("SELECT count(*) FROM t").fetchone()
    return int(row[0]) if row else 0


def pandas(paths: list[Path]) -> int:
    """The same columns by pandas: texts, dates and what is wrong with them, parts of the 文号."""
    import html

    import pandas as pd

    number = r"^\s*(.+?)\s*[〔\[【（(]\s*(\d{4})\s*[〕\]】）)]\s*第?\s*(\d+)\s*号?\s*$"
    clock = r"[0-9日][T\s]+((?:[01]?[0-9]|2[0-3]):[0-5][0-9])"
    first, last = pd.Timestamp(1949, 1, 1), pd.Timestamp.now() + pd.Timedelta(days=366)
    count = 0
    for path, encoding in zip(paths, ("utf-8", "gb18030"), strict=True):
        log = pd.read_csv(path, encoding=encoding, dtype=str)
        for name in ("发文机关", "标题", "链接", "发文字号"):
            text = log[name].str.replace(r"[\t\r\n]+", " ", regex=True).str.strip()
            marked = text.str.contains("&[#0-9A-Za-z]+;", na=False)
            text[marked] = text[marked].map(html.unescape)
            log[name] = text.where(~text.isin(_NOTHING))
        log["time"] = log["发布日期"].str.extract(clock)[0].str.zfill(5).replace("00:00", None)
        for name in ("成文日期", "发布日期"):
            plain = log[name].str.normalize("NFKC").str.replace(r"[年月/.]", "-", regex=True)
            found = pd.to_datetime(plain.str.rstrip("日"), format="mixed", errors="coerce")
            log[f"{name} fault"] = log[name].notna() & ~found.between(first, last)
            log[name] = found.where(found.between(first, last)).dt.normalize()
        log[["series", "year", "serial"]] = log["发文字号"].str.extract(number)
        log["series"] = log["series"].str.replace("[ \u3000]+", "", regex=True)
        log["place"] = "row " + (log.index + 2).astype(str)
        count += len(log.dropna(subset=["标题", "链接"], how="all"))
    return count


_NOTHING = (
    "",
    "null",
    "None",
    "nan",
    "N/A",
    "无",
    "暂无",
    "无文号",
    "没有",
    "空",
    "-",
    "--",
    "—",
    "/",
)


CONTENDERS = {"ours": ours, "marts": marts, "duckdb": duckdb, "pandas": pandas}


def run(rows: int = 1_000_000) -> list[dict[str, Any]]:
    """One result a contender: seconds, times a bare DuckDB load, CPU seconds, peak MB, rows."""
    with tempfile.TemporaryDirectory() as folder:
        paths = _written(Path(folder), rows)
        results = [_measured(name, paths) for name in CONTENDERS]
    base = next(r["seconds"] for r in results if r["contender"] == "duckdb")
    return [r | {"ratio": round(r["seconds"] / base, 2)} for r in results]


def _written(folder: Path, rows: int) -> list[Path]:
    """The files, the one in UTF-8 first."""
    generate.logs(folder, rows)
    return sorted(folder.glob("log_*.csv"))


def _measured(name: str, paths: list[Path]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.logs", "--contender", name, *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _contend(name: str, paths: list[Path]) -> None:
    contender = CONTENDERS[name]
    with tempfile.TemporaryDirectory() as folder:
        contender(_written(Path(folder), 100))  # imports are no part of the comparison
    start, before = time.perf_counter(), _cpu()
    rows = contender(paths)
    result = {
        "contender": name,
        "seconds": round(time.perf_counter() - start, 2),
        "cpu_seconds": round(_cpu() - before, 2),
        "peak_mb": max(used.ru_maxrss for used in _used()) // 1024,
        "rows": rows,
    }
    print(json.dumps(result))


def _cpu() -> float:
    return sum(used.ru_utime + used.ru_stime for used in _used())


def _used() -> list[resource.struct_rusage]:
    return [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def main() -> None:
    """Prints a line a contender."""
    if sys.argv[1:2] == ["--contender"]:
        _contend(sys.argv[2], [Path(p) for p in sys.argv[3:]])
        return
    for r in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
        spent = f"{r['seconds']:>7} s {r['ratio']:>6} × {r['cpu_seconds']:>7} s CPU"
        print(f"{r['contender']:<8}{spent} {r['peak_mb']:>6} MB {r['rows']:>9,} rows")


if __name__ == "__main__":
    main()
