"""Ledgers of requests the whole way: nothing of a person stays, and the form is filled."""

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import zwgk_analytics as zwgk
from zwgk_analytics.briefing.ledgers import parts
from zwgk_analytics.briefing.notes import Notes
from zwgk_analytics.charts.request_days import request_days_data
from zwgk_analytics.cli import cli
from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.json import to_json
from zwgk_analytics.forms import editions
from zwgk_analytics.writers import write
from zwgk_analytics.writers.form import form_document

HEAD = (
    "序号,单位,受理编号,申请人,证件号码,联系电话,地址,邮箱,申请人类别,申请方式,申请内容,申请日期,双方确认日期,"
    "答复日期,答复结果,行政复议结果,行政诉讼结果,经办人"
)
ROWS = (
    "1,甲市民政局,依申请〔2024〕1号,张三丰,110101199003077715,13812345678,东大街九号,zsf@example.com,"
    "自然人,网上,请公开李四光的低保档案,2023-12-27,2023-12-28,2024-01-10,予以公开,无,无,王经办",
    "2,甲市民政局,依申请〔2024〕2号,张三丰,110101199003077715,13812345678,东大街九号,,自然人,网上,"
    "李四光,2024-02-01,2024-02-02,2024-02-20,2.重复申请,无,无,王经办",
    "3,甲市民政局,依申请〔2024〕3号,宝来咨询公司,91320000MA1ABCDE0X,139-8765-4321,,,商业企业,当面,"
    "赵六姑的信,2024-10-09,,2024-12-20,不予公开（1.属于国家秘密）,无,无,王经办",
    "4,甲市民政局,依申请〔2024〕4号,李四光,,,,,自然人,当面,,2024-12-30,,,,无,无,",
    # hostile: cells astray, unknown words, one field too many, notes at the end
    "5,甲市民政局,张三丰,张三丰,,,,,张三丰,李四光,张三丰,张三丰,13812345678,李四光,李四光的答复,张三丰,无,",
    "6,李四光,13812345678,自然人,张三丰,,,,,,,2024-03-01,张三丰,,,,,",
    "7,甲市民政局,依申请〔2024〕7号,赵六姑,,,,,自然人,当面,,2024-03-01,,,,,,,,赵六姑",
    "合计,,张三丰等7件,,,,,,,,,,,,,,,",
    "填表人：王经办 13812345678,,,,,,,,,,,,,,,,,",
)
PLANTED = (
    "张三丰", "李四光", "赵六姑", "宝来", "王经办", "110101199003077715", "91320000MA1ABCDE0X",
    "13812345678", "139-8765-4321", "8765-4321", "东大街", "zsf@", "低保档案",
)  # fmt: skip


def leaked(text):
    return [word for word in PLANTED if word in text]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("requests")
    raw, marts = folder / "raw", folder / "data" / "marts"
    raw.mkdir()
    (raw / "台账.csv").write_text("\n".join([HEAD, *ROWS]), encoding="gb18030")
    # without headings; a quotation mark that nothing closes
    (raw / "无表头.csv").write_text("\n".join(ROWS), encoding="utf-8")
    broken = ROWS[1].replace("李四光,", '"李四光,', 1)
    # another agency's, in order, and a report that differs from it in one cell
    whole = [row.replace("甲市", "乙市") for row in ROWS[:4]]
    (raw / "乙局.csv").write_text("\n".join([HEAD, *whole]), encoding="utf-8")
    title = "乙市民政局2024年政府信息公开工作年度报告"
    cells = {("applications", row, "total"): n for row, n in (("received", "4"), ("granted", "1"))}
    report = form_document(editions()["2021"], cells, title=title, author="乙市民政局")
    (raw / "年报.html").write_bytes(write(report, "html"))
    (raw / "坏.csv").write_text("\n".join([HEAD, *ROWS, broken]), encoding="utf-8")
    zwgk.refresh(raw=raw, marts=marts, progress=lambda *_: None)
    return raw, marts


def test_the_ledger_is_in_the_marts(published):
    with zwgk.open_marts(published[1]) as marts:
        found = marts.requests(source="台账.csv").sort("place")
        told = marts.reading_problems(source="台账.csv")
    assert found.height == 6
    assert found["applicant"].drop_nulls().n_unique() == 3
    assert {"record.choice", "row.ragged", "row.total"} <= set(told["code"])


