"""The tour does what it says, block by block; pictures are those that are drawn, and small."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pictures import FOLDER, PICTURES

ROOT = Path(__file__).parents[1]
TOUR = ROOT / "docs" / "tour.zh-CN.md"
BLOCK = re.compile(r"^```(sh|python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"!\[.*?\]\((?:docs/)?images/(\w+)\.png\)")


def steps(text):
    """Each block of commands with the lines of output that are printed below it."""
    found = []
    for kind, body in BLOCK.findall(text):
        if kind == "text":
            found[-1][2].extend(body.splitlines())
        else:
            found.append((kind, body, []))
    return found


def ran(kind, body):
    if kind == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(body, str(TOUR), "exec"), {})
        return printed.getvalue()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euc", body],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tour_does_what_it_says(raw, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw").symlink_to(raw)
    monkeypatch.chdir(tmp_path)
    blocks = steps(TOUR.read_text(encoding="utf-8"))
    assert sum(bool(expected) for _, _, expected in blocks) >= 7
    for kind, body, expected in blocks:
        printed = ran(kind, body)
        for line in expected:
            assert line in printed, body
    names = ("去向.png", "办理.pdf", "disputes_funnel.svg", "简报.html")
    assert all((tmp_path / name).stat().st_size > 5_000 for name in names)


def test_a_false_tour_is_seen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ((kind, body, expected),) = steps("```sh\necho one\n```\n\n```text\ntwo\n```\n")
    assert expected == ["two"]
    assert expected[0] not in ran(kind, body)
    with pytest.raises(AssertionError):
        ran("sh", "false")


def test_pictures_are_drawn_and_small():
    documents = [ROOT / "README.md", ROOT / "README.zh-CN.md", TOUR]
    shown = {name for path in documents for name in SHOWN.findall(path.read_text("utf-8"))}
    assert shown == set(PICTURES)
    for name in PICTURES:
        picture = FOLDER / f"{name}.png"
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < 200_000, f"{picture.name}: run `make readme`"
