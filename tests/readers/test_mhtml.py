"""Saved web pages: the page is found, and its characters."""

import pytest

from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError

PAGE = "<html><head><title>年度报告</title></head><body><p>收到申请12件</p></body></html>"
HEAD = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.gov.cn/a.html\r\n"
    "Subject: =?utf-8?B?5bm05bqm5oql5ZGK?=\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n'
)


def saved(content: bytes, charset: str = "", head: str = HEAD) -> bytes:
    kind = f"Content-Type: text/html{f'; charset={charset}' if charset else ''}\r\n"
    part = f"--x\r\n{kind}Content-Transfer-Encoding: 8bit\r\n\r\n".encode()
    picture = b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
    return head.encode() + part + content + b"\r\n" + picture + b"--x--\r\n"


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", "utf-8"),
        ("gb18030", "gb2312"),
        ("gb18030", ""),
        ("gb18030", "iso-8859-1"),
        ("big5", "big5"),
        ("utf-8", "no-such-charset"),
    ],
)
def test_the_page_is_read_by_what_decodes(encoding: str, charset: str) -> None:
    page = PAGE.replace("总", "總").replace("报", "報") if encoding == "big5" else PAGE
    page = page.replace("请", "請") if encoding == "big5" else page
    found = readers.read(saved(page.encode(encoding), charset), "a.mht")
    wanted = "收到申請12件" if encoding == "big5" else "收到申请12件"
    assert (found.media, [p.text for p in found.paragraphs]) == ("mhtml", [wanted])


def test_the_headers_are_meta() -> None:
    meta = readers.read(saved(PAGE.encode(), "utf-8"), "a.mhtml").meta
    assert meta["snapshot-content-location"] == "https://www.example.gov.cn/a.html"
    assert (meta["subject"], meta["title"]) == ("年度报告", "年度报告")


def test_quoted_printable_keeps_tables() -> None:
    head = "MIME-Version: 1.0\r\nContent-Type: text/html\r\n"
    head += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    body = "<table><tr><td>=E8=A7=84=E7=AB=A0</td><td>1=\r\n2</td></tr>"
    body += "<tr><td>a</td><td>b</td></tr></table>"
    (grid,) = readers.read((head + body).encode()).grids
    assert [c.text for c in grid.cells] == ["规章", "12", "a", "b"]


def test_a_page_without_html_is_refused() -> None:
    data = b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nAAAA"
    with pytest.raises(ReadError) as error:
        readers.read(data)
    assert error.value.code == "damaged"
