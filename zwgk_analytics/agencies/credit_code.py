"""The check digits of a 统一社会信用代码 (GB 32100-2015) and of the 组织机构代码 inside it."""

import re
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE: Final = re.compile(rf"[{_SIGNS}]{{2}}\d{{6}}[{_SIGNS}]{{10}}")
_BODY_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def is_valid(code: str) -> bool:
    """Whether a code has the shape of the standard and both of its check digits."""
    if not _SHAPE.fullmatch(code):
        return False
    return code[17] == _check(code[:17]) and code[16] == _body_check(code[8:16])


def _check(signs: str) -> str:
    total = sum(_SIGNS.index(sign) * pow(3, i, 31) for i, sign in enumerate(signs))
    return _SIGNS[-total % 31]


def _body_check(signs: str) -> str:
    pairs = zip(signs, _BODY_WEIGHTS, strict=True)
    digit = -sum(_BODY_SIGNS.index(sign) * weight for sign, weight in pairs) % 11
    return "X" if digit == 10 else str(digit)
