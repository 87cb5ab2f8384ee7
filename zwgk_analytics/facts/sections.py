"""The paragraphs of a report → its sections: 一、总体情况 … 六、其他需要报告的事项."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from zwgk_analytics.facts.prose_words import prose_words
from zwgk_analytics.readers import Paragraph

PREAMBLE = "preamble"
UNNAMED = "unnamed"


@dataclass(slots=True)
class Section:
    """One section: `key` of `prose.yml`, its heading as printed, its paragraphs in order.

    What stands before the first heading is `preamble`; a numbered heading that no pattern knows
    opens a section `unnamed`.
    """

    key: str
    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The paragraphs, a line each, without the heading."""
        return "\n".join(p.text.strip() for p in self.paragraphs)

    @property
    def place(self) -> str | None:
        """The first paragraph's place and the last one's; None without text."""
        if not self.paragraphs:
            return None
        first, last = self.paragraphs[0].place, self.paragraphs[-1].place
        return first if first == last else f"{first} – {last}"


def sections(paragraphs: Iterable[Paragraph]) -> list[Section]:
    """The sections in reading order; a heading that comes again (a list of contents) is one."""
    found = [Section(PREAMBLE, "")]
    for paragraph in paragraphs:
        key = heading_key(paragraph.text)
        if key is None:
            found[-1].paragraphs.append(paragraph)
        else:
            found.append(Section(key, paragraph.text.strip()))
    for section in found:
        _drop_trailers(section)
    return [s for s in found if s.paragraphs or s.key not in {PREAMBLE, UNNAMED}]


def heading_key(text: str) -> str | None:
    """The section that a paragraph heads; None where it is no heading of a section."""
    words, text = prose_words(), text.strip()
    if not text or len(text) > words.longest_heading or text[-1] in "。；：，":
        return None
    number = words.patterns["numbered"].match(text)
    name = text[number.end() :] if number else text
    for key, pattern in words.sections.items():
        if found := pattern.search(name):
            return key if number or found[0] == name else None
    return UNNAMED if number and not set("，。；！？") & set(name) else None


def _drop_trailers(section: Section) -> None:
    trailer = prose_words().patterns["trailers"]
    while section.paragraphs and trailer.match(section.paragraphs[-1].text.strip()):
        section.paragraphs.pop()
