"""Tables of scores as they are published → scores, ranks and periods, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.grids import grid
from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.extraction import Extraction
from zwgk_analytics.facts.score_grids import read_scores
from zwgk_analytics.readers import Document, Paragraph
from zwgk_analytics.writers import write

TITLE = "关于2014年第一季度全市政府网站测评情况的通报"
SCHEME = "全市政府网站测评"


def document(*blocks):
    """Paragraphs from texts, grids from rows."""
    made = [
        Paragraph(b, f"paragraph {i}") if isinstance(b, str) else grid(b, f"table {i}")
        for i, b in enumerate(blocks)
    ]
    return Document("docx", tuple(made))


def read(*blocks, **told):
    return read_scores(document(*blocks), Extraction("a.docx", "", "docx"), told)


def rows(extraction, *keys):
    return [tuple(_plain(r[k]) for k in keys) for r in extraction.rows("scores")]


def _plain(value):
    return float(value) if isinstance(value, Decimal) else value


def codes(extraction):
    return [p["code"] for p in extraction.rows("problems")]


SIDE_BY_SIDE = [
    ["名次", "单位", "总得分(100)", "名次", "单位", "总得分(100)"],
    ["1", "甲市", "96.4", "9", "丁市", "67"],
    ["2", "乙市", "90", "9", "戊市", "67"],
    ["3", "丙市", "80", "11", "己市", "65.6"],
]


def test_two_lists_side_by_side_with_ties():
    found = read(TITLE, SIDE_BY_SIDE)
    assert (found.kind, found.title, found.year) == ("assessment", TITLE, 2014)
    assert rows(found, "agency", "score", "rank", "place") == [
        ("甲市", 96.4, 1, "table 1, row 2, column 3"),
        ("乙市", 90, 2, "table 1, row 3, column 3"),
        ("丙市", 80, 3, "table 1, row 4, column 3"),
        ("丁市", 67, 9, "table 1, row 2, column 6"),
        ("戊市", 67, 9, "table 1, row 3, column 6"),
        ("己市", 65.6, 11, "table 1, row 4, column 6"),
    ]
    shared = {"scheme", "period", "indicator", "full_marks", "scale", "ranked_of"}
    assert {k: {_plain(r[k]) for r in found.rows("scores")} for k in shared} == {
        "scheme": {SCHEME}, "period": {"2014Q1"}, "indicator": {"总得分"},
        "full_marks": {100}, "scale": {100}, "ranked_of": {None},
    }  # fmt: skip
    assert codes(found) == []


@pytest.mark.parametrize("media", ["html", "docx", "pdf", "xlsx"])
def test_every_format_says_the_same(tmp_path, media):
    path = tmp_path / f"scores.{media}"
    path.write_bytes(write(document(TITLE, "现将测评结果通报如下。", SIDE_BY_SIDE), media))
    found = extract(path)
    assert (found.kind, found.reason, codes(found)) == ("assessment", None, [])
    keys = ("scheme", "period", "agency", "score", "rank")
    assert rows(found, *keys) == rows(read(TITLE, SIDE_BY_SIDE), *keys)


def test_group_headings_over_indicators():
    found = read(
        TITLE,
        [
            [("序号", 2, 1), ("单位", 2, 1), ("一、信息公开（40分）", 1, 2), ("办事服务(60)", 2, 1),
             ("总分(满分：100分)", 2, 1), ("排名", 2, 1)],
            ["主动公开(20)", "依申请(20)"],
            ["1", "甲局", "18", "19", "50", "87", "第1名"],
            ["2", "乙局", "17", "—", "50.5", "67.5", "并列2"],
            ["", "平均分", "17.5", "19", "50.25", "77.25", ""],
        ],
    )  # fmt: skip
    assert rows(found, "agency", "indicator", "score", "rank", "full_marks") == [
        ("甲局", "信息公开/主动公开", 18, None, 20),
        ("甲局", "信息公开/依申请", 19, None, 20),
        ("甲局", "办事服务", 50, None, 60),
        ("甲局", "总分", 87, 1, 100),
        ("乙局", "信息公开/主动公开", 17, None, 20),
        ("乙局", "办事服务", 50.5, None, 60),
        ("乙局", "总分", 67.5, 2, 100),
    ]


def test_a_score_and_a_rank_under_each_group():
    found = read(
        TITLE,
        [
            [("单位", 2, 1), ("信息公开", 1, 2), ("综合", 1, 2)],
            ["得分", "名次", "得分", "名次"],
            ["甲", "0.8", "2", "0.85", "1"],
            ["乙", "0.91", "1", "0.8", "2"],
        ],
    )
    assert rows(found, "agency", "indicator", "score", "rank", "scale") == [
        ("甲", "信息公开", 0.8, 2, 1),
        ("甲", "综合", 0.85, 1, 1),
        ("乙", "信息公开", 0.91, 1, 1),
        ("乙", "综合", 0.8, 2, 1),
    ]


def test_weights_in_the_header_and_full_marks_in_a_row():
    head = ["排名", "城市", "决策公开（20%）", "管理服务公开（80%）", "总分"]
    found = read("2022年政府透明度指数", [head, ["1", "甲", "80", "90", "88"]])
    assert rows(found, "indicator", "weight", "full_marks") == [
        ("决策公开", 0.2, None), ("管理服务公开", 0.8, None), ("总分", None, None),
    ]  # fmt: skip
    table = [
        ["单位", "公开", "服务", "总分"],
        ["满分", "40", "60", "100"],
        ["甲", "30", "50", "80"],
    ]
    found = read(TITLE, table)
    assert rows(found, "agency", "indicator", "full_marks") == [
        ("甲", "公开", 40), ("甲", "服务", 60), ("甲", "总分", 100),
    ]  # fmt: skip


def test_full_marks_that_most_scores_exceed_are_not_believed():
    found = read(TITLE, [["单位", "信息公开(1)", "总分"], ["甲", "30", "80"], ["乙", "20", "70"]])
    assert rows(found, "indicator", "full_marks")[0] == ("信息公开", None)
    assert codes(found) == ["score.full_marks"]


def test_sections_and_titles_inside_the_table():
    found = read(
        [
            [("2023年4月政务公开评分表", 1, 3)],
            ["单位", "得分", "排名"],
            [("一、县区", 1, 3)],
            ["甲县", "90", "1"],
            [("二、市直部门", 1, 3)],
            ["单位", "得分", "排名"],
            ["甲局", "95", "1"],
            [("注：满分100分。", 1, 3)],
        ]
    )
    assert rows(found, "scheme", "period", "agency", "rank") == [
        ("政务公开(县区)", "2023-04", "甲县", 1),
        ("政务公开(市直部门)", "2023-04", "甲局", 1),
    ]


def test_lists_of_one_document_are_told_apart_by_what_heads_them():
    head = ["单位", "得分", "名次"]
    found = read(
        TITLE,
        *("附件1 县区得分排名", [head, ["甲县", "90", "1"]]),
        *("附件2 部门得分排名", [head, ["甲局", "91", "1"]]),
    )
    assert rows(found, "scheme", "agency") == [
        (f"{SCHEME}(县区)", "甲县"), (f"{SCHEME}(部门)", "甲局"),
    ]  # fmt: skip
    nameless = read(
        TITLE, [head, ["甲县", "90", "1"], ["乙县", "80", "2"]], [head, ["甲局", "91", "1"]]
    )
    assert rows(nameless, "scheme")[-1] == (f"{SCHEME}(table 2)",)
    assert codes(nameless) == ["score.scheme"]
    continued = read(TITLE, [head, ["甲县", "90", "1"]], [head, ["乙县", "80", "2"]])
    assert rows(continued, "scheme", "rank") == [(SCHEME, 1), (SCHEME, 2)]


def test_columns_of_several_years():
    table = [["单位", "2014年得分", "2014年排名", "2013年得分", "2013年排名", "上年排名"],
             ["甲", "80", "1", "70", "2", "2"]]  # fmt: skip
    found = read("政务公开考核结果", table)
    assert rows(found, "period", "score", "rank") == [("2014", 80, 1), ("2013", 70, 2)]


def test_merged_ranks_and_a_category_column():
    found = read(
        TITLE,
        [["类别", "名次", "单位", "得分"], [("县区", 2, 1), ("9", 2, 1), "甲", "67"], ["乙", "67"],
         ["部门", "1", "丙局", "60"]],
    )  # fmt: skip
    assert rows(found, "scheme", "agency", "rank") == [
        (f"{SCHEME}(县区)", "甲", 9),
        (f"{SCHEME}(县区)", "乙", 9),
        (f"{SCHEME}(部门)", "丙局", 1),
    ]


def test_a_top_ten_of_eleven_names_and_no_scores():
    names = [f"{c}市" for c in "甲乙丙丁戊己庚辛壬癸子"]
    ranks = [*range(1, 10), 10, 10]
    table = [["排名", "单位"], *([str(r), n] for r, n in zip(ranks, names, strict=True))]
    found = read("2022年度政务公开考评前十名", table)
    assert rows(found, "agency", "rank", "score", "ranked_of") == [
        (n, r, None, None) for n, r in zip(names, ranks, strict=True)
    ]


def test_what_names_neither_scheme_nor_period_is_null_and_told():
    found = read([["单位", "得分"], ["甲局", "88.5"]])
    assert rows(found, "scheme", "period", "agency", "score") == [(None, None, "甲局", 88.5)]
    assert sorted(codes(found)) == ["score.period", "score.scheme"]


def test_the_sidecar_names_them():
    found = read([["部门", "排名"], ["甲局", "1"]], scheme="考核", period=2022)
    assert rows(found, "scheme", "period", "rank") == [("考核", "2022", 1)]
    assert (found.year, codes(found)) == (2022, [])


def test_what_cannot_be_read_is_null_and_told():
    found = read(
        TITLE,
        [
            ["单位", "得分", "名次"],
            ["甲", "88 . 5", "前三"],
            ["乙", "9O.5", "2"],
            ["丙", "80", "3"],
        ],
    )
    assert rows(found, "agency", "score", "rank") == [
        ("甲", 88.5, None),
        ("乙", None, 2),
        ("丙", 80, 3),
    ]
    assert codes(found) == ["rank.unreadable", "number.unreadable"]


NO_SCORES = {
    "people": (
        "2023年考核招聘总成绩",
        [["单位", "姓名", "总成绩", "排名"], ["甲局", "张三", "8", "1"]],
    ),
    "exam": ("2023年事业单位公开招聘面试成绩", [["单位", "得分"], ["甲局", "8"]]),
    "bids": ("采购评标结果", [["单位", "得分", "排名"], ["甲公司", "8", "1"]]),
    "log": ("信息公开目录", [["标题", "发布机构", "发布日期"], ["通知", "甲局", "2020-01-01"]]),
    "economy": ("2023年各县区主要经济指标", [["地区", "GDP", "排名"], ["甲", "100", "1"]]),
    "standard": ("政务公开考核指标", [["指标", "分值", "责任部门"], ["公开", "10", "办公室"]]),
    "counts": ("信息报送情况通报", [["单位", "报送", "采用", "合计"], ["甲", "3", "1", "4"]]),
    "no names": (TITLE, [["单位", "得分"], ["", "8"]]),
    "empty": (TITLE, []),
}


@pytest.mark.parametrize("case", NO_SCORES)
def test_what_is_no_table_of_agencies_scores_stays_unknown(case):
    title, table = NO_SCORES[case]
    found = read(title, table)
    if case in {"people", "exam", "bids"}:
        title = title.replace("考核", "").replace("公开", "")
        found = read(title, table)
    assert (found.kind, found.tables) == ("unknown", {})


def test_a_report_is_no_assessment_for_a_table_of_scores_in_it(tmp_path):
    from tests.documents import report

    path = tmp_path / "report.html"
    table = "<table><tr><td>单位<td>得分<tr><td>甲局<td>90</table></body>"
    path.write_bytes(report().replace(b"</body>", table.encode()))
    assert extract(path).kind == "annual_report"


NAMES = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4)
SCORES = st.decimals(0, 100, places=2, allow_nan=False)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(NAMES, SCORES), min_size=1, max_size=15, unique_by=lambda t: t[0]),
    st.integers(1, 3),
    st.booleans(),
)
def test_any_layout_gives_back_what_was_printed(listed, lists, has_gap):
    """A list set in one, two or three columns comes back whole and in order."""
    ranked = [(str(i + 1), f"{name}局", str(score)) for i, (name, score) in enumerate(listed)]
    height = -(-len(ranked) // lists)
    used = -(-len(ranked) // height)
    gap = [""] if has_gap else []
    head = [cell for i in range(used) for cell in [*(gap if i else []), "名次", "单位", "得分"]]
    table = [head]
    for r in range(height):
        parts = [
            ranked[i * height + r] if i * height + r < len(ranked) else ("", "", "")
            for i in range(used)
        ]
        table.append(
            [cell for i, part in enumerate(parts) for cell in [*(gap if i else []), *part]]
        )
    found = read(TITLE, table)
    assert rows(found, "rank", "agency", "score") == [
        (int(r), name, float(score)) for r, name, score in ranked
    ]


def test_a_text_file_with_indicators_side_by_side_and_sections(tmp_path):
    path = tmp_path / "scores.csv"
    lines = (
        "某县2023年政务公开测评,,,",
        "填报单位：某县政务公开办,,,",
        "名次,单位,主动公开（60分）,2023年得分(100)",
        "县直部门,,,",
        "1,县教育局,50.5,91.5",
        "2,县民政局,,90",
        "乡镇,,,",
        "1,东镇,49,88",
    )
    path.write_text("\n".join(lines), encoding="gb18030")
    found = extract(path)
    assert (found.kind, found.reason, found.year) == ("assessment", None, 2023)
    said = rows(found, "scheme", "agency", "indicator", "score", "rank", "full_marks")
    assert [row for row in said if row[2] == "得分"] == [
        ("某县政务公开测评(县直部门)", "县教育局", "得分", 91.5, 1, 100),
        ("某县政务公开测评(县直部门)", "县民政局", "得分", 90, 2, 100),
        ("某县政务公开测评(乡镇)", "东镇", "得分", 88, 1, 100),
    ]
    assert [(r[1], r[3], r[5]) for r in said if r[2] == "主动公开"] == [
        ("县教育局", 50.5, 60),
        ("东镇", 49, 60),
    ]


def test_an_indicator_may_be_called_like_a_kind_of_agency():
    table = [
        ["排名", "被评估单位", "政府网站", "年度报告", "总得分"],
        ["1", "甲局", "30", "9.5", "90"],
        ["2", "乙局", "28", "9", "85"],
    ]
    found = rows(read("2023年政务公开考核得分", table), "agency", "indicator", "score")
    assert ("甲局", "政府网站", 30) in found
    assert ("乙局", "年度报告", 9) in found


def test_agencies_side_by_side_are_turned():
    found = read(
        TITLE,
        [
            ["考核指标", "分值", "甲县", "乙县", "丙区"],
            ["主动公开", "60", "55.5", "50", "49"],
            ["依申请公开", "40", "39", "38", "37"],
            ["总分", "100", "94.5", "88", "86"],
            ["名次", "", "1", "2", "3"],
        ],
    )
    assert rows(found, "agency", "indicator", "score", "rank", "full_marks") == [
        ("甲县", "主动公开", 55.5, None, 60),
        ("甲县", "依申请公开", 39, None, 40),
        ("甲县", "总分", 94.5, 1, 100),
        ("乙县", "主动公开", 50, None, 60),
        ("乙县", "依申请公开", 38, None, 40),
        ("乙县", "总分", 88, 2, 100),
        ("丙区", "主动公开", 49, None, 60),
        ("丙区", "依申请公开", 37, None, 40),
        ("丙区", "总分", 86, 3, 100),
    ]
    assert found.rows("scores")[0]["place"] == "table 1, row 2, column 3"


def test_a_heading_over_each_of_two_lists_names_it():
    head = ["名次", "单位", "得分"]
    found = read(
        TITLE,
        [
            [("县（市、区）", 1, 3), ("市直部门", 1, 3)],
            head * 2,
            ["1", "甲县*", "96", "1", "市金融办", "93.7"],
            ["2", "乙县", "80", "2", "市应急局", "89.9"],
        ],
    )
    assert rows(found, "scheme", "agency", "score", "rank") == [
        (f"{SCHEME}(县(市、区))", "甲县", 96, 1),
        (f"{SCHEME}(县(市、区))", "乙县", 80, 2),
        (f"{SCHEME}(市直部门)", "市金融办", 93.7, 1),
        (f"{SCHEME}(市直部门)", "市应急局", 89.9, 2),
    ]


def test_marks_beside_scores_are_what_these_are_out_of():
    found = read(
        TITLE,
        [
            ["单位", "评估指标", "分值", "得分"],
            [("甲局", 2, 1), "目录编制", "30", "26.4"],
            ["合计", "100", "92.7"],
            ["县市区平均", "合计", "100", "90"],
        ],
    )
    assert rows(found, "agency", "indicator", "score", "full_marks") == [
        ("甲局", "目录编制", 26.4, 30),
        ("甲局", "合计", 92.7, 100),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            [
                "测评结果显示，县（市、区）排名前三位的是甲区（95.2分）、乙县（94.1分）、丙区（93.75分）；"
                "排在第9、10位的分别是丁县（81.6分）、戊县（79.4分）。",
                "市直部门排名前两位的是市财政局（97.8分）、市医保局（96.5分）。全市平均得分88.6分。",
            ],
            [
                (f"{SCHEME}(县(市、区))", "甲区", 95.2, 1),
                (f"{SCHEME}(县(市、区))", "乙县", 94.1, 2),
                (f"{SCHEME}(县(市、区))", "丙区", 93.75, 3),
                (f"{SCHEME}(县(市、区))", "丁县", 81.6, 9),
                (f"{SCHEME}(县(市、区))", "戊县", 79.4, 10),
                (f"{SCHEME}(市直部门)", "市财政局", 97.8, 1),
                (f"{SCHEME}(市直部门)", "市医保局", 96.5, 2),
            ],
        ),
        (
            [
                "第一名市自然资源局，得96.4分；第二名市卫健委，得95分；第3至4名依次为"
                "市粮食和储备局（92.2分）、市商务局（91.7分）。"
            ],
            [
                (SCHEME, "市自然资源局", 96.4, 1),
                (SCHEME, "市卫健委", 95, 2),
                (SCHEME, "市粮食和储备局", 92.2, 3),
                (SCHEME, "市商务局", 91.7, 4),
            ],
        ),
        (
            [
                "一、优秀等次",
                "1．市政务服务局（97.9分）",
                "二、良好等次",
                "2．市交通局（95.8分）",
                "3．市司法局（90分）",
            ],
            [
                (SCHEME, "市政务服务局", 97.9, 1),
                (SCHEME, "市交通局", 95.8, 2),
                (SCHEME, "市司法局", 90, 3),
            ],
        ),
        (
            # five are promised and three are named: who is which is not told
            ["排名前五位的有甲区（95.2分）、乙县（94.1分）、丙区（93.75分）。"],
            [
                (SCHEME, "甲区", 95.2, None),
                (SCHEME, "乙县", 94.1, None),
                (SCHEME, "丙区", 93.75, None),
            ],
        ),
    ],
)
def test_rankings_told_in_words(lines, told):
    assert rows(read(TITLE, *lines), "scheme", "agency", "score", "rank") == told


def test_a_few_scores_in_words_are_no_ranking():
    assert read(TITLE, "甲区（95.2分）、乙县（94.1分）进步明显。").kind == "unknown"
