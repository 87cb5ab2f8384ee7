"""The SQL of marts and rules, written for DuckDB, as Spark runs it.

sqlglot carries the language. What it would carry with another meaning is put right here, or
refused; names of `marts/macros.sql` are written out in place.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse, transforms
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from zwgk_analytics.errors import ZwgkError
from zwgk_analytics.spark.regex import java_pattern, java_replacement

Rewrite = Callable[[exp.Expr], exp.Expr]

_WHOLE = {exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT}
_PATTERNS = (exp.RegexpLike, exp.RegexpExtract, exp.RegexpExtractAll, exp.RegexpReplace)
_OTHERWISE = re.compile(r"(CREATE OR REPLACE (?:TEMP )?MACRO [^;]*? AS )[^;]*;\n-- spark: ([^\n]*)")
_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank)
_OWN = "main"  # the schema of the marts that are being built


class Engine(Spark):
    """Spark 4 as it is: it has QUALIFY."""

    class Generator(SparkGenerator):  # noqa: D106 (sqlglot looks for this name)
        TRANSFORMS = {  # noqa: RUF012 (as sqlglot declares it)
            **SparkGenerator.TRANSFORMS,
            exp.Select: transforms.preprocess(
                [transforms.eliminate_distinct_on, transforms.unnest_to_explode]
            ),
        }


@dataclass(frozen=True, slots=True)
class Macro:
    """A name that stands for an expression over its parameters."""

    parameters: tuple[str, ...]
    body: exp.Expr


class Translator:
    """Statements of DuckDB as trees that are ready for Spark, with the macros met so far."""

    def __init__(self) -> None:
        self._macros: dict[str, Macro] = {}

    def statements(
        self, text: str, parameters: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> list[exp.Expr]:
        """The statements of a text; those that define macros are kept and left out.

        A comment `-- spark: …` behind a macro is its expression on Spark.
        """
        found = []
        for tree in parse(_OTHERWISE.sub(r"\1\2;", text), read="duckdb"):
            if tree is None:
                continue
            if isinstance(tree, exp.Create) and tree.kind == "MACRO":
                self._define(tree)
            else:
                found.append(self._ready(_bound(tree, parameters)))
        return found

    def _define(self, tree: exp.Create) -> None:
        head, body = tree.this, tree.expression
        names = tuple(parameter.name for parameter in head.expressions)
        self._macros[head.this.name.lower()] = Macro(names, self._expanded(body))

    def _ready(self, tree: exp.Expr) -> exp.Expr:
        tree = self._expanded(tree)
        for node in reversed(list(tree.dfs())):  # what is inside comes first
            if (new := _rewritten(node)) is not node:
                node.replace(new)
        return tree

    def _expanded(self, tree: exp.Expr) -> exp.Expr:
        return tree.transform(self._called)

    def _called(self, node: exp.Expr) -> exp.Expr:
        macro = self._macros.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        given = [self._expanded(argument) for argument in node.expressions]
        if len(given) != len(macro.parameters):
            raise ZwgkError(f"{node.name} takes {len(macro.parameters)} values, not {len(given)}")
        filled = dict(zip(macro.parameters, map(_enclosed, given), strict=True))
        return _enclosed(macro.body.transform(_filled, filled))


def spark_sql(tree: exp.Expr) -> str:
    """A tree of `Translator.statements` in Spark's words."""
    return tree.sql(dialect=Engine, identify=True)


def tables(tree: exp.Expr) -> set[str]:
    """The names of the relations that a tree reads, its own CTEs among them."""
    return {table.name for table in tree.find_all(exp.Table)}


def mentions(tree: exp.Expr, name: str) -> int:
    """How often a tree reads a relation of that name."""
    return sum(table.name == name for table in tree.find_all(exp.Table))


