"""Who an agency was before and became after: its line through reorganisations, by the register."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from zwgk_analytics.agencies.names import known_names
from zwgk_analytics.agencies.register import fold
from zwgk_analytics.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

Row = Mapping[str, Any]
Names = str | Iterable[str] | None


class Agencies:
    """The rows of the mart `agencies`, asked by any name that the register knows."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {row["agency"]: row for row in rows}
        self._known = known_names(self._rows.values())

    def canonical(self, name: str) -> str:
        """The name that the marts carry; the given one where the register does not know it."""
        row = self._known.get(fold(name))
        return str(row["agency"]) if row else name

    def lineage(self, agency: str) -> "pl.DataFrame":
        """One row per agency in the line of one, predecessors first, by date of its end.

        Columns: agency, relation (`predecessor`, `self`, `successor`), valid_from, valid_to,
        successors, caveat: what does not carry over, in words, null where all does.
        """
        import polars as pl

        before = list(_reach(agency, self._predecessors))
        after = list(_reach(agency, self._successors))
        before.sort(key=lambda name: (str(self._rows[name]["valid_to"]), name))
        line = [(n, "predecessor") for n in before] + [(agency, "self")]
        line += [(n, "successor") for n in after if n not in before]
        rows = [self._told(name, relation) for name, relation in line]
        heirs = ("successors", pl.List(pl.String))
        dates = (("valid_from", pl.Date), ("valid_to", pl.Date))
        texts = (("agency", pl.String), ("relation", pl.String))
        return pl.DataFrame(
            rows, schema=[*texts, *dates, heirs, ("caveat", pl.String)], orient="row"
        )

    def follow(self, rows_of: Callable[..., "pl.DataFrame"], agency: Names) -> "pl.DataFrame":
        """The rows of whole lines: `agency` is the one asked for, `agency_then` whose row it is.

        Args:
            rows_of: gives the rows of a mart for `agency=` names.
            agency: whose lines.

        Raises:
            UsageError: no agency is named.
        """
        import polars as pl

        if agency is None:
            raise UsageError("follow_successors needs agencies to follow; name them with agency=")
        asked = [agency] if isinstance(agency, str) else list(agency)
        pairs = [
            (name, then)
            for name in dict.fromkeys(map(self.canonical, asked))
            for then in self.lineage(name)["agency"]
        ]
        line = pl.DataFrame(pairs, schema={"asked": pl.String, "then": pl.String}, orient="row")
        rows = rows_of(agency=line["then"].unique().to_list())
        joined = rows.join(line, left_on="agency", right_on="then", maintain_order="left")
        named = joined.with_columns(agency=pl.col("asked"), agency_then=pl.col("agency"))
        return named.select(*rows.columns, "agency_then")

    def _told(self, name: str, relation: str) -> tuple[Any, ...]:
        row = self._rows.get(name, {})
        fields = (row.get(field) for field in ("valid_from", "valid_to", "successors"))
        return (name, relation, *fields, self._caveat(name))

    def _caveat(self, name: str) -> str | None:
        heirs = self._successors(name)
        parts = [f"split among {'、'.join(heirs)}"] if len(heirs) > 1 else []
        parts += [
            f"merged with {'、'.join(others)} into {heir}"
            for heir in heirs
            if (others := [n for n in self._predecessors(heir) if n != name])
        ]
        return "; ".join(parts) or None

    def _successors(self, name: str) -> list[str]:
        return list(self._rows[name]["successors"]) if name in self._rows else []

    def _predecessors(self, name: str) -> list[str]:
        return [n for n, row in self._rows.items() if name in row["successors"]]


def _reach(name: str, step: Callable[[str], list[str]]) -> Iterator[str]:
    """Everyone that steps lead to, nearest first; a circle in the register ends it."""
    seen, waiting = {name}, step(name)
    while waiting:
        found = waiting.pop(0)
        if found not in seen:
            seen.add(found)
            waiting += step(found)
            yield found
