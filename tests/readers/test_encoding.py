"""Bytes → text: what decodes decides, not the label."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwgk_analytics.readers.encoding import decode

TEXT = "<p>本年新收政府信息公开申请 3001 件，较上年增长。</p>\n"
BIG5 = '<meta charset="big5"><p>政府資訊公開年度報告</p>'


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("gb18030"),
        TEXT.encode("gb2312"),
    ],
)
def test_same_text_from_every_encoding(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize("label", ["utf-8", "gb2312", "gbk", "iso-8859-1"])
def test_label_is_not_believed(label: str) -> None:
    page = f'<meta charset="{label}">' + TEXT + "镕喆㐂"  # the last three are not in gb2312
    assert decode(page.encode("gb18030")) == page
    assert decode(page.encode("utf-8")) == page


def test_big5_only_where_declared() -> None:
    assert decode(BIG5.encode("big5")) == BIG5
    assert decode(TEXT.encode("gb18030")) == TEXT


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_cut_last_character_does_not_change_the_choice(name: str) -> None:
    data = (TEXT * 3 + "件").encode(name)[:-1]
    assert decode(data) == TEXT * 3 + "\ufffd"


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xe6"])
def test_one_damaged_byte_costs_one_character(name: str, bad: bytes) -> None:
    text = decode(TEXT.encode(name) * 3 + bad + TEXT.encode(name))
    assert text.startswith(TEXT * 3)
    assert text.endswith(TEXT[4:])


def test_damaged_utf8_that_is_whole_gb18030() -> None:
    """Characters in pairs and no damage that GB18030 would notice: still UTF-8."""
    data = "公开公开公开公开".encode() + b"\xe5\xe5" + "公开公开".encode()
    data.decode("gb18030")  # does not fail
    assert decode(data).startswith("公开公开公开公开")
    assert decode(data).endswith("公开公开")


@given(st.binary())
@settings(deadline=None)
def test_any_bytes_give_text(data: bytes) -> None:
    decode(data).encode("utf-8")  # no lone surrogate either


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(deadline=None)
def test_utf8_is_always_read_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()) == text
