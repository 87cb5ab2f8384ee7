"""What is missing is told in one line; paths are told apart."""

import subprocess
import sys
from pathlib import Path

import pytest

from zwgk_analytics.errors import UsageError, ZwgkError
from zwgk_analytics.schedule.watched import Watch
from zwgk_analytics.spark.files import address
from zwgk_analytics.spark.session import session
from zwgk_analytics.store.files import local


def test_without_pyspark_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(
        ZwgkError, match=r"needs PySpark; install it with `pip install .*\[spark\]`"
    ):
        session()


def test_without_java_one_line_says_what_to_install(monkeypatch, spark):
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    told = "needs Java 17 or later" if spark else "needs PySpark|needs Java 17 or later"
    with pytest.raises(ZwgkError, match=told):
        session()


@pytest.mark.parametrize(
    ("path", "here", "there"),
    [
        ("/data/raw", Path("/data/raw"), "file:/data/raw"),
        ("file:///data/中 文", Path("/data/中 文"), "file:/data/中 文"),
        ("file:/data/raw", Path("/data/raw"), "file:/data/raw"),
        ("hdfs://name:9000/raw/", None, "hdfs://name:9000/raw"),
        ("s3a://bucket/raw", None, "s3a://bucket/raw"),
    ],
)
def test_a_path_is_of_this_machine_or_not(path, here, there):
    assert local(path) == here
    assert address(path) == there


def test_no_log_file_where_no_folder_is():
    with pytest.raises(UsageError, match="--log: s3a://bucket/marts is no folder of this machine"):
        Watch("s3a://bucket/marts", to_log=True)


def test_spark_is_imported_only_when_it_is_asked_for():
    code = (
        "import sys, zwgk_analytics.cli, zwgk_analytics.pipeline\n"
        "print([m for m in sys.modules if 'spark' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
