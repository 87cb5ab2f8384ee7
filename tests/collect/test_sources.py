import ipaddress

import pytest

from zwgk_analytics.collect.sources import Page, SourcesError, load

GOOD = """
contact: https://www.example.gov.cn/contact
allow_private: 10.20.0.0/16
sources:
  - name: reports/example
    pages:
      - https://www.example.gov.cn/2023.html#top
      - {url: https://www.example.gov.cn/2022.html, year: 2022}
    lists: https://www.example.gov.cn/nb/
    sidecar: {agency: 示例市人民政府}
  - name: logs/example
    reads: log
    format: json
    paging: https://www.example.gov.cn/api?page={page}
    fields: {标题: data.title}
"""


def load_text(tmp_path, text):
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_what_a_file_asks_for(tmp_path):
    told = load_text(tmp_path, GOOD)
    assert told.contact == "https://www.example.gov.cn/contact"
    assert told.allow_private == (ipaddress.ip_network("10.20.0.0/16"),)
    reports, log = told.sources
    assert reports.pages == (
        Page("https://www.example.gov.cn/2023.html"),
        Page("https://www.example.gov.cn/2022.html", {"year": 2022}),
    )
    assert (reports.lists, reports.sidecar) == (
        ("https://www.example.gov.cn/nb/",),
        {"agency": "示例市人民政府"},
    )
    assert (log.format, log.fields, log.last_page) == ("json", {"标题": "data.title"}, 500)


URL = "https://www.example.gov.cn/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "no YAML"),
        ("- a", "expected a key `sources:`"),
        ("sources: []\nproxy: x", "at the top: no such key `proxy`; known: allow_private"),
        ("sources: [a]", "source 1: expected keys and values, `name:` among them"),
        ("sources: [{name: x}]", "source x: give `pages:`, `lists:` or `paging:`"),
        (f"sources: [{{name: ../x, pages: {URL}}}]", "the name is a folder under raw"),
        (f"sources: [{{name: /x, pages: {URL}}}]", "the name is a folder under raw"),
        (f"sources: [{{name: a/.x, pages: {URL}}}]", "the name is a folder under raw"),
        ("sources: [{name: x, pages: file:///etc/passwd}]", "expected http"),
        ("sources: [{name: x, pages: 'http://me:secret@example.gov.cn/'}]", "without user"),
        ("sources: [{name: x, lists: 'http://'}]", "expected http"),
        ("sources: [{name: x, lists: 'http://a:b/'}]", "expected http"),
        (f"sources: [{{name: x, pages: {URL}, reads: all}}]", "`reads` must be one of documents"),
        (f"sources: [{{name: x, reads: log, pages: {URL}}}]", "not from `pages:`"),
        (f"sources: [{{name: x, paging: {URL}}}]", r"must hold \{page\}"),
        (f"sources: [{{name: x, lists: {URL}, text: '('}}]", "no pattern"),
        (f"sources: [{{name: x, lists: {URL}, links: 'a['}}]", "no CSS selector"),
        (f"sources: [{{name: x, lists: {URL}, last_page: many}}]", "expected a number"),
        (f"sources: [{{name: x, lists: {URL}, attachments: 1}}]", "expected true or false"),
        (f"sources: [{{name: x, lists: {URL}, depth: 1}}]", "source x: no such key `depth`"),
        (f"sources: [{{name: x, lists: {URL}}}, {{name: x, lists: {URL}}}]", "given twice"),
        ("sources: []\nallow_private: here", "does not appear to be an IPv4 or IPv6 network"),
        ("sources: []\ncontact: '甲'", "expected an address in ASCII"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, text, told):
    with pytest.raises(SourcesError, match=told) as error:
        load_text(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path / 'sources.yml'}: ")
    assert "\n" not in str(error.value)


def test_no_file_is_told(tmp_path):
    with pytest.raises(SourcesError, match="no such file"):
        load(tmp_path / "sources.yml")
