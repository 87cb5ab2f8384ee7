"""Inputs of any size whose truth is known: annual reports as HTML or PDF, and publication logs.

    python -m benchmarks.generate FOLDER [--reports N] [--media html|pdf] [--items N] [--logs N]

Reports are the national form, filled so that every identity holds, under prose of their own. Logs
are in the order of publication, half of the files in UTF-8 and half in GB18030, with dates and 文号
in the ways that sites print them. `Truth` says what the marts must hold of them.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from zwgk_analytics.forms import editions
from zwgk_analytics.writers import write
from zwgk_analytics.writers.form import form_document

YEARS = range(2021, 2025)  # of the 2021 edition
_SIGNS = [chr(0x5000 + 7 * n) for n in range(900)]
_NAMES = (
    "安宝昌长成城川春德定东丰福阜高广贵桂海汉杭合和河衡红湖化淮怀黄惠吉济佳嘉江金晋京"
    "荆景靖开昆兰丽连凉辽林临柳龙洛茂梅绵明南宁攀平齐钦青清庆泉日三山上韶邵绍深沈石双"
    "顺四松苏绥遂台泰唐天铁通同铜万"
)
_HEADER = "发文机关,标题,成文日期,发布日期,发文字号,链接\n"
_NEWEST, _DAYS = date(2023, 12, 31), 20 * 365
_TOPICS = (
    "城市更新三年行动方案（2023—2025年）",
    "政务公开工作要点",
    "安全生产“十四五”规划",
    "营商环境条例",
)
_DATES = (
    *["{y}-{m:02}-{d:02}"] * 8,  # most rows; every other way is dirt
    "{y}/{m}/{d}",
    "{y}年{m}月{d}日",
    "{y}.{m:02}.{d:02}",
    "{y}{m:02}{d:02}",
    "{y}-{m:02}-{d:02} {h:02}:{d:02}:{m:02}",
    "２０２１年{m}月{d}日",
)
_NUMBERS = (
    "{s}府〔{y}〕{n}号",
    "{s}府函[{y}]{n}号",
    "{s}环发【{y}】{n}",
    "{s}综（{y}）{n} 号",
    "无",
    "",
)


@dataclass(frozen=True, slots=True)
class Truth:
    """What the marts must say: requests received over all reports, and items over all logs."""

    reports: int = 0
    received: int = 0
    items: int = 0


def agency(number: int) -> str:
    """The name of one agency."""
    tens, ones = divmod(number % len(_NAMES) ** 2, len(_NAMES))
    return f"{_NAMES[ones]}{_NAMES[tens]}市人民政府"


def reports(folder: Path, count: int, media: str = "html", seed: int = 7) -> Truth:
    """`count` reports, one a file, an agency's years together."""
    chance, received = random.Random(seed), 0
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        unit, year = agency(number // len(YEARS)), YEARS[number % len(YEARS)]
        asked = chance.randint(20, 200)
        received += asked
        name = f"{number:06}_{year}.{media}"
        (folder / name).write_bytes(report(unit, year, asked, chance, media))
    return Truth(reports=count, received=received)


def report(unit: str, year: int, asked: int, chance: random.Random, media: str = "html") -> bytes:
    """One report that receives and closes `asked` requests."""
    form = editions()["2021"]
    values = {
        (table.key, row, column): "0"
        for table in form.tables.values()
        for row, column in table.addresses()
    }
    for row in ("received", "granted", "total"):
        for column in ("natural_person", "total"):
            values["applications", row, column] = str(asked)
    overall, problems = ("".join(chance.choices(_SIGNS, k=k)) for k in (600, 300))
    document = form_document(
        form,
        values,
        title=f"{unit}{year}年政府信息公开工作年度报告",
        published_on=date(year + 1, 1, 20),
        author=unit,
        prose=(
            "一、总体情况",
            f"{year}年，本机关共收到政府信息公开申请{asked}件。{overall}。",
            "五、存在的主要问题及改进情况",
            f"{problems}。",
        ),
    )
    return write(document, media)


def logs(folder: Path, rows: int, files: int = 2, seed: int = 7) -> Truth:
    """`files` logs of `rows` rows in all, one an agency, every other one in GB18030."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        encoding = ("utf-8", "gb18030")[number % 2]
        size = rows // files + (number < rows % files)
        path = folder / f"log_{number:04}.csv"
        with path.open("w", encoding=encoding) as file:
            file.write(_HEADER)
            file.writelines(_rows(agency(number), size, random.Random(seed * 10_007 + number)))
    return Truth(items=rows)


def _rows(unit: str, rows: int, chance: random.Random) -> Iterator[str]:
    """Rows in the order of publication; a document is written up to a month before."""
    for number in range(rows):
        published = _NEWEST - timedelta(days=_DAYS * number // rows)
        issued = published - timedelta(days=chance.randint(0, 30))
        topic, serial = chance.choice(_TOPICS), number % 5000 + 1
        fileno = chance.choice(_NUMBERS).format(s=unit[:1], n=serial, y=issued.year)
        title = f"{unit}关于印发《{topic}》的通知（第{number}次）"
        url = f"https://www.example.gov.cn/{ord(unit[0])}/t{published:%Y%m%d}_{number}.html"
        dates = f"{_printed(chance, issued)},{_printed(chance, published)}"
        yield f"{unit},{title},{dates},{fileno},{url}\n"


def _printed(chance: random.Random, day: date) -> str:
    way, hour = chance.choice(_DATES), chance.randint(0, 23)
    return way.format(y=day.year, m=day.month, d=day.day, h=hour)


def main() -> None:
    """Writes what the command line asks for, and prints its truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=0)
    parser.add_argument("--media", default="html")
    parser.add_argument("--items", type=int, default=0)
    parser.add_argument("--logs", type=int, default=2)
    wanted = parser.parse_args()
    if wanted.reports:
        print(reports(wanted.folder / "reports", wanted.reports, wanted.media))
    if wanted.items:
        print(logs(wanted.folder / "logs", wanted.items, wanted.logs))


if __name__ == "__main__":
    main()
