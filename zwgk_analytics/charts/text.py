"""What charts say, from data files: sentences, names of keys, numbers and dates in zh or en."""

import csv
import html
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from zwgk_analytics.errors import UsageError
from zwgk_analytics.forms.load import FOLDER as FORMS
from zwgk_analytics.forms.metrics import metrics, reasons

FOLDER = files("zwgk_analytics.charts")
LANGUAGES = ("zh", "en")


def say(key: str, lang: str, **values: object) -> str:
    """One sentence of texts.yml, `chart.sentence`, filled with values.

    A key without values comes as it is written, so that hover templates keep their braces.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"lang={lang!r}: charts speak {' and '.join(LANGUAGES)}; use one of them")
    chart, sentence = key.split(".")
    text: str = _yaml("texts.yml")[chart][sentence][lang]
    return text.format(**values) if values else text


def named(kind: str, key: str, lang: str) -> str:
    """The short name of a key of labels.yml; the key itself, escaped, where it has none."""
    label = _yaml("labels.yml")[kind].get(key)
    return str(label[lang]) if label else escaped(key)


def labelled(kind: str) -> tuple[str, ...]:
    """The keys of one kind in labels.yml, in the order of the file."""
    return tuple(_yaml("labels.yml")[kind])


def escaped(text: str) -> str:
    """Text from a document, so that Plotly shows it as it is instead of obeying its tags."""
    return html.escape(text, quote=False)


def agency(name: str | None, lang: str, width: int | None = None) -> str:
    """An agency's name to print, escaped; over several lines where it is wider than `width`."""
    printed = say("common.no_agency", lang) if name is None else escaped(name)
    return "<br>".join(wrapped(printed, width)) if width else printed


def month(day: date, lang: str) -> str:
    """A month to print: 2024年3月."""
    return say("common.month", lang, year=day.year, month=day.month)


def measures() -> dict[str, dict[str, str]]:
    """The forms' measures by key, with unit, label_zh and label_en."""
    return {row["measure"]: row for row in _rows("measures.csv")}


def measure(key: str, lang: str) -> str:
    """The name of a measure; the key itself, escaped, where the forms have none."""
    return measures()[key][f"label_{lang}"] if key in measures() else escaped(key)


def metric(key: str, lang: str) -> str:
    """The name of a ranking's metric: one that is declared, a scheme's score, or a composite."""
    kind, _, name = key.partition(":")
    if kind == "score":
        return named("metrics", kind, lang).format(scheme=escaped(name))
    if kind == "composite":
        composite, _, scheme = name.partition(":")
        said = {"composite": escaped(composite), "scheme": escaped(scheme or composite)}
        return named("metrics", kind, lang).format(**said)
    return metrics()[key].label[lang] if key in metrics() else measure(key, lang)


def caveat(text: str, lang: str) -> str:
    """A caveat that the marts give in Chinese, in the language asked for."""
    known = {row["label_zh"]: row[f"label_{lang}"] for row in _rows("caveats.csv")}
    return known.get(text, escaped(text))


def reason(text: str | None, lang: str) -> str:
    """Why a value has no rank: what the marts say in Chinese, in the language asked for."""
    known = {words["zh"]: words[lang] for words in reasons().values()}
    return known.get(text or "", escaped(text or ""))


def number(value: float) -> str:
    """A number to print: thousands apart, no more than two decimals, none that are zero."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def short(value: float, lang: str) -> str:
    """A number for a label: in 万 where Chinese readers would, else as `number`."""
    if lang != "zh" or abs(value) < 100_000:
        return number(value)
    return say("common.wan", lang, value=f"{value / 10_000:,.1f}")


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` Chinese characters; Latin letters count half, words stay whole."""
    lines, line, size = [], "", 0.0
    for word in _tokens(text):
        length = 1 if word.startswith("&") else sum(1 if ord(c) > 0x2E80 else 0.55 for c in word)
        if line and size + length > width and word not in "，。；、：）”":
            lines.append(line)
            line, size = "", 0.0
        line, size = line + word, size + length
    return [*lines, line]


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        joins = tokens and ord(char) < 0x2E80 and ord(tokens[-1][-1]) < 0x2E80
        if joins and char != " " and not tokens[-1].endswith((" ", ";")):
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


@lru_cache(maxsize=2)
def _yaml(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(
        (FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return read


@lru_cache(maxsize=2)
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (FORMS / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
