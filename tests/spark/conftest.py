"""One small Spark for all tests of this folder."""

import os
import shutil
from importlib.util import find_spec

import pytest

SMALL = {
    "spark.master": "local[2]",
    "spark.driver.memory": "1500m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    # compiling and planning anew take longer than a few rows do
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session of Spark; None where PySpark or Java is not there, which CI does not put up with.

    What needs it then tells so in a line, and tests the rest.
    """
    told = (
        "no PySpark or no Java: install requirements-spark.lock and Debian's default-jre-headless"
    )
    is_there = find_spec("pyspark") and (shutil.which("java") or os.environ.get("JAVA_HOME"))
    assert is_there or not os.environ.get("CI"), told
    if not is_there:
        print(f"{told}; what needs them is not tested here")
        yield None
        return
    from pyspark import SparkConf, SparkContext

    from zwgk_analytics.spark.session import session

    settings = SMALL | {"spark.local.dir": str(tmp_path_factory.mktemp("spark"))}
    SparkContext._ensure_initialized(
        conf=SparkConf(loadDefaults=False).setAll(list(settings.items()))
    )
    made = session()
    yield made
    made.sparkContext.stop()
