"""Fast: the compiled index. Same face and same ranking as the plain one, without scoring every document.

Document frequency enters on the question's side only and usual lengths are two numbers, so that letting a
document in or out changes counters and no stored weight. New documents go to a fresh tile and are found at
once; they are folded into small sealed tiles, and these into larger ones. Readers take the tuple of tiles as it
is and never wait.
"""

import threading
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from itertools import repeat
from weakref import WeakValueDictionary

import numpy as np

from matching.counting import ENGLISH
from matching.documents import Document
from matching.index import TextIndex
from matching.kernels import Asked, Best, Model
from matching.query import Query, ask, languages_of
from matching.ranking import Group, bounded
from matching.reading import read
from matching.settings import Settings
from matching.tiles import ROWS, Fresh, Rows, Sealed, gathered, longer
from matching.weights import Statistics, factors, norm_factors

BLOCK = 4096
"""Documents let in together."""
FRESH = 64
"""Fresh documents that are folded into a small sealed tile: a question walks their chains, which costs more."""
FIRST = 8192
"""Documents that a tile has to have to be searched before larger ones."""
GROWTH = 8
"""How many times larger a tile before them may be to be folded together with them: so each document is written
again a few times at most, and between the fresh ones and the full tiles there are two or three small ones."""


class FastIndex:
    """Documents by row. Row r lies in the tile that begins at r rounded down to a multiple of 65,536."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.touched = np.zeros(3, np.int64)
        self._lock, self._one_folds = threading.RLock(), threading.Lock()
        self._folding: threading.Thread | None = None
        self._vocabulary: MutableMapping[str, int] = {}
        self._languages, self._frequency = np.zeros(1024, np.uint8), np.zeros(1024, np.int64)
        self._lengths, self._present = np.zeros(2), np.zeros(2)
        self._row_of: MutableMapping[str, int] = {}
        self._bases = 0
        # a tile that was merged away stays known for as long as a reader still has it
        self._tiles: WeakValueDictionary[int, Rows] = WeakValueDictionary()
        self._parts: tuple[Sealed | Fresh, ...] = ()
        self._begin()

    @classmethod
    def of(cls, plain: TextIndex) -> "FastIndex":
        """The documents of a plain index, not cut into words again."""
        index = cls(plain.settings)
        if plain.counts is None:
            return index
        words = list(plain.vocabulary)
        columns = index.columns_of(words, languages_of(words))
        for start in range(0, len(plain), ROWS):
            block, lengths = plain.counts.weighted[start : start + ROWS], plain.counts.lengths[start : start + ROWS]
            norms = factors(block, index._languages[columns], index.settings)[:, ENGLISH]
            documents = plain.documents[start : start + ROWS]
            index.append(documents, block.indptr, block.indices, block.data, lengths, norms)
            index.merge()
        return index

    def restore(
        self, tiles: Sequence[Sealed], words: MutableMapping[str, int], rows: MutableMapping[str, int],
        languages: np.ndarray, frequency: np.ndarray, lengths: np.ndarray, present: np.ndarray,
    ) -> None:  # fmt: skip
        """Takes over a stored state."""
        self._vocabulary, self._row_of = words, rows
        self._languages, self._frequency = longer(languages, 1024), longer(frequency, 1024)
        self._lengths, self._present = lengths, present
        self._tiles.update({tile.base // ROWS: tile for tile in tiles})
        self._bases = max((tile.base + ROWS for tile in tiles), default=0)
        self._parts = tuple(tiles)
        self._begin()

    @property
    def parts(self) -> tuple[Sealed | Fresh, ...]:
        """The tiles as they are now, the fresh one last."""
        return self._parts

    def writing(self) -> threading.RLock:
        """Held while nothing may be let in or out; readers go on."""
        return self._lock

    def words(self) -> list[str]:
        """The vocabulary in the order of its columns."""
        return list(self._vocabulary)

    def rows(self) -> dict[str, int]:
        """Row of each document."""
        return dict(self._row_of)

    def totals(self) -> dict[str, np.ndarray]:
        """What the collection adds up to, by the names of `restore`."""
        size = len(self._vocabulary)
        return {
            "languages": self._languages[:size],
            "frequency": self._frequency[:size],
            "lengths": self._lengths,
            "present": self._present,
        }

    def plain(self) -> TextIndex:
        """The same documents in a plain index, counted anew."""
        plain = TextIndex(self.settings)
        plain.add(self.documents)
        return plain

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._row_of

    @property
    def documents(self) -> list[Document]:
        """Every document held."""
        return [self.document(row) for row in self._row_of.values()]

    def row(self, document_id: str) -> int:
        """Row of a document; KeyError when it is not held."""
        return self._row_of[document_id]

    def document(self, row: int) -> Document:
        """The document of a row."""
        return self._tiles[row // ROWS].documents[row % ROWS]

    def add(self, documents: Iterable[Document]) -> None:
        """Lets documents in; the last of one id counts, and replaces an earlier one."""
        fresh = list({document.id: document for document in documents}.values())
        for start in range(0, len(fresh), BLOCK):
            block = fresh[start : start + BLOCK]
            if len(self._parts[-1]) + len(block) > ROWS:
                self.fold()
            with self._lock:
                self._let_in(block)
            if len(fresh) > BLOCK:
                self.fold()
        if len(self._parts[-1]) >= FRESH:
            self.fold_behind()

    def remove(self, ids: Iterable[str]) -> None:
        """Lets documents out; an id that is not held is passed over."""
        touched: set[Rows] = set()
        with self._lock:
            for row in [self._row_of.pop(i) for i in set(ids) if i in self._row_of]:
                part, local = self._tiles[row // ROWS], row % ROWS
                touched.add(part)
                part.alive[local] = 0
                self._frequency[part.postings(local)[0]] -= 1
                self._lengths -= part.held.lengths[local]
                self._present -= part.held.lengths[local] > 0
        if any(part.is_worn for part in touched):
            self.fold_behind()

    def query(self, document: Document) -> Query:
        """A document as a question to this collection."""
        return ask(document, self.lookup, self.statistics(), self.settings)

    def falling(self, queries: Sequence[Query], steps: Sequence[int]) -> Iterator[Iterator[Group]]:
        """For each query its documents in falling order of similarity, in groups of about `steps`."""
        parts, most = self._parts, max(steps, default=0)
        best = self._best(queries, most, parts) if most > 0 else None
        for place, query in enumerate(queries):
            yield self._groups(query, best, place, parts) if best else iter(())

    def contributions(self, query: Query, row: int) -> dict[str, tuple[float, int]]:
        """What each shared term adds to the raw score of one row; the bits of parts are not kept here."""
        part, local = self._tiles[row // ROWS], row % ROWS
        terms, times = part.postings(local)
        places = np.searchsorted(terms, query.columns)
        shared = (query.columns >= 0) & (places < len(terms))
        shared[shared] = terms[places[shared]] == query.columns[shared]
        model = self._model()
        divisors = self._divisors(part.held.lengths[local].astype(np.float64), model)
        factor = np.where(query.languages == ENGLISH, part.held.factors[local], 1.0)
        found = times[np.where(shared, places, 0)] if len(times) else np.ones(len(places))
        k = model.saturation
        values = query.weights * (k + 1) * found / (found + k * divisors[query.languages]) * factor
        return {query.terms[i]: (float(values[i]), 0) for i in np.flatnonzero(shared)}

    def merge(self) -> None:
        """Seals the fresh documents, together with the tiles before them as far as one tile holds them, and leaves
        out what was removed. Others may read, add and remove meanwhile."""
        self._fold(ROWS)

    def fold(self) -> None:
        """The same with small tiles alone: what a few additions cost hangs on how many they are."""
        self._fold(GROWTH)

    def fold_behind(self) -> None:
        """The same in the background; nothing when it is under way."""
        if self._folding is None or not self._folding.is_alive():
            self._folding = threading.Thread(target=self.fold, name="fold", daemon=True)
            self._folding.start()

    def _fold(self, growth: int) -> None:
        with self._one_folds:
            if len(self._parts[-1]) or any(part.is_worn for part in self._tail(growth)):
                self._seal(self._tail(growth))
            for part in self._parts[:-1]:
                if part.is_worn:
                    self._seal([part])

    def _tail(self, growth: int) -> list[Sealed | Fresh]:
        """The last tiles, as far as one holds them all and none is too large for those behind it."""
        chosen: list[Sealed | Fresh] = [self._parts[-1]]
        total = len(chosen[0]) - chosen[0].removed
        for part in reversed(self._parts[:-1]):
            left = len(part) - part.removed
            if total + left > ROWS or left > growth * max(total, FRESH):
                break
            chosen.insert(0, part)
            total += left
        return chosen

    def _seal(self, chosen: list[Sealed | Fresh]) -> None:
        """Puts one sealed tile in the place of these neighbours."""
        with self._lock:
            if chosen[-1] is self._parts[-1]:
                self._begin()
            base, model, languages = self._base(), self._model(), self._languages.copy()
            terms = len(self._vocabulary)
        held, documents, rows = gathered(chosen)
        sealed = Sealed.of(base, held, documents, languages, terms, model) if documents else None
        with self._lock:
            if sealed:
                self._take_over(sealed, rows)
            first = self._parts.index(chosen[0])
            after = self._parts[first + len(chosen) :]
            self._parts = (*self._parts[:first], *([sealed] if sealed else []), *after)

    def _take_over(self, sealed: Sealed, rows: list[int]) -> None:
        """Points to the new places; what was removed or replaced meanwhile is marked there too."""
        self._tiles[sealed.base // ROWS] = sealed
        for local, (document, row) in enumerate(zip(sealed.documents, rows, strict=True)):
            if self._row_of.get(document.id) == row:
                self._row_of[document.id] = sealed.base + local
            else:
                sealed.alive[local] = 0

    def _begin(self) -> None:
        fresh = Fresh(self._base())
        self._tiles[fresh.base // ROWS] = fresh
        self._parts = (*self._parts, fresh)

    def _base(self) -> int:
        self._bases += ROWS
        return self._bases - ROWS

    def _let_in(self, documents: list[Document]) -> None:
        self.remove(document.id for document in documents)
        bounds, columns, times, lengths = read(documents, self.columns_of, self.settings)
        norms = norm_factors(bounds, times, self._languages[columns] == ENGLISH, self.settings)
        self.append(documents, bounds, columns, times, lengths, norms)

    def append(
        self, documents: Sequence[Document], bounds: np.ndarray, terms: np.ndarray, times: np.ndarray,
        lengths: np.ndarray, norms: np.ndarray,
    ) -> None:  # fmt: skip
        """Lets counted documents in that are not held yet, their terms as columns; `tiles.Fresh` says how."""
        fresh = self._parts[-1]
        assert isinstance(fresh, Fresh)
        first = fresh.base + len(fresh)
        fresh.append(documents, bounds, terms, times, lengths, norms, len(self._vocabulary))
        np.add.at(self._frequency, terms, 1)
        self._lengths += lengths.sum(axis=0)
        self._present += (lengths > 0).sum(axis=0)
        self._row_of.update({document.id: first + at for at, document in enumerate(documents)})

    def columns_of(self, terms: list[str], languages: np.ndarray) -> np.ndarray:
        """Columns of these distinct terms; unknown ones are let into the vocabulary."""
        vocabulary = self._vocabulary
        columns = np.fromiter(map(vocabulary.get, terms, repeat(-1)), np.int64, len(terms))
        new = np.flatnonzero(columns < 0)
        columns[new] = len(vocabulary) + np.arange(len(new))
        # first room, then names: a reader may look up a name at any time
        self._languages = longer(self._languages, len(vocabulary) + len(new))
        self._frequency = longer(self._frequency, len(vocabulary) + len(new))
        self._languages[columns[new]] = languages[new]
        vocabulary.update(zip([terms[place] for place in new.tolist()], columns[new].tolist(), strict=True))
        return columns

    def lookup(self, terms: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Columns of terms, −1 for unknown ones, and how many documents hold each."""
        columns = np.array([self._vocabulary.get(term, -1) for term in terms], dtype=np.int64)
        return columns, np.where(columns >= 0, self._frequency[columns], 0).astype(np.float64)

    def statistics(self) -> Statistics:
        """What the collection says about its terms, as it is now."""
        usual = np.maximum(self._lengths / np.maximum(self._present, 1), 1e-9)
        return Statistics(len(self._row_of), self._frequency, usual)

    def _model(self) -> Model:
        chinese, english = self.statistics().mean_length.tolist()
        chosen = self.settings
        return Model(chosen.saturation, chinese, english, chosen.length_share, chosen.latin_length_share)

    def _divisors(self, lengths: np.ndarray, model: Model) -> np.ndarray:
        chinese = 1 - model.chinese_share + model.chinese_share * lengths[0] / model.chinese
        english = 1 - model.english_share + model.english_share * lengths[1] / model.english
        return np.array([chinese, english if lengths[1] else chinese])

    def _best(self, queries: Sequence[Query], k: int, parts: Sequence[Sealed | Fresh]) -> Best:
        k = max(1, min(k, len(self._row_of)))
        known = [query.columns >= 0 for query in queries]
        asked = Asked(
            np.cumsum([0, *(int(each.sum()) for each in known)]),
            np.concatenate([query.columns[each] for query, each in zip(queries, known, strict=True)]),
            np.concatenate([query.weights[each] for query, each in zip(queries, known, strict=True)]),
            np.concatenate([query.languages[each] for query, each in zip(queries, known, strict=True)]),
        )
        return self.search(asked, k, parts)

    def search(self, asked: Asked, k: int, parts: Sequence[Sealed | Fresh] | None = None) -> Best:
        """The best k raw scores of each question, as heaps; tile by tile over all questions. The first one is read
        whole, and its best let most of the others be passed over: a small one is best, if it has enough of them."""
        count = len(asked.bounds) - 1
        best = Best(np.zeros((count, k)), np.full((count, k), -1, np.int64), np.zeros(count, np.int64))
        parts = sorted(self._parts if parts is None else parts, key=lambda part: (len(part) < FIRST, len(part)))
        slots, model, floors = np.zeros(len(self._vocabulary), np.uint16), self._model(), np.zeros(count)
        for part in parts:
            part.search(asked, model, floors, best, slots, self.touched)
        return best

    def _groups(self, query: Query, best: Best, place: int, parts: tuple[Sealed | Fresh, ...]) -> Iterator[Group]:
        met = np.zeros(0, np.int64)
        while True:
            size, k = int(best.sizes[place]), best.scores.shape[1]
            rows = best.rows[place, :size]
            similarities = bounded(best.scores[place, :size] / (query.self_score or 1.0))
            new = ~np.isin(rows, met) & (similarities > 0)
            rest = float(similarities.min()) if size == k and k < len(self._row_of) else -1.0
            yield rows[new], similarities[new], rest
            if rest < 0:
                return
            met, place = rows, 0
            best = self._best([query], 4 * k, parts)
