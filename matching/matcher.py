"""Matcher: the public face. Joins index, conditions, fit and reasons; holds no rule of its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from matching import store
from matching.compiling import compiled
from matching.documents import Document, Match
from matching.index import TextIndex
from matching.query import Query
from matching.ranking import Candidate, best, first_group
from matching.reasons import all_reasons, structured_reasons, text_reasons
from matching.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from matching.fast import FastIndex


class Matcher:
    """Finds, for a document, the held documents that suit it, with scores and reasons.

    Deterministic: the same documents give the same answers, however they came in. Not safe for changing
    from one thread while another reads.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._index: TextIndex | FastIndex = TextIndex(self.settings)
        self.notes: Mapping[str, np.ndarray] = {}

    @classmethod
    def fit(cls, documents: Iterable[Document], settings: Settings | None = None) -> "Matcher":
        """A matcher of these documents; of several with one id the last counts."""
        matcher = cls(settings)
        matcher.add(documents)
        return matcher

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._index

    @property
    def index(self) -> "TextIndex | FastIndex":
        """What holds the documents now; a growing collection changes it."""
        return self._index

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the documents held."""
        return frozenset(document.id for document in self._index.documents)

    def add(self, documents: Iterable[Document]) -> None:
        """Lets documents in; one with a held id replaces it."""
        waiting = list(documents)
        if isinstance(self._index, TextIndex) and len(self) + len(waiting) >= self.settings.compiled_from:
            self._index = compiled(self._index)
        self._index.add(waiting)

    def remove(self, ids: Iterable[str]) -> None:
        """Lets documents out; an unknown id is passed over."""
        self._index.remove(ids)

    def match(self, document: Document, k: int = 20, *, as_of: date | None = None) -> list[Match]:
        """The best k matches, the best first, equal scores by id; empty when nothing shares a term.

        as_of  the day to judge `open_until` and `deadline` by; None leaves nothing out as too late
        """
        return self.match_many([document], k, as_of=as_of)[0]

    def match_many(self, documents: Iterable[Document], k: int = 20, *, as_of: date | None = None) -> list[list[Match]]:
        """The matches of each document, in the given order; one sparse product a block."""
        return [
            [self._explained(query, candidate) for candidate in candidates]
            for query, candidates in self._ranked(documents, k, as_of)
        ]

    def rank_many(
        self, documents: Iterable[Document], k: int = 20, *, as_of: date | None = None
    ) -> list[list[tuple[str, float]]]:
        """As `match_many`, but only (id, score): several times faster, as no reasons are sought."""
        ranked = self._ranked(documents, k, as_of)
        return [[(candidate.id, candidate.score) for candidate in candidates] for _, candidates in ranked]

    def save(self, path: str | Path) -> None:
        """Writes the matcher to one file, at once or not at all."""
        store.save(path, self._index if isinstance(self._index, TextIndex) else self._index.plain())

    @classmethod
    def load(cls, path: str | Path) -> "Matcher":
        """Reads a saved matcher; `IndexFileError` when the file cannot be used."""
        index = store.load(path)
        matcher = cls(index.settings)
        matcher._index = compiled(index) if len(index) >= index.settings.compiled_from else index
        return matcher

    @property
    def can_be_shared(self) -> bool:
        """Whether the compiled index holds it: a small matcher cannot be published."""
        return not isinstance(self._index, TextIndex)

    def publish(self, folder: str | Path, notes: Mapping[str, "np.ndarray"] | None = None) -> None:
        """Writes the matcher as the folder's new state, which any number of workers can `open` and share, with
        arrays of the caller's own. One writer at a time.

        Only a matcher held by the compiled index can be shared; TypeError for another.
        """
        if isinstance(self._index, TextIndex):
            raise TypeError("A small matcher is held by the plain index: save it to a file instead.")
        from matching import shelf

        shelf.publish(folder, self._index, notes)

    @classmethod
    def open(cls, folder: str | Path) -> "Matcher":
        """The matcher of a folder, mapped into memory, with its `notes`; `IndexFileError` when it cannot be used."""
        from matching import shelf

        index, notes = shelf.open_shelf(folder)
        matcher = cls(index.settings)
        matcher._index, matcher.notes = index, notes
        return matcher

    def _ranked(
        self, documents: Iterable[Document], k: int, as_of: date | None
    ) -> Iterable[tuple[Query, Sequence[Candidate]]]:
        waiting = iter(documents)
        while block := list(islice(waiting, self.settings.block)):
            queries = [self._index.query(document) for document in block]
            steps = [first_group(document, k, self.settings) for document in block]
            for query, groups in zip(queries, self._index.falling(queries, steps), strict=True):
                yield query, best(query.document, groups, self._index.document, k, self.settings, as_of)

    def _explained(self, query: Query, candidate: Candidate) -> Match:
        shared = self._index.contributions(query, candidate.row)
        found = self._index.document(candidate.row)
        texts = text_reasons(query.document, found, shared, self.settings)
        facts = structured_reasons(candidate.fits, candidate.score, candidate.text, self.settings)
        components = {"text": candidate.text} | {name: fit.value for name, fit in candidate.fits.items()}
        return Match(candidate.id, candidate.score, all_reasons(texts, facts, self.settings), components)
