"""Kernels: the compiled loops of the fast index. Numbers in, numbers out; decides nothing about listings.

A tile holds up to 65,536 documents twice: by term (16-bit place, 8-bit impact rounded up) to find, and by
document (terms and frequencies) to score exactly. Bounds are summed in 16 bits; only what may enter a list
is scored. Only `matching.fast` and `matching.tiles` import this room, and only when they are used.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

compiled = njit(nogil=True, cache=True)
LANES = 64  # documents whose bounds are looked at together


class Held(NamedTuple):
    """Documents by document: row d's postings are terms[bounds[d]:bounds[d + 1]], terms rising."""

    bounds: np.ndarray  # (n + 1,) uint32
    terms: np.ndarray  # uint32
    frequencies: np.ndarray  # uint8; 255 is looked up in `large`
    large_at: np.ndarray  # int64, rising: postings with a frequency of 255 or more ...
    large: np.ndarray  # float64: ... and what it is
    lengths: np.ndarray  # (n, 2) float32, terms of Chinese and of English passages
    factors: np.ndarray  # (n,) float64, what the norm does to Latin terms


class ByTerm(NamedTuple):
    """The same postings by term. Bit t of `bits` is set when term t is held; its place is the number of
    set bits before it, `ranks` of them before its word."""

    bits: np.ndarray  # uint64
    ranks: np.ndarray  # uint32
    starts: np.ndarray  # uint32
    maxima: np.ndarray  # uint8
    places: np.ndarray  # uint16
    impacts: np.ndarray  # uint8
    unit: np.ndarray  # (1,) float64: weight of one step of impact


class Asked(NamedTuple):
    """Questions: question q asks terms[bounds[q]:bounds[q + 1]] with these weights and languages."""

    bounds: np.ndarray
    terms: np.ndarray
    weights: np.ndarray
    languages: np.ndarray


class Best(NamedTuple):
    """The k best of each question as heaps, the least first: scores and rows, filled up to sizes."""

    scores: np.ndarray
    rows: np.ndarray
    sizes: np.ndarray


class Model(NamedTuple):
    """What the collection and the settings say: saturation, both usual lengths and how much they count."""

    saturation: float
    chinese: float
    english: float
    chinese_share: float
    english_share: float


