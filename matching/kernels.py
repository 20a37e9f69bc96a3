"""Kernels: the compiled loops of the fast index. Numbers in, numbers out; decides nothing about listings.

A tile holds up to 65,536 documents twice: by term (16-bit place, 8-bit impact rounded up) to find, and by
document (terms and frequencies) to score exactly. Bounds are summed in 16 bits; only what may enter a list
is scored. Only `matching.fast` and `matching.tiles` import this room, and only when they are used.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from matching.adding import LANES, add_bounds, add_columns, expect, expect_list, greatest, reached_by

compiled = njit(nogil=True, cache=True)
AHEAD = 16  # documents that are fetched together before they are scored
SOON = 256  # postings of a list that are fetched together before it is added
COLUMNS = NONE = 255  # at most that many of a tile; and what a term without one has in its place
COLUMN_COST = 3000  # postings that can be added while one column is


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
    set bits before it, `ranks` of them before its word. A frequent term has no postings but a column: an impact
    for each document, mostly 0, which are added many at a time."""

    bits: np.ndarray  # uint64
    ranks: np.ndarray  # uint32
    starts: np.ndarray  # uint32
    maxima: np.ndarray  # uint8
    places: np.ndarray  # uint16
    impacts: np.ndarray  # uint8
    column_of: np.ndarray  # uint8, by place; NONE: it has postings
    columns: np.ndarray  # (columns, n) uint8
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
def rank_terms(tile: Any, asked: Any, q: Any, drift: Any, found: Any, upper: Any, order: Any, worth: Any) -> Any:
    """Which terms of a question the tile holds: places, weight of one impact step, and the order in which they are
    best left out (long lists of small weight first). Returns their number and the sum of bounds.

    Twice over them, so that what is known of each is on its way from memory while the others are looked up.
    """
    held, total = 0, 0.0
    for i in range(asked.bounds[q], asked.bounds[q + 1]):
        place = place_of(tile, asked.terms[i])
        if place >= 0:
            found[held], upper[held] = place, asked.weights[i] * drift * tile.unit[0]
            held += 1
            expect(tile.starts, place)
            expect(tile.maxima, place)
            expect(tile.column_of, place)
    for i in range(held):
        place = found[i]
        bound = upper[i] * tile.maxima[place]
        start, end = np.int64(tile.starts[place]), np.int64(tile.starts[place + 1])
        expect(tile.places, start)
        expect(tile.impacts, start)
        gain = (COLUMN_COST if tile.column_of[place] != NONE else np.float64(end - start)) / bound
        at = i
        while at > 0 and worth[at - 1] < gain:
            worth[at], order[at] = worth[at - 1], order[at - 1]
            at -= 1
        worth[at], order[at] = gain, i
        total += bound
    return held, total


@compiled
def unseen(columns: Any, row: Any, left: Any, steps: Any, most: Any, count: Any, rest: Any) -> Any:
    """What left-out terms can add to one document: `rest`, but of those with a column what stands there."""
    for i in range(count):
        rest -= most[i] - steps[i] * columns[left[i], row]
    return rest


