"""Patterns of RE2 as Java reads them: text in, text out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwgk_analytics.spark.regex import java_pattern, java_replacement


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("关于(.+)的通知", "(?d)关于(.+)的通知"),
        ("^[0-9]{4}$", r"^[0-9]{4}\z"),
        (r"a\$", r"a\$"),
        ("[$]", "[$]"),
        (r"\.", r"(?d)\."),
        (r"[^0-9A-Za-z\x{3400}-\x{9FFF}]", r"[^0-9A-Za-z\x{3400}-\x{9FFF}]"),
        ("[a[b]", r"[a\[b]"),
        ("[]a]", r"[\]a]"),
        ("[^]a]", r"[^\]a]"),
        ("[a&&b]", r"[a\&\&b]"),
        (r"[\]\[]", r"[\]\[]"),
        ("[[:alpha:]_]", "[A-Za-z_]"),
        (r"\p{Han}+", r"\p{IsHan}+"),
        (r"\p{Lu}", r"\p{Lu}"),
        ("(?P<year>[0-9]+)年", "(?<year>[0-9]+)年"),
        ("[（(][^（）()]*[）)]", "[（(][^（）()]*[）)]"),
    ],
)
def test_a_pattern(pattern, expected):
    assert java_pattern(pattern) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\1年", "$1年"),
        (r"\1\2******\3\4", "$1$2******$3$4"),
        ("$5", r"\$5"),
        (r"\\", r"\\"),
    ],
)
def test_a_replacement(text, expected):
    assert java_replacement(text) == expected


PLAIN = st.text(st.characters(exclude_characters="[]&$.\\(", codec="utf-8"))


@given(PLAIN)
def test_what_both_read_alike_stays(text):
    assert java_pattern(text) == text


@given(st.lists(st.sampled_from("ab[&^$年-"), min_size=1).map("".join))
def test_a_class_keeps_its_signs(signs):
    """The signs that mean something inside a class of Java alone are escaped, none is lost."""
    escaped = re.sub(r"([\[\]&])", r"\\\1", signs)
    turned = java_pattern(f"[x{signs}]")
    assert turned == f"[x{escaped}]"
