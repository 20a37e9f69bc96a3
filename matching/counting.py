"""Counting: turns documents into sparse term counts, by scikit-learn's CountVectorizer.

A document is six bags of terms: three parts (title, keywords, text) in two languages (Chinese and
English passages). Parts differ in weight, languages in their usual length.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.documents import PARTS, Document
from matching.settings import Settings
from matching.text import fold, passage_terms, passages

CHINESE, ENGLISH = 0, 1
_BAGS = len(PARTS) * 2


def bags(document: Document) -> list[list[str]]:
    """The six bags of a document: bag 2 × part + language."""
    found: list[list[str]] = [[] for _ in range(_BAGS)]
    for part, name in enumerate(PARTS):
        for _, passage, chinese in passages(fold(document.part(name))):
            found[2 * part + (CHINESE if chinese else ENGLISH)].extend(passage_terms(passage, chinese))
    return found


def part_weights(settings: Settings) -> tuple[int, int, int]:
    """How often a term of each part counts in a document, in the order of PARTS."""
    return settings.title_weight, settings.keyword_weight, 1


@dataclass(slots=True)
class Counts:
    """Counts of n documents over v terms.

    weighted  CSR (n, v) float64: occurrences, each times the weight of its part
    parts     uint8, parallel to weighted.data: bit p is set when the term stands in PARTS[p]
    lengths   (n, 2) float64: terms of Chinese and of English passages, not weighted
    """

    weighted: Any
    parts: np.ndarray
    lengths: np.ndarray


def count(documents: Sequence[Document], settings: Settings) -> tuple[Counts, list[str]]:
    """Counts of the documents and their vocabulary, sorted: column j counts vocabulary[j]."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=list, dtype=np.float64)
    try:  # one bag at a time, never the terms of all documents in memory
        by_bag = vectorizer.fit_transform(bag for document in documents for bag in bags(document))
    except ValueError:  # scikit-learn refuses a vocabulary without terms
        if any(bag for document in documents for bag in bags(document)):
            raise
        return empty_counts(len(documents), 0), []
    return _joined(by_bag, len(documents), settings), list(vectorizer.get_feature_names_out())


def empty_counts(documents: int, terms: int) -> Counts:
    """Counts of documents without any term."""
    from scipy.sparse import csr_matrix

    return Counts(csr_matrix((documents, terms)), np.zeros(0, np.uint8), np.zeros((documents, 2)))


def _joined(by_bag: Any, documents: int, settings: Settings) -> Counts:
    """Adds up the bags of each document: (6 n, v) counts to `Counts` of n documents."""
    from scipy.sparse import csr_matrix

    def added(row_values: Iterable[float], matrix: Any) -> Any:
        values = np.tile(np.asarray(list(row_values), dtype=np.float64), documents)
        places = np.arange(len(values) + 1)
        owners = np.repeat(np.arange(documents), _BAGS)
        return csr_matrix((values, (owners, places[:-1])), (documents, len(values))) @ matrix

    weighted = added((w for w in part_weights(settings) for _ in range(2)), by_bag).tocsr()
    weighted.sort_indices()
    marks = _marks(by_bag, documents, weighted)
    sums = np.asarray(by_bag.sum(axis=1)).reshape(documents, len(PARTS), 2)
    return Counts(weighted, marks, sums.sum(axis=1))


def _marks(by_bag: Any, documents: int, weighted: Any) -> np.ndarray:
    """Which parts each posting of `weighted` stands in."""
    from scipy.sparse import csr_matrix

    marks = np.zeros(weighted.nnz, np.uint8)
    for part in range(len(PARTS)):
        rows = (np.arange(documents)[:, None] * _BAGS + [2 * part, 2 * part + 1]).ravel()
        owners = np.repeat(np.arange(documents), 2), rows
        added = csr_matrix((np.ones(len(rows)), owners), (documents, by_bag.shape[0]))
        present = (added @ by_bag).tocsr()
        marks[_places(present, weighted)] |= 1 << part
    return marks


def _places(inner: Any, outer: Any) -> np.ndarray:
    """Positions in outer.data of the entries of `inner`, whose pattern lies within outer's."""
    width = max(outer.shape[1], 1)

    def keys(matrix: Any) -> np.ndarray:
        rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
        return np.asarray(rows * width + matrix.indices)

    return np.searchsorted(keys(outer), keys(inner))


@dataclass(slots=True)
class Tally:
    """One document counted alone, without a matrix.

    terms     its distinct terms, sorted
    asked     occurrences of each in a question: title and keywords counted `query_title` times
    weighted  occurrences of each in a held document, each times the weight of its part
    lengths   (2,) terms of Chinese and of English passages, not weighted
    """

    terms: list[str]
    asked: np.ndarray
    weighted: np.ndarray
    lengths: np.ndarray


def tally(document: Document, settings: Settings) -> Tally:
    """Counts one document; `count` gives the same numbers for many."""
    asked: dict[str, int] = {}
    weighted: dict[str, int] = {}
    lengths = np.zeros(2)
    for bag, terms in enumerate(bags(document)):
        lengths[bag % 2] += len(terms)
        weight = part_weights(settings)[bag // 2]
        times = 1 if PARTS[bag // 2] == "text" else settings.query_title
        for term, count in Counter(terms).items():
            asked[term] = asked.get(term, 0) + times * count
            weighted[term] = weighted.get(term, 0) + weight * count
    names = sorted(asked)
    return Tally(names, _values(asked, names), _values(weighted, names), lengths)


def _values(counted: dict[str, int], names: list[str]) -> np.ndarray:
    return np.array([counted[name] for name in names], dtype=np.float64)
