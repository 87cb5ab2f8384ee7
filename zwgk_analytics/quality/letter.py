"""Drafts of letters that ask an agency to verify findings (核实函), laid out after GB/T 9704."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.quality.evidence import Evidence, evidence
from zwgk_analytics.quality.review import find
from zwgk_analytics.quality.rules import rules

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# GB/T 9704: A4; margins of 37, 35, 28 and 26 mm; text in 三号 (16 pt), 28 pt from line to line.
PAGE_MM: Final = (210, 297)
MARGINS_MM: Final = {"top": 37, "bottom": 35, "left": 28, "right": 26}
TITLE: Final = ("方正小标宋简体", 22)
BODY: Final = ("仿宋_GB2312", 16)
LATIN: Final = "Times New Roman"
# What a reader without the font of the standard is given, as `w:altName` of the font table.
FALLBACKS: Final = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋"}
_LINE_PT: Final = 28
_QUOTED: Final = 120
_PLACES: Final = 8


def write_letters(
    marts: Marts, finding_ids: Iterable[str], to: Path, sender: str = "", reply_by: str = ""
) -> list[Path]:
    """Writes one letter an agency about the findings named; the files written.

    With several agencies the agency's name is put before the ending of `to`.

    Raises:
        UsageError: no such finding, or `to` is no `.docx`.
        ZwgkError: python-docx is not installed.
    """
    if to.suffix.lower() != ".docx":
        raise UsageError(f"{to}: a letter is a Word document; name a file that ends in .docx")
    found = [find(marts, wanted) for wanted in dict.fromkeys(finding_ids)]
    shown = evidence(marts, found)
    by_agency: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in found:
        by_agency[finding["agency"] or "有关单位"].append(finding)
    written = []
    for agency, theirs in by_agency.items():
        path = to if len(by_agency) == 1 else to.with_name(_file_name(to, agency))
        _write(agency, theirs, shown, path, sender, reply_by)
        written.append(path)
    return written


def lines(
    agency: str,
    findings: list[dict[str, Any]],
    shown: Mapping[str, Evidence],
    reply_by: str = "",
) -> list[str]:
    """The body of a letter, a paragraph each: facts, places, basis, what to check."""
    said = _words()
    text = [said["opening"].format(count=len(findings))]
    for number, finding in enumerate(findings, 1):
        rule = rules().get(finding["rule"])
        fact = finding | {
            "number": number,
            "rule": rule.title if rule else finding["rule"],
            "message": finding["message"].rstrip("。"),
            "period": f"{finding['period']}年度" if finding["period"] else "",
        }
        text.append(said["fact"].format(**fact))
        text.append(said["place"].format(place="；".join(_places(shown, finding))))
        quotes = shown[finding["finding_id"]].quotes[:2]
        text += [said["quote"].format(quote=quote[:_QUOTED]) for quote in quotes]
        if finding["repair"]:
            text.append(said["repair"].format(**finding))
        text.append(said["basis"].format(**finding))
        asked = said["ask_by"]
        ask = asked.get(finding["rule"].partition(".")[0], asked["other"])
        text.append(said["ask"].format(ask=ask))
    return [*text, said["closing"].format(reply_by=reply_by or said["no_day"])]


def _write(
    agency: str,
    findings: list[dict[str, Any]],
    shown: Mapping[str, Evidence],
    path: Path,
    sender: str,
    reply_by: str,
) -> None:
    document, said = _empty(), _words()
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    title = _add(document, said["title"].format(agency=agency), TITLE, indent=False)
    title.alignment = ALIGN.CENTER
    _add(document, "", BODY)
    _add(document, said["salutation"].format(agency=agency), BODY, indent=False)
    for line in lines(agency, findings, shown, reply_by):
        _add(document, line, BODY)
    _add(document, "", BODY)
    for line in (sender or said["no_sender"], said["date"]):
        signed = _add(document, line, BODY, indent=False)
        signed.alignment = ALIGN.RIGHT
    _add(document, said["contact"], BODY)
    document.save(str(path))


def _empty() -> "Document":
    try:
        import docx
        from docx.shared import Mm
    except ImportError as error:
        raise ZwgkError("a letter needs python-docx: pip install python-docx") from error
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    for side, size in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(size))
    _name_fallbacks(document)
    return document


def _add(
    document: "Document", text: str, font: tuple[str, int], *, indent: bool = True
) -> "Paragraph":
    from docx.oxml.ns import qn
    from docx.shared import Pt

    name, size = font
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = Pt(_LINE_PT if size == BODY[1] else size * 1.5)
    layout.first_line_indent = Pt(2 * size) if indent else None
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    return paragraph


def _name_fallbacks(document: "Document") -> None:
    """Puts the fonts that stand in for those of the standard into the font table."""
    from lxml import etree

    for part in document.part.package.iter_parts():
        if str(part.partname).endswith("fontTable.xml"):
            table = etree.fromstring(part.blob)
            space = table.nsmap["w"]
            for name, other in FALLBACKS.items():
                font = etree.SubElement(table, f"{{{space}}}font", {f"{{{space}}}name": name})
                etree.SubElement(font, f"{{{space}}}altName", {f"{{{space}}}val": other})
            part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8")


def _file_name(to: Path, agency: str) -> str:
    """The letter's name with the agency's, without signs that no file name may have."""
    name = re.sub(r"[^\w（）·-]", "", agency)[:60]
    return f"{to.stem}_{name}{to.suffix}"


def _places(shown: Mapping[str, Evidence], finding: Mapping[str, Any]) -> list[str]:
    """The places file by file, in Chinese (报告.html 表2第25行第4列)."""
    by_file: dict[str, list[str]] = defaultdict(list)
    places = shown[finding["finding_id"]].places
    for place in places[:_PLACES]:
        file, _, inside = place.partition("#")
        by_file[file].append(_in_chinese(inside))
    listed = [f"{file} {'、'.join(inside)}" for file, inside in by_file.items()]
    more = [f"等{len(places)}处"] if len(places) > _PLACES else []
    return [*listed, *more] or [finding["source"]]


def _in_chinese(place: str) -> str:
    for pattern, words in _words()["places"].items():
        place = re.sub(pattern, words, place)
    return place.replace(", ", "")


@cache
def _words() -> dict[str, Any]:
    text = (files("zwgk_analytics.quality") / "letter.yml").read_text(encoding="utf-8")
    said: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return said
