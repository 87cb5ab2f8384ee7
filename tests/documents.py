"""Small real files for tests of the whole way: a filled report and a log, written as users do."""

from datetime import date

from zwgk_analytics.forms import editions
from zwgk_analytics.writers import write
from zwgk_analytics.writers.form import form_document

COLUMNS = [column.key for column in editions()["2021"].tables["applications"].columns]


def applications(received=8, granted=5):
    """Cells of the applications table that balance: what is not granted goes to petition."""
    lines = {
        "received": received,
        "carried_in": 0,
        "granted": granted,
        "not_processed.petition": received - granted,
        "total": received,
        "carried_out": 0,
    }
    rows = [row.key for row in editions()["2021"].tables["applications"].rows]
    return {
        ("applications", row, column): str(lines.get(row, 0) if column in _FILLED else 0)
        for row in rows
        for column in COLUMNS
    }


_FILLED = {"natural_person", "total"}


def report(agency="甲市人民政府", year=2023, media="html", **values):
    """The bytes of an annual report of the 2021 edition."""
    document = form_document(
        editions()["2021"],
        applications(**values),
        title=f"{agency}{year}年政府信息公开工作年度报告",
        published_on=date(year + 1, 1, 20),
        author=agency,
    )
    return write(document, media)


LOG = """发文机关,标题,成文日期,发布日期,发文字号,链接
甲市人民政府,甲市人民政府关于印发规划的通知,2023-09-22,2023-09-25,甲府〔2023〕1号,http://jia.example/1
甲市人民政府,甲市人民政府关于任免职务的通知,2023-09-28,2023-10-09,甲府〔2023〕2号,http://jia.example/2
乙市人民政府,乙市人民政府关于公布目录的通知,2023-03-01,2023-03-02,,http://yi.example/3
"""
