"""A passage that lists problems → each problem alone, with the answer that is meant for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_NUMBER: Final = re.compile(
    r"(?:(?:^|(?<=[。；;，,：:\s]))(?:\d{1,2}[.、．)）](?!\d)|[（(]\d{1,2}[)）]"
    r"|[一二三四五六七八九十]是)|[①-⑳])\s*"
)
_OPENS, _CLOSES = "（([【《“", "）)]】》”"
_FAULT: Final = re.compile(
    r"\s*[?？]?\s*(?:未|没有|缺|无|不)"
)  # a sentence that is a problem of its own
_EDGE: Final = " \t\n\u3000?？。；;"


def paired(problems: str, answers: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each problem and its answers by field.

    Answers that are numbered as many times as the problems go with them one by one; any other
    answer is meant for all of them.
    """
    listed = separated(problems)
    numbered = {key: _numbered(text) for key, text in answers.items()}
    is_numbered = len(_numbered(problems)) == len(listed) > 1
    for index, problem in enumerate(listed):
        yield (
            problem,
            {
                key: parts[index] if is_numbered and len(parts) == len(listed) else answers[key]
                for key, parts in numbered.items()
            },
        )


def separated(text: str) -> list[str]:
    """The problems of a passage: by their numbers, else by semicolons outside of brackets.

    A full stop parts two of them where what follows says that something is not, or is lacking.
    """
    return _numbered(text) or [part for part in _by_marks(text) if part]


def _numbered(text: str) -> list[str]:
    marks = list(_NUMBER.finditer(text))
    if len(marks) < 2:
        return []
    ends = [*(m.start() for m in marks[1:]), len(text)]
    parts = [text[m.end() : end].strip(_EDGE) for m, end in zip(marks, ends, strict=True)]
    return [part for part in parts if part]


def _by_marks(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, char in enumerate(text):
        depth = max(0, depth + (char in _OPENS) - (char in _CLOSES))
        ends = char in "；;\n" or (char == "。" and _FAULT.match(text, index + 1))
        if ends and not depth:
            yield text[start:index].strip(_EDGE)
            start = index + 1
    yield text[start:].strip(_EDGE)
