"""The browser that tests drive: CI installs one; elsewhere the rest of a test runs without."""

import os

from zwgk_analytics.charts.renderers import browser


def found() -> str | None:
    """A Chromium of this machine; None where there is none, which CI does not put up with."""
    path = browser()
    told = "no Chromium on the PATH or in BROWSER_PATH: install Debian's package `chromium`"
    assert path or not os.environ.get("CI"), told
    if path is None:
        print(f"{told}; what needs it is not tested here")
    return path
