import pytest
import yaml

from tests.collect.server import QUICK, Site, local
from zwgk_analytics.collect import collect


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def run(tmp_path):
    """Collects the sources given into tmp_path/raw."""

    def run(*sources, limits=QUICK, allow=("127.0.0.1",), look_up=local):
        told = {"allow_private": list(allow), "sources": list(sources)}
        path = tmp_path / "sources.yml"
        path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
        return collect(path, tmp_path / "raw", limits=limits, look_up=look_up)

    return run
