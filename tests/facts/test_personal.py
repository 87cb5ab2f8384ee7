"""What could identify a person: masked, hashed or left out."""

import stat

import pytest

from zwgk_analytics.errors import ReadError
from zwgk_analytics.facts.personal import code, masked, pseudonym, quotable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812345678。", "电话138******78。"),
        ("电话138-1234-5678", "电话138********78"),
        ("电话１３８１２３４５６７８", "电话138******78"),
        ("身份证11010119900307771X号", "身份证110*************1X号"),
        ("身份证110101 19900307 7715", "身份证110***************15"),
        ("卡号6222 0212 3456 7890 123", "卡号622******************23"),
        ("发至zhang.san@example.com收", "发至***收"),
        (
            "依申请〔2024〕12号，2024-03-05，0517-83605331",
            "依申请〔2024〕12号，2024-03-05，0517-83605331",
        ),
    ],
)
def test_numbers_of_persons_are_masked(text, shown):
    assert masked(text) == shown


def test_a_person_has_one_pseudonym_however_the_name_is_spaced():
    assert pseudonym("张三") == pseudonym(" 张 三 ") != pseudonym("张三丰")
    assert len(pseudonym("张三")) == 16
    assert pseudonym("ＡＢＣ公司") == pseudonym("abc公司")


@pytest.mark.parametrize("text", ["", "张某", "李**", "王○○", "xx公司", "匿名", "公民", "自然人"])
def test_a_name_that_many_have_is_nobodys(text):
    assert pseudonym(text) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("依申请〔2024〕1号", "依申请〔2024〕1号"),
        ("依申请（2024）第 12 号", "依申请(2024)第12号"),
        ("2024-001", "2024-001"),
        ("第12号", "12"),
        ("张三等3件", "3"),
        ("张三", None),
        ("填表人：张三 2024", None),
        ("13812345678", None),
        ("张三13812345678", None),
        ("110101199003077715", None),
        ("zhang.san2@example.com", None),
    ],
)
def test_a_number_of_a_file_is_kept_where_it_cannot_be_a_persons(text, kept):
    assert code(text) == kept


def test_a_row_of_data_is_not_quoted_as_headings():
    assert quotable(["申请人", "联系电话", "2024年"]) is False
    assert quotable(["申请人", "联系电话", "金额(元)"])
    assert not quotable(["张三", "13812345678"])


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "pseudonym.key"
    monkeypatch.setenv("ZWGK_KEY_FILE", str(path))
    return path


def test_the_key_is_made_at_first_need_and_for_its_owner_alone(key_file):
    first = pseudonym("张三")
    assert key_file.stat().st_size == 32
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [p.name for p in key_file.parent.iterdir()] == ["pseudonym.key"]
    assert pseudonym("张三") == first


def test_another_key_gives_another_pseudonym(key_file, monkeypatch, tmp_path):
    first = pseudonym("张三")
    monkeypatch.setenv("ZWGK_KEY_FILE", str(tmp_path / "other.key"))
    assert pseudonym("张三") != first


def test_a_key_that_others_can_read_is_refused(key_file):
    key_file.parent.mkdir()
    key_file.write_bytes(b"k" * 32)
    key_file.chmod(0o644)
    with pytest.raises(ReadError, match=r"others can read .* chmod 600"):
        pseudonym("张三")


def test_a_key_that_is_too_short_is_refused(key_file):
    key_file.parent.mkdir()
    key_file.write_bytes(b"short")
    with pytest.raises(ReadError, match=r"a key has 32 bytes; this has 5"):
        pseudonym("张三")
