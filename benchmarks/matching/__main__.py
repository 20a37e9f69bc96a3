"""Prints the tables of matching speed: python -m benchmarks.matching [--size 10000 | 100000 | full] [--json]."""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # before numba is loaded: one thread for all

import numpy as np

from benchmarks import made_up
from benchmarks.matching import corpus, measuring, rivals, spending, upkeep
from matching import datasets

GOALS = {
    100_000: {
        "scikit-learn linear_kernel": 700,
        "sparse_dot_topn": 6,
        "bm25s with numba": 1.2,
        "tantivy": 4,
        "term-at-a-time in numba": 1.2,
    },
    1_000_000: {
        "scikit-learn linear_kernel": 2500,
        "sparse_dot_topn": 22,
        "bm25s with numba": 4.5,
        "tantivy": 8,
        "term-at-a-time in numba": 4,
    },
}
DEMANDS = 512
BENCHMARK = Path("fixtures/benchmark")


def against(case: corpus.Case, size: int, rounds: int) -> tuple[float, float]:
    """Prints the compiled index beside the others; seconds of a demand and of plain term-at-a-time."""
    answers = {name: (make(case), count) for name, (make, count) in rivals.RIVALS.items()}
    ours = rivals.numbered(case, answers["compiled index"][0](64))
    works = {
        name: (lambda answer=answer, count=count: answer(count), count) for name, (answer, count) in answers.items()
    }
    taken = measuring.interleaved(works, rounds)
    print(f"\n{size:,} documents   µs a demand      ×      goal   same list")
    for name, (answer, _) in answers.items():
        given = ours if name == "compiled index" else answer(4)[:4]
        same = float(np.mean(list(rivals.agreement(case, given, ours))))
        goal = GOALS.get(size, {}).get(name)
        ratio = taken[name] / taken["compiled index"]
        verdict = "" if goal is None else f"≥ {goal:,}" + (" missed" if ratio < goal else "")
        print(f"{name:28}{taken[name] * 1e6:12,.1f}{ratio:8,.1f}  {verdict:>14}{same:8.1%}", flush=True)
    return taken["compiled index"], taken["term-at-a-time in numba"]


def rows(case: corpus.Case, one: float) -> list[upkeep.Row]:
    """Everything that is not a race."""
    bandwidth = measuring.read_bandwidth()
    listings = datasets.documents(BENCHMARK, "corpus")
    return [
        ("bandwidth of reading, one core", bandwidth / 1e9, "GB/s", ""),
        ("share of the bandwidth limit", 100 * 3 * case.touched() / bandwidth / one, "%", "≥ 35 %"),
        *upkeep.reading(case, one, bandwidth),
        *spending.spending(case, rivals.K),
        upkeep.size(case),
        *upkeep.sharing(case),
        *upkeep.entering(case, 100_000),
        upkeep.additions(case),
        *upkeep.publishing(listings),
        upkeep.cutting(listings),
        upkeep.cutting(made_up.listings(2000)),
        *upkeep.removing(listings),
        *upkeep.cold_start(),
    ]


def main() -> int:
    summary = (__doc__ or "").split(":")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=summary)
    parser.add_argument("--size", default="100000", help="documents, or full for 1,000,000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print the last table as JSON too")
    chosen = parser.parse_args()
    size = 1_000_000 if chosen.size == "full" else int(chosen.size)
    print("CPU time of one thread, medians of interleaved rounds; the same matrices and best 20 for all.")
    small, plain = against(corpus.case(10_000, DEMANDS), 10_000, chosen.rounds)
    print(f"term-at-a-time is to be at least 0.91 ×: measured {plain / small:.2f} ×")
    case = corpus.case(size, DEMANDS)
    one, _ = against(case, size, chosen.rounds)
    table = rows(case, one)
    if size != 10_000:
        exponent = float(np.log(one / small) / np.log(size / 10_000))
        table.insert(0, (f"growth of the cost of a demand, 10,000 → {size:,}: exponent", exponent, "", ""))
    print()
    for what, value, unit, goal in table:
        print(f"{what:82}{value:12,.2f} {unit:10}{goal}")
    if chosen.json:
        print(json.dumps(table, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
