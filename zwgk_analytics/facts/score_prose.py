"""Rankings told in words → scores: 排名前三位的是甲县（95.2分）…, or a line for each agency."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zwgk_analytics.facts.identity import is_body
from zwgk_analytics.facts.periods import plain, squeezed
from zwgk_analytics.facts.score_words import pattern
from zwgk_analytics.readers import Paragraph

_SCORED = re.compile(
    r"(?P<name>[一-龥]{2,24}?)[,]?[(]?(?:总得分|总分|得分|以|得|为)?:?"
    r"(?P<score>[0-9]{1,3}(?:\.[0-9]{1,4})?)分(?!钟|之)"
)
_ORDINAL = re.compile(r"(?<=[第前])[一二两三四五六七八九十]{1,3}(?=[名位至到、,。;]|$)")
_BEFORE = re.compile(r"(?:第([0-9]{1,3})[名位]?|(?<![0-9.])([0-9]{1,3})[.、])$|^([0-9]{1,3})$")
_BEHIND = re.compile(
    r"[)]?(?:,?(?:在[^,;0-9]{1,10}中|与[^,;0-9]{1,10})?(?:并列|排名|位[列居]|名列|列|居|排)+)第?([0-9]{1,3})"
)
_FIRST = re.compile(
    r"前([0-9]{1,2})[名位]|[从由]高到低|(?:得分|排名|名次)(?:先后)?(?:顺序)?(?:依次|分别)为"
)
_SPAN = re.compile(r"第([0-9]{1,3})[至到—–~-]第?([0-9]{1,3})[名位]?")
_LISTED = re.compile(r"第([0-9]{1,3}(?:[、和][0-9]{1,3})+)[名位]")
_CLAUSE = re.compile("[^;。]+")
_RANKED = re.compile(r"排名|得分|名次|前[0-9]|[从由]高到低|第[0-9]")
_HEADING = 24  # characters: a longer line heads no list
_PART = 12


@dataclass(frozen=True, slots=True)
class ToldScore:
    """One agency's score and rank in prose; `part` names the list that it is in."""

    agency: str
    score: Decimal
    rank: int | None
    part: str | None
    place: str


def told_scores(paragraphs: Sequence[Paragraph]) -> list[ToldScore]:
    """The agencies that prose or lines give a score, in the order of the text.

    A rank is what stands beside the name (第三名, 3.) or what its place in a list that is said to
    be ranked gives (前三位的是 …), where the list has as many agencies as it says.
    """
    found: list[ToldScore] = []
    heading: str | None = None
    for paragraph in paragraphs:
        text = _ORDINAL.sub(lambda m: plain(m[0].replace("两", "二")), squeezed(paragraph.text))
        part = None
        for clause in _CLAUSE.findall(text):
            told = list(_told(clause, part or heading, paragraph.place))
            part = told[-1].part if told else part
            if not told and len(clause) <= _HEADING and "分" not in clause:
                heading = pattern("title_start").sub("", clause) or heading
            found += told
    return _in_lists(found)


def _told(text: str, heading: str | None, place: str) -> Iterator[ToldScore]:
    scored = [(m, name) for m in _SCORED.finditer(text) if (name := _body(m["name"]))]
    if not scored:
        return
    lead = text[: scored[0][0].end("name") - len(scored[0][1])]
    ranks = _ranks_of_list(lead, len(scored))
    for (match, name), rank in zip(scored, ranks, strict=True):
        before = _BEFORE.search(text[: match.end("name") - len(name)].removesuffix("名"))
        behind = _BEHIND.match(text[match.end() :])
        own = next((g for m in (before, behind) if m for g in m.groups() if g), None)
        part = _part(lead) or heading
        yield ToldScore(name, Decimal(match["score"]), int(own) if own else rank, part, place)


def _ranks_of_list(lead: str, count: int) -> list[int | None]:
    """The ranks that the words before a list give its members; none where the numbers differ."""
    ranks: list[int] = []
    if listed := _LISTED.search(lead):
        ranks = [int(n) for n in re.split("[、和]", listed[1])]
    elif span := _SPAN.search(lead):
        ranks = list(range(int(span[1]), int(span[2]) + 1))
    elif first := _FIRST.search(lead):
        ranks = list(range(1, int(first[1] or count) + 1))
    return [*ranks] if len(ranks) == count else [None] * count


def _part(lead: str) -> str | None:
    """Of whom a list is, by the words before it: 县(市、区)排名前3位的是."""
    words = _RANKED.split(re.split("[,:]", lead.rstrip(":,"))[-1])[0]
    return words if 1 < len(words) <= _PART and words not in {lead, "排在"} else None


def _body(words: str) -> str | None:
    """The name of a body that a run of words ends with, the longest without words of prose."""
    last = pattern("prose_words").split(words)[-1].removeprefix("有")
    names = (last[start:] for start in range(len(last) - 1))
    return next((n for n in names if is_body(n) and not _joins_two(n)), None)


def _joins_two(name: str) -> bool:
    """Whether 和 stands between two bodies; 粮食和储备局 is one."""
    return any(is_body(part) for part in name.split("和")[:-1])


def _in_lists(found: list[ToldScore]) -> list[ToldScore]:
    """The scores, each of a list only where ranks begin anew: 优秀 and 良好 are one list."""
    parts: dict[int, set[str | None]] = defaultdict(set)
    for one in found:
        if one.rank is not None:
            parts[one.rank].add(one.part)
    several = any(len(of) > 1 for of in parts.values())
    return found if several else [replace(one, part=None) for one in found]
