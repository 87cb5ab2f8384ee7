"""Published marts of a few literal reports, one agency and its titles as hostile as they come."""

from datetime import date, datetime

import duckdb
import pytest

from tests.marts import facts
from zwgk_analytics.briefing import brief
from zwgk_analytics.forms import editions
from zwgk_analytics.marts.api import Marts
from zwgk_analytics.marts.build import build_after_rules
from zwgk_analytics.quality import assess

HOSTILE = "=cmd|'/c calc'!A0<script>alert(1)</script>#let x=1;*_$县"
TITLE = '</script><img src=x onerror=alert(2)>#import "x" {{7*7}} [点](javascript:alert(3)) @a =1+1'
AGENCIES = (HOSTILE, "甲市人民政府", "乙市人民政府", "丙市人民政府", "丁市人民政府")


def report(number, agency, year, received, granted, partial, *, corrected=1, title="年度报告"):
    """A filled form: what is not granted was not held; the fee has decimals; nothing left over."""
    source = f"reports/{number}_{year}.html"
    form = editions()["2021"].tables["applications"]
    filled = {
        "received": received,
        "granted": granted,
        "partially_granted": partial,
        "unable.not_held": received - granted - partial,
        "total": received,
    }
    cells = []
    for row in form.rows:
        n = filled.get(row.key, 0)
        cells += facts.line(row.key, n, 0, 0, 0, 0, 0, n, source=source)
    review = {"upheld": 4, "corrected": corrected, "other": 0, "pending": 0, "total": 4 + corrected}
    for channel in ("reconsideration", "litigation_direct", "litigation_after_review"):
        cells += [facts.cell("review", channel, c, n, source=source) for c, n in review.items()]
    fee = facts.cell("proactive", "administrative_fees", "amount", "1234.567891", source=source)
    cells += [fee | {"unit": "万元"}]
    blank = facts.cell("proactive", "administrative_licenses", "decisions", None, source=source)
    document = facts.document(source, agency, year, title=title, published_on=date(year + 1, 1, 20))
    return document, [*cells, blank]


def item(agency, place, title, issued, published):
    return {
        "source": "logs/log.csv",
        "place": f"row {place}",
        "agency": agency,
        "title": title,
        "document_number": "甲府〔2024〕1号",
        "issued_on": issued,
        "published_on": published,
        "category": "规范性文件",
    }


@pytest.fixture(scope="session")
def marts(tmp_path_factory):
    file = tmp_path_factory.mktemp("marts") / "zwgk.duckdb"
    filed = [
        report("own", HOSTILE, 2023, 1500, 900, 100, title=TITLE),
        report("own", HOSTILE, 2024, 2345, 1111, 222, corrected=3, title=TITLE),
        *(report(n, name, 2024, 100 * n, 30 * n, n) for n, name in enumerate(AGENCIES[1:], 1)),
        *(report(n, name, 2023, 80 * n, 20 * n, n) for n, name in enumerate(AGENCIES[1:], 1)),
    ]
    days = [(date(2024, m, 5), date(2024, m, 9)) for m in (1, 2, 4)]
    items = [item(HOSTILE, n, f"通知{n}", *day) for n, day in enumerate(days, 2)]
    items.append(item(HOSTILE, 9, TITLE, date(2024, 6, 9), date(2024, 6, 1)))
    done = datetime(2025, 3, 1, 2)
    refresh = {"refresh_id": "1", "started_at": done, "finished_at": done, "engine": "duckdb"}
    with duckdb.connect(str(file)) as con:
        facts.marts(
            con,
            refreshes=[refresh],
            documents=[document for document, _ in filed],
            cells=[cell for _, cells in filed for cell in cells],
            items=items,
        )
        assess(con)
        build_after_rules(con)
    with Marts(file) as opened:
        yield opened


@pytest.fixture(scope="session")
def briefing(marts):
    return brief(marts, year=2024, agency=HOSTILE)


@pytest.fixture(scope="session")
def overview(marts):
    return brief(marts, year=2024)
