"""Index: the plain index. Holds counts, lets documents in and out, scores queries by one sparse product.

It is the measure of `fast`, which gives the same ranking, and what small collections use.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from matching.counting import Counts, count, empty_counts
from matching.documents import Document
from matching.query import Query, ask
from matching.ranking import Group, bounded, falling
from matching.settings import Settings
from matching.text import is_han
from matching.weights import DocumentWeights, Statistics


class TextIndex:
    """Documents, their vocabulary and their counts. Row r belongs to `documents[r]`.

    Adding and removing keep raw counts only; the weighted matrix is derived from them when it is next
    needed, so an edited index and a fresh one of the same documents hold the same weights.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.documents: list[Document] = []
        self.vocabulary: dict[str, int] = {}
        self.counts: Counts | None = None
        self._row_of: dict[str, int] = {}
        self._weigher: DocumentWeights | None = None
        self._postings: Any = None
        self._by_term: Any = None

    def __len__(self) -> int:
        return len(self.documents)

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._row_of

    def row(self, document_id: str) -> int:
        """Row of a document; KeyError when it is not held."""
        return self._row_of[document_id]

    def add(self, documents: Iterable[Document]) -> None:
        """Lets documents in; the last of one id counts, and replaces an earlier one."""
        fresh = list({document.id: document for document in documents}.values())
        if not fresh:
            return
        self.remove(document.id for document in fresh)
        counts, terms = count(fresh, self.settings)
        self._append(fresh, counts, terms)

    def remove(self, ids: Iterable[str]) -> None:
        """Lets documents out; an id that is not held is passed over."""
        gone = {self._row_of[i] for i in set(ids) if i in self._row_of}
        if not gone or self.counts is None:
            return
        keep = np.array([row not in gone for row in range(len(self.documents))])
        postings = np.repeat(keep, np.diff(self.counts.weighted.indptr))
        self._replace(
            [document for document, kept in zip(self.documents, keep, strict=True) if kept],
            Counts(self.counts.weighted[keep], self.counts.parts[postings], self.counts.lengths[keep]),
        )

    def restore(self, documents: list[Document], terms: Sequence[str], counts: Counts) -> None:
        """Takes over a stored state."""
        self.vocabulary = {term: column for column, term in enumerate(terms)}
        self._replace(documents, counts)

    def document(self, row: int) -> Document:
        """The document of a row."""
        return self.documents[row]

    def query(self, document: Document) -> Query:
        """A document as a question to this collection."""
        return ask(document, self.lookup, self.statistics(), self.settings)

    def statistics(self) -> Statistics:
        """What the collection says about its terms, as it is now."""
        return self.weigher().statistics

    def lookup(self, terms: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Columns of terms, −1 for unknown ones, and how many documents hold each."""
        columns = np.array([self.vocabulary.get(term, -1) for term in terms], dtype=np.int64)
        frequency = np.zeros(len(terms))
        frequency[columns >= 0] = self.weigher().statistics.frequency[columns[columns >= 0]]
        return columns, frequency

    def falling(self, queries: Sequence[Query], steps: Sequence[int]) -> Iterator[Iterator[Group]]:
        """For each query its documents in falling order of similarity, in groups of about `steps`."""
        for similarities, step in zip(self.scores(queries), steps, strict=True):
            yield falling(similarities, step)

    def scores(self, queries: Sequence[Query]) -> np.ndarray:
        """(q, n) text similarities, 0..1, rounded to 12 places so that equal ones are equal."""
        from scipy.sparse import csr_matrix

        self.weigher()
        known = [query.columns >= 0 for query in queries]
        columns = [query.columns[k] for query, k in zip(queries, known, strict=True)]
        weights = [query.weights[k] for query, k in zip(queries, known, strict=True)]
        bounds = np.cumsum([0, *(len(c) for c in columns)])
        shape = (len(queries), len(self.vocabulary))
        asked = csr_matrix((np.concatenate(weights), np.concatenate(columns), bounds), shape)
        raw = (asked @ self._by_term).toarray()
        own = np.array([query.self_score or 1.0 for query in queries])
        return np.asarray(bounded(raw / own[:, None]))

    def contributions(self, query: Query, row: int) -> dict[str, tuple[float, int]]:
        """What each shared term adds to the raw score of one row, and the bits of the parts it is in."""
        self.weigher()
        assert self.counts is not None
        start, end = self._postings.indptr[row], self._postings.indptr[row + 1]
        held = self._postings.indices[start:end]
        shared = {}
        for term, weight, column in zip(query.terms, query.weights, query.columns, strict=True):
            place = int(np.searchsorted(held, column)) if column >= 0 else len(held)
            if place < len(held) and held[place] == column:
                value = float(weight * self._postings.data[start + place])
                shared[term] = (value, int(self.counts.parts[start + place]))
        return shared

    def weigher(self) -> DocumentWeights:
        """The weights of the collection as it is now."""
        if self._weigher is None:
            counts = self.counts or empty_counts(0, 0)
            han = np.array([is_han(term) for term in self.vocabulary], dtype=bool)
            self._weigher = DocumentWeights(self.settings, han)
            self._postings = self._weigher.fit_transform(counts)
            self._by_term = self._postings.T.tocsr()
        return self._weigher

    def _append(self, documents: list[Document], counts: Counts, terms: list[str]) -> None:
        from scipy.sparse import csr_matrix, vstack

        vocabulary = self.vocabulary
        columns = np.array([vocabulary.setdefault(t, len(vocabulary)) for t in terms], dtype=np.int64)
        width, fresh = len(vocabulary), counts.weighted
        # a matrix and its parallel marks are brought into the order of the grown vocabulary together
        rows = np.repeat(np.arange(fresh.shape[0]), np.diff(fresh.indptr))
        order = np.lexsort((columns[fresh.indices], rows)) if fresh.nnz else np.zeros(0, np.int64)
        placed = columns[fresh.indices][order] if fresh.nnz else np.zeros(0, np.int64)
        grown = csr_matrix((fresh.data[order], placed, fresh.indptr), (len(documents), width))
        if self.counts is None:
            self._replace(documents, Counts(grown, counts.parts[order], counts.lengths))
            return
        held = self.counts
        held.weighted.resize(held.weighted.shape[0], width)
        joined = Counts(
            vstack([held.weighted, grown], format="csr"),
            np.concatenate([held.parts, counts.parts[order]]),
            np.concatenate([held.lengths, counts.lengths]),
        )
        self._replace(self.documents + documents, joined)

    def _replace(self, documents: list[Document], counts: Counts) -> None:
        self.documents, self.counts = documents, counts
        self._row_of = {document.id: row for row, document in enumerate(documents)}
        self._weigher = self._postings = self._by_term = None
