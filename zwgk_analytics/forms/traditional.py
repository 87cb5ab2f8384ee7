"""Traditional characters → simplified, for the labels and names of pages that mirror another."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def to_simplified(text: str) -> str:
    """The text in simplified characters; simplified text comes back as it is.

    A text is traditional when one of its characters is written in no simplified text (國, 複):
    only then are those converted too that either script has (乾, 徵), or 乾县 would lose its name.
    """
    if text.isascii() or _is_in_gb2312(text) or not any(map(_is_traditional, set(text))):
        return text
    converted: str = _converter().convert(text)
    return converted


def _is_in_gb2312(text: str) -> bool:
    """Whether the national set of simplified characters has all of `text`: the usual case."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=8192)
def _is_traditional(char: str) -> bool:
    return not _is_in_gb2312(char) and _converter().convert(char) != char


@lru_cache(maxsize=1)
def _converter() -> "OpenCC":
    from opencc import OpenCC  # 50 ms

    return OpenCC("t2s")
