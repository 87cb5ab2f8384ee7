"""Two thousand damaged documents: no reader crashes, and no number is wrong in silence."""

from tests.hostile.mutants import documents, escape, mutant

COUNT = 2000


def test_nothing_escapes():
    found = [e for seed in range(COUNT) if (e := escape(seed))]
    assert not found, found[:3]


def test_a_seed_makes_its_mutant_again():
    one = mutant(7)
    assert mutant(7) == one
    assert one.data != next(d.data for d in documents()[one.media] if d.name == one.of)


def test_the_filled_forms_are_sound():
    filled = [d for media in documents().values() for d in media if d.name.startswith("filled")]
    assert len(filled) == 8
    for document in filled:
        assert len(document.values) > 190
        assert len(set(document.values.values())) > 100
        assert document.broken == frozenset()
