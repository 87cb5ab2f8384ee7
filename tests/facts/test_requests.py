"""Ledgers of requests (依申请公开台账): rows in, records out, and nothing of a person."""

import json
from datetime import date

import pytest
import xlsxwriter

from zwgk_analytics.facts.extract import extract
from zwgk_analytics.facts.json import to_json
from zwgk_analytics.forms import editions, fold
from zwgk_analytics.forms.records import record_kinds
from zwgk_analytics.writers.ledger import heading_of, ledger_template

KIND = record_kinds()["requests"]
OUTCOMES = next(c for c in KIND.columns if c.key == "outcome").choices
HEAD = "单位,受理编号,申请人,联系电话,申请人类别,申请方式,申请日期,答复日期,答复结果,收费金额"
PLANTED = ("张三丰", "李四光", "13812345678", "110101199003077715")


def read(tmp_path, *lines, head=HEAD, sidecar=None):
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    if sidecar:
        (tmp_path / "ledger.yml").write_text(sidecar, encoding="utf-8")
    return extract(path)


def records(extraction):
    return [
        {k: v for k, v in row.items() if v is not None and k not in {"source", "applicant"}}
        for row in extraction.rows("requests")
    ]


def problems(extraction):
    return [(p["code"], p["place"]) for p in extraction.rows("problems")]


def test_a_row_is_a_record(tmp_path):
    line = "市民政局,依申请〔2024〕1号,张三丰,13812345678,公民,网上申请,2024年1月3日,2024/1/25"
    found = read(tmp_path, f"{line},（一）予以公开,0")
    assert found.kind == "requests"
    assert records(found) == [
        {
            "place": "row 2",
            "agency": "市民政局",
            "request_no": "依申请〔2024〕1号",
            "applicant_kind": "natural_person",
            "channel": "online",
            "submitted_on": date(2024, 1, 3),
            "replied_on": date(2024, 1, 25),
            "outcome": "granted",
            "fee": 0,
        }
    ]
    assert found.rows("requests")[0]["applicant"].isalnum()
    assert problems(found) == []


def test_the_template_is_read_back(tmp_path):
    path = tmp_path / "blank.csv"
    path.write_bytes(ledger_template(KIND, "csv"))
    assert [heading_of(c) for c in KIND.columns] == path.read_text("utf-8-sig").strip().split(",")
    examples = ["" if c.example is None else str(c.example) for c in KIND.columns]
    path.write_text(
        f"{path.read_text('utf-8-sig').strip()}\n{','.join(examples)}\n", encoding="utf-8"
    )
    found = extract(path)
    assert found.kind == "requests"
    assert problems(found) == []
    kept = {c.key for c in KIND.columns if c.type != "personal"} - {"applicant"}  # 张某 is nobody
    assert kept <= {k for k, v in found.rows("requests")[0].items() if v is not None}


@pytest.mark.parametrize("row", editions()["2021"].tables["applications"].rows, ids=lambda r: r.key)
def test_every_outcome_of_the_form_is_understood_as_it_is_printed(tmp_path, row):
    if row.role != "outcome":
        return
    group = row.path[-2]
    said = [row.label, f"{group}—{row.label}", f"{fold(group)}（{row.label}）", row.key]
    said = said if row.group != row.key else [row.label, row.key]
    lines = [
        f'市民政局,{n},,,,当面,2024-01-03,2024-01-25,"{text}",' for n, text in enumerate(said, 1)
    ]
    found = read(tmp_path, *lines)
    assert [r["outcome"] for r in records(found)] == [row.key] * len(said), found.rows("problems")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("不予公开", "denied"),
        ("其他处理", "other"),
        ("不予公开（国家秘密）", "denied.state_secret"),
        ("部分公开（涉及第三方）", "partially_granted"),
        ("信息不存在", "unable.not_held"),
        ("申请人撤回", "other.other"),
        ("办理中", "running"),
    ],
)
def test_short_words_for_outcomes(tmp_path, text, key):
    assert records(read(tmp_path, f"市民政局,1,,,,,2024-01-03,,{text},"))[0]["outcome"] == key


