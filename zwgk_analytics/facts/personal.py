"""What could identify a private person: masked in texts, hashed where a person must be told apart.

Personal Information Protection Law (个人信息保护法) article 51: only what a purpose needs, and
de-identified. The key of the hash never leaves this machine.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.forms.records import record_words

_KEY_FILE: Final = "ZWGK_KEY_FILE"
_LENGTH: Final = 32
_DIGITS: Final = str.maketrans("０１２３４５６７８９ＸｘＡａ－＠．＋", "0123456789XxAa-@.+")
# An ID card of 15 or 18 digits, a bank card of 16 to 19, a mobile number of 11.
_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9][0-9]{5}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx]|[1-9][0-9]{14}"
    r"|[1-9][0-9]{15,18}|[1-9][0-9]{3}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?"
    r"|(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9A-Za-z])"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CODE: Final = re.compile(r"(?=.*[0-9])[\w〔〕\[\]()【】{}#№/.-]{1,40}")
_FILED: Final = re.compile(
    r"\w{0,10}[〔\[(【]?(?:19|20)[0-9]{2}[〕\])】年]?\w{0,4}?[第-]?[0-9]{1,6}号?"
)
_WORDS: Final = re.compile(r"[\u3400-\u9fff]+")
_HIDDEN: Final = re.compile(r"[*×某○●□■]|x{2}|匿名")


def masked(text: str) -> str:
    """The text with the middle of every number of a person, and every mail address, as stars."""
    plain = text.translate(_DIGITS)  # character by character: what is found stands in the text too
    for pattern, star in ((_NUMBERS, _starred), (_MAIL, _gone)):
        for found in reversed(list(pattern.finditer(plain))):
            text = text[: found.start()] + star(found[0]) + text[found.end() :]
        plain = text.translate(_DIGITS)
    return text


def has_person(text: str) -> bool:
    """Whether a text holds the number or the mail address of a person."""
    return masked(text) != text


def pseudonym(text: str) -> str | None:
    """A stable name of 16 hexadecimal digits for a person: a keyed hash (HMAC-SHA-256).

    The same person has the same pseudonym on this machine, and another one elsewhere. None where
    the text names nobody: 张某 and 李** are many, and so are 公民 and 匿名. The key is made at
    first need, in the user's data folder or in the file that ZWGK_KEY_FILE names.

    Raises:
        ReadError: the key cannot be read or made.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if not plain or _HIDDEN.search(plain) or plain in record_words()["nobody"]:
        return None
    return hmac.new(_key(_key_path()), plain.encode(), hashlib.sha256).hexdigest()[:16]


def code(text: str) -> str | None:
    """A number under which something is filed; None where it may be a person's or is none.

    It has a digit, no punctuation of sentences, and is no number of an ID card or a telephone.
    Chinese words stay where it has the form of a 文号 (依申请〔2024〕1号); else they may be a name.
    """
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    # 张三13812345678: letters beside the number must not hide it
    is_personal = has_person(bare) or has_person(re.sub(r"[^0-9Xx]+", " ", bare).strip())
    if is_personal or not _CODE.fullmatch(bare):
        return None
    return bare if _FILED.fullmatch(bare) else _WORDS.sub("", bare)


def quotable(cells: Sequence[str]) -> bool:
    """Whether cells taken for headings may be quoted: none is a person's number, mail or a date.

    What stands in the place of headings where a table has none is its first row.
    """
    return not any(has_person(cell) or re.search("[0-9]{4,}", cell) for cell in cells)


def _starred(number: str) -> str:
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def _gone(_mail: str) -> str:
    return "***"


@lru_cache(maxsize=8)
def _key(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        key, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        message = f"{path}: the key for pseudonyms cannot be used ({error.strerror})"
        raise ReadError("pseudonym.key", f"{message}; name another in {_KEY_FILE}") from error
    if len(key) < _LENGTH:
        raise ReadError("pseudonym.key", f"{path}: a key has {_LENGTH} bytes; this has {len(key)}")
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ReadError(
            "pseudonym.key", f"{path}: others can read the key for pseudonyms; run chmod 600 {path}"
        )
    return key


def _key_path() -> Path:
    from platformdirs import user_data_path  # only ledgers with persons need it

    named = os.environ.get(_KEY_FILE)
    return Path(named) if named else user_data_path("zwgk") / "pseudonym.key"


def _make(path: Path) -> None:
    """Puts a new key in place, whole at once; of several that try, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_LENGTH))
    with suppress(FileExistsError):
        os.link(aside, path)
    aside.unlink()