def test_nothing_of_a_person_is_in_any_file_of_the_marts(published):
    files = [f for f in published[1].rglob("*") if f.is_file()]
    texts = {f: str(pq.read_table(f).to_pylist()) if f.suffix == ".parquet" else "" for f in files}
    assert any("甲市民政局" in text for text in texts.values()), "the ledger is in the store"
    for file, text in texts.items():
        assert leaked(text) == [], file
        data = file.read_bytes()
        assert [word for word in PLANTED if word.encode() in data] == [], file


def test_nothing_of_a_person_is_in_any_row_of_the_marts(published):
    with zwgk.open_marts(published[1]) as marts:
        names = marts.catalogue()["mart"].to_list()
        rows = {name: str(marts.mart(name).rows()) for name in names}
        assert "甲市民政局" in rows["requests"]
        assert {n: found for n, text in rows.items() if (found := leaked(text))} == {}
        said = str([parts(marts, 2024, None, Notes()), request_days_data(marts).rows()])
        assert "甲市民政局" in said
        assert leaked(said) == []


def test_nothing_of_a_person_is_printed(published):
    raw, marts = published
    runner = CliRunner()
    extracted = runner.invoke(cli, ["extract", *map(str, sorted(raw.glob("*.csv")))])
    assert '"kind": "requests"' in extracted.output
    assert leaked(extracted.output) == []
    printed = runner.invoke(cli, ["status", "--marts", str(marts)])
    assert "not used: 无表头.csv" in printed.output
    assert leaked(printed.output) == []


TOTALS = {
    "received": 3, "carried_in": 1, "granted": 1, "denied.state_secret": 1,
    "not_processed.repeated": 1, "total": 3, "carried_out": 1,
}  # fmt: skip


def filled(published, target, *more):
    arguments = [
        "fill",
        "--year",
        "2024",
        *(more or ("--agency", "乙市民政局")),
        "--marts",
        str(published[1]),
        "--to",
        str(target),
    ]
    return CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize("media", ["docx", "xlsx", "html", "pdf"])
def test_the_filled_form_reads_back_as_the_ledger_has_it(published, tmp_path, media):
    done = filled(published, tmp_path / f"年报.{media}")
    assert done.exit_code == 0, done.output
    read = to_json(extract(tmp_path / f"年报.{media}"))
    assert (read["kind"], read["agency"], read["year"]) == ("annual_report", "乙市民政局", 2024)
    assert read["problems"] == []
    cells = {(c["table"], c["row"], c["column"]): c["value"] for c in read["cells"]}
    with zwgk.open_marts(published[1]) as marts:
        table = marts.requests_table(agency="乙市民政局", years=2024)
    expected = {
        (r["form_table"], r["form_row"], r["form_column"]): r["value"]
        for r in table.iter_rows(named=True)
    }
    counts = {k: v for k, v in cells.items() if k[0] != "proactive"}
    assert counts == expected
    assert {r: n for (t, r, c), n in counts.items() if c == "total" and n} == TOTALS
    assert {v for k, v in cells.items() if k[0] == "proactive"} == {None}


def test_what_is_left_blank_is_told(published, tmp_path):
    done = filled(published, tmp_path / "年报.docx")
    assert "left blank in 二、主动公开政府信息情况: 规章｜行政规范性文件 [" in done.stderr
    assert "nothing in the marts states it" in done.stderr
    assert "三、" not in done.stderr.replace("三、本", "")
    again = filled(published, tmp_path / "年报.docx")
    assert isinstance(again.exception, zwgk.errors.UsageError)
    assert "is there already" in str(again.exception)


@pytest.mark.parametrize(
    ("target", "more", "said"),
    [
        ("a.txt", (), "cannot be written"),
        (
            "a.docx",
            ("--agency", "丙局"),
            "丙局: no ledger of requests of 2024; there is 乙市民政局",
        ),
    ],
)
def test_what_cannot_be_filled_is_told(published, tmp_path, target, more, said):
    assert said in str(filled(published, tmp_path / target, *more).exception)
    assert not (tmp_path / target).exists()


def test_the_report_is_held_against_the_ledger(published):
    found = zwgk.findings(published[1], rule="claims.ledger")
    assert found.select("agency", "message").rows() == [
        ("乙市民政局", "年度报告“一、本年新收政府信息公开申请数量·总计”填报4，按台账计算为3")
    ]
    with zwgk.open_marts(published[1]) as marts:
        held = marts.rule_results(rule="claims.ledger", outcome="holds")["subjects"].item()
    assert held == 1
