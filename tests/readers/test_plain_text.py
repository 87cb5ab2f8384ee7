"""Plain text: lines with their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import plain_text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_lines_with_text_are_paragraphs(encoding: str) -> None:
    text = "某市2024年政府信息公开工作年度报告\r\n\r\n　　一、总体情况\n| 规章 | 12 |\n"
    found = readers.read(text.encode(encoding), "a.txt")
    assert found.media == "text"
    assert [(p.text, p.place) for p in found.paragraphs] == [
        ("某市2024年政府信息公开工作年度报告", "line 1"),
        ("一、总体情况", "line 3"),
        ("| 规章 | 12 |", "line 4"),
    ]


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"ID3\x03\0\0\0" + bytes(500)])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as error:
        readers.read(data, "a.txt")
    assert error.value.code == "unsupported"


@given(st.lists(st.text("一二三四12, |\t", max_size=20)))
def test_no_line_with_text_is_lost(lines: list[str]) -> None:
    found = plain_text.read("\n".join(lines).encode())
    told = [(line.strip(), f"line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    assert [(p.text, p.place) for p in found.paragraphs] == told
