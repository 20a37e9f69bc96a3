"""Corpus: made-up achievements and demands with the word statistics of real ones.

Half of a document's words follow one Zipf law for all, half that of one of 400 topics, so that a demand
has a few documents near it and common words with the rest. A demand has about 45 distinct words, which
stand in about 1.1 documents for each document held: what real demands of whole texts were found to touch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from matching import Document, Settings
from matching.counting import Counts
from matching.fast import FastIndex
from matching.index import TextIndex
from matching.kernels import Asked
from matching.weights import idf

SETTINGS = Settings(long_query_idf=0.0)
"""Plain idf on the question's side: the one weighting that every library here can be given."""
TOPICS, TOPIC_WORDS = 400, 1500


def _shares(words: int, power: float, shift: float) -> np.ndarray:
    shares = 1 / (np.arange(words) + shift) ** power
    return np.asarray(np.cumsum(shares / shares.sum()))


class Author:
    """Draws documents."""

    def __init__(self, words: int, seed: int) -> None:
        self.luck, self.words = np.random.default_rng(seed), words
        self.common, self.within = _shares(words, 1.05, 12), _shares(TOPIC_WORDS, 0.9, 5)
        topics = np.searchsorted(_shares(words, 0.7, 200), self.luck.random((TOPICS, TOPIC_WORDS)))
        self.topics = np.minimum(topics, words - 1)

    def write(self, count: int, mean: int) -> Any:
        """Counts of `count` documents of about `mean` words, as CSR."""
        lengths = np.maximum(5, self.luck.lognormal(np.log(mean), 0.35, count).astype(np.int64))
        owners = np.repeat(np.arange(count), lengths)
        words = np.searchsorted(self.common, self.luck.random(len(owners)))
        own = np.flatnonzero(self.luck.random(len(owners)) < 0.5)
        topic = self.luck.integers(0, TOPICS, count)[owners[own]]
        words[own] = self.topics[topic, np.searchsorted(self.within, self.luck.random(len(own)))]
        ones = np.ones(len(owners))
        written = csr_matrix((ones, (owners, np.minimum(words, self.words - 1))), (count, self.words))
        written.sum_duplicates()
        written.sort_indices()
        return written


@dataclass
class Case:
    """Documents and demands, ready for every library: same weights, same questions."""

    fast: FastIndex
    counts: Any  # (documents, words) CSR
    weights: Any  # the same, weighted, float32
    demands: list[np.ndarray]  # words of each demand
    idf: np.ndarray
    frequency: np.ndarray
    author: Author

    def asked(self, first: int, last: int) -> Asked:
        """Some demands as the compiled index takes them."""
        terms = np.concatenate(self.demands[first:last]).astype(np.int64)
        bounds = np.cumsum([0, *(len(demand) for demand in self.demands[first:last])])
        return Asked(bounds, terms, self.idf[terms], np.zeros(len(terms), np.uint8))

    def touched(self) -> float:
        """Postings of a demand's words, on average."""
        return float(np.mean([self.frequency[demand].sum() for demand in self.demands]))


def case(documents: int, demands: int, seed: int = 1) -> Case:
    """A collection and its demands."""
    from scipy.sparse import vstack

    author = Author(int(400 * documents**0.5), seed)
    blocks = [author.write(min(50_000, documents - start), 62) for start in range(0, documents, 50_000)]
    written = vstack(blocks, format="csr")
    lengths = np.zeros((documents, 2))
    lengths[:, 0] = np.asarray(written.sum(axis=1)).ravel()
    plain = TextIndex(SETTINGS)
    names = [f"字{number}" for number in range(author.words)]
    listed = [Document(f"{number:07}") for number in range(documents)]
    plain.restore(listed, names, Counts(written, np.zeros(written.nnz, np.uint8), lengths))
    frequency = np.bincount(written.indices, minlength=author.words).astype(np.int64)
    weights = plain.weigher().transform(plain.counts).astype(np.float32)
    fast = FastIndex.of(plain)
    fast.touched[:] = 0
    asked = author.write(demands, 47)
    words = [asked.indices[a:b] for a, b in zip(asked.indptr[:-1], asked.indptr[1:], strict=True)]
    known = [word[frequency[word] > 0] for word in words]
    return Case(fast, written, weights, known, idf(frequency.astype(np.float64), documents), frequency, author)
