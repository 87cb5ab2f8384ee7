"""How far a refresh is: a bar on a terminal, one line a step elsewhere."""

import sys
from typing import Protocol


class Progress(Protocol):
    """Called with the step, what is done of it, and how much there is."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Shows it."""


def show() -> Progress:
    """The progress that suits standard error."""
    return Bars() if sys.stderr.isatty() else print_line


def print_line(step: str, done: int, total: int) -> None:
    """One line when a step begins."""
    if done == 0:
        amount = f" ({total})" if total > 1 else ""
        print(f"{step}{amount}", file=sys.stderr, flush=True)


class Bars:
    """A bar for the step at hand."""

    def __init__(self) -> None:
        from tqdm import tqdm  # only on a terminal

        self._bar = tqdm(total=0, file=sys.stderr, leave=False, dynamic_ncols=True)
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Shows how far `step` is; the last step ends the bar."""
        if step != self._step:
            self._step = step
            self._bar.set_description(step)
            self._bar.reset(total=total)
        self._bar.update(done - self._bar.n)
        if step == "publish" and done == total:
            self._bar.close()
