"""List pages of sites, and documents that list items a line, as publication logs."""

import pytest
from docx import Document as Docx

from zwgk_analytics.facts.extract import extract

MENU = "".join(f'<li><a href="/m{i}/">栏目之{i}号</a></li>' for i in range(6))
TITLES = [f"甲县人民政府关于第{i}号事项的通知" for i in range(6)]


def page(tmp_path, items, title="通知公告_甲县人民政府"):
    path = tmp_path / "list.html"
    html = f"<html><head><title>{title}</title></head><body><ul>{MENU}</ul>{items}</body></html>"
    path.write_text(html, encoding="utf-8")
    found = extract(path)
    assert found.kind == "publication_log"
    return found.rows("items")


LISTS = {
    "li": lambda i, t: f'<li><a href="/a/{i}.html">{t}</a><span>[2023-03-0{i + 1}]</span></li>',
    "cut": lambda i, t: f'<li><a href="/a/{i}.html" title="{t}">{t[:9]}…</a>2023/3/{i + 1}</li>',
    "divs": lambda i, t: (
        f'<div><p><a href="/a/{i}.html">{t}</a></p><p><span>成文日期：2023年3月1日</span>'
        f"<span>发布日期：2023年3月{i + 1}日</span></p></div>"
    ),
    "split": lambda i, t: (
        f'<dl><dt><b>{i + 1}</b><em>2023-03</em></dt><dd><a href="/a/{i}.html">{t}</a></dd></dl>'
    ),
    "rows": lambda i, t: (
        f'<tr><td><img></td><td><a href="/a/{i}.html">{t}</a></td><td>2023.3.{i + 1}</td></tr>'
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_page_is_a_log(tmp_path, kind):
    items = "\n".join(LISTS[kind](i, t) for i, t in enumerate(TITLES))
    items = f"<table>{items}</table>" if kind == "rows" else f"<div>{items}</div>"
    rows = page(tmp_path, items)
    assert [(r["title"], str(r["published_on"]), r["url"]) for r in rows] == [
        (t, f"2023-03-0{i + 1}", f"/a/{i}.html") for i, t in enumerate(TITLES)
    ]
    assert {r["agency"] for r in rows} == {"甲县人民政府"}
    assert {str(r["issued_on"]) for r in rows} == {"2023-03-01" if kind == "divs" else "None"}


def test_days_below_the_heading_of_a_year(tmp_path):
    items = "".join(
        f"<h3>{year}年</h3>"
        + "".join(f'<li><b>3-{i + 1}</b><a href="/{year}/{i}">{t}</a></li>' for i, t in some)
        for year, some in ((2023, [*enumerate(TITLES)][:3]), (2022, [*enumerate(TITLES)][3:]))
    )
    rows = page(tmp_path, items)
    assert [str(r["published_on"]) for r in rows] == [
        *[f"2023-03-0{i}" for i in (1, 2, 3)],
        *[f"2022-03-0{i}" for i in (4, 5, 6)],
    ]


def test_columns_of_a_table_say_which_date_is_which(tmp_path):
    head = (
        "<tr><th>序号</th><th>文件名称</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>"
    )
    items = "".join(
        f'<tr><td>{i}</td><td><a href="/{i}">{t}</a></td><td>甲政〔2023〕{i + 1}号</td>'
        f"<td>2023-03-01</td><td>2023-03-0{i + 1}</td></tr>"
        for i, t in enumerate(TITLES)
    )
    rows = page(tmp_path, f"<table>{head}{items}</table>")
    assert [(str(r["issued_on"]), str(r["published_on"]), r["serial"]) for r in rows] == [
        ("2023-03-01", f"2023-03-0{i + 1}", i + 1) for i in range(6)
    ]


@pytest.mark.parametrize(
    "items",
    [
        # two dates of which nothing says what they are
        "".join(
            f'<li><a href="/{i}">{t}</a>2023-03-01 2023-03-02</li>' for i, t in enumerate(TITLES)
        ),
        # a page whose text is an article, with links to others below it
        f"<p>{'县政府办公室召开会议，研究部署有关工作。' * 40}</p>"
        + "".join(f'<li><a href="/{i}">{t}</a>2023-03-01</li>' for i, t in enumerate(TITLES)),
    ],
)
def test_what_is_no_list_or_says_too_little_is_none(tmp_path, items):
    path = tmp_path / "page.html"
    path.write_text(f"<html><body>{items}</body></html>", encoding="utf-8")
    assert extract(path).kind == "unknown"


def test_lines_that_end_in_a_date(tmp_path):
    document = Docx()
    document.add_paragraph("甲县2023年公开文件目录")
    document.add_paragraph("政策文件")
    for i, title in enumerate(TITLES, 1):
        document.add_paragraph(f"{i}. {title}（甲政〔2023〕{i}号，2023年3月{i}日公开）")
    path = tmp_path / "lines.docx"
    document.save(path)
    found = extract(path)
    assert [
        (r["title"], r["serial"], str(r["published_on"]), r["channel"], r["place"])
        for r in found.rows("items")
    ] == [(t, i, f"2023-03-0{i}", "政策文件", f"row {i + 2}") for i, t in enumerate(TITLES, 1)]
