"""Damaged documents by the thousand: none may crash a reader or yield a wrong number in silence.

`python -m benchmarks.mutants --count 100000` damages the documents of the sample, the corpus of
real documents (where it is at hand), and filled and blank forms. Every mutant is made from a seed:
`--seed N` makes one again. What counts as an escape is told in `tests.hostile.mutants`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tests.hostile.mutants import Escape, escape, mutant

_CHUNK = 100


def escapes_of(seeds: Sequence[int]) -> list[Escape]:
    """The escapes among the mutants of some seeds."""
    return [found for seed in seeds if (found := escape(seed))]


def run(first: int, count: int, workers: int) -> Iterator[tuple[int, list[Escape]]]:
    """Chunk by chunk: how many mutants, and the escapes among them."""
    chunks = [range(s, min(s + _CHUNK, first + count)) for s in range(first, first + count, _CHUNK)]
    while chunks:
        left, chunks = chunks, []
        with ProcessPoolExecutor(workers) as pool:
            waiting = {pool.submit(escapes_of, chunk): chunk for chunk in left}
            for done in as_completed(waiting):
                chunk = waiting[done]
                try:
                    yield len(chunk), done.result()
                except BrokenProcessPool:
                    if len(chunk) == 1:
                        yield 1, [Escape(chunk[0], "", "", "crash", "the process died")]
                    chunks += [range(s, s + 1) for s in chunk] if len(chunk) > 1 else []


def main() -> None:
    """Runs the mutants with a bar, and prints the escapes by kind with their seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, help="make one mutant again, as mutant.SUFFIX")
    asked = parser.parse_args()
    if asked.seed is not None:
        one = mutant(asked.seed)
        Path(f"mutant.{one.media}").write_bytes(one.data)
        print(one.of, one.damage, escape(asked.seed))
        return
    made, found = 0, Counter[tuple[str, str]]()
    for count, escapes in run(asked.first, asked.count, asked.workers):
        made += count
        found.update((e.kind, e.damage) for e in escapes)
        for e in escapes:
            print(f"\rseed {e.seed}: {e.kind}, {e.of}, {e.damage}: {e.detail[:300]}", flush=True)
        told = f"{made:,} of {asked.count:,} mutants, {found.total()} escapes"
        print(f"\r{told}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    last = asked.first + made - 1
    print(f"mutants, seeds {asked.first} to {last}: {found.total()} escapes beyond changed digits")
    for (kind, damage), count in found.most_common():
        print(f"{count} {kind} ({damage})")


if __name__ == "__main__":
    main()
