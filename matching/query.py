"""Query: turns a document into a question: its terms, their weights, and its score on itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.counting import CHINESE, ENGLISH, Tally, tally
from matching.documents import Document
from matching.settings import Settings
from matching.text import BIGRAM, is_han
from matching.weights import Statistics, divisors, idf, norm_factor, query_weights, saturated

Lookup = Callable[[list[str]], tuple[np.ndarray, np.ndarray]]
"""Terms → their columns (−1 where the collection does not know one) and how many documents hold each."""


@dataclass(slots=True)
class Query:
    """A document as a question: its distinct terms, their weights, their languages, their columns (−1
    where no document holds the term), and its score on itself."""

    document: Document
    terms: list[str]
    weights: np.ndarray
    columns: np.ndarray
    languages: np.ndarray
    self_score: float


def languages_of(terms: list[str]) -> np.ndarray:
    """Whether each term is Chinese or Latin, as uint8."""
    # pairs are marked and other Chinese terms begin late in the alphabet: most need no closer look
    chinese = [term[0] == BIGRAM or (term[0] >= "々" and is_han(term)) for term in terms]
    return np.where(np.array(chinese, np.bool_), CHINESE, ENGLISH).astype(np.uint8)


def ask(document: Document, lookup: Lookup, statistics: Statistics, settings: Settings) -> Query:
    """A document as a question to the collection of these statistics."""
    counted = tally(document, settings)
    columns, frequency = lookup(counted.terms)
    bigrams = np.array([term.startswith(BIGRAM) for term in counted.terms], dtype=bool)
    weights = query_weights(counted.asked, idf(frequency, statistics.documents), bigrams, settings)
    languages = languages_of(counted.terms)
    own = self_score(counted, weights, languages, statistics, settings)
    return Query(document, counted.terms, weights, np.where(frequency > 0, columns, -1), languages, own)


def self_score(
    counted: Tally, weights: np.ndarray, languages: np.ndarray, statistics: Statistics, settings: Settings
) -> float:
    """The score of a question on itself, as a document of this collection."""
    if not counted.terms:
        return 0.0
    divisor = divisors(counted.lengths[None], statistics.mean_length, settings)[0]
    held = saturated(counted.weighted, divisor[languages], settings)
    latin = norm_factor(counted.weighted[languages == ENGLISH], settings)
    return float(held * np.where(languages == ENGLISH, latin, 1.0) @ weights)
