"""What a clause is about, who speaks in it, and whether its figure is one of this year at all."""

import re
from dataclasses import dataclass, replace

from zwgk_analytics.facts.claim_rules import ClaimRules, claim_rules
from zwgk_analytics.facts.prose_numbers import Masked, mask
from zwgk_analytics.facts.sentences import Sentence

_CLAUSE = re.compile(r"[，。；：！？（）]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!以来)")
_AND = re.compile("[、和及与]")
_REACH = 400  # as far back as a clause can tell whose year a figure is of
_OPENING = re.compile(r"(?:\d+[.、])?[^。，；#\d]{2,16}。")
_START = r"(?:^|[，；：。（])(?:OPENING)*"


@dataclass(frozen=True, slots=True)
class Context:
    """One sentence with what stands around it: all that a rule may ask.

    `agency` and `year` are the author's; None where the document does not say.
    """

    sentence: Sentence
    masked: Masked
    agency: str | None
    year: int | None

    @property
    def text(self) -> str:
        """The sentence as patterns see it."""
        return self.masked.text

    def clause(self, at: int) -> str:
        """The clause that a position is in."""
        starts = [m.end() for m in _CLAUSE.finditer(self.text, 0, at)]
        end = _CLAUSE.search(self.text, at)
        return self.text[starts[-1] if starts else 0 : end.start() if end else len(self.text)]

    def headed(self) -> str:
        """Heading, the one that opens the paragraph if any (培训与考核。), and sentence."""
        return f"{self.sentence.heading}。{self._opening()}{self.text}"

    def opened(self) -> "Context | None":
        """The sentence as if it went on after the heading that opens its paragraph, if any.

        «规范性文件。本年制发2件» is «规范性文件：本年制发2件» then.
        """
        opening = self._opening()
        if not opening:
            return None
        masked = self.masked
        text = f"{opening[:-1]}：{masked.text}"
        at = tuple(place + len(opening) for place in masked.at)
        return replace(self, masked=replace(masked, text=text, at=at))

    def _opening(self) -> str:
        return before if _OPENING.fullmatch(before := self.sentence.before) else ""

    def surroundings(self) -> str:
        """Heading, paragraph so far, and the sentence: where a subject may be named.

        A sentence without a topic of its own goes on with that of the paragraphs above it.
        """
        above = "" if _last_topic(claim_rules(), self.text) else self.sentence.above
        return f"{self.sentence.heading}。{above}{self.sentence.before}{self.text}"

    def topic(self, at: int) -> str | None:
        """The topic named last before a position: here, in the paragraph, by the heading, above."""
        rules = claim_rules()
        outcomes = rules.patterns["outcomes"].search(self.text)
        if outcomes and outcomes.start() < at:
            return "applications"
        here = _last_topic(rules, self.text[:at])
        if here or rules.patterns["resets"].search(self.text):
            return here or _last_topic(rules, self.sentence.heading)
        own = _last_topic(rules, f"{self.sentence.heading}。{self.sentence.before}")
        return own or _last_topic(rules, self.sentence.above)

    def channel(self, at: int) -> tuple[str | None, str | None]:
        """Where a figure was published, and its printed name if one is named; None if mixed.

        A field (专栏, 领域) named since then means that the figure is of that field only, save the
        column that the website of a government keeps for the author (市政府网站公安专栏).
        """
        rules = claim_rules()
        found = [(m.end(), key) for key, p in rules.channels.items()
                 for m in p.finditer(self.text, 0, at)]  # fmt: skip
        if not found:
            return None, None
        last, key = max(found)
        start = self.text.rfind("，", 0, last) + 1
        start = max(start, self.text.rfind("#", 0, last) + 1, self.text.rfind("；", 0, last) + 1)
        if {k for end, k in found if end > start} != {key}:
            return None, None
        fields = rules.patterns["field_between"].finditer(self.text, last, at)
        if any(not self._names_author(self.text[last : f.start()].strip("站“”")) for f in fields):
            return None, None
        named = {m[0] for m in rules.patterns["named_channels"].finditer(self.text, start, at)}
        general = rules.patterns["any_channel"].search(self.text, start, at)
        return key, named.pop() if len(named) == 1 and not general else None

    def speaker(self, at: int) -> str | None:
        """The other body that a figure is of; None where the author speaks."""
        rules = claim_rules()
        start = _START.replace("OPENING", rules.patterns["opening"].pattern)
        markers = [
            (m.start("body"), m["body"])
            for m in re.finditer(rf"{start}(?P<body>{rules.patterns['bodies'].pattern})", self.text)
        ]
        markers += [
            (m.start("us"), "")
            for m in re.finditer(rf"{start}(?P<us>{rules.patterns['ours'].pattern})", self.text)
        ]
        since = self.text.rfind("；", 0, at)
        name = max((m for m in markers if since < m[0] < at), default=(0, ""))[1]
        return name if name and not self._is_author(name) else None

    def _names_author(self, short: str) -> bool:
        return bool(short and self.agency and short in self.agency)

    def _is_author(self, name: str) -> bool:
        if self.agency is None:
            return True
        first = _AND.split(name)[0]  # 省政府及省政府办公厅
        return name[1:] in self.agency or _abbreviates(first, self.agency)

    def is_figure(self, at: int) -> bool:
        """Whether the quantity at a position can be a result of the reporting year."""
        rules, before = claim_rules(), self.text[max(0, at - _REACH) : at]
        if any(p.search(before) for p in rules.not_figures):
            return False
        if rules.patterns["unrelated"].search(self.text):
            return False
        running = rules.patterns["running_clause"].search(self.clause(at))
        if running and rules.patterns["running_sentence"].search(self.text, at):
            return False
        return not self._of_other_year(before)

    def _of_other_year(self, before: str) -> bool:
        """A year beside the figure that is compared with the reporting year.

        A wrong year alone is kept: it is the clerk's slip, and a rule finds it by the text.
        """
        patterns = claim_rules().patterns
        before = patterns["carried_year"].sub("", before)
        clause = before[max(before.rfind(m) for m in "，。；") + 1 :]
        years = _YEAR.findall(clause) or _YEAR.findall(patterns["compared_year"].sub("", before))
        if self.year is None or not years or int(years[-1]) == self.year:
            return False
        compared = str(self.year) in self.text or patterns["comparison"].search(self.text)
        return bool(compared)


def context_of(sentence: Sentence, agency: str | None, year: int | None) -> Context:
    """The context of one sentence of a document."""
    return Context(sentence, mask(sentence.tidy), agency, year)


def _abbreviates(short: str, name: str) -> bool:
    """Whether a name has the signs of a short one in their order (高新区管委会, 省政府)."""
    left = iter(name)
    return all(sign in left for sign in short)


def _last_topic(rules: ClaimRules, text: str) -> str | None:
    """The topic named last; other work that requests are about (涉及户籍、审批) is none."""
    plain = rules.patterns["contents"].sub(lambda m: " " * len(m[0]), text)
    found = [
        (m.end(), key)
        for key, p in rules.topics.items()
        for m in p.finditer(plain if key == "other" else text)
    ]
    return max(found)[1] if found else None
