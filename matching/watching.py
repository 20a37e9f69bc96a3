"""Watching: finds the questions whose lists of the best a new document may enter, without asking them again.

Each kept question has a need: the raw score, at present frequencies, that its list's last place takes. Its terms
are kept by term, as a collection's are, so that a document meets only the questions that it shares a term with.
What is found is never too little: a need that is not known any more lets everything in, and what moves scores a
little (frequencies, usual lengths) lowers needs at once or stays within `SLACK`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from matching.conditions import LAST_DAYS, as_day, closed, excluded_by, known
from matching.counting import ENGLISH, Tally, tally
from matching.documents import Document
from matching.fit import asked_components, combined, structured_fit
from matching.index import TextIndex
from matching.matcher import Matcher
from matching.query import languages_of
from matching.ranking import unbounded
from matching.text import BIGRAM
from matching.weights import divisors, idf, norm_factor, query_weights, saturated

SLACK = 0.02
"""Share by which needs are lowered for what is not followed exactly: at most `DRIFT` of each of frequencies
(to the power of 1.5), number of documents and usual lengths."""
DRIFT = 0.005
WAITING = 1024
"""Questions kept since the terms were last put in order that have an order of their own."""
LEFT = 0.4
"""Share of a low need that terms which many ask may make up together without being added for every question."""
UNKNOWN, NEVER, FOREVER = -1.0, np.inf, np.iinfo(np.int32).max


@dataclass(slots=True)
class Kept:
    """A kept question: its place, its facts, its terms by the watch's own columns, what each weighs without idf
    in the question (`base`) and in the question's score on itself (`own`), and whether the question is long."""

    place: int
    fields: Mapping[str, Any]
    columns: np.ndarray
    base: np.ndarray
    own: np.ndarray
    is_long: bool
    best: tuple[str, ...] = ()


class ByTerm(NamedTuple):
    """Questions by term. Column 2 t belongs to term t in short questions, 2 t + 1 in long ones, so that each has
    one power of idf: column c is asked at places owners[starts[c]:starts[c + 1]]."""

    starts: np.ndarray
    owners: np.ndarray  # rising within a column
    base: np.ndarray
    tops: np.ndarray  # by column: the greatest base


