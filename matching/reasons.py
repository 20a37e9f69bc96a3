"""Reasons: says why a pair matches, as phrases that both texts hold and facts that fit.

A phrase is a run of the question's words that the found document holds in the same order, so that
neighbouring words and character pairs are read as one. Its weight is the share of the text score that
its index terms carry; no term counts in two reasons, so the shares never add up to more than 1.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from matching.documents import PARTS, Document, Reason
from matching.fit import Fit
from matching.settings import Settings
from matching.text import BIGRAM, HAN, Token, fold, stem, tokens

_ATOM = re.compile(rf"[{HAN}]|[a-zà-öø-ÿα-ω0-9]+|[^\s]")
_MARK = "\x1f"

Shared = Mapping[str, tuple[float, int]]
"""Index term → (what it adds to the raw score, bits of the parts that hold it)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the question that the found document holds in the same order."""

    words: str
    atoms: str
    terms: frozenset[str]


class Wording:
    """A folded part of a document as atoms (single Chinese characters, stemmed Latin runs, signs)."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.spans = [(found.start(), found.end()) for found in _ATOM.finditer(folded)]
        self.atoms = [stem(folded[start:end]) for start, end in self.spans]
        self.joined = _MARK + _MARK.join(self.atoms) + _MARK

    def holds(self, atoms: str) -> bool:
        """Whether these joined atoms stand here one after another."""
        return _MARK + atoms + _MARK in self.joined

    def written(self, atoms: str) -> str:
        """How these atoms are written here, at their first place."""
        first = self.joined[: self.joined.index(_MARK + atoms + _MARK)].count(_MARK)
        last = first + atoms.count(_MARK)
        return " ".join(self.folded[self.spans[first][0] : self.spans[last][1]].split())


@lru_cache(maxsize=1024)
def _wording(part: str) -> Wording:
    return Wording(fold(part))


def text_reasons(question: Document, found: Document, shared: Shared, settings: Settings) -> list[Reason]:
    """Phrases that carry the text score, the heaviest first, at most `settings.reasons`.

    Phrases are taken greedily: after each, the terms it used no longer count for the others.
    """
    total = sum(value for value, _ in shared.values())
    open_phrases = phrases(question, found, shared)
    reasons: list[Reason] = []
    used: set[str] = set()

    def weight(phrase: Phrase) -> float:
        return sum(shared[term][0] for term in phrase.terms - used) / total

    while open_phrases and len(reasons) < settings.reasons:
        heaviest = max(open_phrases, key=lambda phrase: (weight(phrase), len(phrase.words), phrase.words))
        if weight(heaviest) < settings.phrase_share and reasons or weight(heaviest) <= 0:
            break
        reasons.append(_reason(heaviest, found, weight(heaviest), heaviest.terms - used))
        used |= heaviest.terms
        open_phrases = [p for p in open_phrases if not _within(p, heaviest) and not _within(heaviest, p)]
    return reasons


def _within(inner: Phrase, outer: Phrase) -> bool:
    return _MARK + inner.atoms + _MARK in _MARK + outer.atoms + _MARK


def _reason(phrase: Phrase, found: Document, weight: float, terms: Iterable[str]) -> Reason:
    part = next(name for name in PARTS if _wording(found.part(name)).holds(phrase.atoms))
    label = _wording(found.part(part)).written(phrase.atoms)
    return Reason("text", label, tuple(sorted(terms)), round(weight, 12), part)


def phrases(question: Document, found: Document, shared: Shared) -> list[Phrase]:
    """The longest common runs of words of both documents, without weightless words at their ends."""
    held = [_wording(found.part(name)) for name in PARTS]
    kept: dict[str, Phrase] = {}
    for name in PARTS:
        asked = _wording(question.part(name))
        marked = list(_tokens_of(question.part(name)))
        words = [token for token in marked if not token.term.startswith(BIGRAM)]
        for first, last in _common_runs(words, asked, held, shared):
            start, end = words[first].start, words[last].end
            inside = frozenset(t.term for t in marked if t.start >= start and t.end <= end and t.term in shared)
            phrase = Phrase(asked.folded[start:end], _atoms(asked.folded[start:end]), inside)
            earlier = kept.get(phrase.atoms)
            kept[phrase.atoms] = phrase if earlier is None else Phrase(phrase.words, phrase.atoms, inside | earlier.terms)
    return list(kept.values())


@lru_cache(maxsize=64)
def _tokens_of(part: str) -> tuple[Token, ...]:
    return tuple(tokens(fold(part)))


def _atoms(folded: str) -> str:
    return _MARK.join(stem(found[0]) for found in _ATOM.finditer(folded))


def _common_runs(
    words: list[Token], asked: Wording, held: list[Wording], shared: Shared
) -> Iterable[tuple[int, int]]:
    """Longest runs (first, last) of the question's words that the found document holds, from each word
    on, skipping runs that lie within an earlier one."""
    reached, typical = -1, _typical(shared)
    for first, word in enumerate(words):
        if word.term not in shared:
            continue
        last = first
        while last + 1 < len(words) and _stands(words, first, last + 1, asked, held):
            last += 1
        if last > reached and _stands(words, first, last, asked, held):
            reached = last
            yield from _trimmed(words, first, last, shared, typical)


def _stands(words: list[Token], first: int, last: int, asked: Wording, held: list[Wording]) -> bool:
    atoms = _atoms(asked.folded[words[first].start : words[last].end])
    return any(wording.holds(atoms) for wording in held)


def _typical(shared: Shared) -> float:
    values = [value for value, _ in shared.values()]
    return 0.25 * sum(values) / len(values) if values else 0.0


def _trimmed(
    words: list[Token], first: int, last: int, shared: Shared, typical: float
) -> Iterable[tuple[int, int]]:
    """A run without the light words (such as 的, of) at its ends; nothing when only light ones remain."""

    def light(at: int) -> bool:
        token = words[at]
        return shared.get(token.term, (0.0, 0))[0] < typical or (token.end - token.start == 1 and last > first)

    while first <= last and light(first):
        first += 1
    while first <= last and light(last):
        last -= 1
    if first <= last:
        yield first, last


def structured_reasons(fits: Mapping[str, Fit], score: float, text: float, settings: Settings) -> list[Reason]:
    """Facts that suit each other at least half, each with the part of the score that hangs on it."""
    return [
        Reason(name, fit.code, fit.shared, round(text * settings.structured[name] * fit.value / score, 12), "", fit.params)
        for name, fit in fits.items()
        if fit.value >= 0.5 and score > 0
    ]


def all_reasons(text: list[Reason], structured: list[Reason], settings: Settings) -> tuple[Reason, ...]:
    """At most `settings.reasons`: the facts that fit, but never at the cost of the two best phrases."""
    kept = sorted(structured, key=lambda reason: (-reason.weight, reason.kind))
    room = max(min(2, len(text)), settings.reasons - len(kept))
    chosen = text[:room] + kept[: settings.reasons - min(room, len(text))]
    return tuple(chosen)
