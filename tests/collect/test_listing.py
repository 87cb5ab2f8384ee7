import json

import pytest

from zwgk_analytics.collect.listing import ListError, attachments, read_listing, visible
from zwgk_analytics.collect.sources import Source

AT = "https://www.example.gov.cn/zwgk/list/index.html"
DOCUMENTS = Source(name="x", lists=(AT,), text="年度报告")
LOG = Source(name="x", reads="log", lists=(AT,))

PAGE = """<html><head><title>x</title></head><body>
<a href="#top">年度报告 here</a> <a href="javascript:go()">年度报告</a>
<ul>
 <li><a href="../2023/t1.html" title="甲市2023年政府信息公开工作年度报告">甲市…</a>
 <span>2024-01-20</span></li>
 <li><a href="/2022/t2.html">甲市2022年 政府信息公开工作年度报告</a> <i>2023年1月9日</i></li>
 <li><a href="http://files.example.gov.cn/a.pdf#page=2">名录</a> [2023/1/9]</li>
 <li><a href="about.html">关于我们</a></li>
 <li><a href="http://[bad">年度报告</a></li>
</ul><a class="next" href="index_2.html">下一页</a></body></html>"""


def test_links_by_their_text_made_whole():
    listing = read_listing(PAGE.encode(), AT, DOCUMENTS)
    assert listing.links == (
        "https://www.example.gov.cn/zwgk/2023/t1.html",
        "https://www.example.gov.cn/2022/t2.html",
    )
    assert (listing.rows, listing.next) == ((), None)


def test_items_of_a_plain_list_need_no_selectors():
    rows = read_listing(PAGE.encode(), AT, LOG).rows
    assert [tuple(row.values()) for row in rows] == [
        (
            "甲市2023年政府信息公开工作年度报告",
            "2024-01-20",
            "https://www.example.gov.cn/zwgk/2023/t1.html",
        ),
        (
            "甲市2022年 政府信息公开工作年度报告",
            "2023年1月9日",
            "https://www.example.gov.cn/2022/t2.html",
        ),
        ("名录", "2023/1/9", "http://files.example.gov.cn/a.pdf"),
    ]
    assert list(rows[0]) == ["title", "published_on", "url"]


def test_a_date_in_a_title_is_no_date_of_publication():
    page = "<li><a href=/a>关于2020-01-01起施行的通知</a> <b>2019-12-30</b></li>"
    [row] = read_listing(page.encode(), AT, LOG).rows
    assert row["published_on"] == "2019-12-30"


def test_items_by_selectors():
    source = Source(
        name="x",
        reads="log",
        lists=(AT,),
        items=".item",
        next="a.next",
        fields={"title": "h3", "url": "a.go", "文号": ".no", "published_on": ".day"},
    )
    page = (
        "<base href='/b/'><div class=item><h3>通知</h3><a href=1>no</a><a class=go href=2>x</a>"
        "<p class=no>甲发〔2020〕1号</p></div><a class=next href=p2>2</a>"
    )
    listing = read_listing(page.encode(), AT, source)
    assert listing.rows == (
        {
            "title": "通知",
            "published_on": "",
            "url": "https://www.example.gov.cn/b/2",
            "文号": "甲发〔2020〕1号",
        },
    )
    assert listing.next == "https://www.example.gov.cn/b/p2"


@pytest.mark.parametrize("declared", ["gb2312", "iso-8859-1", "utf-8", None])
def test_a_page_is_read_as_it_decodes_whatever_it_declares(declared):
    meta = f"<meta charset={declared}>" if declared else ""
    data = (meta + PAGE).encode("gb18030")
    assert read_listing(data, AT, LOG).rows[2]["title"] == "名录"


def test_the_items_of_json():
    source = Source(name="x", reads="log", lists=(AT,), format="json", items="data.rows")
    told = {"data": {"rows": [{"title": "通知", "url": "../a.html", "n": 3, "x": None, "y": [1]}]}}
    [row] = read_listing(json.dumps(told).encode(), AT, source).rows
    assert row == {
        "title": "通知",
        "url": "https://www.example.gov.cn/zwgk/a.html",
        "n": "3",
        "x": "",
    }