class Watch:
    """Kept questions to one matcher, which may be replaced by another of the same documents. One thread at a time."""

    def __init__(self, matcher: Matcher, k: int = 20) -> None:
        self.matcher, self.k = matcher, k
        self._kept: dict[str, Kept] = {}
        self._ids: list[str] = []  # by place; a forgotten question's place stays until the next order of all
        self._terms: dict[str, int] = {}
        self._names: list[str] = []
        self._highest = np.zeros(1024)  # by term: the greatest idf that a need was computed with
        self._needs, self._until = np.zeros(0, np.float32), np.zeros(0, np.int32)
        self._holders: dict[str, list[str]] = {}
        self._waiting: list[str] = []
        self._is_ordered = True
        self._low, self._asked_since = 0.0, 0
        self._parts = [_by_term([]), _by_term([])]
        self._usual = self._size()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, question: object) -> bool:
        return question in self._kept

    def keep(self, questions: Iterable[Document]) -> None:
        """Keeps questions, replacing those of the same id; each is found by `reached` until its list is noted."""
        for id, question in {question.id: question for question in questions}.items():
            self.forget([id])
            self._kept[id] = self._analysed(question, len(self._ids))
            self._ids.append(id)
            self._waiting.append(id)
            self._is_ordered = False
        grown = len(self._ids) - len(self._needs)
        self._needs = np.concatenate([self._needs, np.full(grown, UNKNOWN, np.float32)])
        self._until = np.concatenate([self._until, np.full(grown, FOREVER, np.int32)])

    def forget(self, ids: Iterable[str]) -> None:
        """Keeps these questions no longer; an unknown id is passed over."""
        for question in ids:
            if kept := self._kept.pop(question, None):
                self._needs[kept.place] = NEVER

    def note(self, question: str, found: Sequence[tuple[str, float]]) -> None:
        """Takes down the list that a kept question has now: ids and scores, the best first, at most k."""
        kept = self._kept[question]
        idfs = self._idfs(kept.columns)
        self._highest[kept.columns] = np.maximum(self._highest[kept.columns], idfs)
        own = float(kept.own @ idfs ** self._power(kept.is_long))
        full = len(found) >= self.k
        self._needs[kept.place] = unbounded(found[-1][1]) * own * (1 - SLACK) if full else 0.0
        self._until[kept.place] = min(map(self._last_day, (id for id, _ in found)), default=FOREVER)
        for document in {id for id, _ in found}.difference(kept.best):
            self._holders.setdefault(document, []).append(question)
        kept.best = tuple(id for id, _ in found)

    def holding(self, document: str) -> list[str]:
        """The kept questions whose lists hold a document."""
        holders = dict.fromkeys(self._holders.get(document, ()))
        return [each for each in holders if each in self._kept and document in self._kept[each].best]

    def left(self, ids: Iterable[str]) -> None:
        """Documents leave or change: the lists that hold them, and no others, are not known any more."""
        for document in ids:
            for question in self.holding(document):
                self._needs[self._kept[question].place] = UNKNOWN
            self._holders.pop(document, None)

    def arrived(self, documents: Iterable[Document]) -> None:
        """Documents have come in: their terms are rarer no more, which lowers the scores of lists that have them."""
        for document in documents:
            terms = tally(document, self.matcher.settings).terms
            self._lower(np.array([self._terms[term] for term in terms if term in self._terms], np.int64))

    def reached(self, documents: Iterable[Document], as_of: date | None = None) -> list[str]:
        """Ids of the questions whose best k, asked now, may hold one of these documents: all that do, and few more."""
        self._bring_up_to_date(as_of)
        found = set(np.flatnonzero(self._needs == UNKNOWN).tolist())
        for document in documents:
            if not closed(document.fields, as_of):
                near = zip(*(each.tolist() for each in self._near(document)), strict=True)
                found |= {place for place, raw in near if self._fits(place, document, raw)}
        reached = [self._ids[place] for place in sorted(found)]
        return [each for each in reached if not closed(self._kept[each].fields, as_of)]

    def _fits(self, place: int, document: Document, raw: float) -> bool:
        asking = self._kept[self._ids[place]].fields
        if excluded_by(asking, document.fields):
            return False
        fits = structured_fit(asking, document.fields, self.matcher.settings)
        share = combined(1.0, fits, asked_components(asking), self.matcher.settings)
        return bool(raw * share >= self._needs[place])

    def _near(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """Places of the questions whose need a document reaches by its words, and its raw score for each."""
        counted = tally(document, self.matcher.settings)
        columns = np.array([self._terms.get(term, -1) for term in counted.terms], np.int64)
        weights, columns = self._held(counted)[columns >= 0], columns[columns >= 0]
        idfs = self._idfs(columns)
        factors = np.concatenate([weights * idfs ** self._power(is_long) for is_long in (False, True)])
        doubled = np.concatenate([2 * columns, 2 * columns + 1])
        inside = [doubled < len(part.starts) - 1 for part in self._parts]
        asked = [(doubled[known], factors[known].astype(np.float32)) for known in inside]
        near = _near_plainly if isinstance(self.matcher.index, TextIndex) else _near_compiled
        return near(self._parts, asked, self._needs, self._allowed())

    def _allowed(self) -> float:
        """What terms that many ask may add without being added: part of a need that few questions are below."""
        self._asked_since += 1
        if self._asked_since > 64 or not self._low:
            known = self._needs[(self._needs >= 0) & (self._needs < NEVER)]
            self._low = float(np.quantile(known, 0.02)) if len(known) else 0.0
            self._asked_since = 0
        return LEFT * self._low

    def _bring_up_to_date(self, as_of: date | None) -> None:
        if not self._is_ordered:
            self._order()
        if as_of is not None:
            self._needs[(self._until < as_of.toordinal()) & (self._needs < NEVER)] = UNKNOWN
        size = self._size()
        fallen = float(np.max(1 - size / self._usual))
        self._usual = np.maximum(self._usual, size)
        if fallen > DRIFT:  # what grows makes the lists' scores greater, and needs are too low then, as they may be
            self._needs[self._needs > 0] *= max(0.0, 1 - 2 * fallen)
            self._usual = size

    def _lower(self, columns: np.ndarray) -> None:
        """Lowers the needs of those who ask these terms by what the terms have lost, once it is worth it."""
        idfs = self._idfs(columns)
        worth = idfs < self._highest[columns] * (1 - DRIFT)
        for column, lost in zip(columns[worth], (idfs / self._highest[columns].clip(1e-9))[worth], strict=True):
            for part in self._parts:
                for at, power in ((2 * column, self._power(False)), (2 * column + 1, self._power(True))):
                    if at + 1 >= len(part.starts):
                        continue
                    owners = part.owners[part.starts[at] : part.starts[at + 1]]
                    self._needs[owners] *= np.where(self._needs[owners] > 0, lost**power, 1)
        self._highest[columns[worth]] = idfs[worth]

    def _order(self) -> None:
        """Puts the terms of the waiting questions in order, or of all when the waiting have become many."""
        self._is_ordered = True
        self._waiting = [each for each in dict.fromkeys(self._waiting) if each in self._kept]
        if len(self._waiting) <= max(WAITING, len(self._kept) // 50):
            self._parts[1] = _by_term([self._kept[each] for each in self._waiting])
            return
        kept = list(self._kept.values())
        places = [each.place for each in kept]
        self._needs, self._until = self._needs[places], self._until[places]
        self._ids, self._waiting = list(self._kept), []
        for place, each in enumerate(kept):
            each.place = place
        self._parts = [_by_term(kept), _by_term([])]

    def _analysed(self, question: Document, place: int) -> Kept:
        settings = self.matcher.settings
        counted = tally(question, settings)
        columns = self._known(counted.terms)
        bigrams = np.array([term.startswith(BIGRAM) for term in counted.terms], bool)
        base = query_weights(counted.asked, np.ones(len(columns)), bigrams, settings)
        own = base * self._held(counted)
        is_long = len(columns) > settings.long_query
        return Kept(place, question.fields, columns, base.astype(np.float32), own.astype(np.float32), is_long)

    def _known(self, terms: list[str]) -> np.ndarray:
        """The watch's own columns of these terms: most are new to it while it is filled."""
        columns = np.array([self._terms.setdefault(term, len(self._terms)) for term in terms], np.int64)
        self._names.extend(term for term, column in zip(terms, columns, strict=True) if column >= len(self._names))
        if len(self._names) > len(self._highest):
            self._highest = np.concatenate([self._highest, np.zeros(len(self._names))])
        return columns

    def _held(self, counted: Tally) -> np.ndarray:
        """What each term of a document weighs in it, as usual lengths are now."""
        settings, usual = self.matcher.settings, self.matcher.index.statistics().mean_length
        languages = languages_of(counted.terms)
        divisor = divisors(counted.lengths[None], usual, settings)[0]
        latin = norm_factor(counted.weighted[languages == ENGLISH], settings)
        factors = np.where(languages == ENGLISH, latin, 1.0)
        return np.asarray(saturated(counted.weighted, divisor[languages], settings) * factors)

    def _idfs(self, columns: np.ndarray) -> np.ndarray:
        _, frequency = self.matcher.index.lookup([self._names[column] for column in columns.tolist()])
        return np.asarray(idf(frequency, len(self.matcher)))

    def _power(self, is_long: bool) -> float:
        return 1 + (self.matcher.settings.long_query_idf if is_long else 0)

    def _size(self) -> np.ndarray:
        """What scores hang on besides frequencies: number of documents and both usual lengths."""
        return np.array([max(len(self.matcher), 1), *self.matcher.index.statistics().mean_length])

    def _last_day(self, document: str) -> int:
        """The last day on which a listed document may be listed."""
        index = self.matcher.index
        fields = index.document(index.row(document)).fields
        return min((as_day(fields[key]).toordinal() for key in LAST_DAYS if known(fields, key)), default=FOREVER)


Asked = list[tuple[np.ndarray, np.ndarray]]
"""For each part the columns that a document has, and what each counts for those who ask it."""


def _near_plainly(parts: Sequence[ByTerm], asked: Asked, needs: np.ndarray, _: float) -> tuple[np.ndarray, np.ndarray]:
    sums = np.zeros(len(needs))
    for part, (columns, factors) in zip(parts, asked, strict=True):
        places, counts = _places(part, columns)
        sums += np.bincount(part.owners[places], part.base[places] * np.repeat(factors, counts), len(sums))
    near = np.flatnonzero((sums >= needs) & (sums > 0))
    return near, sums[near]


def _near_compiled(
    parts: Sequence[ByTerm], asked: Asked, needs: np.ndarray, allowed: float
) -> tuple[np.ndarray, np.ndarray]:
    from matching.entering import add_shares, enter  # what it needs is loaded already, for the compiled index

    sums, found = np.zeros(len(needs), np.float32), np.empty(len(needs), np.int64)
    add_shares(*parts[1][:3], *asked[1], sums)
    count = enter(*parts[0], *asked[0], allowed, needs, sums, found)
    near = found[:count]
    return near, sums[near]


def _by_term(kept: Sequence[Kept]) -> ByTerm:
    if not kept:
        empty = np.zeros(0, np.float32)
        return ByTerm(np.zeros(1, np.int64), np.zeros(0, np.int32), empty, empty)
    kept = sorted(kept, key=lambda each: each.place)
    columns = np.concatenate([2 * each.columns + each.is_long for each in kept])
    owners = np.repeat(np.array([each.place for each in kept], np.int32), [len(each.columns) for each in kept])
    order = np.argsort(columns, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(columns))]).astype(np.int64)
    base = np.concatenate([each.base for each in kept])[order]
    tops = np.zeros(len(starts) - 1, np.float32)
    np.maximum.at(tops, columns[order], base)
    return ByTerm(starts, owners[order], base, tops)


def _places(part: ByTerm, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the questions of these columns stand, and how many each column has."""
    counts = part.starts[columns + 1] - part.starts[columns]
    firsts = part.starts[columns] - np.concatenate([[0], np.cumsum(counts)[:-1]])
    return np.repeat(firsts, counts) + np.arange(counts.sum()), counts
