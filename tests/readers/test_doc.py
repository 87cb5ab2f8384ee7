"""DOC, WPS and RTF: by doc2docx, and by LibreOffice where that is not enough."""

from pathlib import Path

import pytest

from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import Document, Paragraph, doc
from zwgk_analytics.writers import write

REPORT = (Path(__file__).parent / "report.doc").read_bytes()
RTF = rb"{\rtf1\ansi 12}"


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An office program that knows one answer; its log of arguments."""
    made, log = tmp_path / "made.docx", tmp_path / "arguments"
    made.write_bytes(write(Document("form", (Paragraph("一、总体情况", ""),)), "docx"))
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nfor a; do source="$a"; done\necho "$@" > {log}\n'
        f'[ -s "$source" ] && /bin/cp {made} "${{source%.*}}.docx"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return log


@pytest.mark.usefixtures("without_office")
@pytest.mark.parametrize("name", ["report.doc", "report.wps", "report"])
def test_a_word_file_keeps_text_and_merged_cells(name: str) -> None:
    found = readers.read(REPORT, name)
    assert found.media == "doc"
    assert [p.text for p in found.paragraphs] == [
        "某县2024年政府信息公开工作年度报告",
        "全年收到申请12件。",
    ]
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in found.grids[0].cells[3:]] == [
        ("规章", 1, 0, 1, 1),
        ("1", 1, 1, 1, 1),
        ("0", 1, 2, 1, 1),
        ("行政许可", 2, 0, 1, 1),
        ("447228", 2, 1, 1, 2),
        ("行政处罚", 3, 0, 2, 1),
        ("一般", 3, 1, 1, 1),
        ("12", 3, 2, 1, 1),
        ("简易", 4, 1, 1, 1),
        ("", 4, 2, 1, 1),
    ]


def test_office_takes_rtf_and_what_is_not_understood(office: Path) -> None:
    found = readers.read(RTF, "a.rtf")
    assert (found.media, [p.text for p in found.paragraphs]) == ("rtf", ["一、总体情况"])
    assert "--headless --convert-to docx" in office.read_text()
    assert doc.read(REPORT[:4096]).media == "doc"


@pytest.mark.usefixtures("without_office")
def test_without_office_the_message_says_so() -> None:
    with pytest.raises(ReadError, match="needs LibreOffice") as error:
        readers.read(REPORT[:4096], "a.doc")
    assert error.value.code == "damaged"


@pytest.mark.usefixtures("without_office")
def test_without_office_rtf_is_read_as_lines() -> None:
    table = rb"\trowd\cellx1000\cellx2000 \'b9\'e6\'d5\'c2\cell 12\cell\row "
    found = readers.read(rb"{\rtf1\ansi\ansicpg936 \u19968?\'a1\'a2\par " + table + b"}", "a.doc")
    assert found.media == "rtf"
    assert [(p.text, p.place) for p in found.paragraphs] == [
        ("一、", "line 1"),
        ("规章|12|", "line 2"),
    ]
