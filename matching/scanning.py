"""Scanning: the compiled loops that cut many texts into terms at once. Code points in, numbers out.

What they find is what `text.passage_terms` finds, character class by character class: a term lies within one line,
and in it within one Chinese run or within one segment, a stretch that no run of Latin letters and digits can leave.
Only `matching.reading` uses this room.
"""

from typing import Any

import numpy as np
from numba import njit

compiled = njit(nogil=True, cache=True)

OTHER, LINE, HAN, BLANK, JOINT, UNIT, SIGN, DIGIT, NAME, LETTER = range(10)
"""Classes of characters: outside of any run; line feed; Chinese; white space; what joins a Latin run; what can end
one; signs of comparison; digits; letters of names; those of them that are Latin, a to z."""
WORD, PAIR, SEGMENT = 0, 1, 2
"""Kinds of what is interned; SEGMENT + 1 is a segment of a Chinese line."""


@compiled
def folded(codes: Any, bounds: Any, ready: Any, starts: Any, pool: Any) -> Any:
    """Texts with every character replaced by what it folds to, pool[starts[c]:starts[c + 1]], but for those that
    are ready; and their new bounds."""
    found = np.zeros(len(bounds), np.int64)
    for text in range(len(bounds) - 1):
        size = bounds[text + 1] - bounds[text]
        if not ready[text]:
            size = 0
            for at in range(bounds[text], bounds[text + 1]):
                size += starts[codes[at] + 1] - starts[codes[at]] if codes[at] < 65536 else 1
        found[text + 1] = found[text] + size
    out = np.empty(found[-1], np.uint32)
    for text in range(len(bounds) - 1):
        to = found[text]
        for at in range(bounds[text], bounds[text + 1]):
            code = codes[at]
            if ready[text] or code >= 65536:
                out[to] = code
                to += 1
                continue
            for place in range(starts[code], starts[code + 1]):
                out[to] = pool[place]
                to += 1
    return out, found


@compiled
def class_of(classes: Any, code: Any) -> Any:
    """Class of a character; beyond the first plane all that matter are Chinese."""
    if code < 65536:
        return classes[code]
    return np.uint8(HAN) if 0x20000 <= code <= 0x3134F else np.uint8(OTHER)


@compiled
def scan(codes: Any, bounds: Any, classes: Any) -> Any:
    """Chinese runs and segments (n, 4): text, start, end, and whether the line is Chinese."""
    runs, segments = np.empty((len(codes), 4), np.int64), np.empty((len(codes), 4), np.int64)
    run_count, segment_count = 0, 0
    for text in range(len(bounds) - 1):
        line, last = bounds[text], bounds[text + 1]
        while line < last:
            end, han, latin = line, 0, 0
            while end < last and codes[end] != 10:
                kind = class_of(classes, codes[end])
                han += kind == HAN
                latin += kind == LETTER
                end += 1
            chinese = han > 0 and 3 * han >= latin
            at = line
            while at < end:
                kind = class_of(classes, codes[at])
                start = at
                if kind == HAN:
                    while at < end and class_of(classes, codes[at]) == HAN:
                        at += 1
                    runs[run_count, 0], runs[run_count, 1], runs[run_count, 2] = text, start, at
                    runs[run_count, 3] = chinese
                    run_count += 1
                    continue
                at += 1
                if kind < SIGN:  # no run begins with another
                    continue
                worth = kind >= DIGIT
                while at < end:  # a blank lies within a run only after a digit or a sign
                    after = kind in (DIGIT, SIGN)
                    kind = class_of(classes, codes[at])
                    if kind < BLANK or (kind == BLANK and not after):
                        break
                    worth |= kind >= DIGIT
                    at += 1
                if worth:
                    stop = at
                    while class_of(classes, codes[stop - 1]) <= JOINT:  # nor ends with one of these
                        stop -= 1
                    segments[segment_count, 0], segments[segment_count, 1] = text, start
                    segments[segment_count, 2], segments[segment_count, 3] = stop, chinese
                    segment_count += 1
            line = end + 1
    return runs[:run_count].copy(), segments[:segment_count].copy()


@compiled
def joined(codes: Any, starts: Any, ends: Any, between: Any) -> Any:
    """Stretches of codes one after another, each followed by `between`."""
    out, to = np.empty(np.sum(ends - starts) + len(starts), np.uint32), 0
    for at in range(len(starts)):
        for place in range(starts[at], ends[at]):
            out[to] = codes[place]
            to += 1
        out[to] = between
        to += 1
    return out


@compiled
def slot_of(key: Any, size: Any) -> Any:
    """Where a key is first looked for in a table of that size."""
    return np.int64((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(24)) & (size - 1)


@compiled
def short(key: Any, slots: Any, count: Any) -> Any:
    """Number of a stretch that its key says whole; `count` when it is new. slots: (n, 2), key and number + 1."""
    slot = slot_of(key, len(slots))
    while slots[slot, 1] != 0:
        if slots[slot, 0] == key:
            return np.int64(slots[slot, 1]) - 1
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot, 0], slots[slot, 1] = key, count + 1
    return np.int64(count)


@compiled
def long(codes: Any, start: Any, end: Any, kind: Any, slots: Any, entries: Any, count: Any) -> Any:
    """The same for any other stretch: its key is a checksum, and the entry of its number has to be the same."""
    key = np.uint64(kind + 1)
    for at in range(start, end):
        key = (key ^ np.uint64(codes[at])) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    key |= np.uint64(3) << np.uint64(62)  # as no short one has it
    slot = slot_of(key, len(slots))
    while slots[slot, 1] != 0:
        if slots[slot, 0] == key:
            entry = np.int64(slots[slot, 1]) - 1
            same = entries[entry, 2] == kind and entries[entry, 1] - entries[entry, 0] == end - start
            at = 0
            while same and at < end - start:
                same = codes[start + at] == codes[entries[entry, 0] + at]
                at += 1
            if same:
                return entry
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot, 0], slots[slot, 1] = key, count + 1
    return np.int64(count)


