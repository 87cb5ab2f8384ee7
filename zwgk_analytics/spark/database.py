"""Spark behind the part of DuckDB's connection that builds marts and runs rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.spark.regex import java_pattern
from zwgk_analytics.spark.translate import Translator, mentions, renamed, spark_sql, tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

Parameters = Mapping[str, Any] | Sequence[Any] | None
_TOGETHER = 16  # statements whose rows are added at once
_PATTERN = "pattern"  # a column of this name holds regular expressions


class Result:
    """What a query yields, as DuckDB gives it out."""

    def __init__(self, frame: "DataFrame | None") -> None:
        self.frame = frame
        self._rows: Iterator[Any] | None = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row."""
        return [tuple(row) for row in self.frame.collect()] if self.frame else []

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        """The next rows; the frame is computed once and not held as a whole."""
        if self._rows is None:
            self._rows = self.frame.toLocalIterator() if self.frame else iter(())
        return [tuple(row) for row in islice(self._rows, size)]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row, None where there is none."""
        rows = self.frame.take(1) if self.frame else []
        return tuple(rows[0]) if rows else None

    def to_arrow_table(self) -> pa.Table:
        """All rows as Arrow."""
        return self.frame.toArrow() if self.frame else pa.table({})


@dataclass(slots=True)
class _Open:
    """A table that lies aside: where, and whether rows were added since a view was made of it."""

    schema: "StructType"
    path: str
    is_stale: bool = True


class Database:
    """Marts as Parquet under one folder, made by the statements that make them in DuckDB.

    A table that is created with its rows is written at once. One that is created empty lies aside
    until `close`: rows are added to it and changed.

    Args:
        spark: a session whose temporary views are this database's alone.
        folder: where the marts go, on any path that Spark writes.
    """

    def __init__(self, spark: "SparkSession", folder: str) -> None:
        self.spark, self.folder = spark, folder
        self.written: dict[str, StructType] = {}
        self._open: dict[str, _Open] = {}
        self._waiting: list[tuple[str, DataFrame]] = []  # rows that are to be added
        self._temporary: dict[str, list[DataFrame]] = {}
        self._dropped: list[DataFrame] = []
        self._held: list[DataFrame] = []
        self._views = count()
        self._translator = Translator()

    def execute(self, text: str, parameters: Parameters = None) -> Result:
        """Runs statements of DuckDB's SQL; the result is that of the last one."""
        result = Result(None)
        for tree in self._translator.statements(text, parameters):
            result = self._run(tree)
        return result

    sql = execute

    def register(self, name: str, table: "pa.Table | DataFrame") -> None:
        """Makes a table readable under a name."""
        if isinstance(table, pa.Table):
            table = self.spark.createDataFrame(_with_java_patterns(table))
        table.createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        """Forgets a registered table."""
        self.spark.catalog.dropTempView(name)

    def close(self) -> None:
        """Writes what is still aside, and lets everything go that was held."""
        self._add()
        for name in self._open:
            self._write(name, self._seen(name))
        self._open.clear()

    def _run(self, tree: exp.Expr) -> Result:
        if isinstance(tree, exp.Query):
            return Result(self._frame(tree))
        if isinstance(tree, exp.Describe):
            frame = self._frame(tree.this)
            rows = [(f.name, f.dataType.simpleString()) for f in frame.schema.fields]
            return Result(
                self.spark.createDataFrame(rows, "column_name STRING, column_type STRING")
            )
        run = _STATEMENTS.get(type(tree))
        if run is None:
            raise ZwgkError(f"Spark has no way to run: {tree.sql('duckdb')[:200]}")
        run(self, tree)
        return Result(None)

    def _create(self, tree: exp.Create) -> None:
        name, query = tree.this.find(exp.Table).name, tree.expression
        if query is None:
            columns = ", ".join(spark_sql(c) for c in tree.this.expressions)
            self._open_empty(name, self.spark.createDataFrame([], columns))
        elif tree.kind == "VIEW":
            self._frame(query).createOrReplaceTempView(name)
        elif tree.find(exp.TemporaryProperty) is not None:
            self._hold(name, self._frame(query))
        elif _is_empty(query):
            self._open_empty(name, self._frame(query))
        else:
            self._write(name, self._frame(query))
            self._let_go()

    def _hold(self, name: str, frame: "DataFrame") -> None:
        """Keeps a temporary table, computed when it is first read, until it is dropped."""
        self._forget(name)
        frame.persist().createOrReplaceTempView(name)
        self._temporary[name], self._held = [frame, *self._held], []

    def _forget(self, name: str) -> None:
        """Lets a temporary table go, once the rows that come from it are added."""
        self._dropped += self._temporary.pop(name, ())

    def _open_empty(self, name: str, frame: "DataFrame") -> None:
        self._add()
        self._open[name] = _Open(frame.schema, f"{self.folder}.aside/{name}")
        self._added(name, frame.limit(0), "overwrite")

    def _insert(self, tree: exp.Insert) -> None:
        name, frame = tree.this.find(exp.Table).name, self._frame(tree.expression)
        names = self._open[name].schema.names
        if tree.args.get("by_name"):
            typed = self.spark.createDataFrame([], self._open[name].schema)
            frame = typed.unionByName(frame, allowMissingColumns=True)
        self._waiting.append((name, _typed(frame.toDF(*names), self._open[name].schema)))
        if len(self._waiting) >= _TOGETHER:
            self._add()

    def _add(self) -> None:
        """Adds the rows that wait: many statements' together, for each writing takes its time."""
        for name in {name for name, _ in self._waiting}:
            frames = [frame for other, frame in self._waiting if other == name]
            self._added(name, reduce(lambda one, other: one.union(other), frames), "append")
        self._waiting.clear()
        self._let_go()
        while self._dropped:
            self._dropped.pop().unpersist()

    def _added(self, name: str, frame: "DataFrame", mode: str) -> None:
        table = self._open[name]
        _typed(frame, table.schema).write.mode(mode).parquet(table.path)
        table.is_stale = True

    def _seen(self, name: str) -> "DataFrame":
        """The rows of a table that lies aside, those added since it was last seen included."""
        self._add()
        table = self._open[name]
        if table.is_stale:
            frame = self.spark.read.schema(table.schema).parquet(table.path)
            frame.createOrReplaceTempView(name)
            table.is_stale = False
        return self.spark.table(name)

    def _update(self, tree: exp.Update) -> None:
        """The table anew, its changed columns taken from the rows that the condition joins."""
        name = tree.this.name
        if name not in self._open:
            self._open[name] = _Open(self.written[name], "", is_stale=False)
        table, frame = self._open[name], self._seen(name)
        changed = {equal.this.name: spark_sql(equal.expression) for equal in tree.expressions}
        condition = spark_sql(tree.args["where"].this) if tree.args.get("where") else "TRUE"
        hit, join = condition, ""
        if source := tree.args.get("from_"):
            alias = source.this.alias_or_name
            hit = "is_hit"
            join = (
                f"LEFT JOIN (SELECT *, TRUE AS is_hit FROM `{source.this.name}`) "  # noqa: S608
                f"AS `{alias}` ON {condition}"
            )
        columns = ", ".join(
            f"CASE WHEN {hit} THEN {changed[c]} ELSE `{name}`.`{c}` END AS `{c}`"
            if c in changed
            else f"`{name}`.`{c}`"
            for c in frame.columns
        )
        query = f"SELECT {columns} FROM `{name}` {join}"  # noqa: S608 (of our own statements)
        table.path = f"{self.folder}.aside/{name}.{next(self._views)}"
        self._added(name, self.spark.sql(query), "overwrite")

    def _drop(self, tree: exp.Drop) -> None:
        for table in tree.args["tables"]:
            self._forget(table.name)
            self.spark.catalog.dropTempView(table.name)

    def _say_nothing(self, tree: exp.Expr) -> None:
        """Settings and comments of DuckDB, which Parquet has no place for."""

    def _frame(self, query: exp.Expr) -> "DataFrame":
        for name in tables(query) & self._open.keys():
            self._seen(name)
        return self._understood(spark_sql(self._parted(query)))

    def _parted(self, query: exp.Expr) -> exp.Expr:
        """The query with its CTEs as views, held where several read one.

        Spark would compute a CTE again for everything that reads it.
        """
        query = query.copy()
        if (ahead := query.args.get("with_")) is None or ahead.recursive:
            return query
        views: dict[str, str] = {}
        ctes = ahead.pop().expressions
        for nth, cte in enumerate(ctes, 1):
            inner = renamed(cte.this, views)
            frame = self._understood(spark_sql(inner))
            if names := cte.alias_column_names:
                frame = frame.toDF(*names)
            readers = sum(mentions(later, cte.alias) for later in [*ctes[nth:], query])
            if readers > 1 and tables(inner):
                self._held.append(frame.persist())
            views[cte.alias] = f"{cte.alias}__{next(self._views)}"
            frame.createOrReplaceTempView(views[cte.alias])
        return renamed(query, views)

    def _understood(self, query: str) -> "DataFrame":
        import duckdb
        from pyspark.errors import AnalysisException

        try:
            return self.spark.sql(query)
        except AnalysisException as error:  # callers of a connection expect its errors
            raise duckdb.ProgrammingError(f"{error}\nin {query}") from error

    def _let_go(self) -> None:
        while self._held:
            self._held.pop().unpersist()

    def _write(self, name: str, frame: "DataFrame") -> None:
        path = f"{self.folder}/{name}"
        frame.write.mode("overwrite").parquet(path)
        self.written[name] = frame.schema
        self.spark.read.schema(frame.schema).parquet(path).createOrReplaceTempView(name)


def _typed(frame: "DataFrame", schema: "StructType") -> "DataFrame":
    return frame.select(*(frame[f.name].cast(f.dataType) for f in schema.fields))


def _is_empty(query: exp.Expr) -> bool:
    limit = query.args.get("limit")
    return limit is not None and limit.expression.name == "0"


def _with_java_patterns(table: pa.Table) -> pa.Table:
    if _PATTERN not in table.column_names:
        return table
    index = table.column_names.index(_PATTERN)
    turned = [p and java_pattern(p) for p in table[_PATTERN].to_pylist()]
    return table.set_column(index, _PATTERN, pa.array(turned, pa.string()))


_STATEMENTS: dict[type[exp.Expr], Callable[[Database, Any], None]] = {
    exp.Create: Database._create,
    exp.Insert: Database._insert,
    exp.Update: Database._update,
    exp.Drop: Database._drop,
    exp.Comment: Database._say_nothing,
    exp.Set: Database._say_nothing,
}
