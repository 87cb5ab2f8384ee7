"""The quality report and the letter: complete, offline, no text of documents taken as markup."""

import re
import zipfile

import pytest

from tests.quality.literal import add, add_report, marts
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.quality import assess, summary
from zwgk_analytics.quality.evidence import places_of
from zwgk_analytics.quality.letter import write_letters
from zwgk_analytics.quality.report import write_report

EVIL = "<script>alert(1)</script>甲"
EXTRA = """
CREATE TABLE quarantine (source VARCHAR, sha256 VARCHAR, reason VARCHAR, detail VARCHAR);
INSERT INTO refreshes (finished_at) VALUES (TIMESTAMP '2024-02-01 03:04:05');
"""


@pytest.fixture
def built(tmp_path):
    con = marts(str(tmp_path / "zwgk.duckdb"))
    con.execute(EXTRA)
    con.execute("INSERT INTO quarantine VALUES ('<b>.pdf', 'x', 'damaged', 'a & b')")
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "8"]}, EVIL)
    add_report(con, {("review", "reconsideration"): ["1", "2", "3", "0", "9"]}, "乙")
    plan = {"kind": "plan_year", "section": "problems", "sentence": 1, "position": 1}
    text = "2023年，我们将采取<i>措施</i>"
    add(con, "prose_figures", agency="乙", source="乙_2023.html", value=2023, text=text, **plan)
    assess(con)
    table = summary(con)
    con.close()
    with Marts(tmp_path / "zwgk.duckdb") as opened:
        yield opened, table, tmp_path


def test_the_page_is_whole_offline_and_escaped(built):
    opened, table, folder = built
    write_report(opened, opened.sql("SELECT * FROM findings"), table, folder / "q.html")
    page = (folder / "q.html").read_text(encoding="utf-8")
    assert EVIL not in page and "&lt;script&gt;alert(1)&lt;/script&gt;甲" in page
    assert "&lt;b&gt;.pdf" in page and "a &amp; b" in page
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "http" not in page
    assert "<mark>8</mark>" in page  # the printed total, in its row
    assert "2023年，我们将采取&lt;i&gt;措施&lt;/i&gt;" in page
    assert "可能的更正：“行政复议·总计”应为6（印为8）" in page
    for rule in table["rule"]:
        assert rule in page
    assert "2024-02-01 03:04" in page


def test_a_report_is_a_page(built):
    opened, table, folder = built
    with pytest.raises(UsageError, match=r"ends in \.html"):
        write_report(opened, opened.sql("SELECT * FROM findings"), table, folder / "q.docx")


def test_places_of_several_files():
    assert places_of("a.html#row 1; row 2; b.html#row 3") == [
        "a.html#row 1",
        "a.html#row 2",
        "b.html#row 3",
    ]
    assert places_of(None) == []


def test_letters_one_an_agency_with_facts_places_basis_and_question(built):
    docx = pytest.importorskip("docx")
    opened, _, folder = built
    ids = [i for (i,) in opened.sql("SELECT finding_id FROM findings ORDER BY agency").rows()]
    paths = write_letters(opened, ids, folder / "函.docx", "某公开办", "2024年3月1日")
    assert len(paths) == 2
    document = docx.Document(next(p for p in paths if p.stem.endswith("乙")))
    said = "\n".join(p.text for p in document.paragraphs)
    assert "乙：" in said and "某公开办" in said and "请于2024年3月1日前" in said
    assert "总计印为9，各项结果之和为6（差3）" in said
    assert "所在位置：乙_2023.html" in said and "依据：" in said and "请核实：" in said
    assert "原文：“2023年，我们将采取<i>措施</i>”" in said
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_a_letter_names_the_fonts_of_the_standard_and_what_stands_in(built):
    pytest.importorskip("docx")
    opened, _, folder = built
    (first, *_) = opened.sql("SELECT finding_id FROM findings").row(0)
    (path,) = write_letters(opened, [first], folder / "函.docx")
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode()
        fonts = parts.read("word/fontTable.xml").decode()
    assert 'w:eastAsia="方正小标宋简体"' in body and 'w:eastAsia="仿宋_GB2312"' in body
    assert 'w:val="32"' in body  # 三号 is 16 pt, 32 half-points
    assert "仿宋_GB2312" in fonts and "altName" in fonts


def test_a_letter_is_a_word_document_about_findings_that_exist(built):
    opened, _, folder = built
    with pytest.raises(UsageError, match=r"ends in \.docx"):
        write_letters(opened, ["x"], folder / "函.pdf")
    with pytest.raises(UsageError, match="no finding has an id"):
        write_letters(opened, ["x"], folder / "函.docx")
