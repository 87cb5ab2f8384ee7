"""Claims: invented sentences of every shape, and the corpus' transcribed facts."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from zwgk_analytics.facts.claim_rules import claim_rules
from zwgk_analytics.facts.claims import Claim, claims_of, read_claims
from zwgk_analytics.facts.prose_numbers import mask
from zwgk_analytics.facts.schema import CLAIMS
from zwgk_analytics.facts.sentences import tidy
from zwgk_analytics.facts.work_rules import work_rules
from zwgk_analytics.marts.vocabulary import vocabulary
from zwgk_analytics.readers import Cell, Document, Grid, Paragraph, read

HERE = Path(__file__).parent
SETS = (
    *("claims_held_out", "claims_invented", "claims_fresh", "claims_last", "claims_seed_shapes"),
    *("claims_work_reports", "claims_work_fresh", "claims_manners"),
)


def sentences_of(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))


def spoken(claim: Claim) -> str:
    words = [claim.measure, f"{claim.value.normalize():f}", claim.qualifier]
    part = f"{{{claim.part}}}" if claim.part else None
    return " ".join(w for w in (*words, part) if w)


def said(line: dict[str, Any]) -> list[Claim]:
    agency, year = line["by"].rsplit(" ", 1) if "by" in line else (None, None)
    texts = [line["head"]] if "head" in line else []
    paragraphs = [Paragraph(t, f"paragraph {n}") for n, t in enumerate([*texts, line["say"]], 1)]
    return claims_of(paragraphs, agency, int(year) if year else None)


@pytest.mark.parametrize(
    "line", [pytest.param(s, id=f"{n}:{i}") for n in SETS for i, s in enumerate(sentences_of(n), 1)]
)
def test_a_sentence_states_these_figures_and_no_others(line: dict[str, Any]) -> None:
    assert Counter(map(spoken, said(line))) == Counter(line["claims"])


def quantities(line: dict[str, Any]) -> int:
    return len(mask(tidy(line["say"]), work_rules().units, work_rules().titles).quantities)


def test_the_work_report_shapes_hold_many_claims_and_tell_their_other_figures() -> None:
    lines = sentences_of("claims_seed_shapes")
    for line in lines:
        claims = [c for c in said(line) if c.value]  # a negative uses up no number
        assert quantities(line) - len(claims) == line["others"], line["say"]
    assert sum(len(line["claims"]) for line in lines) >= 80


def test_many_figures_of_other_work_are_no_claims() -> None:
    lines = [line for n in SETS for line in sentences_of(n) if not line["claims"]]
    assert sum(map(quantities, lines)) >= 100


def test_only_paragraphs_are_read_and_each_claim_says_where_it_stands() -> None:
    grid = Grid((Cell("主动公开政府信息12条。", 0, 0),), "table 1")
    text = Paragraph("2023年，全市主动公开政府信息 1 234 条。", "page 1, paragraph 2")
    claims = read_claims(Document("html", (grid, text)), agency="青川市人民政府", year=2023)
    assert [(c.value, c.unit, c.place) for c in claims] == [(1234, "条", "page 1, paragraph 2")]
    assert claims[0].text == "2023年，全市主动公开政府信息 1 234 条。"


def test_the_cells_of_a_flattened_table_are_no_claims() -> None:
    rows = (
        "本年新收政府信息公开申请数量 12 0 0 0 0 0 12",
        "予以公开 3 0 0 0 0 0 3",
        "行政复议 1 0 1",
    )
    assert [said({"head": "依申请公开", "say": row}) for row in rows] == [[], [], []]


def test_fees_are_in_yuan_and_negatives_have_a_unit() -> None:
    claims = said({"say": "收取信息处理费0.35万元，未收到政府信息公开申请。"})
    assert {(c.measure, c.value, c.unit) for c in claims} == {
        ("processing_fee", 3500, "元"),
        ("applications_received", 0, "件"),
    }


def test_a_wrong_year_alone_is_kept_for_the_rule_that_finds_it() -> None:
    line = {"by": "青川市人民政府 2023", "say": "2022年全市主动公开政府信息96条。"}
    assert [spoken(c) for c in said(line)] == ["items_published 96"]


def test_every_measure_of_the_rules_is_met_in_a_sentence() -> None:
    met = {c.split()[0] for n in SETS for line in sentences_of(n) for c in line["claims"]}
    keys = {r.key for r in claim_rules().measures} | {r.key for r in work_rules().measures}
    assert met == keys


def test_every_measure_is_described_once_and_its_wordings_say_where_the_figure_stands() -> None:
    described = Counter(vocabulary()["measures"]["measure"].to_pylist())
    for rule in work_rules().measures:
        assert described[rule.key] == 1
        assert all({"n"} <= set(wording.groupindex) for wording in rule.says), rule.key


def test_the_numbers_of_persons_are_masked_in_the_text() -> None:
    claims = said({"say": "发放便民卡120张,联系电话13800138000。"})
    assert [c.text for c in claims] == ["发放便民卡120张,联系电话138******00。"]


def test_claims_have_the_fields_of_the_facts() -> None:
    assert {"source", *Claim.__dataclass_fields__} == set(CLAIMS.names)


def test_the_transcribed_facts_of_the_corpus_are_found(corpus: Path | None) -> None:
    if corpus is None:
        print("the corpus is not at hand: its prose was not read")
        return
    with (HERE / "claims_truth_map.csv").open(encoding="utf-8") as file:
        measures = {row["what"]: row["measure"] for row in csv.DictReader(file)}
    right = wrong = missed = 0
    for path in sorted(corpus.glob("reports/*.truth.json")):
        facts, parts = _facts(json.loads(path.read_text(encoding="utf-8")), measures)
        page = path.with_name(path.name.replace(".truth.json", ".html"))
        claims = read_claims(read(page.read_bytes(), page.name))
        whole = {(c.measure, c.value) for c in claims if c.part is None}
        judged = {c for c in whole if c[0] in measures.values()}
        false = {c for c in judged if c not in facts and c[1] not in parts}
        right, wrong = right + len(judged - false), wrong + len(false)
        missed += len(facts - {(c.measure, c.value) for c in claims})
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.90


def _facts(truth: dict[str, Any], measures: dict[str, str]) -> tuple[set[Any], set[Any]]:
    found = [f for s in truth["narrative"] for f in s["facts"] if f["value"] is not None]
    named = {(measures[f["what"]], f["value"]) for f in found if f["what"] in measures}
    parts = {f["value"] for f in found if f["what"].startswith(("其中", "收到申请："))}
    return named, parts
