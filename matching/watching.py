"""Watching: finds the questions whose lists of the best a new document enters, without asking them again.

Each kept question has a floor, the score that the last of its list has. Its terms are kept by term, as a
collection's are, so that a new document meets only the questions that it shares a term with.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from matching.conditions import closed, excluded_by
from matching.counting import ENGLISH, tally
from matching.documents import Document
from matching.fast import FastIndex
from matching.fit import asked_components, combined, structured_fit
from matching.kernels import enter
from matching.query import Query, languages_of
from matching.ranking import bounded
from matching.weights import divisors, norm_factor, saturated

SLACK = 0.02
"""Questions keep the weights of the day they were asked on; frequencies have moved a little since."""
WAITING = 256
"""Questions asked since the terms were last put in order that are still met one by one."""


class Watch:
    """Kept questions to one index. Changes and questions from one thread at a time."""

    def __init__(self, index: FastIndex, slack: float = SLACK) -> None:
        self.index, self.slack = index, slack
        self._asked: dict[str, Query] = {}
        self._floor: dict[str, float] = {}
        self._ordered: dict[str, int] = {}
        self._ids: list[str] = []
        self._starts, self._owners = np.zeros(1, np.int64), np.zeros(0, np.int32)
        self._shares, self._floors = np.zeros(0, np.float32), np.zeros(0, np.float32)
        self._sums, self._found = np.zeros(0, np.float32), np.zeros(1, np.int64)

    def __len__(self) -> int:
        return len(self._asked)

    def keep(self, questions: Iterable[Document], floors: Mapping[str, float]) -> None:
        """Keeps questions, replacing those of the same id; one without a floor has a list with room."""
        for question in questions:
            self.forget([question.id])
            self._asked[question.id] = self.index.query(question)
            self._floor[question.id] = floors.get(question.id, 0.0)
        if len(self._asked) - len(self._ordered) > max(WAITING, len(self._asked) // 100):
            self._order()

    def require(self, floors: Mapping[str, float]) -> None:
        """Notes that the lists of kept questions have changed."""
        for question, floor in floors.items():
            self._floor[question] = floor
            if question in self._ordered:
                self._floors[self._ordered[question]] = self._lowered(floor)

    def forget(self, ids: Iterable[str]) -> None:
        """Keeps these questions no longer; an unknown id is passed over."""
        for question in ids:
            self._asked.pop(question, None)
            self._floor.pop(question, None)
            place = self._ordered.pop(question, None)
            if place is not None:
                self._floors[place] = np.inf

    def entering(self, document: Document, as_of: date | None = None) -> list[str]:
        """Ids of the kept questions whose floor this document reaches, facts and conditions judged too."""
        columns, weights = self._weighed(document)
        known = columns < len(self._starts) - 1
        count = enter(
            self._starts, self._owners, self._shares, columns[known], weights[known], self._floors,
            self._sums, self._found,
        )  # fmt: skip
        met = [(self._ids[place], float(self._sums[place])) for place in self._found[:count].tolist()]
        self._sums[:] = 0
        held = dict(zip(columns.tolist(), weights.tolist(), strict=True))
        waiting = [question for question in self._asked if question not in self._ordered]
        met += [(question, self._similarity(self._asked[question], held)) for question in waiting]
        return [question for question, text in met if self._enters(question, document, text, as_of)]

    def _enters(self, question: str, document: Document, text: float, as_of: date | None) -> bool:
        asking = self._asked[question].document
        if text <= 0 or closed(asking.fields, as_of) or closed(document.fields, as_of):
            return False
        if excluded_by(asking.fields, document.fields):
            return False
        settings = self.index.settings
        fits = structured_fit(asking.fields, document.fields, settings)
        score = combined(float(bounded(text)), fits, asked_components(asking.fields), settings)
        return score >= self._lowered(self._floor[question])

    def _lowered(self, floor: float) -> float:
        return floor * (1 - self.slack) - 1e-6

    def _weighed(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """Columns and weights of a document's terms that the collection knows."""
        counted = tally(document, self.index.settings)
        columns, _ = self.index.lookup(counted.terms)
        languages = languages_of(counted.terms)
        usual, settings = self.index.statistics().mean_length, self.index.settings
        divisor = divisors(counted.lengths[None], usual, settings)[0]
        latin = norm_factor(counted.weighted[languages == ENGLISH], settings)
        weights = saturated(counted.weighted, divisor[languages], settings)
        weights *= np.where(languages == ENGLISH, latin, 1.0)
        return columns[columns >= 0], weights[columns >= 0]

    def _similarity(self, query: Query, held: Mapping[int, float]) -> float:
        pairs = zip(query.columns.tolist(), query.weights.tolist(), strict=True)
        shared = sum(weight * held.get(column, 0.0) for column, weight in pairs)
        return float(shared / (query.self_score or 1.0))

    def _order(self) -> None:
        """Puts the terms of all kept questions in order."""
        self._ids = list(self._asked)
        self._ordered = {question: place for place, question in enumerate(self._ids)}
        queries = list(self._asked.values())
        columns = np.concatenate([query.columns for query in queries])
        owners = np.repeat(np.arange(len(queries), dtype=np.int32), [len(query.columns) for query in queries])
        shares = np.concatenate([query.weights / (query.self_score or 1.0) for query in queries])
        known = np.flatnonzero(columns >= 0)
        order = known[np.argsort(columns[known], kind="stable")]
        counts = np.bincount(columns[known], minlength=1)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._owners, self._shares = owners[order], shares[order].astype(np.float32)
        floors = [self._lowered(self._floor[question]) for question in self._ids]
        self._floors = np.array(floors, np.float32)
        self._sums, self._found = np.zeros(len(queries), np.float32), np.zeros(len(queries) + 1, np.int64)
