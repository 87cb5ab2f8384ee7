import pytest

import zwgk_analytics as zwgk
from tests.documents import LOG, report
from zwgk_analytics.cli import main

REGISTER = "name,aliases,level,kind\n甲市人民政府,,市,政府\n乙市人民政府,,市,政府\n丙局,,厅,部门\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
    raw = tmp_path / "raw"
    (raw / "registers").mkdir(parents=True)
    (raw / "registers" / "agencies.csv").write_text(REGISTER, encoding="utf-8")
    (raw / "a.html").write_bytes(report())
    (raw / "log.csv").write_text(LOG.replace("乙市人民政府,", "乙市人民正府,"), encoding="utf-8")
    zwgk.refresh(raw, tmp_path / "marts", progress=lambda *step: None)
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    def running(*arguments):
        paths = ["--marts", str(folder / "marts")]
        if arguments[0] != "diff":
            paths += ["--raw", str(folder / "raw")]
        with pytest.raises(SystemExit) as left:
            main([*arguments, *paths])
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return running


def test_names_are_listed_and_accepted(run, folder):
    status, told, errors = run("agencies")
    assert status == 0
    assert told == "1\t乙市人民正府\tpublication_log\t乙市人民政府 (83.3)\n"
    assert "registers/agencies.csv, line 4: level '厅' is none of" in errors
    assert "1 of 2 names are in the register" in errors
    assert run("agencies", "--accept", "乙市人民正府=乙市人民政府")[0] == 0
    register = (folder / "raw" / "registers" / "agencies.csv").read_text(encoding="utf-8")
    assert register == REGISTER.replace("乙市人民政府,,", "乙市人民政府,乙市人民正府,")
    status, _, errors = run("refresh")
    assert status == 0
    assert "zwgk: registers/agencies.csv, line 4: level '厅'" in errors
    with zwgk.open_marts(folder / "marts") as opened:
        named = opened.publications(agency="乙市人民正府").select("agency", "agency_printed").rows()
    assert named == [("乙市人民政府", "乙市人民正府")]


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("乙", "--accept 乙: write NAME=CANONICAL"),
        ("乙=丁局", "丁局: no such agency in the register"),
        ("甲市人民政府=乙市人民政府", "甲市人民政府 is already a name of 甲市人民政府"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(run, folder, pair, told):
    status, _, errors = run("agencies", "--accept", pair)
    assert status == 2
    assert told in errors
    assert (folder / "raw" / "registers" / "agencies.csv").read_text("utf-8") == REGISTER


def test_a_silent_edit_shows_in_the_diff(run, folder):
    (folder / "raw" / "a.html").write_bytes(report(received=9, granted=6))
    assert run("refresh")[0] == 0
    status, told, errors = run("diff")
    assert status == 0
    assert "report.edited 甲市人民政府 2023: " in told
    assert "cell.changed 甲市人民政府 2023 applications/received/natural_person: 8 → 9" in told
    assert errors.endswith(" changes\n")
    assert run("diff", "--from", "1999")[0] == 2
    run("refresh")  # finds nothing new
    assert run("diff")[1:] == (told, errors)
