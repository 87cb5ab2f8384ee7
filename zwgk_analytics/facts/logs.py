"""Publication logs → items, one row a published item. Column by column, no row objects."""

import html
import mmap
import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa

from zwgk_analytics.facts.dates import EXPECTED, dates, times
from zwgk_analytics.facts.document_numbers import ABSENT, numbers
from zwgk_analytics.facts.headings import Columns
from zwgk_analytics.facts.schema import ITEMS, PROBLEMS
from zwgk_analytics.readers.tabular import RawTable

if TYPE_CHECKING:
    import polars as pl

_Batch = TypeVar("_Batch")
_Part = TypeVar("_Part")

_THREADS: Final = 2
_PROSE: Final = ("title", "agency", "category", "channel", "validity", "index_number")
_DATES: Final = ("issued_on", "published_on")
_ADDRESSES: Final = ("url", "related_url")
_TEXTS: Final = (*_PROSE, *_ADDRESSES, "document_number")
_FIELDS: Final = (*_TEXTS, *_DATES)
_RUNS_ON: Final = r"[\p{Han}，。、：；《》〈〉“”（）〔〕]"
_INLINE: Final = r"(?i)</?(?:em|b|i|u|strong|font|span|mark|br|p|a)(?:\s[^<>]*)?/?>"
_NULLS: Final = ("", "null", "NULL", "None", "nan", "NaN", "NaT", "N/A", "\\N")


def items(
    table: RawTable, columns: Columns, source: str, sidecar: Mapping[str, Any]
) -> tuple[pa.Table, pa.Table]:
    """The items (`facts.schema.ITEMS`) and problems (`PROBLEMS`) of one table of a log.

    `sidecar["agency"]` names the agency where the log leaves it blank, and the name of one of
    several sheets the channel where no column does. A row without title and
    address is no item and is told; so is every date that cannot be used.
    """
    problems = [PROBLEMS.empty_table()]
    headings = {f: table.names[i] for f, i in columns.fields.items()}
    serials = table.media in {"xlsx", "xls"}
    if channel := _channel_of_sheet(table, columns):
        sidecar = {"channel": channel, **sidecar}

    def read(batch: pa.RecordBatch) -> tuple[pa.Table, list[pa.Table]]:
        frame = _cleaned(_named(batch, columns, table.sheet))
        frame, told = _items(frame, headings, serials, sidecar)
        return _arrow(frame, source, ITEMS), [_arrow(t, source, PROBLEMS) for t in told if len(t)]

    def found() -> Iterator[pa.Table]:
        for part, told in _ahead(table.batches, read):
            problems.extend(told)
            yield part

    return _on_disk(found(), ITEMS), pa.concat_tables(problems)


def _channel_of_sheet(table: RawTable, columns: Columns) -> str | None:
    """The column of the site whose items one of several sheets holds: its name, if it is one."""
    name = table.sheet or ""
    is_name = re.fullmatch(r"[\u4e00-\u9fff]{2,12}", name)
    return name if is_name and not {"channel", "category"} & columns.fields.keys() else None


def _on_disk(parts: Iterator[pa.Table], schema: pa.Schema) -> pa.Table:
    """The rows of all parts, mapped from a nameless file: millions of items are held by no one."""
    with tempfile.TemporaryFile() as file:
        with pa.ipc.new_file(file, schema) as writer:
            for part in parts:
                writer.write_table(part)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_file(pa.py_buffer(mapped)).read_all()


def _ahead(batches: Iterable[_Batch], work: Callable[[_Batch], _Part]) -> Iterator[_Part]:
    """What `work` makes of each batch, in their order; two are worked on while one is read."""
    with ThreadPoolExecutor(_THREADS) as pool:
        coming: deque[Future[_Part]] = deque()
        for batch in batches:
            coming.append(pool.submit(work, batch))
            if len(coming) > _THREADS:
                yield coming.popleft().result()
        for part in coming:
            yield part.result()


def _named(batch: pa.RecordBatch, columns: Columns, sheet: str | None) -> "pl.DataFrame":
    """A batch under the names of our fields (a missing one is null), with the place of each row."""
    import polars as pl

    raw = pl.DataFrame(pa.Table.from_batches([batch]))
    where = f"sheet {sheet}, row " if sheet else "row "
    absent = pl.lit(None, pl.String)
    return raw.select(
        pl.concat_str(pl.lit(where), pl.col("row")).alias("place"),
        *(
            (pl.col(str(columns.fields[f])) if f in columns.fields else absent).alias(f)
            for f in _FIELDS
        ),
    )


def _cleaned(frame: "pl.DataFrame", fields: Sequence[str] = _TEXTS) -> "pl.DataFrame":
    """Trimmed, tabs and line breaks inside one space, entities resolved, 无 and blanks null."""
    import polars as pl

    is_marked = frame.select(pl.col(fields).str.contains(r"[&<\t\r\n]").any())
    marked = [frame[f] for f in fields if is_marked[f].item()]
    frame = frame.with_columns(_on_one_line(_unescaped(t)) for t in marked)
    return frame.with_columns(_trimmed(f) for f in fields)


