"""Baselines: the plain models that the matcher is measured against, on the same texts.

Words are those of the dictionary cut for Chinese and scikit-learn's default pattern for the rest.
TF-IDF is scikit-learn's with its defaults; BM25 has k1 1.2 and b 0.75 over words, English ones stemmed;
"bigrams" is TF-IDF over pairs of characters.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from matching.documents import PARTS, Document
from matching.text import fold, is_han, plain_words, stem
from matching.weights import idf

MODELS = ("tfidf", "tfidf_sublinear", "bm25", "bigrams")


def whole_text(document: Document) -> str:
    """All parts of a document as one text."""
    return "\n".join(document.part(name) for name in PARTS)


def words(text: str) -> list[str]:
    """Words of a text without stemming."""
    return plain_words(fold(text))


def stems(text: str) -> list[str]:
    """Words of a text, English ones stemmed."""
    return [word if is_han(word) else stem(word) for word in words(text)]


def rankings(
    model: str, documents: Sequence[Document], queries: Sequence[Document], k: int, block: int = 256
) -> Iterator[list[tuple[str, float]]]:
    """The best k (id, score) of each query, equal scores by id."""
    ids = np.array([document.id for document in documents])
    order = np.argsort(ids, kind="stable")
    texts = [whole_text(documents[row]) for row in order]
    asked, held = _matrices(model, texts, [whole_text(query) for query in queries])
    transposed = held.T.tocsr()
    for start in range(0, len(queries), block):
        for scores in (asked[start : start + block] @ transposed).toarray():
            best = np.argsort(-np.round(scores, 12), kind="stable")[:k]
            yield [(str(ids[order[row]]), float(scores[row])) for row in best if scores[row] > 0]


def _matrices(model: str, texts: list[str], queries: list[str]) -> tuple[Any, Any]:
    """(queries, documents) as matrices whose product is the score."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if model == "bm25":
        vectorizer = CountVectorizer(analyzer=stems, dtype=np.float64)
        held = _bm25(vectorizer.fit_transform(texts))
        return vectorizer.transform(queries), held
    if model == "bigrams":
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), preprocessor=fold)
        held = vectorizer.fit_transform(texts)
        return vectorizer.transform(queries), held
    vectorizer = TfidfVectorizer(analyzer=words, sublinear_tf=model == "tfidf_sublinear")
    held = vectorizer.fit_transform(texts)
    return vectorizer.transform(queries), held


def _bm25(counts: Any, k: float = 1.2, b: float = 0.75) -> Any:
    counts = counts.tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    divisor = np.repeat(1 - b + b * lengths / lengths.mean(), np.diff(counts.indptr))
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    counts.data = (k + 1) * counts.data / (counts.data + k * divisor)
    counts.data *= idf(frequency, counts.shape[0])[counts.indices]
    return counts
