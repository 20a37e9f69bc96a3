"""Reading: counts many documents at once. The same numbers as `counting.count`, without a Python object a term.

A block of texts is one array of code points. It is folded by a table, cut into Chinese runs and Latin segments, and
its terms are numbered, all in compiled loops; rjieba cuts all Chinese runs of the block in one call. What the table
cannot say (Traditional characters, combining marks) and each new Latin segment go the way of `text`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from matching import scanning, text
from matching.counting import CHINESE, ENGLISH, part_weights
from matching.documents import PARTS, Document
from matching.settings import Settings

PLANE = 1 << 16


class Read(NamedTuple):
    """Counted documents: row d holds columns[bounds[d]:bounds[d + 1]], rising, `times` each, as `Counts.weighted`
    does, and `lengths` terms in Chinese and in English lines."""

    bounds: np.ndarray
    columns: np.ndarray
    times: np.ndarray
    lengths: np.ndarray


class Folding(NamedTuple):
    """What each character of the first plane folds to, pool[starts[c]:starts[c + 1]]; which characters must go the
    slow way with their whole text; and the class of each folded one."""

    starts: np.ndarray
    pool: np.ndarray
    slow: np.ndarray
    classes: np.ndarray


@cache
def folding() -> Folding:
    """The table of `text.fold`, made by asking it about each character alone.

    A character stands alone in NFKC when it has no combining class and no other composes with it: all others, all
    beyond the first plane but Chinese ones, and Traditional ones, whose fold hangs on what is around them, are slow.
    """
    characters = [chr(point) if not 0xD800 <= point < 0xE000 else "" for point in range(PLANE)]
    normal = [unicodedata.normalize("NFKC", char) for char in characters]
    slow = np.array(
        [not char or bool(text.traditional().search(n)) for char, n in zip(characters, normal, strict=True)]
    )
    composing = _composing()
    slow |= np.array([any(unicodedata.combining(c) or c in composing for c in n) for n in normal])
    folds = [text.lowered(n) for n in normal]
    starts = np.cumsum([0, *map(len, folds)])
    pool = np.frombuffer("".join(folds).encode("utf-32-le"), np.uint32)
    return Folding(starts, pool, slow, np.array([_class(char) for char in characters], np.uint8))


def _composing() -> frozenset[str]:
    """Characters that may become one with the character before them."""
    seconds = {chr(point) for point in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for point in range(PLANE):
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(chr(int(parts[1], 16)))
    return frozenset(seconds)


def _class(char: str) -> int:
    if char == "\n":
        return scanning.LINE
    if not char or text.is_han(char):
        return scanning.HAN if char else scanning.OTHER
    if "a" <= char <= "z" or "A" <= char <= "Z":
        return scanning.LETTER
    if char.isspace():
        return scanning.BLANK
    if char.isdecimal():
        return scanning.DIGIT
    if text.NAME_LETTER.match(char):
        return scanning.NAME
    marks = {scanning.SIGN: "≥≤<>±", scanning.JOINT: "-./+_:,", scanning.UNIT: "%‰°"}
    return next((kind for kind, chars in marks.items() if char in chars), scanning.OTHER)


Known = Callable[[list[str], np.ndarray], np.ndarray]
"""Distinct terms and their languages → their columns; whoever holds the vocabulary lets unknown ones in."""


def read(documents: Sequence[Document], known: Known, settings: Settings) -> Read:
    """Counts one block of documents."""
    codes, bounds = _folded([document.part(name) for document in documents for name in PARTS])
    runs, segments = scanning.scan(codes, bounds, folding().classes)
    weights, parts = np.array(part_weights(settings), np.int32), len(PARTS)
    spelled = _text(scanning.joined(codes, runs[:, 1], runs[:, 2], ord(" ")))
    lengths = _lengths(text.cutter()(spelled, False))
    found, owners, times, pieces, entries, fits = scanning.interned(codes, runs, lengths, segments, parts, weights)
    if not fits:  # a cutter for which a blank ends no word
        lengths = _lengths(word for run in spelled.split(" ")[:-1] for word in (*text.cutter()(run, False), " "))
        found, owners, times, pieces, entries, _ = scanning.interned(codes, runs, lengths, segments, parts, weights)
    starts, terms, latin = _latin(codes, entries)
    sizes = (starts[1:] - starts[:-1])[pieces]
    rows = np.repeat(segments[:, 0], sizes)
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    numbers, names, kinds = _named(codes, entries, latin)
    columns = known(names, kinds)
    order = np.argsort(columns)
    ends, placed, weighted = scanning.gathered(
        len(documents), len(entries) + len(latin),
        np.concatenate([found, terms[np.repeat(starts[pieces], sizes) + inside]]),
        np.concatenate([owners, rows // parts]), np.concatenate([times, weights[rows % parts]]),
        np.stack([numbers[order], columns[order]], axis=1),
    )  # fmt: skip
    return Read(ends, placed, weighted, scanning.languages(len(documents), parts, runs, lengths, segments, sizes))


def _folded(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Texts as `text.fold` spells them: code points, and where each text begins."""
    table = folding()
    codes, bounds = _codes(texts)
    far = (codes >= PLANE) & ((codes < 0x20000) | (codes >= 0x2F800) & (codes < 0x30000) | (codes > 0x3134F))
    slow = np.flatnonzero(far | table.slow[np.minimum(codes, PLANE - 1)] & (codes < PLANE))
    ready = np.zeros(len(texts), np.bool_)
    if len(slow):
        ready[np.searchsorted(bounds, slow, "right") - 1] = True
        codes, bounds = _codes([text.fold(each) if done else each for each, done in zip(texts, ready, strict=True)])
    return scanning.folded(codes, bounds, ready, table.starts, table.pool)  # type: ignore[no-any-return]


