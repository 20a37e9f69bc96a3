"""Upkeep: what else an index costs: additions, removals, the reverse direction, size, workers, cold start."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.matching.corpus import Case
from benchmarks.matching.measuring import cpu, interleaved
from benchmarks.matching.rivals import BLOCK, K
from matching import Document, Matcher, Settings
from matching.counting import tally
from matching.fast import FastIndex
from matching.kernels import Asked, enter
from matching.shelf import publish
from matching.tiles import Sealed

Row = tuple[str, float, str, str]
"""What, measured, its unit, the goal."""


def size(case: Case) -> Row:
    """Bytes of a posting, by term and by document together."""
    tiles = [part for part in case.fast.parts if isinstance(part, Sealed)]
    stored = sum(array.nbytes for tile in tiles for array in (*tile.held, *tile.by_term, tile.alive))
    return ("bytes per posting, forward index included", stored / case.weights.nnz, "", "≤ 9")


def additions(case: Case, count: int = 1000) -> Row:
    """Slowdown of questions by additions that are not merged yet. The index keeps them afterwards."""
    questions = case.asked(0, BLOCK)
    before, after = [], []
    parts = case.fast.parts
    written = case.author.write(count, 62)
    lengths = np.zeros((count, 2))
    lengths[:, 0] = np.asarray(written.sum(axis=1)).ravel()
    listed = [Document(f"fresh{number}") for number in range(count)]
    case.fast.append(listed, written.indptr, written.indices, written.data, lengths, np.ones(count))
    for _ in range(7):
        before.append(cpu(lambda: case.fast.search(questions, K, parts[:-1])))
        after.append(cpu(lambda: case.fast.search(questions, K)))
    return (
        f"{count:,} additions not yet merged: questions slower by",
        100 * (median(after) / median(before) - 1),
        "%",
        "≤ 10 %",
    )


def publishing(listings: list[Document]) -> Iterator[Row]:
    """One listing let into an index, beside cutting it into words."""
    index = FastIndex(Settings())
    index.add(listings)
    some = listings[:100]
    changed = [Document(f"{each.id}-new", each.title, each.text, each.keywords, each.fields) for each in some]
    again = iter(range(10**9))

    def publish() -> None:
        turn = next(again)
        for each in changed:
            index.add([Document(f"{each.id}-{turn}", each.title, each.text, each.keywords)])

    taken = interleaved({
        "cut": (lambda: [tally(each, index.settings) for each in changed], len(changed)),
        "publish": (publish, len(changed)),
    })  # fmt: skip
    extra = (taken["publish"] - taken["cut"]) / taken["cut"]
    yield ("one listing published → matchable, beside cutting its words", extra, "×", "≤ 0.5 ×")


def cutting(listings: list[Document]) -> Row:
    """Texts to weighted matrix beside TfidfVectorizer with jieba."""
    import logging

    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer

    jieba.setLogLevel(logging.ERROR)
    whole = ["\n".join((each.title, *each.keywords, each.text)) for each in listings]
    taken = interleaved(
        {
            "ours": (lambda: FastIndex(Settings()).add(listings), len(listings)),
            "jieba": (lambda: TfidfVectorizer(analyzer=jieba.lcut).fit_transform(whole), len(listings)),
        },
        rounds=3,
    )
    return ("text → matrix, beside TfidfVectorizer with jieba", taken["jieba"] / taken["ours"], "×", "≥ 12 ×")


def entering(case: Case, demands: int) -> Iterator[Row]:
    """A new achievement beside the full batch of all demands, whose k-th scores are its floors."""
    written = case.author.write(demands, 47)
    written.data = case.idf[written.indices]
    floors = np.zeros(demands, np.float32)

    def batch() -> None:
        for start in range(0, demands, BLOCK):
            block = written[start : start + BLOCK]
            terms = block.indices.astype(np.int64)
            asked = Asked(block.indptr.astype(np.int64), terms, block.data, np.zeros(len(terms), np.uint8))
            best = case.fast.search(asked, K)
            floors[start : start + BLOCK] = best.scores[:, 0]

    full = cpu(batch)
    by_term = written.T.tocsr()
    starts, owners, shares = by_term.indptr.astype(np.int64), by_term.indices, by_term.data.astype(np.float32)
    sums, found = np.zeros(demands, np.float32), np.zeros(demands + 1, np.int64)
    fresh = case.weights[:64]
    entered = []

    def all_fresh() -> None:
        for row in range(64):
            each = fresh[row]
            terms, weights = each.indices.astype(np.int64), each.data.astype(np.float64)
            entered.append(enter(starts, owners, shares, terms, weights, floors, sums, found))
            sums[:] = 0

    one = interleaved({"entering": (all_fresh, 64)})["entering"]
    yield (f"full batch of {demands:,} demands", full, "s of CPU", "")
    yield (f"a new achievement → the {np.mean(entered):.1f} lists that it enters", one * 1e6, "µs", "")
    yield ("… of a full batch: 1 in", full / one, "", "≥ 250,000")


FRESH_WORKER = """
import resource, sys, time
started = time.process_time()
from matching import Document, Matcher
matcher = Matcher.open(sys.argv[1])
matcher.rank_many([Document("q", text="字1 字2")], 20)
print(time.process_time() - started)
"""


def cold_start() -> Iterator[Row]:
    """First answer of a fresh worker with and without the compiled code on disk."""
    with tempfile.TemporaryDirectory() as folder:
        listings = [Document(f"d{number}", text="字1 字2") for number in range(3000)]
        Matcher.fit(listings, Settings()).publish(folder)
        environment = os.environ | {"NUMBA_CACHE_DIR": str(Path(folder) / "cache")}
        command = [sys.executable, "-c", FRESH_WORKER, folder]
        cold, warm = (
            float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
            for _ in range(2)
        )
    yield ("first answer of a fresh worker, of the cold compile", warm / cold, "×", "≤ 0.2 ×")
    yield ("… in CPU seconds, from the cache", warm, "s", "")


SHARING_WORKER = """
import sys, time
import numpy as np
from matching import Document, Matcher
def own():
    return sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("Private_"))
import matching.shelf, rjieba, opencc, scipy.sparse
before = own()
matcher = Matcher.open(sys.argv[1])
questions = [Document(f"q{n}", text=" ".join(f"字{n * 7 + m}" for m in range(40))) for n in range(64)]
matcher.rank_many(questions, 20)
print((own() - before) / 1024)
"""


def sharing(case: Case) -> Iterator[Row]:
    """Memory of its own that a worker needs for an index that another has mapped; Linux only."""
    if not Path("/proc/self/smaps_rollup").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        publish(folder, case.fast)
        first = Matcher.open(folder)
        command = [sys.executable, "-c", SHARING_WORKER, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert len(first)
    yield ("second worker on the same index: memory of its own", float(done.stdout), "MB", "≤ 50 MB")
