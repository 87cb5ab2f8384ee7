"""Fixtures that every layer's tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
_CORPUS = ROOT.parent / "shared" / "corpus"
# Tests that share a refresh, a browser or a Spark: one worker runs a group, or each makes its own.
_TOGETHER = {
    "tests/spark/": "spark",
    "tests/test_notebooks.py": "notebooks",
    "tests/test_docs.py": "notebooks",
    "tests/test_lab.py": "notebooks",
    "tests/test_cli.py": "cli",
    "tests/test_pipeline.py": "pipeline",
    "tests/test_requests.py": "requests",
    "tests/briefing/test_formats.py": "formats",
    "tests/hostile/test_refresh.py": "hostile",
    "tests/quality/test_known_documents.py": "known documents",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Runs each group in one worker; xdist's own marks for it do nothing under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            groups = (group for start, group in _TOGETHER.items() if nodeid.startswith(start))
            return next(groups, nodeid)

    return ByGroup(config, log)


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The key for pseudonyms of this run, so that nobody's own is made or used."""
    key = tmp_path_factory.mktemp("key") / "pseudonym.key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZWGK_KEY_FILE", str(key))
        yield key


@pytest.fixture(scope="session")
def corpus() -> Path | None:
    """The folder of real documents with hand-checked truth; None where it is not at hand."""
    return _CORPUS if _CORPUS.is_dir() else None


@pytest.fixture(scope="session")
def raw() -> Path:
    """The sample data that the repository ships."""
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def sample(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marts of the sample data, in a folder where `open_marts()` looks for them."""
    import zwgk_analytics as zwgk

    marts = tmp_path_factory.mktemp("sample") / "data" / "marts"
    zwgk.refresh(raw=raw, marts=marts, progress=lambda *_: None)
    return marts


def pytest_report_header() -> str:
    """Says which documents this run is held against."""
    found = "found" if _CORPUS.is_dir() else "not found: only the repository's own data is used"
    return f"corpus of real documents: {found}"
