"""Printed label → key. Spelling is folded first, so that only real variants need a line of data."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from zwgk_analytics.forms.load import FOLDER, editions
from zwgk_analytics.forms.model import Axis, Line, Table
from zwgk_analytics.forms.traditional import to_simplified

_ENUMERATOR = re.compile(
    r"^(?:其中:?|(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,:]"
    r"|\d{1,2}\)|\d{1,2}[、.,:]?(?=\D))[、.,:]?)+"
)
_FOOTNOTE = re.compile("(?<=.)[⁰¹²³⁴-⁹①-⑳⑴-⒇]{1,3}$")
_YEAR = re.compile(r"(?:19|20)\d{2}年")
_ASIDE = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
_GROUPED = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[)）])?([^—–－―（(-]+)(?:[—–－―-]+(.+)|[（(](.+)[)）])",
    re.DOTALL,
)
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_MARKS = re.compile(r"""[“”"'‘’「」『』《》<>、,，。.;；:：·•—\-–_/\\()（）\[\]【】〔〕*#|]+""")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The letters of a label that tell it from others: no spaces, marks, numbering or asides."""
    text = _FOOTNOTE.sub("", _SPACE.sub("", text))  # NFKC would make a digit of it
    text = to_simplified(_SPACE.sub("", unicodedata.normalize("NFKC", text)))
    text = _ENUMERATOR.sub("", _YEAR.sub("年", text))
    bare = _MARKS.sub("", _ASIDE.sub("", text))
    return bare.replace("其它", "其他") or _MARKS.sub("", text)


Lines = dict[str, tuple[str, ...]]  # folded label → keys, in the order of the form


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Every label that the forms print or that has been met in reports, of every edition.

    `lines[table][axis]` maps a folded label to the keys that it may mean; `other` holds the folded
    labels that head or divide a table without being a line of it (申请人情况, 第二十条第（一）项);
    `order` is the place of each row in its table; `titles` leads from a folded title to its table.
    The headings of the tables `across` name the rows too.
    """

    lines: dict[str, dict[Axis, Lines]]
    other: dict[str, frozenset[str]]
    order: dict[str, dict[str, int]]
    titles: dict[str, str]
    across: frozenset[str]

    def key(self, table: str, axis: Axis, text: str, after: str | None = None) -> str | None:
        """The key of a label of that table and axis; None when no label there reads so.

        A label that stands for several rows (被依法纠错数 of 复议 and of 诉讼) is the first of them
        below the row `after`.
        """
        keys = self.lines[table][axis].get(self._label(axis, text), ())
        if len(keys) < 2:
            return keys[0] if keys else None
        order = self.order[table]
        below = (k for k in keys if after in order and order[k] > order[after])
        return next(below, keys[0])

    def tables_with(self, axis: Axis, text: str) -> list[str]:
        """The tables that have a line of that label on an axis."""
        label = self._label(axis, text)
        return [table for table, axes in self.lines.items() if label in axes[axis]]

    @lru_cache(maxsize=16384)  # noqa: B019 (there is one vocabulary, which stays)
    def _label(self, axis: Axis, text: str) -> str:
        """A label folded, without a group before it: 不予公开—①国家秘密, 行政诉讼（复议后起诉）."""
        label = fold(text)
        if any(label in axes[axis] for axes in self.lines.values()):
            return label
        match = _GROUPED.fullmatch(text.strip())
        if match is None or not any(fold(match[1]) in heads for heads in self.other.values()):
            return label
        last = fold(match[2] or match[3])
        return last if any(last in axes[axis] for axes in self.lines.values()) else label


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The labels of all editions together: a page says by its labels which edition it follows."""
    lines: dict[str, dict[Axis, dict[str, list[str]]]] = {}
    other: dict[str, set[str]] = defaultdict(set)
    order: dict[str, dict[str, int]] = defaultdict(dict)
    titles: dict[str, str] = {}
    for edition in editions().values():
        for table in edition.tables.values():
            known = lines.setdefault(table.key, {"row": {}, "column": {}})
            for axis, line in _lines(table):
                _add(known[axis], line.label, line.key)
                other[table.key].update(map(fold, line.path[:-1]))
            for row in table.rows:
                order[table.key].setdefault(row.key, len(order[table.key]))
            titles[fold(table.title)] = table.key
            headings = [table.title, table.corner or "", *(s.heading for s in table.sections)]
            other[table.key].update(fold(h) for h in headings if h)
    for table_key, variant_axis, key, printed in _variants():
        if variant_axis in {"other", "title"}:
            other[table_key].add(fold(printed))
            titles |= {fold(printed): table_key} if variant_axis == "title" else {}
        else:
            _add(lines[table_key]["row" if variant_axis == "row" else "column"], printed, key)
    frozen = {
        table: {axis: {k: tuple(v) for k, v in labels.items()} for axis, labels in axes.items()}
        for table, axes in lines.items()
    }
    tables = [t for edition in editions().values() for t in edition.tables.values()]
    across = frozenset(table.key for table in tables if table.layout == "across")
    heads = {table: frozenset(labels) for table, labels in other.items()}
    return Vocabulary(frozen, heads, dict(order), titles, across)


def _add(labels: dict[str, list[str]], printed: str, key: str) -> None:
    keys = labels.setdefault(fold(printed), [])
    if key not in keys:
        keys.append(key)


def _lines(table: Table) -> Iterable[tuple[Axis, Line]]:
    yield from (("row", line) for line in table.rows)
    yield from (("column", line) for line in table.columns)


def _variants() -> Iterable[tuple[str, str, str, str]]:
    text = (FOLDER / "labels.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["table"], row["axis"], row["key"], row["printed"]
