"""Work reports: what makes a document one, whose it is, several in one file; never a guess."""

import pytest

from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.identity import author_of_work, is_work_title

BODY = "今年共召开政务公开专题会议4次，编发简报12期，更换政务公开栏8期，接受群众监督。"


def read(tmp_path, text, name="report.txt", **told):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return extract(path, **told)


def stated(extraction):
    return [(c["measure"], c["part"], int(c["value"])) for c in extraction.rows("claims")]


def test_a_title_names_kind_author_and_year(tmp_path):
    found = read(tmp_path, f"青川县民政局2023年政务公开工作总结\n\n{BODY}\n")
    assert (found.kind, found.agency, found.year) == ("work_report", "青川县民政局", 2023)
    assert found.reason is None
    assert stated(found) == [
        ("meetings_held", "政务公开专题会议", 4),
        ("bulletin_issues", "简报", 12),
        ("notice_board_updates", None, 8),
    ]
    assert found.rows("cells") == []
    assert found.rows("problems") == []


def test_what_the_caller_says_comes_first_and_what_nobody_says_is_told(tmp_path):
    text = f"政务公开工作情况汇报\n{BODY}\n"
    told = read(tmp_path, text, agency="青川县财政局", year=2022)
    assert (told.agency, told.year, told.rows("problems")) == ("青川县财政局", 2022, [])
    found = read(tmp_path, text)
    assert (found.kind, found.agency, found.year) == ("work_report", None, None)
    assert [p["code"] for p in found.rows("problems")] == ["agency.unknown", "year.unknown"]


def test_each_report_of_a_collection_keeps_its_own_author_and_tells_itself_in_the_place(tmp_path):
    titles = ("青川县民政局2022年政务公开工作总结", "江口县财政局2023年政务公开工作总结")
    found = read(tmp_path, "政务公开总结两篇\n" + "".join(f"{t}\n{BODY}\n" for t in titles))
    assert (found.kind, found.agency, found.year) == ("work_report", None, None)
    places = [c["place"] for c in found.rows("claims")]
    assert places == [f"line {n}, {t}" for n, t in zip((3, 5), titles, strict=True) for _ in "123"]


def test_running_text_on_openness_with_results_is_one_without_a_title(tmp_path):
    assert read(tmp_path, BODY + "\n").kind == "work_report"


@pytest.mark.parametrize(
    "text",
    [
        "全年完成招商引资3.6亿元，新增企业42家，慰问困难党员35户。",
        "政务公开工作总结\n政务公开工作汇报\n信息公开自查报告\n",  # a list of links
        "政务公开是一项重要工作，全年召开专题会议4次。",  # one figure alone
        "",
    ],
)
def test_anything_else_stays_unknown_and_has_no_claims(tmp_path, text):
    found = read(tmp_path, text)
    assert (found.kind, found.rows("claims")) == ("unknown", [])
    assert found.reason is not None


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("政务公开情况汇报篇3", True),
        ("县卫生局关于政务公开工作的自查报告", True),
        ("2024年上半年村务公开工作总结(二)", True),
        ("政务公开工作总结范文三篇", True),
        ("青川市2023年政府信息公开工作年度报告", False),
        ("(五)政府信息公开工作总结", False),
        ("四、政府信息公开的收费及减免情况", False),
        ("我局认真做好政务公开工作,按时上报总结。", False),
        ("财务工作总结", False),
    ],
)
def test_titles_of_work_reports(line, is_title):
    assert is_work_title(line, in_head=False) == is_title


def test_a_weaker_title_counts_where_a_document_opens():
    line = "青川县民政局2023年政务公开工作情况"
    assert is_work_title(line, in_head=True)
    assert not is_work_title(line, in_head=False)


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("县卫生局关于2023年政务公开工作的自查报告", ("县卫生局", 2023)),
        ("关于青川县民政局2022年度政务公开工作的总结", ("青川县民政局", 2022)),
        ("二〇二一年青川镇人民政府政务公开工作总结", ("青川镇人民政府", 2021)),
        ("政务公开情况汇报篇3", (None, None)),
    ],
)
def test_who_reports_and_of_which_year(title, author):
    assert author_of_work(title) == author