def renamed(tree: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
    """The tree with relations read by other names; within it they are called as before."""
    return tree.transform(_renamed, names)


def _renamed(node: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
    if isinstance(node, exp.Table) and node.name in names and not _is_inner(node):
        alias = node.alias or node.name
        node.set("this", exp.to_identifier(names[node.name]))
        node.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return node


def _is_inner(table: exp.Table) -> bool:
    """Whether a CTE of a query around the table has its name."""
    around = table.parent
    while around is not None:
        ahead = around.args.get("with_")
        if ahead and any(cte.alias == table.name for cte in ahead.expressions):
            return True
        around = around.parent
    return False


def _filled(node: exp.Expr, values: Mapping[str, exp.Expr]) -> exp.Expr:
    if isinstance(node, exp.Column) and not node.table and node.name in values:
        return values[node.name].copy()
    return node


def _enclosed(node: exp.Expr) -> exp.Expr:
    return exp.paren(node) if isinstance(node, exp.Binary | exp.Unary | exp.Connector) else node


def _bound(tree: exp.Expr, parameters: Mapping[str, Any] | Sequence[Any] | None) -> exp.Expr:
    """The tree with its parameters' values in their places."""
    if parameters is None:
        return tree
    if not isinstance(parameters, Mapping):
        values = iter(parameters)
        return tree.transform(
            lambda n: exp.convert(next(values)) if isinstance(n, exp.Placeholder) else n
        )
    return tree.transform(
        lambda n: exp.convert(parameters[n.name]) if isinstance(n, exp.Placeholder) else n
    )


def _rewritten(node: exp.Expr) -> exp.Expr:
    if isinstance(node, _PATTERNS):
        return _with_java_pattern(node)
    rewrite = _REWRITES.get(type(node))
    return rewrite(node) if rewrite else node


def _division(node: exp.Expr) -> exp.Expr:
    """DuckDB divides in DOUBLE whatever the numbers are; Spark keeps decimals."""
    node.set("this", _double(node.this))
    return node


def _round(node: exp.Expr) -> exp.Expr:
    """DuckDB rounds a DOUBLE as it is stored, Spark as it is printed; here as DuckDB does."""
    if (decimals := node.args.get("decimals")) is None:
        return node
    number, size = _double(node.this), exp.func("power", exp.Literal.number(10), decimals)
    shifted = exp.Floor(this=exp.Abs(this=number) * size + exp.Literal.number(0.5))
    return exp.Sign(this=number.copy()) * shifted / size.copy()


def _average(node: exp.Expr) -> exp.Expr:
    node.set("this", _double(node.this))
    return node


def _whole(node: exp.Expr) -> exp.Expr:
    """DuckDB counts in BIGINT, Spark in INT."""
    return exp.cast(node.copy(), "bigint")


def _ranked(node: exp.Expr) -> exp.Expr:
    return _whole(node) if isinstance(node.this, _RANKS) else node


def _positions(*keys: str) -> Rewrite:
    """A rewrite of functions that take INT and nothing longer."""

    def rewrite(node: exp.Expr) -> exp.Expr:
        for key in keys:
            if (value := node.args.get(key)) is not None and not isinstance(value, exp.Literal):
                node.set(key, exp.cast(value, "int"))
        return node

    return rewrite


def _listed(node: exp.Expr) -> exp.Expr:
    """Different texts in one: Spark's own fails beside another DISTINCT, and keeps no order."""
    inner = node.this.this if isinstance(node.this, exp.Order) else node.this
    if not isinstance(inner, exp.Distinct):
        return node
    texts = exp.func("collect_set", inner.expressions[0])
    joined = exp.func("array_join", exp.func("array_sort", texts), node.args["separator"])
    is_any = exp.GT(this=exp.func("size", texts.copy()), expression=exp.Literal.number(0))
    return exp.Case(ifs=[exp.If(this=is_any, true=joined)])


def _double(node: exp.Expr) -> exp.Expr:
    return exp.cast(node, "double")


def _cast(node: exp.Expr) -> exp.Expr:
    """DuckDB rounds to a whole number, Spark cuts."""
    is_text = isinstance(node.this, exp.Literal) and node.this.is_string
    is_exact = is_text or node.this.is_int or isinstance(node.this, exp.Null | exp.Round)
    if type(node) is exp.Cast and node.to.this in _WHOLE and not is_exact:
        node.set("this", exp.Round(this=node.this.copy()))
    return node


def _table(node: exp.Expr) -> exp.Expr:
    """Tables are temporary views on Spark, and those have no schema."""
    if schema := node.args.get("db"):
        name = node.name if schema.name == _OWN else f"{schema.name}_{node.name}"
        node.set("db", None)
        node.set("this", exp.to_identifier(name))
    return node


def _function(node: exp.Expr) -> exp.Expr:
    """DuckDB's `hash` has no equal elsewhere; it is used to group within one engine alone."""
    return exp.func("xxhash64", *node.expressions) if node.name.lower() == "hash" else node


def _with_java_pattern(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.RegexpReplace):
        modifiers = node.args.get("modifiers")
        if modifiers is None or modifiers.name != "g":
            raise ZwgkError(f"{node.sql('duckdb')}: Spark replaces all that match; add 'g'")
        _turn(node, "replacement", java_replacement)
    _turn(node, "expression", java_pattern)
    return node


def _turn(node: exp.Expr, key: str, turned: Callable[[str], str]) -> None:
    literal = node.args.get(key)
    if isinstance(literal, exp.Literal):
        node.set(key, exp.Literal.string(turned(literal.this)))


_REWRITES: dict[type[exp.Expr], Rewrite] = {
    exp.Div: _division,
    exp.Avg: _average,
    exp.Cast: _cast,
    exp.Round: _round,
    exp.Table: _table,
    exp.Anonymous: _function,
    exp.Window: _ranked,
    exp.GroupConcat: _listed,
    exp.Substring: _positions("start", "length"),
    exp.DateFromParts: _positions("year", "month", "day"),
    exp.Repeat: _positions("times"),
    exp.Pad: _positions("expression"),
    **dict.fromkeys(
        (exp.Length, exp.StrPosition, exp.DateDiff, exp.Year, exp.Month, exp.Day), _whole
    ),
}