@compiled
def roomy(slots: Any, count: Any, more: Any) -> Any:
    """The table, at most 60 % of it used once that many more are in it."""
    size = len(slots)
    while 10 * (count + more) > 6 * size:
        size *= 2
    if size == len(slots):
        return slots
    wide = np.zeros((2 * size, 2), np.uint64)
    for old in range(len(slots)):
        if slots[old, 1] != 0:
            slot = slot_of(slots[old, 0], len(wide))
            while wide[slot, 1] != 0:
                slot = (slot + 1) & (len(wide) - 1)
            wide[slot] = slots[old]
    return wide


@compiled
def interned(codes: Any, runs: Any, lengths: Any, segments: Any, parts: Any, weights: Any) -> Any:
    """Words and character pairs of the runs, numbered: of each its number, its document and its weight, documents
    being of `parts` texts; the number of each segment; the entries; and whether the words fit the runs.

    lengths  of the words of all runs, one after another, with a separator after each run
    """
    room = len(lengths)
    for run in range(len(runs)):
        room += runs[run, 2] - runs[run, 1]
    found, owners, times = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    pieces = np.empty(len(segments), np.int32)
    entries = np.empty((room + len(pieces) + 1, 3), np.int32)
    slots = np.zeros((1 << 14, 2), np.uint64)
    count, word, to = 0, 0, 0
    for run in range(len(runs)):
        start, end = runs[run, 1], runs[run, 2]
        slots = roomy(slots, count, 2 * (end - start))
        first, at = to, start
        while at < end and word < len(lengths):
            stop = min(end, at + lengths[word])
            if stop - at <= 3:
                key = np.uint64(0)
                for place in range(at, stop):
                    key |= np.uint64(codes[place]) << np.uint64(21 * (place - at))
                number = short(key, slots, count)
            else:
                number = long(codes, at, stop, WORD, slots, entries, count)
            found[to] = number
            if number == count:
                entries[count, 0], entries[count, 1], entries[count, 2] = at, stop, WORD
                count += 1
            at += lengths[word]
            word += 1
            to += 1
        word += 1
        if at != end or word > len(lengths):
            return found[:to], owners[:to], times[:to], pieces, entries[:count], False
        for at in range(start, end - 1):
            key = np.uint64(codes[at]) | np.uint64(codes[at + 1]) << np.uint64(21) | np.uint64(1) << np.uint64(63)
            number = short(key, slots, count)
            found[to] = number
            if number == count:
                entries[count, 0], entries[count, 1], entries[count, 2] = at, at + 2, PAIR
                count += 1
            to += 1
        for token in range(first, to):
            owners[token], times[token] = runs[run, 0] // parts, weights[runs[run, 0] % parts]
    for piece in range(len(segments)):
        slots = roomy(slots, count, 1)
        start, end, kind = segments[piece, 1], segments[piece, 2], SEGMENT + segments[piece, 3]
        pieces[piece] = long(codes, start, end, kind, slots, entries, count)
        if pieces[piece] == count:
            entries[count, 0], entries[count, 1], entries[count, 2] = start, end, kind
            count += 1
    return found[:to], owners[:to], times[:to], pieces, entries[:count], True


@compiled
def languages(documents: Any, parts: Any, runs: Any, words: Any, segments: Any, counts: Any) -> Any:
    """How many terms the lines of each document in Chinese and in English have: in all runs `words` words and a pair
    less than characters, in segment s counts[s]."""
    sizes, word = np.zeros((documents, 2)), 0
    for run in range(len(runs)):
        document, language, size = runs[run, 0] // parts, 1 - runs[run, 3], runs[run, 2] - runs[run, 1]
        sizes[document, language] += size - 1
        while size > 0:
            sizes[document, language] += 1
            size -= words[word]
            word += 1
        word += 1
    for piece in range(len(segments)):
        sizes[segments[piece, 0] // parts, 1 - segments[piece, 3]] += counts[piece]
    return sizes


@compiled
def gathered(documents: Any, terms: Any, found: Any, owners: Any, times: Any, order: Any) -> Any:
    """Rows of documents with rising columns: their bounds, columns and added times.

    found, owners, times  terms, each below `terms`, in the order of documents
    order                 (n, 2): each term that occurs and its column, the columns rising
    """
    starts = np.zeros(terms + 1, np.int64)
    for term in found:
        starts[term + 1] += 1
    for term in range(terms):
        starts[term + 1] += starts[term]
    at = starts[:-1].copy()
    rows, values = np.empty(len(found), np.int32), np.empty(len(found), np.int32)
    for token in range(len(found)):
        rows[at[found[token]]], values[at[found[token]]] = owners[token], times[token]
        at[found[token]] += 1
    bounds, last = np.zeros(documents + 1, np.int64), np.full(documents, -1, np.int64)
    for term in range(terms):
        for token in range(starts[term], starts[term + 1]):
            bounds[rows[token] + 1] += last[rows[token]] != term
            last[rows[token]] = term
    bounds = np.cumsum(bounds)
    columns, numbers, to = np.empty(bounds[-1], np.int64), np.zeros(bounds[-1]), bounds[:-1].copy()
    last[:] = -1
    for place in range(len(order)):
        term = order[place, 0]
        for token in range(starts[term], starts[term + 1]):
            row = rows[token]
            if last[row] != term:
                columns[to[row]] = order[place, 1]
                to[row] += 1
                last[row] = term
            numbers[to[row] - 1] += values[token]
    return bounds, columns, numbers