@compiled
def scan(
    tile: Any, held: Any, alive: Any, base: Any, asked: Any, model: Any, drift: Any, leave: Any,
    floors: Any, best: Any, slots: Any, touched: Any,
) -> None:  # fmt: skip
    """Lets the documents of one tile into the lists of the questions, exactly.

    drift   how much a weight can have grown since the impacts were stored, 1 or more
    leave   share of the score to enter that left-out terms may make up together
    floors  score that each list is known to need    touched  postings read, documents scored, columns added
    """
    documents = len(held.bounds) - 1
    width = (documents + LANES - 1) // LANES
    sums, tops, counts = np.zeros(width * LANES, np.uint16), np.zeros(width, np.uint16), np.zeros(256, np.int64)
    longest = np.max(asked.bounds[1:] - asked.bounds[:-1]) if len(asked.bounds) > 1 else 0
    found, order = np.empty(longest, np.int64), np.empty(longest, np.int64)
    upper, worth, hits = np.empty(longest), np.empty(longest), np.empty(longest + 1, np.int64)
    chosen, steps = np.zeros(COLUMNS + 1, np.int64), np.zeros(COLUMNS + 1)
    left, left_steps, left_most = np.zeros(COLUMNS, np.int64), np.zeros(COLUMNS), np.zeros(COLUMNS)
    marks, ahead = np.zeros((len(slots) >> 3) + 1, np.uint8), np.empty(AHEAD, np.int64)
    for q in range(len(asked.bounds) - 1):
        terms, total = rank_terms(tile, asked, q, drift, found, upper, order, worth)
        if terms == 0:
            continue
        first, last = asked.bounds[q], asked.bounds[q + 1]
        weights, languages = asked.weights[first:last], asked.languages[first:last]
        scores, rows, size = best.scores[q], best.rows[q], best.sizes[q]
        scale = (65_533 - 2 * terms - 16 * min(terms, COLUMNS)) / total
        least = max(floors[q], scores[0]) if size == len(scores) else floors[q]
        need = least * scale * (1 - 1e-9)
        rest, seen, waiting, largest = 0.0, 0, 0, 0.0
        for i in range(terms):
            place, step = found[order[i]], upper[order[i]] * scale
            column = tile.column_of[place]
            if rest + step * tile.maxima[place] <= leave * need:
                rest += step * tile.maxima[place]
                if column != NONE:
                    left[seen], left_steps[seen], left_most[seen] = column, step, step * tile.maxima[place]
                    seen += 1
                continue
            if column != NONE:
                chosen[waiting], steps[waiting] = column, step
                largest = max(largest, step)
                waiting += 1
                continue
            start, end = np.int64(tile.starts[place]), np.int64(tile.starts[place + 1])
            if i + 1 < terms:
                after = found[order[i + 1]]
                if tile.column_of[after] == NONE:
                    begin = np.int64(tile.starts[after])
                    expect_list(tile.places, tile.impacts, begin, min(begin + SOON, np.int64(tile.starts[after + 1])))
            add_bounds(sums, tile.places[start:end], tile.impacts[start:end], np.uint32(np.ceil(step * 256)))
            touched[0] += end - start
        add_columns(sums, tile.columns, chosen, steps, waiting, largest)
        touched[2] += waiting
        is_whole = rest == 0.0
        rest += waiting  # each was rounded down
        greatest(sums, tops)
        for i in range(first, last):
            slots[asked.terms[i]] = i - first + 1
            marks[asked.terms[i] >> 3] |= np.uint8(1 << (asked.terms[i] & 7))
        over = np.int64(1 << 16)
        # at first the documents that are sure to fill the list, then those that may still enter it
        for turn in range(2):
            if turn == 0 and (size == len(scores) or not is_whole):
                continue
            filling = reached_by(tops, len(scores) - size, counts) if turn == 0 else int(need - rest)
            cut = max(1, filling)
            column, row, waiting = 0, 0, 0
            while column < width or waiting > 0:
                # those that may enter are gathered, so that their postings are fetched while others are scored
                while column < width and waiting < AHEAD:
                    if row >= documents or tops[column] < cut:
                        column += 1
                        row = column
                        continue
                    bound = np.int64(sums[row])
                    may = cut <= bound < over and (turn == 0 or bound + rest >= need) and alive[row]
                    if may and seen:
                        may = bound + unseen(tile.columns, row, left, left_steps, left_most, seen, rest) >= need
                    if may:
                        ahead[waiting] = row
                        waiting += 1
                        expect(held.bounds, np.int64(row))
                        expect(held.lengths, np.int64(2 * row))
                        expect(held.factors, np.int64(row))
                    row += width
                for i in range(waiting):
                    start = np.int64(held.bounds[ahead[i]])
                    expect(held.frequencies, start)
                    expect(held.frequencies, start + 63)
                    for line in range(0, 80, 16):
                        expect(held.terms, start + line)
                for i in range(waiting):
                    if turn == 1 and np.int64(sums[ahead[i]]) + rest < need:
                        continue
                    touched[1] += 1
                    score = exact(held, ahead[i], marks, slots, weights, languages, model, hits)
                    if score >= least and score > 0:
                        size = push(scores, rows, size, score, base + ahead[i])
                        if size == len(scores) and scores[0] > least:
                            least = scores[0]
                            need = least * scale * (1 - 1e-9)
                waiting = 0
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
