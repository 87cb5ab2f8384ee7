"""All benchmarks in one run: `python -m benchmarks [NAME ...]`, or `make bench`.

Each prints ratios against what a user would use instead, measured in this same run. Absolute
seconds are of this machine; the ratios are what to quote.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_NOT_MEASURES = {"__init__", "__main__", "render", "generate", "kills", "mutants"}


def names() -> list[str]:
    """The benchmarks there are, in the order of the data's way."""
    found = {p.stem for p in Path(__file__).parent.glob("*.py")} - _NOT_MEASURES
    return sorted(found, key=lambda name: (name != "documents", name))


def main() -> None:
    """Runs the benchmarks named on the command line, all of them when none is named."""
    wanted = sys.argv[1:] or names()
    unknown = set(wanted) - set(names())
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    sys.argv = sys.argv[:1]  # each reads its own options, and here has none
    for name in wanted:
        print(f"== {name}", flush=True)
        run: Callable[[], None] = import_module(f"benchmarks.{name}").main
        run()


if __name__ == "__main__":
    main()
