"""What turns figures into pictures: a Chromium of the machine, else the one that a wheel brings."""

import asyncio
import base64
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from zwgk_analytics.charts import fonts
from zwgk_analytics.errors import RenderError

if TYPE_CHECKING:
    import plotly.graph_objects as go

Jobs = Sequence[tuple["go.Figure", str]]
SECONDS = 60
WHEEL = "kaleido==0.2.1"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-breakpad", "--disable-dev-shm-usage")


def render(jobs: Jobs, scale: float = 2) -> list[bytes]:
    """A picture for each figure and kind, `png` or `svg`, by the first renderer that works.

    A PNG has `scale` times the figure's pixels.

    Raises:
        RenderError: there is none or none works; the message says what was tried.
    """
    tried = []
    for drawn_by in (_by_browser, _by_wheel):
        try:
            with fonts.known_to_browsers():
                return drawn_by(jobs, scale)
        except RenderError as error:
            logging.getLogger(__name__).info("%s", error)
            tried.append(str(error))
    raise RenderError("; ".join(tried))


def browser() -> str | None:
    """The Chromium, Chrome or Edge of BROWSER_PATH, else the first on the PATH; None without."""
    from choreographer.browsers.chromium import Chromium

    # on Linux a browser that is not on the PATH is one that somebody took off it
    found: str | None = Chromium.find_browser(
        skip_local=True, skip_typical=sys.platform.startswith("linux")
    )
    return found or None


def wheel_folder() -> Path:
    """Where `make install` puts the wheel that brings a Chromium of its own."""
    return Path(sys.prefix) / "share" / "zwgk" / "kaleido0"


def plotly_js() -> Path:
    """The plotly.js of Plotly's own package."""
    import plotly

    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def _by_browser(jobs: Jobs, scale: float) -> list[bytes]:
    path = browser()
    if path is None:
        raise RenderError("no Chromium, Chrome or Edge in BROWSER_PATH or on the PATH")
    # a thread, for a notebook already has an event loop of its own
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(asyncio.run, _in_tab(jobs, scale, path)).result()
        except Exception as error:
            raise RenderError(f"{path} failed: {_first_line(error)}") from error


async def _in_tab(jobs: Jobs, scale: float, path: str) -> list[bytes]:
    from kaleido import Kaleido  # slow to import

    for library in ("choreographer", "kaleido"):
        # what fails is raised; at its end a browser says things that they log as errors
        logging.getLogger(library).setLevel(logging.CRITICAL)
    tab = Kaleido(path=path, plotlyjs=str(plotly_js()), mathjax=False, timeout=SECONDS)
    watch = Timer(SECONDS + 10 * len(jobs), lambda: _end(tab.subprocess))
    watch.start()
    try:
        await tab.open()
        return [await tab.calc_fig(figure, _options(kind, scale)) for figure, kind in jobs]
    finally:
        await tab.close()  # even unopened: a thread that reads its log would keep us alive
        watch.cancel()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a browser and what it started, which keeps its log open."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _options(kind: str, scale: float) -> dict[str, object]:
    return {"format": kind, "scale": scale if kind == "png" else 1}


def _by_wheel(jobs: Jobs, scale: float) -> list[bytes]:
    home = wheel_folder() / "kaleido" / "executable"
    if not home.is_dir():
        raise RenderError(f"no renderer in {wheel_folder()}")
    process = subprocess.Popen(  # noqa: S603 (a program of our own installation)
        [*_command(home), "plotly", f"--plotlyjs={plotly_js().as_uri()}", *_FLAGS],
        cwd=home,
        env={**os.environ, "LD_LIBRARY_PATH": str(home / "lib")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        watch = Timer(SECONDS + 10 * len(jobs), process.kill)
        watch.start()
        try:
            _answer(process)  # that it has started
            return [_asked(process, figure, _options(kind, scale)) for figure, kind in jobs]
        finally:
            watch.cancel()
            process.kill()


def _command(home: Path) -> list[str]:
    """The program itself where it stands alone; else its launcher, which spaces in a path break."""
    for name in ("bin/kaleido", "kaleido.cmd", "kaleido"):
        if (home / name).is_file():
            return [str(home / name)]
    raise RenderError(f"{home}: the wheel {WHEEL} is not whole; run `make install` again")


def _asked(
    process: "subprocess.Popen[bytes]", figure: "go.Figure", options: dict[str, object]
) -> bytes:
    job = {
        **options,
        "data": json.loads(figure.to_json()),
        "width": figure.layout.width,
        "height": figure.layout.height,
    }
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()
    except OSError as error:
        raise RenderError(f"the renderer of {WHEEL} stopped: {error}") from error
    picture = _answer(process)
    return picture.encode() if options["format"] == "svg" else base64.b64decode(picture)


def _answer(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    told = json.loads(line) if line else {"code": 1, "message": "it stopped without an answer"}
    if told["code"]:
        raise RenderError(f"the renderer of {WHEEL} failed: {told['message']}")
    return str(told["result"])


def _first_line(error: BaseException) -> str:
    told = str(error).strip() or type(error).__name__
    return told.splitlines()[0]