def test_fields_of_json_by_their_path():
    fields = {"title": "doc.t", "url": "doc.links.0.href", "文号": "doc.no"}
    source = Source(name="x", reads="log", lists=(AT,), format="json", fields=fields)
    told = [{"doc": {"t": "通知", "links": [{"href": "/1"}]}}, {"doc": None}]
    rows = read_listing(json.dumps(told).encode(), AT, source).rows
    assert rows == (
        {"title": "通知", "url": "https://www.example.gov.cn/1", "文号": ""},
        {"title": "", "url": "", "文号": ""},
    )


@pytest.mark.parametrize("data", [b"", b"<p>", b'{"data": {}}', b'{"data": {"rows": [1]}}'])
def test_json_that_holds_no_items_is_told(data):
    source = Source(name="x", reads="log", lists=(AT,), format="json", items="data.rows")
    with pytest.raises(ListError, match=r"source x: https://.*: no (JSON|list of objects)"):
        read_listing(data, AT, source)


RSS = """<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>x</title>
<item><title>通知 一</title><link>/1.html</link>
<pubDate>Sun, 31 Dec 2023 16:30:00 GMT</pubDate></item>
<item><title>通知 二</title><link>http://a.example.gov.cn/2</link>
<pubDate>Mon, 01 Jan 2024 23:30:00 CST</pubDate></item>
<item><title>通知 三</title><link>3</link><pubDate>2024-01-02</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>通知</title>
<link href="/1.html"/><published>2024-01-01T00:10:00+08:00</published></entry></feed>"""


def test_the_items_of_rss_keep_their_time_zone():
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    rows = read_listing(RSS.encode("gb18030"), AT, source).rows
    assert [tuple(r.values()) for r in rows] == [
        ("通知 一", "2023-12-31T16:30:00+00:00", "https://www.example.gov.cn/1.html"),
        ("通知 二", "2024-01-01T23:30:00+08:00", "http://a.example.gov.cn/2"),
        ("通知 三", "2024-01-02", "https://www.example.gov.cn/zwgk/list/3"),
    ]


def test_the_items_of_atom():
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    [row] = read_listing(ATOM.encode(), AT, source).rows
    assert row["published_on"] == "2024-01-01T00:10:00+08:00"


def test_the_day_of_a_change_is_no_day_of_publication():
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    data = ATOM.replace("published>", "updated>").encode()
    assert [r["published_on"] for r in read_listing(data, AT, source).rows] == [""]


def test_the_date_of_an_item_of_rss_1():
    data = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <item rdf:about="/1"><title>通知</title><link>/1</link>
    <dc:date>2024-01-02T08:00:00+08:00</dc:date></item></rdf:RDF>"""
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    [row] = read_listing(data.encode(), AT, source).rows
    assert row["published_on"] == "2024-01-02T08:00:00+08:00"


def test_a_feed_of_documents_gives_links():
    source = Source(name="x", lists=(AT,), format="feed", text="二")
    assert read_listing(RSS.encode(), AT, source).links == ("http://a.example.gov.cn/2",)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><p>404</p></html>",
        b"",
        b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><r>&b;</r>",
    ],
)
def test_what_is_no_feed_is_told(data):
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    with pytest.raises(ListError, match="neither RSS nor Atom"):
        read_listing(data, AT, source)


def test_an_entity_of_a_feed_reads_no_file():
    bad = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
        "<item><title>a&x;b</title><link>/1</link></item></channel></rss>"
    )
    source = Source(name="x", reads="log", lists=(AT,), format="feed")
    assert "root:" not in str(read_listing(bad.encode(), AT, source).rows)


def test_attachments_are_the_files_that_a_page_links_to():
    page = b"<a href=a.PDF>1</a><a href=/b.docx?v=1>2</a><a href=c.html>3</a><a href=a.PDF>4</a>"
    assert attachments(page, AT, (".pdf", ".docx")) == [
        "https://www.example.gov.cn/zwgk/list/a.PDF",
        "https://www.example.gov.cn/b.docx?v=1",
    ]


def test_what_a_reader_does_not_see_is_not_compared():
    was = b"<html><script>var t=1</script><style>p{}</style><p id=a>x</p> <i class=n>3</i>"
    now = b"<html><script>var t=2</script><p id=b>x</p>\n<i class=n>4</i>"
    assert visible(was, None) != visible(now, None)
    assert visible(was, ".n") == visible(now, ".n") == "x"
