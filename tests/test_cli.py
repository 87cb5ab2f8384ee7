import json
import os
import subprocess
import sys

import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from zwgk_analytics.cli import main
from zwgk_analytics.errors import NoMartsError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "raw").mkdir()
    (folder / "raw" / "a.html").write_bytes(report())
    (folder / "raw" / "log.csv").write_text(LOG, encoding="utf-8")
    (folder / "raw" / "empty.html").write_bytes(b"")
    zwgk.refresh(folder / "raw", folder / "marts", progress=lambda *step: None)
    return folder


@pytest.fixture(autouse=True)
def no_suites(request, monkeypatch):
    """Great Expectations takes seconds to load: the check has it, the others go without."""
    if "check" not in request.node.name:
        monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])


def run(capsys, *arguments):
    """What a command prints and its exit status."""
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in arguments])
    told = capsys.readouterr()
    return ended.value.code or 0, told.out, told.err


def test_refresh_tells_what_it_did(capsys, folder):
    code, out, err = run(
        capsys, "refresh", "--raw", folder / "raw", "--marts", folder / "marts", "--workers", 1
    )
    assert code == 0
    assert out.startswith("0 read, 3 unchanged, 0 removed, 1 quarantined; ")
    assert err.splitlines() == ["look", "read", "store"]  # nothing is new


def test_extract_prints_the_object_of_the_contract(capsys, tmp_path):
    path = tmp_path / "甲市.html"
    path.write_bytes(report(received=3001, granted=1))
    code, out, _ = run(capsys, "extract", path)
    [told] = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    keys = "source sha256 kind agency year edition title published_on url cells claims problems"
    assert set(keys.split()) <= told.keys()
    assert (told["source"], told["kind"], told["edition"]) == ("甲市.html", "annual_report", "2021")
    assert (told["agency"], told["year"]) == ("甲市人民政府", 2023)
    assert (told["published_on"], len(told["sha256"])) == ("2024-01-20", 64)
    where = {"table": "applications", "row": "received", "column": "natural_person"}
    [cell] = [c for c in told["cells"] if where.items() <= c.items()]
    assert cell | {"place": ""} == where | {
        "value": 3001,
        "unit": "件",
        "state": "reported",
        "raw": "3001",
        "place": "",
    }
    assert isinstance(cell["value"], int)


def test_extract_takes_the_callers_word(capsys, tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(report())
    _, out, _ = run(capsys, "extract", path, "--agency", "乙市人民政府", "--year", 2022)
    told = json.loads(out)
    assert (told["agency"], told["year"]) == ("乙市人民政府", 2022)


def test_extract_prints_a_line_for_each_file_and_2_for_one_not_recognised(capsys, tmp_path):
    (tmp_path / "good.html").write_bytes(report())
    (tmp_path / "empty.pdf").write_bytes(b"")
    names = ("empty.pdf", "gone.pdf", "good.html")
    code, out, _ = run(capsys, "extract", *[tmp_path / name for name in names])
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [(t["source"], t["kind"]) for t in told] == [
        ("empty.pdf", "unknown"),
        ("gone.pdf", "unknown"),
        ("good.html", "annual_report"),
    ]
    assert told[0]["cells"] == []
    assert told[0]["problems"][0]["code"] == "empty"


def test_check_prints_every_rule_with_what_it_could_assess(capsys, folder):
    code, out, err = run(capsys, "check", "--marts", folder / "marts")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    [balance] = [line for line in lines if line.startswith("applications.balance ")]
    assert balance == "applications.balance (error): 0 broken, 7 hold, 0 not assessable"
    assert lines[-1].endswith("of them errors")


def test_status_tells_the_refresh_the_quarantine_and_the_marts(capsys, folder):
    run(capsys, "refresh", "--raw", folder / "raw", "--marts", folder / "marts")
    code, out, _ = run(capsys, "status", "--marts", folder / "marts")
    assert code == 0
    assert [line.split(" UTC ")[1] for line in out.splitlines()[:2]] == [
        *("published", "found nothing new"),
    ]
    assert "last refresh 20" in out
    assert "documents quarantined: 1" in out
    assert "not used: empty.html: empty: " in out
    assert "application_handling 1 依申请公开办理情况" in " ".join(out.split())


def test_dictionary_is_markdown_or_json(capsys):
    assert run(capsys, "dictionary")[1].startswith("# Data dictionary\n")
    told = json.loads(run(capsys, "dictionary", "--format", "json")[1])
    assert "reports" in told["marts"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["refresh", "--raw", "nowhere"], 1, "zwgk: nowhere: no such folder; "),
        (["status", "--marts", "nowhere"], 1, "zwgk: nowhere: no marts here; run `zwgk refresh`"),
        (["refresh", "--engine", "abacus"], 2, "zwgk: Invalid value for '--engine'"),
        (["extract"], 2, "zwgk: Missing argument 'FILES...'"),
        (["nothing"], 2, "zwgk: No such command 'nothing'"),
        (["chart"], 2, "zwgk: give a chart and --to FILE.png"),
    ],
)
def test_a_failure_is_one_line_and_a_status(capsys, tmp_path, monkeypatch, arguments, code, told):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (code, "")
    assert err.startswith(told)
    assert err.count("\n") == 1


def test_debug_shows_the_traceback(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoMartsError):
        main(["status", "--debug"])


def test_a_chart_is_listed_and_saved(capsys, folder, tmp_path):
    code, out, _ = run(capsys, "chart", "--list")
    name = out.split("\t")[0]
    assert code == 0
    target = tmp_path / "chart.html"
    code, out, _ = run(capsys, "chart", name, "--to", target, "--marts", folder / "marts")
    assert (code, out.strip()) == (0, str(target))
    assert "plotly" in target.read_text(encoding="utf-8").lower()
    code, _, err = run(capsys, "chart", "nothing", "--to", target, "--marts", folder / "marts")
    assert code == 2
    assert err.count("\n") == 1


def heavy_modules(*command):
    """Slow libraries that a command imports."""
    probe = (
        "import sys, runpy\n"
        "sys.argv = sys.argv[1:]\n"
        "try:\n"
        "    exec(sys.argv.pop(0))\n"
        "except SystemExit:\n"
        "    pass\n"
        "names = {'duckdb', 'polars', 'pandas', 'pyarrow', 'sqlglot', 'plotly', 'yaml'}\n"
        "print(sorted(names & sys.modules.keys()), file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", probe, *command],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return done.stderr.strip()


def test_importing_and_help_load_nothing_slow():
    assert heavy_modules("import zwgk_analytics") == "[]"
    assert heavy_modules("from zwgk_analytics.cli import main; main(['--help'])") == "[]"
    assert heavy_modules("from zwgk_analytics.cli import main; main(['refresh', '-h'])") == "[]"


def test_help_shows_examples_line_by_line(capsys):
    lines = [line.strip() for line in run(capsys, "extract", "--help")[1].splitlines()]
    assert lines[lines.index("Example:") + 1] == "zwgk extract huaian_2024.pdf --year 2024"
