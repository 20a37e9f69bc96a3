"""Weights: how much a term counts, in a document and in a query.

A document's posting is saturated and divided by length; document frequency enters on the query's side
only. What depends on the collection is `Statistics` (frequencies and two usual lengths), kept by adding
up, so that adding or removing a document changes no stored number. A document's norm is its own affair.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.counting import CHINESE, ENGLISH, Counts
from matching.settings import Settings


@dataclass(slots=True)
class Statistics:
    """What a collection says about its terms.

    documents    number of documents
    frequency    (v,) documents that hold the term
    mean_length  (2,) mean terms of Chinese and of English passages, over the documents that have any
    """

    documents: int
    frequency: np.ndarray
    mean_length: np.ndarray


def idf(frequency: Any, documents: int) -> Any:
    """ln(1 + (N − df + ½) / (df + ½)): BM25's form, always above 0."""
    return np.log1p((documents - frequency + 0.5) / (frequency + 0.5))


def statistics(counts: Counts) -> Statistics:
    """Statistics of a collection."""
    documents, terms = counts.weighted.shape
    frequency = np.bincount(counts.weighted.indices, minlength=terms).astype(np.float64)
    present = np.maximum((counts.lengths > 0).sum(axis=0), 1)
    return Statistics(documents, frequency, np.maximum(counts.lengths.sum(axis=0) / present, 1e-9))


def divisors(lengths: np.ndarray, mean_length: np.ndarray, settings: Settings) -> np.ndarray:
    """(n, 2) length divisors of Chinese and Latin terms. Each language is compared with its own usual
    length, so that a text given in both is not taken for a long one; Latin terms of a document without
    English passages go by its Chinese length."""
    share = np.array([settings.length_share, settings.latin_length_share])
    divided = 1 - share + share * lengths / mean_length
    alone = lengths[:, ENGLISH] == 0
    divided[alone, ENGLISH] = divided[alone, CHINESE]
    return np.asarray(divided)


def saturated(weighted: np.ndarray, divisor: np.ndarray, settings: Settings) -> np.ndarray:
    """(k + 1) t / (t + k) of the frequency t = weighted / divisor."""
    return np.asarray((settings.saturation + 1) * weighted / (weighted + settings.saturation * divisor))


def factors(weighted: Any, language: np.ndarray, settings: Settings) -> np.ndarray:
    """(n, 2) what a document's norm does to its Chinese and to its Latin terms: 1 and norm^-0.25.

    The norm is that of the saturated frequencies of its Latin terms, without length and idf: it hangs on
    nothing but the document, and ranks no worse than one that knows both. Chinese needs none.
    """
    found = np.ones((weighted.shape[0], 2))
    is_latin = language[weighted.indices] != CHINESE
    found[:, ENGLISH] = norm_factors(weighted.indptr, weighted.data, is_latin, settings)
    return found


def norm_factors(bounds: np.ndarray, weighted: np.ndarray, is_latin: np.ndarray, settings: Settings) -> np.ndarray:
    """(n,) what a document's norm does to its Latin terms; row d has weighted[bounds[d]:bounds[d + 1]]."""
    documents = len(bounds) - 1
    rows = np.repeat(np.arange(documents), np.diff(bounds))[is_latin]
    latin = weighted[is_latin]
    norms = np.sqrt(np.bincount(rows, saturated(latin, np.ones_like(latin), settings) ** 2, minlength=documents))
    return np.asarray(np.where(norms > 0, norms / settings.usual_norm, 1.0) ** -settings.norm)


class DocumentWeights:
    """The document side, with scikit-learn's fit and transform: counts in, weighted CSR matrix out."""

    def __init__(self, settings: Settings, han: np.ndarray) -> None:
        self.settings = settings
        self.language = np.where(han, CHINESE, ENGLISH)

    def fit(self, counts: Counts) -> "DocumentWeights":
        """Learns the statistics of a collection."""
        self.statistics = statistics(counts)
        return self

    def transform(self, counts: Counts) -> Any:
        """(n, v) CSR: saturated and divided by norm; idf is on the query's side."""
        weighted = self._saturated(counts)
        rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
        languages = self.language[weighted.indices]
        weighted.data *= factors(counts.weighted, self.language, self.settings)[rows, languages]
        return weighted

    def fit_transform(self, counts: Counts) -> Any:
        """Both in one."""
        return self.fit(counts).transform(counts)

    def _saturated(self, counts: Counts) -> Any:
        weighted = counts.weighted.copy()
        divided = divisors(counts.lengths, self.statistics.mean_length, self.settings)
        rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
        divisor = divided[rows, self.language[weighted.indices]]
        weighted.data = saturated(weighted.data, divisor, self.settings)
        return weighted


def norm_factor(latin: np.ndarray, settings: Settings) -> float:
    """The same for one document: what its norm does to Latin terms of these weighted frequencies."""
    norm = float(np.sqrt((saturated(latin, np.ones_like(latin), settings) ** 2).sum()))
    return float((norm / settings.usual_norm) ** -settings.norm) if norm > 0 else 1.0


def query_weights(counts: np.ndarray, idfs: np.ndarray, bigrams: np.ndarray, settings: Settings) -> np.ndarray:
    """The query side: (t,) weights of its t distinct terms.

    counts  occurrences; idfs  of the collection; bigrams  whether the term is a character pair
    """
    k = settings.query_saturation
    power = 1 + (settings.long_query_idf if len(counts) > settings.long_query else 0)
    kinds = np.where(bigrams, settings.bigram_weight, 1.0)
    return np.asarray((k + 1) * counts / (k + counts) * idfs**power * kinds)
