"""Ranking: chooses the best k of one query from its text similarities, conditions and fit. Exactly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

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


Group = tuple[np.ndarray, np.ndarray, float]
"""Rows, the text similarity of each, and the best similarity that may still come (−1 when none does)."""


def bounded(similarity: Any) -> Any:
    """Keeps a similarity within 0..1 and its order: equal up to 0.9, from there bent towards 1 (a short
    question may be answered better than it answers itself). 12 places, so that equal ones are equal."""
    knee, room = 0.9, 0.1
    over = np.maximum(similarity - knee, 0)
    return np.round(np.where(similarity <= knee, similarity, 1 - room * np.exp(-over / room)), 12)


def unbounded(score: float) -> float:
    """The similarity that `bounded` makes this of; scores from 0.999 on count as 0.999."""
    knee, room = 0.9, 0.1
    return score if score <= knee else knee - room * log(1 - (min(score, 0.999) - knee) / room)


def first_group(question: Document, k: int, settings: Settings) -> int:
    """How many documents to meet first: more where facts may change the order."""
    return max(settings.rescored, 5 * k) if asked_components(question.fields) else 2 * k


def best(
    question: Document,
    groups: Iterable[Group],
    document: Callable[[int], Document],
    k: int,
    settings: Settings,
    as_of: date | None = None,
) -> list[Candidate]:
    """The best k documents with a shared term, by score, equal scores by id.

    groups    the documents with a shared term in falling order of text similarity
    document  row → document

    Documents are met group by group. As a score is never above its text similarity, nothing further can
    enter once the k-th score is above the next similarity: the cut is exact.
    """
    if k <= 0 or closed(question.fields, as_of):
        return []
    asked = asked_components(question.fields)
    found: list[Candidate] = []
    for rows, similarities, next_similarity in groups:
        for row, text in zip(rows.tolist(), similarities.tolist(), strict=True):
            met = document(row)
            if closed(met.fields, as_of) or excluded_by(question.fields, met.fields):
                continue
            fits = structured_fit(question.fields, met.fields, settings) if asked else {}
            found.append(Candidate(row, met.id, combined(text, fits, asked, settings), text, fits))
        found = sorted(found, key=lambda candidate: (-candidate.score, candidate.id))[:k]
        if len(found) == k and found[-1].score > next_similarity:
            break
    return found


def falling(similarities: np.ndarray, step: int) -> Iterator[Group]:
    """Rows with a similarity above 0 in falling order, in growing groups."""
    size, start = max(step, 1), 0
    above = np.flatnonzero(similarities > 0)
    while start < len(above):
        end = min(start + size, len(above))
        if end < len(above):
            values = similarities[above[start:]]
            above[start:] = above[start:][np.argpartition(-values, end - start)]
        rows = above[start:end]
        yield rows, similarities[rows], float(similarities[above[end]]) if end < len(above) else -1.0
        start, size = end, size * 4
