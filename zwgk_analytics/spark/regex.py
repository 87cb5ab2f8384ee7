"""Regular expressions as DuckDB reads them (RE2), written as Spark reads them (Java)."""

import re

_CLASS = re.compile(r"(\[\^?)(\]?(?:\\.|\[:\w+:\]|[^\]\\])*)\]|\\.|\(\?P<|\$", re.DOTALL)
_IN_CLASS = re.compile(r"\\.|\[:(\w+):\]|[\[\]&]", re.DOTALL)
_SCRIPT = re.compile(r"\\p\{([A-Z][a-z]{2,})\}")  # \p{Han}; \p{Lu} is the same in both
_POSIX = {"alpha": "A-Za-z", "digit": "0-9", "alnum": "0-9A-Za-z", "space": r"\s"}
_OUTSIDE = {"$": r"\z", "(?P<": "(?<"}
_TURNED = re.compile(r"\\(.)|\$", re.DOTALL)


def java_pattern(pattern: str) -> str:
    """The pattern that finds in Java what `pattern` finds in RE2.

    In Java `[` inside a class opens another class, `&&` cuts classes, `$` matches before a last
    line end, and `.` stops at more than a line feed.
    """
    written = _SCRIPT.sub(r"\\p{Is\1}", _CLASS.sub(_outside, pattern))
    return f"(?d){written}" if "." in written else written  # (?d): only a line feed ends a line


def java_replacement(text: str) -> str:
    r"""The replacement that puts in Java what `text` puts in RE2: `$1` for `\1`."""
    return _TURNED.sub(_turned, text)


def _outside(found: re.Match[str]) -> str:
    if found[1] is None:
        return _OUTSIDE.get(found[0], found[0])
    return f"{found[1]}{_IN_CLASS.sub(_inside, found[2])}]"


def _inside(found: re.Match[str]) -> str:
    if found[1]:
        return _POSIX[found[1]]
    return found[0] if found[0].startswith("\\") else f"\\{found[0]}"


def _turned(found: re.Match[str]) -> str:
    if found[1] is None:
        return r"\$"
    return f"${found[1]}" if found[1].isdigit() else found[0]
