"""JupyterLab in a copy of the notebooks, with the marts at hand."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from zwgk_analytics.errors import NoMartsError, UsageError

PACKAGE = Path(__file__).parent
# inside an installed package, else beside the sources
PLACES = (PACKAGE / "notebooks", PACKAGE.parent / "notebooks")
MARTS = Path("data") / "marts"


def prepare(folder: Path, marts: Path) -> list[Path]:
    """Copies the notebooks to the folder, what is there already left as it is; the copies.

    A notebook opens the marts that lie under `data/marts` above it; others are linked there.

    Raises:
        NoMartsError: nothing is published in `marts`.
        UsageError: the marts cannot be linked.
    """
    if not marts.is_dir() or not any(marts.glob("zwgk*")):
        raise NoMartsError(f"{marts}: nothing is published there; run `zwgk refresh` first")
    folder.mkdir(parents=True, exist_ok=True)
    notebooks = sorted(next(place for place in PLACES if place.is_dir()).glob("*.ipynb"))
    for notebook in notebooks:
        if not (folder / notebook.name).exists():
            shutil.copy(notebook, folder)
    _bring(marts.resolve(), folder.resolve())
    return [folder / notebook.name for notebook in notebooks]


def command(folder: Path, options: Sequence[str]) -> list[str]:
    """The command that opens JupyterLab in the folder."""
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", *as_root, *options, str(folder)]


def run(folder: Path, options: Sequence[str]) -> int:
    """Runs JupyterLab in the folder until it is stopped; its exit status."""
    return subprocess.run(command(folder, options), check=False).returncode  # noqa: S603


def _bring(marts: Path, folder: Path) -> None:
    found = next((p / MARTS for p in (folder, *folder.parents) if (p / MARTS).exists()), None)
    if found is not None and found.resolve() == marts:
        return
    link = folder / MARTS
    if link.is_symlink():
        link.unlink()
    try:
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(marts, target_is_directory=True)
    except OSError as error:
        raise UsageError(
            f"{link}: cannot be linked to {marts} ({error.strerror}); "
            f"name a --folder that lies beside {MARTS}"
        ) from error
