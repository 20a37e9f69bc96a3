"""Tiles: where the fast index keeps its documents: up to 65,536 in a sealed tile, the latest in a fresh one.

A sealed tile is never written again but for the marks of removed documents. A fresh one grows at its end
only, so that a reader who has noted its length may go on reading while it grows.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from matching.documents import Document
from matching.inverting import chain, invert
from matching.kernels import Asked, Best, ByTerm, Held, Model, scan, scan_fresh

ROWS = 1 << 16
LARGE = 255
LEAVE = 0.2
"""Share of the score to enter that left-out terms may make up: less reads more postings, more scores more
documents. Measured from 0 to 0.6 at 100,000 and 1,000,000 documents; best near 0.2, flat around it."""


class Rows:
    """What sealed and fresh tiles share: documents, the marks of those removed, and their first row."""

    def __init__(self, base: int, held: Held, documents: Sequence[Document], alive: np.ndarray) -> None:
        self.base, self.held, self.documents, self.alive = base, held, documents, alive

    def __len__(self) -> int:
        return len(self.documents)

    def postings(self, local: int) -> tuple[np.ndarray, np.ndarray]:
        """Terms and weighted frequencies of one document."""
        start, end = int(self.held.bounds[local]), int(self.held.bounds[local + 1])
        times = self.held.frequencies[start:end].astype(np.float64)
        large = np.flatnonzero(times == LARGE)
        times[large] = self.held.large[np.searchsorted(self.held.large_at, large + start)]
        return self.held.terms[start:end], times

    @property
    def removed(self) -> int:
        """Documents that are marked as removed."""
        return len(self) - int(np.count_nonzero(self.alive[: len(self)]))

    @property
    def is_worn(self) -> bool:
        """Whether it has lost a quarter of its documents: it is worth being written again."""
        return 4 * self.removed > len(self)


class Sealed(Rows):
    """A tile with its postings by term. `model` is the one that its impacts were computed with."""

    def __init__(
        self, base: int, held: Held, documents: Sequence[Document], alive: np.ndarray, by_term: ByTerm, model: Model
    ) -> None:
        super().__init__(base, held, documents, alive)
        self.by_term, self.model = by_term, model
        self.file: dict[str, Any] | None = None  # where `shelf` keeps it

    @classmethod
    def of(
        cls, base: int, held: Held, documents: Sequence[Document], languages: np.ndarray, terms: int, model: Model
    ) -> "Sealed":
        """Seals documents that are held by document."""
        by_term = ByTerm(*invert(held, languages, model, terms))
        return cls(base, held, documents, np.ones(len(documents), np.uint8), by_term, model)

    def search(
        self, asked: Asked, model: Model, floors: np.ndarray, best: Best, slots: np.ndarray, touched: np.ndarray
    ) -> None:
        """Lets its documents into the lists."""
        scan(
            self.by_term, self.held, self.alive, self.base, asked, model, self.drift(model), LEAVE,
            floors, best, slots, touched,
        )  # fmt: skip

    def drift(self, model: Model) -> float:
        """How much a weight can have grown since its impact was stored: usual lengths that grow let every
        document seem shorter."""
        return max(1.0, model.chinese / self.model.chinese, model.english / self.model.english)


class Chains(NamedTuple):
    """What a reader of the fresh documents takes as one: arrays of one age, and how many documents count.

    heads      term → its latest posting, −1 when it has none
    following  posting → the one before of the same term
    owners     posting → its document; one beyond those that count while it is being written
    """

    heads: np.ndarray
    following: np.ndarray
    owners: np.ndarray
    held: Held
    alive: np.ndarray
    size: int


class Fresh(Rows):
    """The latest documents; each term's postings are a chain.

    Arrays that are full are replaced all together, never one alone: so no head that a reader holds points
    beyond the chains that he holds.
    """

    def __init__(self, base: int) -> None:
        held = Held(
            np.zeros(65, np.uint32), np.zeros(4096, np.uint32), np.zeros(4096, np.uint8), np.zeros(0, np.int64),
            np.zeros(0), np.zeros((64, 2), np.float32), np.zeros(64),
        )  # fmt: skip
        self.list: list[Document] = []
        super().__init__(base, held, self.list, np.zeros(64, np.uint8))
        heads, following, owners = (
            np.full(4096, -1, np.int32),
            np.full(4096, -1, np.int32),
            np.full(4096, ROWS, np.int32),
        )
        self.chains = Chains(heads, following, owners, held, self.alive, 0)

    def __len__(self) -> int:
        return self.chains.size

    def append(
        self, documents: Sequence[Document], bounds: np.ndarray, terms: np.ndarray, times: np.ndarray,
        lengths: np.ndarray, factors: np.ndarray, vocabulary: int,
    ) -> None:  # fmt: skip
        """Lets documents in; row d of them holds terms[bounds[d]:bounds[d + 1]], rising."""
        first, last = len(self), len(self) + len(documents)
        start = int(self.held.bounds[first])
        chains = self._grown(last, start + len(terms), vocabulary)
        held = chains.held
        held.terms[start : start + len(terms)] = terms
        held.frequencies[start : start + len(terms)] = np.minimum(times, LARGE)
        held.bounds[first + 1 : last + 1] = start + bounds[1:]
        held.lengths[first:last], held.factors[first:last] = lengths, factors
        large = np.flatnonzero(times >= LARGE)
        held = held._replace(
            large_at=np.concatenate([held.large_at, large + start]), large=np.concatenate([held.large, times[large]])
        )
        chains.alive[first:last] = 1
        self.list.extend(documents)
        chain(chains.heads, chains.following, chains.owners, held.bounds, held.terms, first, last)
        self.held, self.alive = held, chains.alive
        self.chains = chains._replace(held=held, size=last)

    def _grown(self, rows: int, postings: int, vocabulary: int) -> Chains:
        old, held = self.chains, self.held
        room = (len(held.factors), len(held.terms), len(old.heads))
        if rows <= room[0] and postings <= room[1] and vocabulary <= room[2]:
            return old
        rows, postings, vocabulary = (
            max(needed, 2 * had) if needed > had else had
            for needed, had in zip((rows, postings, vocabulary), room, strict=True)
        )
        held = held._replace(
            bounds=longer(held.bounds, rows + 1), terms=longer(held.terms, postings),
            frequencies=longer(held.frequencies, postings), lengths=longer(held.lengths, rows),
            factors=longer(held.factors, rows),
        )  # fmt: skip
        return Chains(
            longer(old.heads.copy(), vocabulary, -1), longer(old.following.copy(), postings, -1),
            longer(old.owners.copy(), postings, ROWS), held, longer(old.alive, rows), old.size,
        )  # fmt: skip

    def search(
        self, asked: Asked, model: Model, floors: np.ndarray, best: Best, slots: np.ndarray, touched: np.ndarray
    ) -> None:
        """Lets its documents into the lists."""
        heads, following, owners, held, alive, size = self.chains
        if size:
            scan_fresh(heads, following, owners, held, alive, size, self.base, asked, model, floors, best)


def longer(values: np.ndarray, needed: int, empty: int = 0) -> np.ndarray:
    """The same values with room for at least `needed`; twice as much as before when they must move."""
    if needed <= len(values):
        return values
    grown = np.full((max(needed, 2 * len(values)), *values.shape[1:]), empty, values.dtype)
    grown[: len(values)] = values
    return grown


def gathered(parts: Sequence[Rows]) -> tuple[Held, list[Document], list[int]]:
    """The documents of several tiles that are still there, one after another, and the rows they had."""
    bounds, lengths, factors, terms, times = [np.zeros(1, np.int64)], [], [], [], []
    documents: list[Document] = []
    rows: list[int] = []
    total = 0
    for part in parts:
        kept = np.flatnonzero(part.alive[: len(part)])
        ends = part.held.bounds.astype(np.int64)
        sizes = ends[kept + 1] - ends[kept]
        chosen = np.repeat(ends[kept] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
        whole = part.held.frequencies[: ends[len(part)]].astype(np.float64)
        whole[part.held.large_at] = part.held.large
        bounds.append(total + np.cumsum(sizes))
        total += int(sizes.sum())
        terms.append(part.held.terms[chosen])
        times.append(whole[chosen])
        lengths.append(part.held.lengths[kept])
        factors.append(part.held.factors[kept])
        documents.extend(part.documents[local] for local in kept.tolist())
        rows.extend((part.base + kept).tolist())
    joined = np.concatenate(times)
    large = np.flatnonzero(joined >= LARGE)
    held = Held(
        np.concatenate(bounds).astype(np.uint32), np.concatenate(terms), np.minimum(joined, LARGE).astype(np.uint8),
        large, joined[large], np.concatenate(lengths), np.concatenate(factors),
    )  # fmt: skip
    return held, documents, rows
