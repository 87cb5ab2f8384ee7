"""The Spark session of a refresh: its own views, and the settings that the SQL is written for."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zwgk_analytics.errors import ZwgkError

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

# what the SQL means depends on these
_MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.legacy.sizeOfNull": "false",
}
_ALONE: Final = {  # where no cluster is named
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
}
_MEMORY: Final = ("spark.driver.memory", "2g")  # of a JVM that nobody has set anything for
_SUBMITTED: Final = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME")


def session() -> "SparkSession":
    """A session whose temporary views are nobody else's.

    The cluster, its memory and its number of partitions are those of spark-submit, of
    spark-defaults.conf or of a session that is open already; without any of these Spark runs on
    this machine.

    Raises:
        ZwgkError: PySpark or Java is not there.
    """
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ZwgkError(
            "the engine spark needs PySpark; install it with `pip install zwgk-analytics[spark]`"
        ) from error
    if _java() is None:
        raise _no_java()
    try:
        first = SparkConf(loadDefaults=False)
        if not any(name in os.environ for name in _SUBMITTED):
            first.set(*_MEMORY)
        SparkContext._ensure_initialized(conf=first)  # from now on SparkConf knows what was set
        settings = _settings(SparkConf())
        spark = SparkSession.builder.config(conf=settings).getOrCreate().newSession()
    except PySparkRuntimeError as error:
        raise _no_java() from error
    spark.sparkContext.setLogLevel("ERROR")
    for name, value in _MEANING.items():
        spark.conf.set(name, value)
    return spark


def _settings(settings: "SparkConf") -> "SparkConf":
    settings.setIfMissing("spark.app.name", "zwgk")
    if not settings.contains("spark.master"):
        for name, value in _ALONE.items():
            settings.setIfMissing(name, value)
    if settings.get("spark.master", "").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return settings


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def _no_java() -> ZwgkError:
    return ZwgkError(
        "the engine spark needs Java 17 or later; install it (on Debian "
        "`apt install openjdk-17-jre-headless`) or set JAVA_HOME"
    )
