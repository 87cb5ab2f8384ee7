"""What people decided about findings: a small CSV that lives beside the documents, fit for git."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.api import Marts

if TYPE_CHECKING:
    import duckdb
    import polars as pl

NAME: Final = "review.csv"  # under the raw folder's `registers`
STATES: Final = ("open", "confirmed", "waived", "fixed")


@dataclass(frozen=True, slots=True)
class Review:
    """The decision about one finding; rule to subject are there for people who read the file."""

    finding_id: str
    state: str
    reason: str
    decided_on: str
    rule: str
    agency: str
    period: str
    subject: str


def load(registers: Path) -> dict[str, Review]:
    """The decisions by finding_id; none where there is no file.

    Raises:
        ZwgkError: a line is no decision; the message names it.
    """
    path = registers / NAME
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [_read(row, f"{path}:{number}") for number, row in enumerate(rows, 2)]
    return {review.finding_id: review for review in found}


def save(registers: Path, reviews: Mapping[str, Review]) -> Path:
    """Writes the decisions in an order that compares well; the file as it was or whole."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [f.name for f in fields(Review)], lineterminator="\n")
    writer.writeheader()
    for review in sorted(reviews.values(), key=lambda r: (r.agency, r.period, r.rule, r.subject)):
        writer.writerow(asdict(review))
    registers.mkdir(parents=True, exist_ok=True)
    path = registers / NAME
    aside = path.with_suffix(".new")
    aside.write_text(text.getvalue(), encoding="utf-8")
    aside.replace(path)
    return path


def decide(
    marts: Marts, registers: Path, finding_ids: Iterable[str], state: str, reason: str = ""
) -> list[Review]:
    """Sets the state of findings in the file under `registers`; the decisions made.

    A finding may be named by the first characters of its id. The published marts show the
    decision from the next refresh on; `reviewed` shows it at once.

    Raises:
        UsageError: no such state or finding, or a waiver without a reason.
    """
    if state not in STATES:
        raise UsageError(f"no state {state!r}; a finding is {', '.join(STATES)}")
    if state == "waived" and not reason.strip():
        raise UsageError("a finding is waived for a reason: give --reason")
    reviews, made = load(registers), []
    for wanted in finding_ids:
        row = find(marts, wanted)
        told = {k: row[k] or "" for k in ("rule", "agency", "period", "subject")}
        made.append(Review(row["finding_id"], state, reason.strip(), str(date.today()), **told))
    save(registers, reviews | {review.finding_id: review for review in made})
    return made


def find(marts: Marts, wanted: str) -> dict[str, Any]:
    """The finding whose id begins with `wanted`.

    Raises:
        UsageError: none does, or several do.
    """
    rows = marts.sql(
        "SELECT * FROM findings WHERE starts_with(finding_id, ?) LIMIT 2", [wanted]
    ).to_dicts()
    if len(rows) == 1:
        return rows[0]
    what = "no finding has" if not rows else "several findings have"
    raise UsageError(f"{what} an id that begins with {wanted!r}; `zwgk findings list` names them")


def reviewed(marts: Marts, registers: Path) -> "pl.DataFrame":
    """The findings of published marts with the decisions as the file has them now."""
    import polars as pl

    found = marts.sql("SELECT * FROM findings ORDER BY agency, period, rule, finding_id")
    table = pl.from_arrow(_table(load(registers)))
    assert isinstance(table, pl.DataFrame)
    told = found.drop("review_state", "review_reason").join(table, on="finding_id", how="left")
    return told.with_columns(pl.col("review_state").fill_null("open"))


def reviews_of(con: "duckdb.DuckDBPyConnection") -> dict[str, Review]:
    """The decisions that the findings of a database carry."""
    rows = con.execute(
        "SELECT finding_id, review_state, coalesce(review_reason, ''), '', rule, "
        "coalesce(agency, ''), coalesce(period, ''), subject "
        "FROM main.findings WHERE review_state <> 'open' OR review_reason IS NOT NULL"
    ).fetchall()
    return {row[0]: Review(*row) for row in rows}


def write_reviews(con: "duckdb.DuckDBPyConnection", reviews: Mapping[str, Review] | None) -> None:
    """Puts the decisions into `main.findings`.

    What was said to be fixed and is found again is open; its reason tells so.
    """
    back = {
        key: replace(r, state="open", reason=f"曾标记为已更正（{r.decided_on}），仍然存在")
        if r.state == "fixed"
        else r
        for key, r in (reviews or {}).items()
    }
    con.register("reviews_made", _table(back))
    con.execute(
        "UPDATE main.findings SET review_state = 'open', review_reason = NULL "
        "WHERE review_state <> 'open' OR review_reason IS NOT NULL"
    )
    con.execute(
        "UPDATE main.findings SET review_state = made.review_state, "
        "review_reason = made.review_reason FROM reviews_made AS made "
        "WHERE made.finding_id = findings.finding_id"
    )
    con.unregister("reviews_made")


def _table(reviews: Mapping[str, Review]) -> pa.Table:
    names = ("finding_id", "review_state", "review_reason")
    rows = [
        dict(zip(names, (r.finding_id, r.state, r.reason or None), strict=True))
        for r in reviews.values()
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(dict.fromkeys(names, pa.string())))


def _read(row: dict[str, Any], place: str) -> Review:
    wanted = [f.name for f in fields(Review)]
    missing = [name for name in wanted[:2] if not row.get(name)]
    if missing:
        raise ZwgkError(f"{place}: no {missing[0]}; the columns are {', '.join(wanted)}")
    if row["state"] not in STATES:
        raise ZwgkError(f"{place}: no state {row['state']!r}; a finding is {', '.join(STATES)}")
    return Review(**{name: row.get(name) or "" for name in wanted})