def test_what_is_not_understood_is_told_and_not_quoted(tmp_path):
    found = read(
        tmp_path,
        "市民政局,张三丰13812345678,李四光,,张三丰,李四光,2024-13-45,张三丰,李四光的答复,张三丰",
        "合计,张三丰等2件,,,,,,,,",
        "市民政局,2,李四光,13812345678,自然人,当面,2024-01-03,2024-01-25,予以公开,0,李四光",
    )
    assert {code for code, _ in problems(found)} == {
        "record.code", "record.choice", "date.impossible", "date.unreadable", "number.unreadable",
        "row.total", "row.ragged",
    }  # fmt: skip
    assert records(found) == [{"place": "row 2", "agency": "市民政局"}]
    printed = json.dumps(to_json(found), ensure_ascii=False)
    assert [p for p in PLANTED if p in printed] == []


def test_a_row_that_stands_a_column_aside_names_no_agency(tmp_path):
    found = read(tmp_path, "张三丰,1,13812345678,自然人,网上,2024-01-03,2024-01-25,予以公开,,")
    printed = json.dumps(to_json(found), ensure_ascii=False)
    assert [p for p in PLANTED if p in printed] == []
    assert ("record.agency", "row 2") in problems(found)


def test_a_ledger_without_headings_is_not_quoted(tmp_path):
    line = "市民政局,1,张三丰,13812345678,自然人,网上,2024-01-03,2024-01-25,予以公开,"
    found = read(tmp_path, line, head=line)
    assert found.kind == "unknown"
    printed = json.dumps(to_json(found), ensure_ascii=False)
    assert [p for p in PLANTED if p in printed] == []
    assert "the first row holds data" in printed


def test_the_sidecar_gives_the_agency(tmp_path):
    head = "受理编号,申请人,申请方式,收到申请日期,答复日期"
    found = read(tmp_path, "1,张三丰,当面,2024-01-03,", head=head, sidecar="agency: 市民政局\n")
    assert records(found)[0]["agency"] == "市民政局"
    (tmp_path / "ledger.yml").unlink()
    assert extract(tmp_path / "ledger.csv").kind == "unknown", "whose ledger it is nobody says"


def test_none_is_an_answer_where_it_is_asked_for(tmp_path):
    head = "单位,申请方式,申请日期,延期告知日期,答复日期,行政复议结果,行政诉讼结果,是否延期"
    found = read(tmp_path, "市民政局,当面,2024-01-03,无,2024-01-25,无,撤诉,否", head=head)
    record = records(found)[0]
    assert (record["reconsideration"], record["litigation"]) == ("none", "other")
    assert record["is_extended"] is False
    assert "extended_on" not in record
    assert problems(found) == []


def test_a_workbook_with_a_title_blank_rows_totals_and_notes(tmp_path):
    path = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.merge_range(0, 0, 0, 5, "2024年依申请公开台账（填表人：张三丰 13812345678）")
    for column, name in enumerate(["序号", "单位", "申请人", "申请方式", "申请日期", "答复日期"]):
        sheet.write(1, column, name)
    for row, day in ((2, 45294), (4, 45300)):
        sheet.write(row, 0, row)
        sheet.write(row, 1, "市民政局")
        sheet.write(row, 2, "李四光")
        sheet.write(row, 3, "当面")
        sheet.write(row, 4, day)
    sheet.write(5, 0, "合计")
    sheet.write(5, 2, "2件")
    sheet.write(6, 0, "审核人：张三丰")
    book.close()
    found = extract(path)
    read_ = records(found)
    assert [r.get("submitted_on") for r in read_] == [date(2024, 1, 3), date(2024, 1, 9)]
    assert {r["agency"] for r in read_} == {"市民政局"}
    printed = json.dumps(to_json(found), ensure_ascii=False)
    assert [p for p in PLANTED if p in printed] == []


def test_logs_are_no_ledgers_of_requests(tmp_path):
    head = "部门,类别,标题,日期,备注"
    assert read(tmp_path, "市民政局,通知,关于某事的通知,2024-01-03,", head=head).kind == (
        "publication_log"
    )
