"""Reasons: says why a pair matches, as phrases that both texts hold and facts that fit.

A phrase is a run of the question's words that the found document holds in the same order, so that
neighbouring words and character pairs are read as one. Its weight is the share of the text score that
its index terms carry; no term counts in two reasons, so the shares never add up to more than 1.
Texts are in one language or in two: each reader gets at most `settings.reasons`, so a pair of bilingual
listings has as many phrases for the one as for the other.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from matching.documents import CHINESE, ENGLISH, PARTS, Document, Reason
from matching.fit import Fit
from matching.settings import Settings
from matching.text import BIGRAM, HAN, Token, is_chinese, is_han, lowered, spelled, stem, tokens

_ATOM = re.compile(rf"[{HAN}]|[a-zà-öø-ÿα-ω0-9]+|\n|[^\s]")
_HAN = re.compile(f"[{HAN}]")
_MARK = "\x1f"
_JOINTS = ("", " ", "-")
_PARTICLE_WORDS = (
    "的 了 和 与 及 或 在 是 对 等 为 以 并 将 用 于 由 其 该 可 中 上 下 从 把 被 而 且 也 就 都"
    " 用于 以及 进行 通过"
    " a an the of and or for in on at to by with from as is are be was were that this it its we our which can"
    " has have will into via using used"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
"""Words that end a phrase: they say nothing by themselves, and phrases stay short without them."""

Shared = Mapping[str, tuple[float, int]]
"""Index term → (what it adds to the raw score, bits of the parts that hold it)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the question that the found document holds in the same order."""

    words: str
    atoms: str
    terms: frozenset[str]
    marked: str


class Wording:
    """A part of a document as atoms (single Chinese characters, stemmed Latin runs, signs)."""

    def __init__(self, part: str) -> None:
        self.spelled = spelled(part)
        self.folded = lowered(self.spelled)
        self.spans = [(found.start(), found.end()) for found in _ATOM.finditer(self.folded)]
        self.atoms = [_atom(atom) for atom in _ATOM.findall(self.folded)]
        self.joined = _MARK + _MARK.join(self.atoms) + _MARK
        self.known = frozenset(self.atoms) | frozenset(_pairs(self.atoms))

    def holds(self, atoms: str) -> bool:
        """Whether these joined atoms stand here one after another."""
        if atoms.count(_MARK) < 2:
            return atoms in self.known
        return _MARK + atoms + _MARK in self.joined

    def first(self, atoms: str) -> tuple[int, int]:
        """Where these atoms stand first in the folded text."""
        first = self.joined[: self.joined.index(_MARK + atoms + _MARK)].count(_MARK)
        return self.spans[first][0], self.spans[first + atoms.count(_MARK)][1]

    def written(self, atoms: str) -> str:
        """How these atoms are written here, at their first place."""
        start, end = self.first(atoms)
        return " ".join(self.spelled[start:end].split())

    def in_chinese(self, atoms: str) -> bool:
        """Whether they stand first in a Chinese line."""
        start, _end = self.first(atoms)
        line = self.folded[self.folded.rfind("\n", 0, start) + 1 :]
        return is_chinese(line.split("\n", 1)[0])


@lru_cache(maxsize=512)
def _held(*parts: str) -> tuple[list[Wording], frozenset[str]]:
    """The parts of a found document, and every atom and pair of atoms in any of them."""
    held = [_wording(part) for part in parts]
    return held, frozenset().union(*(wording.known for wording in held))


def _pairs(atoms: Sequence[str]) -> list[str]:
    return [f"{one}{_MARK}{other}" for one, other in pairwise(atoms)]


@lru_cache(maxsize=1024)
def _wording(part: str) -> Wording:
    return Wording(part)


class Asked:
    """A part of a question, cut once for all the documents it is compared with."""

    def __init__(self, part: str) -> None:
        wording = _wording(part)
        self.folded, self.atoms, self.pairs = wording.folded, wording.atoms, _pairs(wording.atoms)
        self.tokens = sorted(tokens(self.folded), key=lambda token: (token.start, token.end))
        self.starts = [token.start for token in self.tokens]
        self.words = _outermost([token for token in self.tokens if not token.term.startswith(BIGRAM)])
        begins = {start: place for place, (start, _) in enumerate(wording.spans)}
        ends = {end: place for place, (_, end) in enumerate(wording.spans)}
        self.spans = [(begins.get(word.start, -1), ends.get(word.end, -1)) for word in self.words]
        self.light = [self.folded[word.start : word.end] in _PARTICLES for word in self.words]
        self.needed = [self._needed(begin, end) for begin, end in self.spans]
        self.openings = [place for place, light in enumerate(self.light) if not light]
        self.alone = {place: self.run(place, place) for place in self.openings}
        self.joined = [
            not self.light[place + 1] and self.folded[word.end : following.start] in _JOINTS
            for place, (word, following) in enumerate(zip(self.words, self.words[1:], strict=False))
        ]

    def _needed(self, begin: int, end: int) -> list[str]:
        """Atoms and pairs without which a document cannot hold a word after the one before it."""
        if begin < 0 or end < 0:
            return []
        return [self.atoms[begin], *self.pairs[begin:end]]

    def follows(self, word: int, known: frozenset[str]) -> bool:
        """Whether a document of these atoms and pairs may hold a word right after the one before it."""
        begin, before = self.spans[word][0], self.spans[word - 1][1]
        if begin >= 1 and before == begin - 1 and self.pairs[before] not in known:
            return False
        return known.issuperset(self.needed[word])

    def run(self, first: int, last: int) -> str:
        """The atoms of the words first..last, joined."""
        begin, end = self.spans[first][0], self.spans[last][1]
        if begin >= 0 and end >= 0:
            return _MARK.join(self.atoms[begin : end + 1])
        return _atoms(self.folded[self.words[first].start : self.words[last].end])

    def terms(self, start: int, end: int) -> Iterator[str]:
        """Terms that stand within a stretch of the text."""
        for place in range(bisect_left(self.starts, start), len(self.tokens)):
            token = self.tokens[place]
            if token.start > end:
                break
            if token.end <= end:
                yield token.term


@lru_cache(maxsize=64)
def _asked(part: str) -> Asked:
    return Asked(part)


def _atoms(folded: str) -> str:
    return _MARK.join(map(_atom, _ATOM.findall(folded)))


def _atom(written: str) -> str:
    return stem(written) if len(written) > 1 else written


def _outermost(words: list[Token]) -> list[Token]:
    """The words without those that lie within another ("99" and "9" of "99.9%"), in reading order."""
    kept: list[Token] = []
    for token in sorted(words, key=lambda token: (token.start, -token.end)):
        if not kept or token.end > kept[-1].end:
            kept.append(token)
    return kept


def text_reasons(question: Document, found: Document, shared: Shared, settings: Settings) -> list[Reason]:
    """Phrases that carry the text score, the heaviest first, at most `settings.reasons` for a reader.

    Phrases are taken greedily: after each, the terms it used no longer count for the others.
    """
    total = sum(value for value, _ in shared.values())
    open_phrases = phrases(question, found, shared, settings.phrase_words)
    weights = {phrase.atoms: _sum(phrase.terms, shared) / total for phrase in open_phrases}
    reasons: list[Reason] = []
    used: set[str] = set()
    while open_phrases:
        heaviest = max(open_phrases, key=lambda phrase: (weights[phrase.atoms], len(phrase.words), phrase.words))
        if (weights[heaviest.atoms] < settings.phrase_share and reasons) or weights[heaviest.atoms] <= 0:
            break
        reason = _reason(heaviest, found, weights[heaviest.atoms], heaviest.terms - used)
        open_phrases.remove(heaviest)
        if not _room(reason.language, reasons, settings.reasons):
            continue
        reasons.append(reason)
        marked = heaviest.marked
        open_phrases = [p for p in open_phrases if p.marked not in marked and marked not in p.marked]
        for phrase in open_phrases:
            if not phrase.terms.isdisjoint(heaviest.terms):
                weights[phrase.atoms] = _sum(phrase.terms - used - heaviest.terms, shared) / total
        used |= heaviest.terms
    return reasons


def _sum(terms: Iterable[str], shared: Shared) -> float:
    return sum(shared[term][0] for term in terms)


def _room(language: str, reasons: Sequence[Reason], most: int) -> bool:
    """Whether a reader of this language, or of any if it is for both, has fewer than `most` phrases."""
    read = [sum(reason.language in ("", each) for reason in reasons) for each in (CHINESE, ENGLISH)]
    if language:
        return read[language == ENGLISH] < most
    return max(read) < most


def _reason(phrase: Phrase, found: Document, weight: float, terms: Iterable[str]) -> Reason:
    part = next(name for name in PARTS if _wording(found.part(name)).holds(phrase.atoms))
    wording = _wording(found.part(part))
    label = wording.written(phrase.atoms)
    language = CHINESE if _HAN.search(label) else "" if wording.in_chinese(phrase.atoms) else ENGLISH
    return Reason("text", label, tuple(sorted(terms)), round(weight, 12), part, {}, language)


def phrases(question: Document, found: Document, shared: Shared, longest: int) -> list[Phrase]:
    """The longest common runs of words of both documents, at most `phrase_words` long each."""
    held, known = _held(*(found.part(name) for name in PARTS))
    light = 0.25 * sum(value for value, _ in shared.values()) / max(len(shared), 1)
    kept: dict[str, Phrase] = {}
    for name in PARTS:
        asked = _asked(question.part(name))
        for first, last in _common_runs(asked, held, known, longest):
            for begin, end in _trimmed(asked.words, first, last, shared, light):
                atoms = asked.run(begin, end)
                if atoms not in kept:
                    start, stop = asked.words[begin].start, asked.words[end].end
                    inside = frozenset(term for term in asked.terms(start, stop) if term in shared)
                    kept[atoms] = Phrase(asked.folded[start:stop], atoms, inside, _MARK + atoms + _MARK)
    return list(kept.values())


def _common_runs(
    asked: Asked, held: Sequence[Wording], known: frozenset[str], longest: int
) -> Iterator[tuple[int, int]]:
    """Longest runs (first, last) of the question's words that the found document holds, from each word
    on, skipping those within an earlier one. Signs and particles end a run; a blank or a hyphen does not.

    known  every atom and pair of atoms of the found document: most words are passed over by them
    """
    reached = -1
    for first in asked.openings:
        if not known.issuperset(asked.needed[first]):
            continue
        holding = _holding(held, asked.alone[first])
        last = first
        end = min(len(asked.words), first + longest)
        while holding and last + 1 < end and asked.joined[last] and asked.follows(last + 1, known):
            longer = _holding(holding, asked.run(first, last + 1))
            if not longer:
                break
            holding, last = longer, last + 1
        if holding and last > reached:
            reached = last
            yield first, last


def _holding(held: Sequence[Wording], atoms: str) -> list[Wording]:
    return [wording for wording in held if wording.holds(atoms)]


def _trimmed(words: Sequence[Token], first: int, last: int, shared: Shared, light: float) -> Iterator[tuple[int, int]]:
    """A run without light words or single characters at its ends; a single Chinese one may stand alone."""
    heavy = [at for at in range(first, last + 1) if _weight(words[at], shared) > light]
    heavy = [at for at in heavy if words[at].end - words[at].start > 1 or (first == last and is_han(words[at].term))]
    if heavy:
        yield heavy[0], heavy[-1]


def _weight(word: Token, shared: Shared) -> float:
    return shared[word.term][0] if word.term in shared else 0.0


def structured_reasons(fits: Mapping[str, Fit], score: float, text: float, settings: Settings) -> list[Reason]:
    """Facts that suit each other at least half, each with the part of the score that hangs on it."""
    fitting = {name: fit for name, fit in fits.items() if fit.value >= 0.5 and score > 0}
    shares = {name: text * settings.structured[name] * fit.value / score for name, fit in fitting.items()}
    return [
        Reason(name, fit.code, fit.shared, round(shares[name], 12), "", fit.params) for name, fit in fitting.items()
    ]


def all_reasons(text: list[Reason], structured: list[Reason], settings: Settings) -> tuple[Reason, ...]:
    """For each reader at most `settings.reasons`: the facts that fit, but never at the cost of the two best
    phrases of a language."""
    kept = sorted(structured, key=lambda reason: (-reason.weight, reason.kind))
    room = max(2, settings.reasons - len(kept))
    chosen: list[Reason] = []
    for reason in text:
        if _room(reason.language, chosen, room):
            chosen.append(reason)
    read = max(sum(reason.language in ("", each) for reason in chosen) for each in (CHINESE, ENGLISH))
    return (*chosen, *kept[: settings.reasons - read])
