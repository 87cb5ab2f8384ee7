"""Whatever changes between refreshes, the marts end as if they had been built at once."""

import random

import duckdb
import pytest

import zwgk_analytics as zwgk
from tests.documents import report
from zwgk_analytics.marts import partition
from zwgk_analytics.marts.publish import published
from zwgk_analytics.quality.review import decide

# what tells of the refreshes themselves
OF_THE_RUN = {"refreshes", "changes", "provenance", "inputs"}
HEADER = "发文机关,标题,成文日期,发布日期,发文字号,链接,栏目\n"
CITIES = "甲乙丙丁戊己庚辛"
RULE = """id: own.titles
severity: warning
message: 标题太短
sql: |
  SELECT agency, title AS subject, item_id AS subject_key, source FROM publications
  WHERE length(title) < {length}
"""
REGISTER = "agency,level,kind,aliases\n甲市人民政府,市,政府,{aliases}\n乙市人民政府,市,政府,\n"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """No suites, which take seconds, and lots so small that every build has several."""
    monkeypatch.setattr("zwgk_analytics.quality.validate", lambda path, **_: [])
    monkeypatch.setattr(partition, "_LOT", 8)
    monkeypatch.setattr(partition, "_at_once", too_large)


def too_large(make):
    """Everything does not fit, and what was made of it must not stay."""
    make(None)
    raise duckdb.OutOfMemoryException("too large")


def refresh(raw, marts, **more):
    return zwgk.refresh(raw, marts, progress=lambda *_: None, **more)


def log(chance, cities):
    """A log of some agencies, with interpretations, repeats, numbers and dates in disorder."""
    rows = []
    for _ in range(chance.randint(2, 6)):
        city, month = chance.choice(cities), chance.randint(1, 12)
        kind = chance.choice(
            ["关于印发规划", "《关于印发规划的通知》政策解读", "关于任免职务13800138000"]
        )
        days = (
            f"2023-{month:02}-{chance.randint(1, 9):02},2023-{month:02}-{chance.randint(9, 28):02}"
        )
        serial, page = chance.randint(1, 9), chance.randint(1, 4)
        rows.append(
            f"{city}市人民政府,{city}市{kind}的通知,{days},{city}府〔2023〕{serial}号,"
            f"http://{city}.example/{page},{chance.choice(['通知公告', '政策解读'])}\n"
        )
    return HEADER + "".join(rows)


KINDS = ["log", "log", "log", "gone", "report", "report", "register", "rule"]


def change(chance, what, raw, own):
    """One step of a history: something under raw, a register or a rule is another from now on."""
    city = chance.choice(CITIES)
    if what == "log":
        cities = chance.sample(CITIES, 2) if chance.random() < 0.3 else [city]
        (raw / f"{city}.csv").write_text(log(chance, cities), encoding="utf-8")
    elif what == "gone":
        chance.choice([*raw.glob("*.csv"), raw / "none"]).unlink(missing_ok=True)
    elif what == "report":
        words = {"year": chance.choice([2022, 2023]), "received": chance.randint(1, 9)}
        (raw / f"{city}.html").write_bytes(report(f"{city}市人民政府", **words))
    elif what == "register":
        text = REGISTER.format(aliases=chance.choice(["", "丙市人民政府"]))
        (raw / "registers" / "agencies.csv").write_text(text, encoding="utf-8")
    else:
        (own / "own.yml").write_text(RULE.format(length=chance.randint(5, 15)), encoding="utf-8")


def contents(marts):
    """The rows of every mart in an order of their own."""
    with duckdb.connect(str(published(marts)), read_only=True) as con:
        listed = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
        names = {name for (name,) in listed.fetchall()} - OF_THE_RUN
        return {name: rows_of(con, name) for name in sorted(names)}


def rows_of(con, name):
    """Sorted rows; of a sum of fractions the last digits depend on the order of its terms."""
    rows = con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
    return [tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in rows]


def test_bit_by_bit_is_as_good_as_at_once(tmp_path, monkeypatch):
    chance, raw, own = random.Random(1), tmp_path / "raw", tmp_path / "rules"
    (raw / "registers").mkdir(parents=True)
    own.mkdir()
    for city in CITIES:
        (raw / f"{city}.csv").write_text(log(chance, [city]), encoding="utf-8")
    refresh(raw, tmp_path / "marts", rules=own)
    kinds = chance.sample(KINDS, len(KINDS))
    for step in range(0, len(kinds), 2):
        for what in kinds[step : step + 2]:
            change(chance, what, raw, own)
        if step == 2:
            interrupt(monkeypatch, raw, tmp_path / "marts", own)
        refresh(raw, tmp_path / "marts", rules=own)
    with zwgk.open_marts(tmp_path / "marts") as opened:
        waived = opened.findings()["finding_id"].sort().to_list()[:2]
        decide(opened, raw / "registers", waived, "waived", "已核实")
    refresh(raw, tmp_path / "marts", rules=own)
    change(chance, "log", raw, own)  # nothing else: rules of one's own stay whole
    refresh(raw, tmp_path / "marts", rules=own)
    monkeypatch.setattr(partition, "_at_once", lambda make: make(None))
    refresh(raw, tmp_path / "at_once", rules=own)
    bit_by_bit, at_once = contents(tmp_path / "marts"), contents(tmp_path / "at_once")
    for name, rows in at_once.items():
        assert bit_by_bit[name] == rows, name
    assert at_once["publications"]
    assert at_once["findings"]


def interrupt(monkeypatch, raw, marts, own):
    def fails(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("zwgk_analytics.pipeline.write_changes", fails)
        with pytest.raises(KeyboardInterrupt):
            refresh(raw, marts, rules=own)