def _on_one_line(texts: "pl.Series") -> "pl.Series":
    """Chinese runs on where a cell breaks its line; elsewhere a space stands for the break.

    Marks of HTML for parts of a line (a search's <em>) are taken out.
    """
    joined = texts.str.replace_all(_INLINE, "").str.replace_all(
        rf"({_RUNS_ON})[\t\r\n]+({_RUNS_ON})", "${1}${2}"
    )
    return joined.str.replace_all(r"[\t\r\n]+", " ")


def _trimmed(field: str) -> "pl.Expr":
    import polars as pl

    text = pl.col(field).str.strip_chars()
    nothing = _NULLS if field == "title" else (*_NULLS, *ABSENT)
    return pl.when(text.is_in(nothing).not_()).then(text).alias(field)


def _unescaped(texts: "pl.Series") -> "pl.Series":
    """HTML entities resolved, those alone that end in a semicolon; of an address `&amp;` alone."""
    import polars as pl

    if texts.name in _ADDRESSES:
        return texts.str.replace_all("&amp;", "&", literal=True)
    marked = texts.str.contains("&[#0-9A-Za-z]+;").fill_null(False)
    if not marked.any():
        return texts
    resolved = texts.filter(marked).map_elements(html.unescape, return_dtype=pl.String)
    return texts.scatter(marked.arg_true(), resolved.str.replace_all("\u00a0", " ", literal=True))


def _items(
    frame: "pl.DataFrame", headings: Mapping[str, str], serials: bool, sidecar: Mapping[str, Any]
) -> "tuple[pl.DataFrame, list[pl.DataFrame]]":
    import polars as pl

    is_named = pl.col("title").is_not_null() | pl.col("url").is_not_null()
    is_between = is_named & _is_header_or_sum(headings)
    told = [
        _problems(frame.filter(~is_named), "row.no_title", pl.lit(_NO_TITLE)),
        _problems(frame.filter(is_between), "row.no_item", pl.lit(_NO_ITEM)),
    ]
    frame = frame.filter(is_named & ~is_between)
    parts = [frame.drop("document_number", *_DATES), numbers(frame["document_number"])]
    for name in _DATES:
        read = _dates(frame[name], serials)
        parts.append(read.select(pl.col("date").alias(name)))
        told.append(_date_problems(frame["place"], read, headings.get(name, name)))
    parts.append(read.select(pl.col("time").alias("published_time")))
    printed = {"agency": pl.col("agency").str.replace(_SAID, ""), "channel": pl.col("channel")}
    given = [text.fill_null(pl.lit(sidecar.get(name), pl.String)) for name, text in printed.items()]
    return pl.concat(parts, how="horizontal").with_columns(given), told


def _is_header_or_sum(headings: Mapping[str, str]) -> "pl.Expr":
    """Whether a row repeats the header, as pages of a printed list do, or counts the items."""
    import polars as pl

    is_header = pl.col("title") == headings.get("title")
    others = [pl.col(f).is_null() for f in _FIELDS if f != "title"]
    is_sum = pl.all_horizontal(others) & pl.col("title").str.contains(_SUM)
    return (is_header | is_sum).fill_null(False)


_SUM = (
    "^(?:以上|本页)?[ ]?(?:共|共计|合计|总计|小计)[ :：]*(?:共)?[ ]*[0-9]*[ ]*[条件篇项份]?"
    "(?:信息|文件)?$"
    "|^[0-9]+[ ]?[条件篇项份]?$"
    "|^[一二三四五六七八九十]{1,3}、.{2,20}$"  # a section's own line
    "|^(?:经办人|审核人|填报人|制表人|填表人|联系人|注|备注|说明)[ ]*[:：]"
)
_SAID: Final = (
    "^(?:来源|信息来源|发布机构|发布单位|作者)[ ]*[:：][ ]*"  # before the name of an agency
)
_NO_ITEM = "the row repeats the header, heads a section or counts the items: it is no item"
_NO_TITLE = "the row has neither title nor address: it is not used as an item"


def _dates(column: "pl.Series", serials: bool) -> "pl.DataFrame":
    """One row a value: `text` as cleaned, `date`, `fault`, `time`; a repeated one is read once."""
    import polars as pl

    printed = column.to_frame("printed")
    known = printed.unique().with_columns(pl.col("printed").alias("text"))
    known = _cleaned(known, ["text"])
    known = known.with_columns(*dates(known["text"], serials), times(known["text"]).alias("time"))
    return printed.join(known, on="printed", how="left", maintain_order="left", nulls_equal=True)


def _date_problems(places: "pl.Series", read: "pl.DataFrame", heading: str) -> "pl.DataFrame":
    import polars as pl

    bad = read.with_columns(places).filter(pl.col("fault").is_not_null())
    message = pl.format("{} is {}; expected {}", pl.lit(heading), pl.col("text"), pl.lit(EXPECTED))
    return _problems(bad, pl.col("fault"), message)


def _problems(rows: "pl.DataFrame", code: "pl.Expr | str", message: "pl.Expr") -> "pl.DataFrame":
    import polars as pl

    told = pl.lit(code) if isinstance(code, str) else code
    return rows.select("place", told.alias("code"), message.alias("message"))


def _arrow(frame: "pl.DataFrame", source: str, schema: pa.Schema) -> pa.Table:
    import polars as pl

    named = frame.select(pl.lit(source).alias("source"), pl.all()).select(schema.names)
    return named.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)