def _codes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, np.cumsum([0, *map(len, texts)])


def _lengths(words: Iterable[str]) -> np.ndarray:
    return np.fromiter(map(len, words), np.int64)


def _text(codes: np.ndarray) -> str:
    return codes.tobytes().decode("utf-32-le")


def _lines(codes: np.ndarray, entries: np.ndarray) -> list[str]:
    return _text(scanning.joined(codes, entries[:, 0], entries[:, 1], ord("\n"))).split("\n")[:-1]


def _latin(codes: np.ndarray, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The terms of each segment, numbered from the end of the entries on: bounds by entry, numbers, names."""
    numbers: dict[str, int] = {}
    counts, found = np.zeros(len(entries) + 1, np.int64), []
    for chinese in (False, True):
        places = np.flatnonzero(entries[:, 2] == scanning.SEGMENT + chinese)
        for place, segment in zip(places.tolist(), _lines(codes, entries[places]), strict=True):
            of_one_run = segment.isascii() and segment.isalpha()
            terms = text.latin_terms(segment, chinese) if of_one_run else text.passage_terms(segment, chinese)
            counts[place + 1] = len(terms)
            found.append((place, [numbers.setdefault(term, len(entries) + len(numbers)) for term in terms]))
    found.sort()
    return np.cumsum(counts), np.array([*chain.from_iterable(each for _, each in found)], np.int32), list(numbers)


def _named(codes: np.ndarray, entries: np.ndarray, latin: list[str]) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Numbers, names and languages of all terms."""
    words, pairs = (np.flatnonzero(entries[:, 2] == kind) for kind in (scanning.WORD, scanning.PAIR))
    spelled = _text(scanning.joined(codes, entries[pairs, 0], entries[pairs, 1], ord("\n")))
    marked = (text.BIGRAM + spelled.replace("\n", "\n" + text.BIGRAM)).split("\n")[:-1]
    names = [*_lines(codes, entries[words]), *marked, *latin]
    numbers = np.concatenate([words, pairs, len(entries) + np.arange(len(latin))])
    languages = np.full(len(names), CHINESE, np.uint8)
    languages[len(names) - len(latin) :] = ENGLISH
    return numbers, names, languages
