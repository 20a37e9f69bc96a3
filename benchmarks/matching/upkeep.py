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
from matching.entering import enter
from matching.fast import FRESH, FastIndex
from matching.kernels import Asked
from matching.reading import read
from matching.shelf import publish
from matching.tiles import Sealed
from matching.watching import LEFT, Watch

Row = tuple[str, float, str, str]
"""What, measured, its unit, the goal."""


def size(case: Case) -> Row:
    """Bytes of a posting, by term and by document together."""
    tiles = [part for part in case.fast.parts if isinstance(part, Sealed)]
    stored = sum(array.nbytes for tile in tiles for array in (*tile.held, *tile.by_term, tile.alive))
    return ("bytes per posting, forward index included", stored / case.weights.nnz, "", "≤ 9")


def reading(case: Case, one: float, bandwidth: float) -> Iterator[Row]:
    """What a demand reads, and how long that alone would take from memory."""
    case.fast.touched[:] = 0
    for start in range(0, len(case.demands), BLOCK):
        case.fast.search(case.asked(start, start + BLOCK), K)
    postings, documents, columns = (case.fast.touched / len(case.demands)).tolist()
    tiles = [part for part in case.fast.parts if isinstance(part, Sealed)]
    width = float(np.mean([len(tile) for tile in tiles]))
    of_one = float(np.mean([tile.held.bounds[-1] for tile in tiles])) / width
    sums = 2 * sum(map(len, tiles))
    read = 3 * postings + width * columns + 5 * of_one * documents
    yield ("a demand reads postings", postings, "", "")
    yield ("… columns of frequent terms", columns, "", "")
    yield ("… documents scored exactly", documents, "", "")
    yield ("… in all, without the sums", read / 1e3, "kB", "")
    yield ("… sums of bounds, in the cache", sums / 1e3, "kB", "")
    yield (
        "time that reading this takes at that bandwidth, of the time of a demand",
        100 * read / bandwidth / one,
        "%",
        "",
    )


def additions(case: Case, count: int = 1000) -> Row:
    """Slowdown of questions by additions that are not merged yet, the last of them still fresh. The index keeps
    them afterwards."""
    questions = case.asked(0, BLOCK)
    before, after = [], []
    parts = case.fast.parts
    written = case.author.write(count, 62)
    for start in range(0, count, FRESH - 1):
        some = written[start : start + FRESH - 1]
        lengths = np.zeros((some.shape[0], 2))
        lengths[:, 0] = np.asarray(some.sum(axis=1)).ravel()
        listed = [Document(f"fresh{start + number}") for number in range(some.shape[0])]
        if start:
            case.fast.fold()
        case.fast.append(listed, some.indptr, some.indices, some.data, lengths, np.ones(len(listed)))
    assert case.fast.parts[: len(parts) - 1] == parts[:-1]
    for _ in range(7):
        before.append(cpu(lambda: case.fast.search(questions, K, parts[:-1])))
        after.append(cpu(lambda: case.fast.search(questions, K)))
    small = len(case.fast.parts) - len(parts) + 1
    return (
        f"{count:,} additions not yet merged ({small} small tiles): questions slower by",
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
        "cut": (lambda: [read([each], index.columns_of, index.settings) for each in changed], len(changed)),
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
    return (
        f"text → matrix, beside TfidfVectorizer with jieba, {len(listings):,} documents",
        taken["jieba"] / taken["ours"],
        "×",
        "≥ 12 ×",
    )


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
    starts, owners, base = by_term.indptr.astype(np.int64), by_term.indices, by_term.data.astype(np.float32)
    tops = by_term.max(axis=1).toarray().ravel().astype(np.float32)
    sums, found = np.zeros(demands, np.float32), np.empty(demands, np.int64)
    allowed = LEFT * float(np.quantile(floors, 0.02))
    rows = [case.weights[row] for row in range(64)]
    fresh = [(row.indices.astype(np.int64), row.data.astype(np.float32)) for row in rows]
    entered = []

    def all_fresh() -> None:
        for terms, weights in fresh:
            entered.append(enter(starts, owners, base, tops, terms, weights, allowed, floors, sums, found))
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
def own():
    return sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("Private_"))
