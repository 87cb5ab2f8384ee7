"""What an answer to a problem amounts to: a measure, an explanation alone, or a promise."""

import csv
import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

_SENTENCE: Final = re.compile(r"[。；;！!？?\n]+")
_CLAUSE: Final = re.compile(r"[，,：:]+")


def answer_kind(text: str) -> str | None:
    """`measure`, `explanation` or `promise`: the first of them that a sentence is; None if none.

    What names no act is a measure: the titles of what was published are listed as such.
    """
    kinds = {_sentence_kind(s) for s in _SENTENCE.split(text) if len(s.strip()) > 1}
    return next((kind for kind in ("measure", "explanation", "promise") if kind in kinds), None)


def _sentence_kind(sentence: str) -> str:
    words = _words()
    others = words["explained"], words["statement"], words["unfinished"]
    for clause in _CLAUSE.split(sentence):
        if words["completed"].search(clause) and not any(p.search(clause) for p in others):
            return "measure"
    if words["explained"].search(sentence):
        return "explanation"
    if words["promised"].search(sentence) or words["unfinished"].search(sentence):
        return "promise"
    is_list = "、" in sentence
    return "explanation" if words["statement"].search(sentence) and not is_list else "measure"


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    text = (files("zwgk_analytics.forms") / "log_words.csv").read_text(encoding="utf-8")
    return {row["key"]: re.compile(row["pattern"]) for row in csv.DictReader(text.splitlines())}
