"""Files and folders on any path that Spark reads, through Hadoop's own file systems."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwgk_analytics.store.files import local

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def address(path: str | Path) -> str:
    """The path as Spark takes it."""
    here = local(path)
    return f"file:{here.absolute().as_posix()}" if here is not None else str(path).rstrip("/")


class Files:
    """What a refresh does with files besides reading and writing frames."""

    def __init__(self, spark: "SparkSession") -> None:
        self._hadoop = spark._jvm.org.apache.hadoop.fs  # type: ignore[union-attr]
        self._settings = spark._jsc.hadoopConfiguration()

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder."""
        return bool(self._system(path).exists(self._path(path)))

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; none where there is no folder."""
        if not self.exists(folder):
            return []
        return sorted(
            s.getPath().getName() for s in self._system(folder).listStatus(self._path(folder))
        )

    def files(self, folder: str) -> Iterator[tuple[str, int, int]]:
        """Each file below a folder: its address, its bytes, and when it changed (milliseconds)."""
        found = self._system(folder).listFiles(self._path(folder), True)
        while found.hasNext():
            status = found.next()
            yield str(status.getPath()), status.getLen(), status.getModificationTime()

    def delete(self, path: str) -> None:
        """Removes a file, or a folder with all that is in it."""
        self._system(path).delete(self._path(path), True)

    def replace(self, path: str, by: str) -> None:
        """Puts what is at `by` at `path`; what was there goes just before."""
        self.delete(path)
        self._system(path).rename(self._path(by), self._path(path))

    def fetch(self, path: str, into: Path) -> None:
        """Copies a file or a folder to this machine."""
        self._system(path).copyToLocalFile(
            False, self._path(path), self._path(f"file:{into}"), True
        )

    def send(self, file: Path, path: str) -> None:
        """Copies a file of this machine, over one that is there."""
        self._system(path).copyFromLocalFile(
            False, True, self._path(f"file:{file}"), self._path(path)
        )

    def _path(self, path: str) -> Any:  # noqa: ANN401 - an object of the JVM
        return self._hadoop.Path(path)

    def _system(self, path: str) -> Any:  # noqa: ANN401
        return self._path(path).getFileSystem(self._settings)
