"""The marts as folders of Parquet: built aside, put in place together, copied into DuckDB."""

from pathlib import Path
from typing import TYPE_CHECKING

from zwgk_analytics.marts.build import describe
from zwgk_analytics.marts.models import models
from zwgk_analytics.spark.files import Files

if TYPE_CHECKING:
    import duckdb


class Published:
    """The folder `parquet` of a marts folder, a folder of Parquet files a mart."""

    def __init__(self, files: Files, marts: str) -> None:
        self._files, self.folder = files, f"{marts}/parquet"
        self.building = f"{marts}/parquet.building"
        self._clear()

    def publish(self) -> None:
        """Puts what was built in the place of what was there.

        Where the file system renames in one step (HDFS, disks) that is a moment; on an object
        store the files are copied.
        """
        self._files.replace(self.folder, self.building)
        self._clear()

    def _clear(self) -> None:
        for path in (self.building, f"{self.building}.aside"):
            self._files.delete(path)


def copy_marts(con: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Creates every mart of a folder in an open, writable DuckDB database, described."""
    for name, model in models().items():
        if (folder / name).is_dir():
            files = _quoted(folder / name / "*.parquet")
            con.execute(f'CREATE TABLE main."{name}" AS SELECT * FROM read_parquet({files})')  # noqa: S608
            describe(con, model)


def write_mart(con: "duckdb.DuckDBPyConnection", name: str, folder: Path) -> None:
    """Writes one mart of a DuckDB database into such a folder."""
    (folder / name).mkdir(parents=True)
    con.execute(
        f'COPY main."{name}" TO {_quoted(folder / name / "part-0.parquet")} (FORMAT parquet)'
    )


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
