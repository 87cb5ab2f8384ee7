"""Fixtures that every layer's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_CORPUS = ROOT.parent / "shared" / "corpus"


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
