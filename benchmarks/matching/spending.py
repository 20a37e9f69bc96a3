"""Spending: where the time of a demand goes.

Repeats the steps of `kernels.scan` one more at a time over the same tiles and demands, leaving out the same terms: the
score to enter is the one that a whole search ended with. What a step adds is its cost. The last rows do the least that
any implementation of such a step has to do, with the same postings: that is what the step is held against.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numba import njit

from benchmarks.matching.corpus import Case
from benchmarks.matching.measuring import interleaved
from benchmarks.matching.upkeep import Row
from matching.adding import LANES, add_bounds, add_columns, expect_list, greatest
from matching.kernels import COLUMNS, NONE, SOON, Asked, ByTerm, rank_terms
from matching.tiles import LEAVE, Sealed

BLOCK = 64
FINDING, LISTS, PLANES, GREATEST = range(4)
READING, MARKING = range(2)


@njit(nogil=True)
def walked(tile: ByTerm, documents: int, asked: Asked, drift: float, needs: np.ndarray, until: int) -> int:
    """The steps of a scan up to one of them; what it returns keeps the compiler from leaving them out."""
    width = (documents + LANES - 1) // LANES
    sums, tops = np.zeros(width * LANES, np.uint16), np.zeros(width, np.uint16)
    longest = np.max(asked.bounds[1:] - asked.bounds[:-1])
    found, order = np.empty(longest, np.int64), np.empty(longest, np.int64)
    upper, worth = np.empty(longest), np.empty(longest)
    chosen, steps = np.zeros(COLUMNS + 1, np.int64), np.zeros(COLUMNS + 1)
    seen = 0
    for q in range(len(asked.bounds) - 1):
        terms, total = rank_terms(tile, asked, q, drift, found, upper, order, worth)
        if terms == 0:
            continue
        scale = (65_533 - 2 * terms - 16 * min(terms, COLUMNS)) / total
        rest, waiting, largest = 0.0, 0, 0.0
        for i in range(terms):
            place, step = found[order[i]], upper[order[i]] * scale
            if rest + step * tile.maxima[place] <= LEAVE * needs[q] * scale:
                rest += step * tile.maxima[place]
            elif tile.column_of[place] != NONE:
                chosen[waiting], steps[waiting] = tile.column_of[place], step
                largest = max(largest, step)
                waiting += 1
            elif until >= LISTS:
                start, end = np.int64(tile.starts[place]), np.int64(tile.starts[place + 1])
                if i + 1 < terms:
                    begin, stop = tile.starts[found[order[i + 1]]], tile.starts[found[order[i + 1]] + 1]
                    expect_list(tile.places, tile.impacts, np.int64(begin), min(np.int64(begin) + SOON, np.int64(stop)))
                add_bounds(sums, tile.places[start:end], tile.impacts[start:end], np.uint32(np.ceil(step * 256)))
        if until >= PLANES:
            add_columns(sums, tile.columns, chosen, steps, waiting, largest)
        if until >= GREATEST:
            greatest(sums, tops)
            seen += tops[0]
            sums[:] = 0
        seen += sums[0] + waiting
    return seen


@njit(nogil=True)
def least(tile: ByTerm, documents: int, asked: Asked, drift: float, needs: np.ndarray, what: int) -> int:
    """Of the same lists: READING every byte once, or MARKING: one to the sum of each place, whatever its impact."""
    sums = np.zeros(documents + LANES, np.uint16)
    longest = np.max(asked.bounds[1:] - asked.bounds[:-1])
    found, order = np.empty(longest, np.int64), np.empty(longest, np.int64)
    upper, worth = np.empty(longest), np.empty(longest)
    seen = 0
    for q in range(len(asked.bounds) - 1):
        terms, _ = rank_terms(tile, asked, q, drift, found, upper, order, worth)
        rest = 0.0
        for i in range(terms):
            place = found[order[i]]
            bound = upper[order[i]] * tile.maxima[place]
            if rest + bound <= LEAVE * needs[q]:
                rest += bound
            elif tile.column_of[place] == NONE:
                start, end = np.int64(tile.starts[place]), np.int64(tile.starts[place + 1])
                if i + 1 < terms:
                    begin, stop = tile.starts[found[order[i + 1]]], tile.starts[found[order[i + 1]] + 1]
                    expect_list(tile.places, tile.impacts, np.int64(begin), min(np.int64(begin) + SOON, np.int64(stop)))
                if what == READING:
                    for p in range(start, end):
                        seen += np.int64(tile.places[p]) ^ np.int64(tile.impacts[p])
                else:
                    for p in range(start, end):
                        sums[tile.places[p]] += np.uint16(1)
    return seen + sums[0]


def spending(case: Case, k: int, rounds: int = 5) -> Iterator[Row]:
    """Microseconds of a demand, step by step; the whole is measured in the same rounds."""
    blocks = [case.asked(start, start + BLOCK) for start in range(0, len(case.demands), BLOCK)]
    needs = [case.fast.search(block, k).scores.min(axis=1) for block in blocks]
    tiles = [part for part in case.fast.parts if isinstance(part, Sealed)]
    model = case.fast._model()

    def over(kernel: Callable[..., int], step: int) -> None:
        for block, need in zip(blocks, needs, strict=True):
            for tile in tiles:
                kernel(tile.by_term, len(tile), block, tile.drift(model), need, step)

    case.fast.touched[:] = 0
    for block in blocks:
        case.fast.search(block, k)
    postings, documents, columns = (case.fast.touched / len(case.demands)).tolist()
    works = {f"step {step}": (lambda step=step: over(walked, step), len(case.demands)) for step in range(4)}
    works |= {f"least {what}": (lambda what=what: over(least, what), len(case.demands)) for what in range(2)}
    works["whole"] = (lambda: [case.fast.search(block, k) for block in blocks], len(case.demands))
    taken = {name: seconds * 1e6 for name, seconds in interleaved(works, rounds).items()}
    finding, lists, planes, top = (taken[f"step {step}"] for step in range(4))
    yield ("a demand, whole", taken["whole"], "µs", "")
    yield (f"… finding its terms in {len(tiles)} tiles", finding, "µs", "")
    yield (f"… adding {postings:,.0f} postings", lists - finding, "µs", "")
    yield (f"… adding {columns:,.0f} columns", planes - lists, "µs", "")
    yield ("… the greatest sums, and emptying them", top - planes, "µs", "")
    yield (f"… finding candidates, scoring {documents:,.0f} of them", taken["whole"] - top, "µs", "")
    yield ("the same postings only read", taken["least 0"] - finding, "µs", "")
    yield ("the same postings only counted into sums", taken["least 1"] - finding, "µs", "")
