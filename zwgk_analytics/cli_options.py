"""Options that several commands have."""

from pathlib import Path

import click

RAW = click.option(
    "--raw", default="data/raw", show_default=True, type=Path, help="Folder of documents."
)
MARTS = click.option(
    "--marts", default="data/marts", show_default=True, type=Path, help="Folder of zwgk.duckdb."
)
