"""Index: holds the counts of the collection, lets documents in and out, scores queries by one product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.counting import Counts, count, empty_counts, query_counts
from matching.documents import Document
from matching.settings import Settings
from matching.text import BIGRAM, is_han
from matching.weights import DocumentWeights, idf, query_weights


@dataclass(slots=True)
class Query:
    """A document as a question: its distinct terms, their weights, their columns (−1 where the
    collection does not know the term), and its score on itself."""

    document: Document
    terms: list[str]
    weights: np.ndarray
    columns: np.ndarray
    self_score: float


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

    def query(self, document: Document) -> Query:
        """A document as a question to this collection."""
        counted = query_counts(document, self.settings)
        terms = sorted(counted)
        columns = np.array([self.vocabulary.get(term, -1) for term in terms], dtype=np.int64)
        weigher = self.weigher()
        frequency = np.zeros(len(terms))
        frequency[columns >= 0] = weigher.statistics.frequency[columns[columns >= 0]]
        idfs = idf(frequency, weigher.statistics.documents)
        bigrams = np.array([term.startswith(BIGRAM) for term in terms], dtype=bool)
        occurrences = np.array([counted[term] for term in terms], dtype=np.float64)
        weights = query_weights(occurrences, idfs, bigrams, self.settings)
        columns = np.where(frequency > 0, columns, -1)
        return Query(document, terms, weights, columns, self._self_score(document, terms, weights))

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

    def _self_score(self, document: Document, terms: list[str], weights: np.ndarray) -> float:
        """The score of a query on itself, as a document of this collection."""
        if not terms:
            return 0.0
        counts, own_terms = count([document], self.settings)
        assert own_terms == terms
        alone = DocumentWeights(self.settings, np.array([is_han(term) for term in terms], dtype=bool))
        alone.statistics = self.weigher().statistics
        return float(alone.transform(counts).toarray()[0] @ weights)

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


def bounded(similarity: Any) -> Any:
    """Keeps a similarity within 0..1 and its order: equal up to 0.9, from there bent towards 1 (a short
    question may be answered better than it answers itself)."""
    knee, room = 0.9, 0.1
    over = np.maximum(similarity - knee, 0)
    return np.round(np.where(similarity <= knee, similarity, 1 - room * np.exp(-over / room)), 12)
