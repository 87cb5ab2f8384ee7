import ast
import json
import re
from pathlib import Path

import pytest
import yaml

import zwgk_analytics.charts as package
from tests.charts.conftest import annotations, notes
from zwgk_analytics.charts import catalogue, draw
from zwgk_analytics.charts.text import FOLDER, labelled, measures, named, say, wrapped
from zwgk_analytics.errors import UsageError
from zwgk_analytics.marts.models import models

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HERE = Path(package.__file__).parent


def texts():
    return yaml.safe_load((FOLDER / "texts.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", catalogue())
def test_each_chart_of_nothing_says_that_and_why(name, marts):
    chart = draw(name, marts)
    assert chart.title.endswith("：没有可用数据")
    assert chart.data.is_empty()
    assert not chart.figure.data
    assert len(annotations(chart.figure)[0]) > 8
    assert notes(chart.figure).endswith("数据刷新于2026年3月2日")


@pytest.mark.parametrize("name", catalogue())
def test_each_chart_speaks_english_when_asked(name, marts):
    chart = draw(name, marts, lang="en")
    assert chart.title.endswith(": no data to show")
    assert not CHINESE.search(chart.title + notes(chart.figure))


def test_an_empty_chart_names_what_was_asked_for(marts):
    chart = draw("application_handling", marts, agencies=["甲<b>局"], years=range(2023, 2025))
    assert annotations(chart.figure) == [
        "没有载有依申请公开办理表的年度报告<br>所选机关：甲&lt;b&gt;局<br>所选年度：2023、2024"
    ]


def test_a_mart_that_is_not_there_yet_is_named(marts):
    marts.con.execute("DROP TABLE coverage")
    chart = draw("coverage_calendar", marts, agencies="甲局")
    assert chart.title == "年度报告收集情况：没有可用数据"
    assert annotations(chart.figure) == [
        "数据集中还没有 coverage，运行 zwgk refresh 重新生成<br>所选机关：甲局"
    ]


def test_catalogue_has_titles_descriptions_and_options():
    for entry in catalogue().values():
        assert CHINESE.search(entry.title)
        assert entry.description.endswith("。")
    assert catalogue()["annual_figures"].options == ("agencies", "years", "measure")
    assert catalogue()["findings_by_rule"].options == ()


def test_errors_say_what_there_is(marts):
    with pytest.raises(UsageError, match="publication_volume, publication_categories"):
        draw("no_such_chart", marts)
    with pytest.raises(UsageError, match="cannot be drawn by agencies; it takes nothing"):
        draw("findings_by_rule", marts, agencies="甲局")
    with pytest.raises(UsageError, match="cannot be drawn by colour; it takes agencies, years"):
        draw("publication_lag", marts, colour="red")
    with pytest.raises(UsageError, match="use one of items_published"):
        draw("annual_figures", marts, measure="happiness")
    with pytest.raises(UsageError, match="zh and en"):
        draw("publication_lag", marts, lang="fr")


def test_save_writes_one_file_that_needs_no_network(marts, tmp_path):
    chart = draw("findings_by_rule", marts)
    path = chart.save(tmp_path / "chart.html")
    page = path.read_text(encoding="utf-8")
    assert json.dumps("没有可用数据")[1:-1] in page
    assert len(page) > 1_000_000, "plotly.js is inside"
    assert not re.search(r'<(?:script|link)[^>]+(?:src|href)="', page)


def test_notebooks_get_the_figure(marts, monkeypatch):
    import plotly.io as pio

    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype")
    bundle = draw("findings_by_rule", marts)._repr_mimebundle_()
    shown = bundle["application/vnd.plotly.v1+json"]
    assert (
        shown["layout"]["title"]["text"] == bundle["text/plain"] == "各规则检查结果：没有可用数据"
    )


def test_every_sentence_has_both_languages_and_the_same_values():
    for chart, sentences in texts().items():
        for key, said in sentences.items():
            assert set(said) == {"zh", "en"}, f"{chart}.{key}"
            fields = [set(re.findall(r"(?<!%){(\w+)", said[lang])) for lang in ("zh", "en")]
            assert fields[0] == fields[1], f"{chart}.{key}"


def test_every_sentence_that_is_said_is_there():
    known = {key for sentences in texts().values() for key in sentences}
    code = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    said = set(re.findall(r'say\(\s*f?"[\w{}]+\.(\w+)"', code))
    assert said
    assert said <= known


def test_code_holds_no_chinese_that_is_shown():
    for path in HERE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shown = [
            n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        spoken = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if _has_docstring(n)}
        assert not [n.value for n in shown if n.value not in spoken and CHINESE.search(n.value)], (
            path
        )


def _has_docstring(node):
    return isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)


def test_labels_agree_with_the_vocabulary():
    columns = {column.name: column.label for column in models()["application_handling"].columns}
    assert {key: named("outcomes", key, "zh") for key in labelled("outcomes")} == {
        key: columns[key] for key in labelled("outcomes")
    }
    marts_named = {m for name in catalogue() for m in re.findall(r"\w+", say(f"{name}.mart", "en"))}
    assert marts_named <= set(models())
    assert {"score", "composite"} == set(labelled("metrics"))
    assert "items_published" in measures()


def test_long_text_is_wrapped_at_the_width_and_loses_nothing():
    text = "平潭综合实验区2024年新收申请218件，比上年增加137件（169.1%）；办结218件"
    lines = wrapped(text, 12)
    assert "".join(lines) == text
    assert len(lines) > 2
    assert not any(line.startswith(("，", "；", "）")) for line in lines)
    assert all("218" in line for line in lines if "18" in line), "numbers stay whole"
