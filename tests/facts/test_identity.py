"""Who filed, for which year and when: found where the document says it, else null."""

from datetime import date

import pytest

from zwgk_analytics.facts.identity import identify
from zwgk_analytics.readers import Document, Paragraph

PERIOD = "本报告所列数据统计期限为2021年1月1日至2021年12月31日。"


def document(*lines: str, media: str = "html", **meta: str) -> Document:
    blocks = tuple(Paragraph(line, f"paragraph {i}") for i, line in enumerate(lines, start=1))
    return Document(media, blocks, meta)


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("淮安市人民政府2024年政府信息公开工作年度报告", "淮安市人民政府", 2024),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019),
        ("海南省二〇二一年政府信息公开工作年度报告", "海南省", 2021),
        ("南京市人民政府办公厅政府信息公开工作2023年度报告", "南京市人民政府办公厅", 2023),
        ("江苏省财政厅关于2020年政府信息公开工作年度报告", "江苏省财政厅", 2020),
        ("2020年政府信息公开工作年度报告（重庆市云阳县人民政府）", "重庆市云阳县人民政府", 2020),
        ("教育部2020年政府信息公开工作年度报告", "教育部", 2020),
        ("深圳市政府信息公开2009年度报告", "深圳市", 2009),
        ("政府信息公开工作年度报告格式模板", None, None),
    ],
)
def test_titles(title, agency, year):
    found = identify(document(title))
    assert (found.title, found.agency, found.year) == (
        title.replace("（", "(").replace("）", ")"),
        agency,
        year,
    )


def test_a_title_in_three_lines():
    found = identify(document("淮安市人民政府", "2024年", "政府信息公开工作年度报告", media="pdf"))
    assert (found.agency, found.year) == ("淮安市人民政府", 2024)


def test_the_meta_title_counts_before_links_to_other_years():
    found = identify(
        document(
            "某市2020年政府信息公开工作年度报告",
            articletitle="某市2021年政府信息公开工作年度报告",
        )
    )
    assert found.year == 2021


def test_the_year_of_the_period_picks_the_title_of_a_list():
    lines = [f"某市{year}年政府信息公开工作年度报告" for year in (2023, 2022, 2021)]
    assert identify(document(*lines, PERIOD)).year == 2021


def test_the_agency_of_a_bare_title_is_the_stated_source_or_the_signature():
    title = "2021年政府信息公开工作年度报告"
    assert identify(document(title, contentsource="某县财政局")).agency == "某县财政局"
    assert identify(document(title, "来源：某县财政局 浏览次数：12")).agency == "某县财政局"
    assert identify(document(title, PERIOD, "某县财政局", "2022年1月10日")).agency == "某县财政局"
    assert identify(document(title, PERIOD)).agency is None


@pytest.mark.parametrize(
    "line", ["发布日期：2022-01-20", "发布时间: 2022年1月20日 15:03", "时间：2022/1/20"]
)
def test_the_day_of_publication_is_the_stated_one(line):
    title = "某市2021年政府信息公开工作年度报告"
    assert identify(document(title, line)).published_on == date(2022, 1, 20)


def test_a_signature_is_no_day_of_publication():
    title = "某市2021年政府信息公开工作年度报告"
    assert identify(document(title, PERIOD, "2022年1月10日")).published_on is None


def test_a_page_without_a_report_says_nothing():
    found = identify(document("某市召开政务公开工作会议", "会议强调……"))
    assert (found.title, found.agency, found.year, found.is_report) == (None, None, None, False)
