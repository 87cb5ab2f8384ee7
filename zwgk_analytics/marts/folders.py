"""Where the data lies when a caller stands below it."""

from pathlib import Path


def locate(path: str | Path) -> Path:
    """`path` from the folder at hand or the nearest above it that has it, else as it is."""
    here = Path.cwd()
    found = (base / path for base in (here, *here.parents) if (base / path).exists())
    return next(found, Path(path))