@compiled
def ones(word: Any) -> Any:
    """Bits set in a word."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def place_of(tile: Any, term: Any) -> Any:
    """Place of a term in a tile, −1 when no document holds it."""
    at = term >> 6
    if at >= len(tile.bits):
        return np.int64(-1)
    word, bit = tile.bits[at], np.uint64(1) << np.uint64(term & 63)
    if word & bit == 0:
        return np.int64(-1)
    return np.int64(tile.ranks[at]) + ones(word & (bit - np.uint64(1)))


@compiled
def divisor(held: Any, row: Any, language: Any, model: Any) -> Any:
    """How much the length of a document divides the frequencies of one language."""
    chinese = 1 - model.chinese_share + model.chinese_share * held.lengths[row, 0] / model.chinese
    if language == 0 or held.lengths[row, 1] == 0:
        return chinese
    return 1 - model.english_share + model.english_share * held.lengths[row, 1] / model.english


@compiled
def frequency(held: Any, posting: Any) -> Any:
    """Weighted frequency of a posting."""
    stored = held.frequencies[posting]
    if stored < 255:
        return np.float64(stored)
    return held.large[np.searchsorted(held.large_at, posting)]


@compiled
def weight(times: Any, divided: Any, factor: Any, model: Any) -> Any:
    """Weight of a posting, as `weights.DocumentWeights` has it."""
    return (model.saturation + 1) * times / (times + model.saturation * divided) * factor


@compiled
def exact(held: Any, row: Any, marks: Any, slots: Any, weights: Any, languages: Any, model: Any, hits: Any) -> Any:
    """Raw score of one document. marks: a bit for each term that is asked; slots: its place in the
    question plus 1; hits: room for one more than the question has terms.

    Shared terms are gathered before they are weighed: the gathering has no branch to mispredict.
    """
    count = 0
    for posting in range(held.bounds[row], held.bounds[row + 1]):
        hits[count] = posting
        term = held.terms[posting]
        count += (marks[term >> 3] >> (term & 7)) & 1
    chinese, english = divisor(held, row, 0, model), divisor(held, row, 1, model)
    total = 0.0
    for hit in range(count):
        slot = slots[held.terms[hits[hit]]] - 1
        times = frequency(held, hits[hit])
        divided = english if languages[slot] else chinese
        factor = held.factors[row] if languages[slot] else 1.0
        total += weights[slot] * weight(times, divided, factor, model)
    return total


@compiled
def push(scores: Any, rows: Any, size: Any, score: Any, row: Any) -> Any:
    """Lets a row into a heap of the best if it belongs there; the new size."""
    k = len(scores)
    if size < k:
        at = size
        while at > 0 and scores[(at - 1) >> 1] > score:
            scores[at], rows[at] = scores[(at - 1) >> 1], rows[(at - 1) >> 1]
            at = (at - 1) >> 1
        scores[at], rows[at] = score, row
        return size + 1
    if score <= scores[0]:
        return size
    at = 0
    while 2 * at + 1 < k:
        child = 2 * at + 1
        if child + 1 < k and scores[child + 1] < scores[child]:
            child += 1
        if scores[child] >= score:
            break
        scores[at], rows[at] = scores[child], rows[child]
        at = child
    scores[at], rows[at] = score, row
    return size


@compiled
def impact_unit(held: Any, languages: Any, model: Any) -> Any:
    """Weight of one step of impact: the heaviest posting has 255 of them."""
    heaviest = 0.0
    for row in range(len(held.bounds) - 1):
        divided = divisor(held, row, 0, model), divisor(held, row, 1, model)
        for posting in range(held.bounds[row], held.bounds[row + 1]):
            language = languages[held.terms[posting]]
            factor = held.factors[row] if language else 1.0
            heaviest = max(heaviest, weight(frequency(held, posting), divided[language], factor, model))
    return heaviest / 255 * (1 + 1e-9) if heaviest > 0 else 1.0


@compiled
def invert(held: Any, languages: Any, model: Any, terms: Any) -> Any:
    """The postings of a tile by term: `ByTerm`, in the order of its fields."""
    counts = np.zeros(terms, np.int64)
    for term in held.terms:
        counts[term] += 1
    words = (terms + 63) >> 6
    bits, ranks = np.zeros(words, np.uint64), np.zeros(words, np.uint32)
    starts = np.zeros(np.count_nonzero(counts) + 1, np.uint32)
    maxima = np.zeros(len(starts) - 1, np.uint8)
    at = np.zeros(terms, np.int64)
    order, total = 0, 0
    for term in range(terms):
        if term & 63 == 0:
            ranks[term >> 6] = order
        if counts[term] > 0:
            bits[term >> 6] |= np.uint64(1) << np.uint64(term & 63)
            at[term] = total
            total += counts[term]
            counts[term] = order
            order += 1
            starts[order] = total
    places, impacts = np.empty(total, np.uint16), np.empty(total, np.uint8)
    unit = impact_unit(held, languages, model)
    for row in range(len(held.bounds) - 1):
        divided = divisor(held, row, 0, model), divisor(held, row, 1, model)
        for posting in range(held.bounds[row], held.bounds[row + 1]):
            term = held.terms[posting]
            language = languages[term]
            factor = held.factors[row] if language else 1.0
            worth = weight(frequency(held, posting), divided[language], factor, model)
            impact = min(255, int(np.ceil(worth / unit)))
            places[at[term]], impacts[at[term]] = row, impact
            at[term] += 1
            maxima[counts[term]] = max(maxima[counts[term]], impact)
    return bits, ranks, starts, maxima, places, impacts, np.array([unit])


@compiled
def add_bounds(sums: Any, places: Any, impacts: Any, step: Any) -> None:
    """Adds impact × step / 256, rounded up, to the sum of each place; four at a time, as the next sum is
    then on its way while one is written."""
    fours = len(places) & ~3
    half, low = np.uint32(8), np.uint32(255)
    for p in range(0, fours, 4):
        a, b, c, d = places[p], places[p + 1], places[p + 2], places[p + 3]
        sums[a] += np.uint16((np.uint32(impacts[p]) * step + low) >> half)
        sums[b] += np.uint16((np.uint32(impacts[p + 1]) * step + low) >> half)
        sums[c] += np.uint16((np.uint32(impacts[p + 2]) * step + low) >> half)
        sums[d] += np.uint16((np.uint32(impacts[p + 3]) * step + low) >> half)
    for p in range(fours, len(places)):
        sums[places[p]] += np.uint16((np.uint32(impacts[p]) * step + low) >> half)


@compiled
def greatest(sums: Any, tops: Any) -> None:
    """tops[j]: the greatest of sums[j], sums[j + w], sums[j + 2 w] …; by whole rows, for the vector unit."""
    width = len(tops)
    for j in range(width):
        tops[j] = sums[j]
    for lane in range(1, LANES):
        for j in range(width):
            tops[j] = max(tops[j], sums[lane * width + j])


@compiled
def reached_by(tops: Any, k: Any, counts: Any) -> Any:
    """A bound that at least k documents reach, 0 when fewer than k columns have one."""
    counts[:] = 0
    for top in tops:
        counts[top >> 8] += 1
    found = 0
    for high in range(255, -1, -1):
        found += counts[high]
        if found >= k:
            return high << 8
    return 0


@compiled
def rank_terms(tile: Any, asked: Any, q: Any, drift: Any, found: Any, upper: Any, order: Any) -> Any:
    """Which terms of a question the tile holds: places, weight of one impact step, and the order in which
    they are best left out (long lists of small weight first). Returns their number and the sum of bounds."""
    held, total = 0, 0.0
    worth = np.empty(asked.bounds[q + 1] - asked.bounds[q])
    for i in range(asked.bounds[q], asked.bounds[q + 1]):
        place = place_of(tile, asked.terms[i])
        if place < 0:
            continue
        step = asked.weights[i] * drift * tile.unit[0]
        bound = step * tile.maxima[place]
        gain = np.float64(tile.starts[place + 1] - tile.starts[place]) / bound
        at = held
        while at > 0 and worth[at - 1] < gain:
            worth[at], order[at] = worth[at - 1], order[at - 1]
            at -= 1
        worth[at], order[at] = gain, held
        found[held], upper[held] = place, step
        held += 1
        total += bound
    return held, total


@compiled
def scan(
    tile: Any, held: Any, alive: Any, base: Any, asked: Any, model: Any, drift: Any, leave: Any,
    floors: Any, best: Any, slots: Any, touched: Any,
) -> None:  # fmt: skip
    """Lets the documents of one tile into the lists of the questions, exactly.

    drift   how much a weight can have grown since the impacts were stored, 1 or more
    leave   share of the score to enter that left-out terms may make up together
    floors  score that each list is known to need    touched  postings read, documents scored
    """
    documents = len(held.bounds) - 1
    width = (documents + LANES - 1) // LANES
    sums, tops, counts = np.zeros(width * LANES, np.uint16), np.zeros(width, np.uint16), np.zeros(256, np.int64)
    longest = np.max(asked.bounds[1:] - asked.bounds[:-1]) if len(asked.bounds) > 1 else 0
    found, order = np.empty(longest, np.int64), np.empty(longest, np.int64)
    upper, hits = np.empty(longest), np.empty(longest + 1, np.int64)
    marks = np.zeros((len(slots) >> 3) + 1, np.uint8)
    for q in range(len(asked.bounds) - 1):
        terms, total = rank_terms(tile, asked, q, drift, found, upper, order)
        if terms == 0:
            continue
        first, last = asked.bounds[q], asked.bounds[q + 1]
        weights, languages = asked.weights[first:last], asked.languages[first:last]
        scores, rows, size = best.scores[q], best.rows[q], best.sizes[q]
        scale = (65_533 - 2 * terms) / total
        least = max(floors[q], scores[0]) if size == len(scores) else floors[q]
        need = least * scale * (1 - 1e-9)
        rest = 0.0
        for i in range(terms):
            place, step = found[order[i]], upper[order[i]] * scale
            start, end = np.int64(tile.starts[place]), np.int64(tile.starts[place + 1])
            if rest + step * tile.maxima[place] <= leave * need:
                rest += step * tile.maxima[place]
                continue
            add_bounds(sums, tile.places[start:end], tile.impacts[start:end], np.uint32(np.ceil(step * 256)))
            touched[0] += end - start
        greatest(sums, tops)
        for i in range(first, last):
            slots[asked.terms[i]] = i - first + 1
            marks[asked.terms[i] >> 3] |= np.uint8(1 << (asked.terms[i] & 7))
        over = np.int64(1 << 16)
        # at first the documents that are sure to fill the list, then those that may still enter it
        for turn in range(2):
            if turn == 0 and (size == len(scores) or rest > 0):
                continue
            filling = reached_by(tops, len(scores) - size, counts) if turn == 0 else int(need - rest)
            cut = max(1, filling)
            for column in range(width):
                if tops[column] < cut:
                    continue
                for row in range(column, documents, width):
                    bound = np.int64(sums[row])
                    if bound < cut or bound >= over or (turn == 1 and bound + rest < need) or not alive[row]:
                        continue
                    touched[1] += 1
                    score = exact(held, row, marks, slots, weights, languages, model, hits)
                    if score >= least and score > 0:
                        size = push(scores, rows, size, score, base + row)
                        if size == len(scores) and scores[0] > least:
                            least = scores[0]
                            need = least * scale * (1 - 1e-9)
            over = np.int64(cut)
        best.sizes[q] = size
        for i in range(first, last):
            slots[asked.terms[i]] = 0
            marks[asked.terms[i] >> 3] = 0
        sums[:] = 0


@compiled
def scan_fresh(
    heads: Any, following: Any, owners: Any, held: Any, alive: Any, documents: Any, base: Any,
    asked: Any, model: Any, floors: Any, best: Any,
) -> None:  # fmt: skip
    """The same for the fresh documents: each term's postings are a chain from its latest one back."""
    sums = np.zeros(documents)
    for q in range(len(asked.bounds) - 1):
        for i in range(asked.bounds[q], asked.bounds[q + 1]):
            language = asked.languages[i]
            posting = heads[asked.terms[i]] if asked.terms[i] < len(heads) else np.int32(-1)
            while posting >= 0:
                row = owners[posting]
                if row < documents:
                    factor = held.factors[row] if language else 1.0
                    divided = divisor(held, row, language, model)
                    sums[row] += asked.weights[i] * weight(frequency(held, posting), divided, factor, model)
                posting = following[posting]
        size = best.sizes[q]
        for row in range(documents):
            if sums[row] > 0 and sums[row] >= floors[q] and alive[row]:
                size = push(best.scores[q], best.rows[q], size, sums[row], base + row)
        best.sizes[q] = size
        sums[:] = 0


@compiled
def chain(heads: Any, following: Any, owners: Any, bounds: Any, terms: Any, first: Any, last: Any) -> None:
    """Hangs the postings of the rows first..last before those that their terms have."""
    for row in range(first, last):
        for posting in range(bounds[row], bounds[row + 1]):
            following[posting] = heads[terms[posting]]
            owners[posting] = row
            heads[terms[posting]] = posting


@compiled
def enter(starts: Any, owners: Any, shares: Any, terms: Any, weights: Any, floors: Any, sums: Any, found: Any) -> Any:
    """Which questions a document of these terms reaches the floor of: places in `found`, their number.

    Term t is asked by owners[starts[t]:starts[t + 1]], with these shares of their score on themselves.
    `sums` holds zeros, and does again; an infinite floor is never reached.
    """
    for i in range(len(terms)):
        weight = np.float32(weights[i])
        for posting in range(starts[terms[i]], starts[terms[i] + 1]):
            sums[owners[posting]] += weight * shares[posting]
    count = 0
    for place in range(len(floors)):
        found[count] = place
        count += (sums[place] >= floors[place]) & (sums[place] > 0)
    return count