import numpy as np, rjieba, opencc, scipy.sparse
import matching.shelf
from matching import Matcher
from matching.kernels import Asked
before = own()
index = Matcher.open(sys.argv[1]).index
with np.load(sys.argv[2]) as given:
    asked = Asked(given["bounds"], given["terms"], given["weights"], given["languages"])
index.search(asked, 20)
print((own() - before) / 1024, flush=True)
control = np.ones(5_000)
for line in sys.stdin:
    until, started, done = time.monotonic() + float(line.split()[1]), time.process_time(), 0
    while time.monotonic() < until:
        if line.startswith("search"):
            index.search(asked, 20)
        else:
            for _ in range(400):
                np.sqrt(control)
        done += 1
    print(done / (time.process_time() - started), flush=True)
"""


def sharing(case: Case, seconds: float = 4.0, rounds: int = 3) -> Iterator[Row]:
    """Memory of its own that a worker needs for an index that another has mapped; and how much two workers answer
    together beside one, and beside what two get done of pure computing, each in a second of its CPU: others who use
    the machine take time from both. Linux only."""
    if not Path("/proc/self/smaps_rollup").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        publish(folder, case.fast)
        questions = Path(folder) / "questions.npz"
        np.savez(questions, **case.asked(0, 64)._asdict())
        command = [sys.executable, "-c", SHARING_WORKER, folder, str(questions)]
        pipe = subprocess.PIPE
        workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
        own = [float(worker.stdout.readline()) for worker in workers if worker.stdout]
        gained: dict[str, list[float]] = {"search": [], "compute": []}
        for _ in range(rounds):
            for kind, ratios in gained.items():
                alone = _done(workers[:1], kind, seconds)
                ratios.append(_done(workers, kind, seconds) / alone)
        for worker in workers:
            worker.communicate()
    searched, computed = (median(ratios) for ratios in gained.values())
    yield ("second worker on the same index: memory of its own", own[1], "MB", "≤ 50 MB")
    yield ("two workers answer so many times what one does", searched, "×", "")
    yield ("… where pure computing gets", computed, "×", "")
    yield ("… so that of 2 there would be", 2 * searched / computed, "×", "≥ 1.9 ×")


def _done(workers: list["subprocess.Popen[str]"], kind: str, seconds: float) -> float:
    """What workers get done at the same time, each in a second of its CPU, together."""
    for worker in workers:
        assert worker.stdin
        worker.stdin.write(f"{kind} {seconds}\n")
        worker.stdin.flush()
    return sum(float(worker.stdout.readline()) for worker in workers if worker.stdout)


def removing(listings: list[Document]) -> Iterator[Row]:
    """Lists of the best twenty that a removal touches, beside those that held what was removed."""
    matcher = Matcher.fit(listings, Settings(compiled_from=0))
    watch = Watch(matcher)
    questions = {f"q{each.id}": Document(f"q{each.id}", each.title, each.text) for each in listings}
    watch.keep(questions.values())
    for question, found in zip(questions, matcher.rank_many(questions.values(), 20), strict=True):
        watch.note(question, found)
    before = dict(zip(questions, matcher.rank_many(questions.values(), 20), strict=True))
    gone = [each.id for each in listings[:10]]
    holding = {question for question, found in before.items() if {id for id, _ in found} & set(gone)}
    watch.left(gone)
    matcher.remove(gone)
    touched = set(watch.reached([]))
    yield (f"10 removals of {len(listings):,}: lists touched of {len(holding)} that held one", len(touched), "", "")
    yield ("… lists touched that held none", len(touched - holding), "", "0")
