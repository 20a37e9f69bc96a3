"""Inverting: lays a tile's documents out by term, for `kernels.scan` and `kernels.scan_fresh` to read."""

from typing import Any

import numpy as np

from matching.kernels import COLUMNS, NONE, compiled, divisor, frequency, weight

DENSE = 8  # a term that one in so many documents of a tile holds has a column there in the place of postings
SMALL = 4096  # documents below which a tile has no columns


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
    rows = len(held.bounds) - 1
    least = column_least(counts, rows)
    words = (terms + 63) >> 6
    bits, ranks = np.zeros(words, np.uint64), np.zeros(words, np.uint32)
    starts = np.zeros(np.count_nonzero(counts) + 1, np.uint32)
    maxima, column_of = np.zeros(len(starts) - 1, np.uint8), np.full(len(starts) - 1, NONE, np.uint8)
    at = np.zeros(terms, np.int64)
    order, total, dense = 0, 0, 0
    for term in range(terms):
        if term & 63 == 0:
            ranks[term >> 6] = order
        if counts[term] > 0:
            bits[term >> 6] |= np.uint64(1) << np.uint64(term & 63)
            at[term] = total
            if counts[term] >= least:
                column_of[order] = dense
                dense += 1
            else:
                total += counts[term]
            counts[term] = order
            order += 1
            starts[order] = total
    places, impacts = np.empty(total, np.uint16), np.empty(total, np.uint8)
    columns = np.zeros((dense, rows), np.uint8)
    unit = impact_unit(held, languages, model)
    for row in range(rows):
        divided = divisor(held, row, 0, model), divisor(held, row, 1, model)
        for posting in range(held.bounds[row], held.bounds[row + 1]):
            term = held.terms[posting]
            language = languages[term]
            factor = held.factors[row] if language else 1.0
            worth = weight(frequency(held, posting), divided[language], factor, model)
            impact = min(255, int(np.ceil(worth / unit)))
            place = counts[term]
            maxima[place] = max(maxima[place], impact)
            if column_of[place] != NONE:
                columns[column_of[place], row] = impact
                continue
            places[at[term]], impacts[at[term]] = row, impact
            at[term] += 1
    return bits, ranks, starts, maxima, places, impacts, column_of, columns, np.array([unit])


@compiled
def column_least(counts: Any, rows: Any) -> Any:
    """How many documents have to hold a term that gets a column: at most COLUMNS terms do."""
    if rows < SMALL:
        return rows + 1
    frequent = np.sort(counts[counts * DENSE >= rows])
    return max(1, rows // DENSE) if len(frequent) <= COLUMNS - 1 else frequent[-(COLUMNS - 1)] + 1


@compiled
def chain(heads: Any, following: Any, owners: Any, bounds: Any, terms: Any, first: Any, last: Any) -> None:
    """Hangs the postings of the rows first..last before those that their terms have."""
    for row in range(first, last):
        for posting in range(bounds[row], bounds[row + 1]):
            following[posting] = heads[terms[posting]]
            owners[posting] = row
            heads[terms[posting]] = posting
