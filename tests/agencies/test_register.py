from datetime import date

import pytest

from zwgk_analytics.agencies.credit_code import is_valid
from zwgk_analytics.agencies.edit import with_alias
from zwgk_analytics.agencies.names import Met, agencies, resolve
from zwgk_analytics.agencies.register import decode, load, parse
from zwgk_analytics.errors import UsageError

HEAD = "name,aliases,short_names,level,kind,region,valid_from,valid_to,successor,credit_code\n"
LAND = "甲市国土资源局,,,市,部门,,,2018-12-20,甲市自然资源和规划局,\n"
NATURE = "甲市自然资源和规划局,甲市自规局|甲市自然资源局,市自规局,市,部门,,2018-12-21,,,\n"


def told(text):
    return [(fault.place, fault.message) for fault in parse(text).faults]


def test_a_row_is_an_agency():
    agency = parse(HEAD + NATURE).agencies["甲市自然资源和规划局"]
    assert (agency.level, agency.kind, agency.place) == ("市", "部门", "line 2")
    assert agency.aliases == ("甲市自规局", "甲市自然资源局")
    assert (agency.valid_from, agency.valid_to) == (date(2018, 12, 21), None)


def test_headings_may_be_chinese_and_the_file_of_either_encoding(tmp_path):
    text = "机关名称,层级,类别,收集年度\n甲市人民政府,市,政府,2019-2024\n乙局,县,部门,否\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        (tmp_path / "agencies.csv").write_bytes(text.encode(encoding))
        register = load(tmp_path)
        assert register.faults == ()
        assert [a.collected for a in register.agencies.values()] == [(2019, 2024), (0, 0)]
        assert decode(text.encode(encoding)) == (text, encoding)


OUT = "; the row is left out"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",,,市,部门,,,,,", "the name is missing" + OUT),
        ("乙,,,厅,部门,,,,,", "level '厅' is none of 国家, 省, 市, 县, 乡" + OUT),
        ("乙,,,市,机关,,,,,", "kind '机关' is none of 政府, 部门, 垂管, 开发区" + OUT),
        (
            "乙,,,市,政府,350128,,,,",
            "region '350128' is not the code of a government of level 市" + OUT,
        ),
        (
            "乙,,,市,部门,3501,,,,",
            "region '3501' is no code of GB/T 2260: six digits, or nine for a 乡" + OUT,
        ),
        (
            "乙,,,市,部门,,2019-02-30,,,",
            "valid_from '2019-02-30' is no day: write 2018-11-30, 2018-11 or 2018" + OUT,
        ),
        (
            "乙,,,市,部门,,2019,2018,,",
            "valid_to 2018-12-31 is before valid_from 2019-01-01" + OUT,
        ),
        (
            "乙,甲市自规局,,市,部门,,,,,",
            "甲市自规局 is already a name of 甲市自然资源和规划局" + OUT,
        ),
        ("乙,,,市,部门,,,,丙,", "successor 丙 is no name in the register; it is not used"),
        (
            "乙,,,市,部门,,,,,91110000802100433X",
            "credit_code '91110000802100433X' has not the check digits of GB 32100" + OUT,
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_rest_is_used(row, message):
    text = f"{HEAD}{NATURE}{row}\n丁局,,,县,部门,,,,,\n"
    assert told(text) == [("line 3", message)]
    assert {"甲市自然资源和规划局", "丁局"} <= parse(text).agencies.keys()


def test_a_file_that_is_no_register_is_told_and_nothing_raises(tmp_path):
    assert told("a,b\n1,2\n")[0][1].startswith("the heading has no column name, level, kind")
    register = parse(HEAD + NATURE + '丁局,"甲,,县,部门\n')
    assert list(register.agencies) == ["甲市自然资源和规划局"]
    assert "quotes do not match from line 3 on" in register.faults[0].message
    assert load(tmp_path).agencies == {}
    (tmp_path / "agencies.csv").write_bytes(b"\xff\xff\xff")
    assert "cannot be read" in load(tmp_path).faults[0].message


def test_the_shipped_register_is_without_fault(raw):
    register = load(raw / "registers")
    assert register.faults == ()
    assert register.agencies["淮安市人民政府"].region == "320800"
    assert register.agencies["平潭县人民政府"].region == "350128"
    assert register.agencies["平潭综合实验区"].kind == "开发区"


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91110000802100433B", True),
        ("9144030071526726XG", True),
        ("91110000600037341L", True),
        ("91110000802100433C", False),  # the last check digit
        ("9144030071526725XG", False),  # the one inside
        ("9144030071526726XI", False),  # no such sign
        ("", False),
    ],
)
def test_check_digits_of_a_credit_code(code, valid):
    assert is_valid(code) is valid


def resolved(*names):
    found = resolve(agencies(parse(HEAD + LAND + NATURE)), [Met(n, 1, "x") for n in names])
    return [(r["agency"], r["proposal"], r["score"]) for r in found.to_pylist()]


def test_names_and_aliases_resolve_and_everything_else_is_only_proposed():
    name = "甲市自然资源和规划局"
    assert resolved(
        name, " 甲市自规局 ", "甲市自燃资源和规划局", "市自规局", "2024年度甲市自规局二科"
    ) == [
        (name, None, None),
        (name, None, None),
        (None, name, 90.0),
        (None, name, 100.0),
        (None, None, None),
    ]
    assert resolved("甲市国土资源局执法大队", "丙县教育局") == [
        (None, "甲市国土资源局", 77.8),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("丙县人民政府", "政府", "县"),
        ("丙省人民政府办公厅", "部门", "县"),
        ("丙县丁镇人民政府", "政府", "乡"),
        ("丙区丁街道办事处", "政府", "乡"),
        ("丙市教育局", "部门", "县"),
        ("丙开发区管理委员会", None, None),
        ("国务院", None, None),
        ("丙市第一中学", None, None),
    ],
)
def test_the_ending_of_a_name_tells_its_kind(name, kind, level):
    [row] = resolve(agencies(parse(HEAD)), [Met(name, 1, "x")]).to_pylist()
    assert (row["kind"], row["level"]) == (kind, level)
    assert row["kind_from"] == ("name" if kind else None)


def test_who_is_gone_by_the_end_of_a_year_does_not_file_for_it():
    rows = agencies(parse(HEAD + LAND + NATURE)).to_pylist()
    assert [(r["first_year"], r["last_year"]) for r in rows] == [(None, 2017), (2018, None)]


def test_an_accepted_alias_changes_its_line_only():
    text = (HEAD + LAND + NATURE).replace("\n", "\r\n")
    changed = with_alias(text, "甲市规划局", "甲市自规局")
    old, new = text.splitlines(keepends=True), changed.splitlines(keepends=True)
    assert new[:2] == old[:2]
    assert new[2] == old[2].replace("甲市自然资源局,", "甲市自然资源局|甲市规划局,")
    assert "甲市规划局" in parse(changed).agencies["甲市自然资源和规划局"].aliases


def test_a_register_without_aliases_gets_the_column():
    changed = with_alias("name,level,kind\n甲局,市,部门\n乙局,市,部门", "甲", "甲局")
    assert changed == "name,level,kind,aliases\n甲局,市,部门,甲\n乙局,市,部门"


def test_an_alias_that_cannot_be_is_refused():
    text = HEAD + LAND + NATURE
    with pytest.raises(UsageError, match=r"丙局: no such agency in the register; .*甲市国土资源局"):
        with_alias(text, "丙", "丙局")
    with pytest.raises(UsageError, match="甲市国土资源局 is already a name of 甲市国土资源局"):
        with_alias(text, "甲市国土资源局", "甲市自规局")
