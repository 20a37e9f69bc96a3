"""Ranking: chooses the best k of one query from its text similarities, conditions and fit. Exactly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.conditions import closed, excluded_by
from matching.documents import Document
from matching.fit import Fit, asked_components, combined, structured_fit
from matching.settings import Settings


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may match: its row, its score, the text similarity and the fits within it."""

    row: int
    id: str
    score: float
    text: float
    fits: dict[str, Fit]


def best(
    question: Document,
    documents: Sequence[Document],
    similarities: np.ndarray,
    k: int,
    settings: Settings,
    as_of: date | None = None,
) -> list[Candidate]:
    """The best k documents with a shared term, by score, equal scores by id.

    similarities  (n,) text similarity of each document, 0 without a shared term

    Documents are met in falling order of text, `rescored` at a time. As a score is never above its text
    similarity, nothing further can enter once the k-th score is above the next similarity: the cut is exact.
    """
    if k <= 0 or closed(question.fields, as_of):
        return []
    asked = asked_components(question.fields)
    found: list[Candidate] = []
    for rows, next_similarity in _falling(similarities, max(settings.rescored, 5 * k) if asked else 2 * k):
        for row in rows:
            document = documents[row]
            if closed(document.fields, as_of) or excluded_by(question.fields, document.fields):
                continue
            text = float(similarities[row])
            fits = structured_fit(question.fields, document.fields, settings) if asked else {}
            found.append(Candidate(int(row), document.id, combined(text, fits, asked, settings), text, fits))
        found = sorted(found, key=lambda candidate: (-candidate.score, candidate.id))[:k]
        if len(found) == k and found[-1].score > next_similarity:
            break
    return found


def _falling(similarities: np.ndarray, step: int) -> Iterator[tuple[np.ndarray, float]]:
    """Rows with a similarity above 0 in falling order, in growing groups, each with the best similarity
    that comes after it (−1 at the end)."""
    size, start = step, 0
    above = np.flatnonzero(similarities > 0)
    while start < len(above):
        end = min(start + size, len(above))
        if end < len(above):
            values = similarities[above[start:]]
            above[start:] = above[start:][np.argpartition(-values, end - start)]
        yield above[start:end], float(similarities[above[end]]) if end < len(above) else -1.0
        start, size = end, size * 4
