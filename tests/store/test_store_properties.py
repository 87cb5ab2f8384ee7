"""Whatever is added, changed and removed, refreshing bit by bit ends where one refresh would."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.test_store import refresh, values
from zwgk_analytics.store.store import Store

NAMES = st.sampled_from(["甲.txt", "乙.txt", "丙.txt"])
EDITS = st.lists(
    st.dictionaries(NAMES, st.none() | st.integers(0, 9), max_size=3), min_size=1, max_size=6
)


@settings(max_examples=20, deadline=None)
@given(edits=EDITS, compacts=st.booleans())
def test_bit_by_bit_is_as_good_as_at_once(edits, compacts):
    with tempfile.TemporaryDirectory() as name:
        raw, bit_by_bit, at_once = (Path(name) / n for n in ("raw", "bit_by_bit", "at_once"))
        raw.mkdir()
        for edit in edits:
            for file, number in edit.items():
                if number is None:
                    (raw / file).unlink(missing_ok=True)
                else:
                    (raw / file).write_text(str(number))
            refresh(bit_by_bit, raw)
            if compacts:
                Store(bit_by_bit).compact()
        refresh(at_once, raw)
        assert values(bit_by_bit) == values(at_once)
        expected = sorted((p.name, int(p.read_text())) for p in raw.iterdir())
        assert sorted((source, int(v)) for source, v in values(at_once)) == expected
