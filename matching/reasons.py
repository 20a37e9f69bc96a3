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
from matching.text import BIGRAM, HAN, Token, fold, is_han, spelled, stem, tokens

_ATOM = re.compile(rf"[{HAN}]|[a-zà-öø-ÿα-ω0-9]+|\n|[^\s]")
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


class Wording:
    """A part of a document as atoms (single Chinese characters, stemmed Latin runs, signs)."""

    def __init__(self, part: str) -> None:
        self.spelled, self.folded = spelled(part), fold(part)
        self.spans = [(found.start(), found.end()) for found in _ATOM.finditer(self.folded)]
        self.joined = _MARK + _atoms(self.folded) + _MARK

    def holds(self, atoms: str) -> bool:
        """Whether these joined atoms stand here one after another."""
        return _MARK + atoms + _MARK in self.joined

    def written(self, atoms: str) -> str:
        """How these atoms are written here, at their first place."""
        first = self.joined[: self.joined.index(_MARK + atoms + _MARK)].count(_MARK)
        last = first + atoms.count(_MARK)
        return " ".join(self.spelled[self.spans[first][0] : self.spans[last][1]].split())


@lru_cache(maxsize=1024)
def _wording(part: str) -> Wording:
    return Wording(part)


def text_reasons(question: Document, found: Document, shared: Shared, settings: Settings) -> list[Reason]:
    """Phrases that carry the text score, the heaviest first, at most `settings.reasons`.

    Phrases are taken greedily: after each, the terms it used no longer count for the others.
    """
    total = sum(value for value, _ in shared.values())
    open_phrases = phrases(question, found, shared, settings.phrase_words)
    reasons: list[Reason] = []
    used: set[str] = set()

    def weight(phrase: Phrase) -> float:
        return sum(shared[term][0] for term in phrase.terms - used) / total

    while open_phrases and len(reasons) < settings.reasons:
        heaviest = max(open_phrases, key=lambda phrase: (weight(phrase), len(phrase.words), phrase.words))
        if (weight(heaviest) < settings.phrase_share and reasons) or weight(heaviest) <= 0:
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


def phrases(question: Document, found: Document, shared: Shared, longest: int) -> list[Phrase]:
    """The longest common runs of words of both documents, at most `phrase_words` long each."""
    held = [_wording(found.part(name)) for name in PARTS]
    kept: dict[str, Phrase] = {}
    for name in PARTS:
        marked = _tokens_of(question.part(name))
        asked = _wording(question.part(name)).folded
        words = _outermost([token for token in marked if not token.term.startswith(BIGRAM)])
        for first, last in _common_runs(words, asked, held, shared, longest):
            start, end = words[first].start, words[last].end
            inside = {t.term for t in marked if t.start >= start and t.end <= end and t.term in shared}
            phrase = Phrase(asked[start:end], _atoms(asked[start:end]), frozenset(inside))
            kept.setdefault(phrase.atoms, phrase)
    return list(kept.values())


def _outermost(words: list[Token]) -> list[Token]:
    """The words without those that lie within another ("99" and "9" of "99.9%"), in reading order."""
    ordered = sorted(words, key=lambda token: (token.start, -token.end))
    kept: list[Token] = []
    for token in ordered:
        if not kept or token.end > kept[-1].end:
            kept.append(token)
    return kept


@lru_cache(maxsize=64)
def _tokens_of(part: str) -> tuple[Token, ...]:
    return tuple(tokens(fold(part)))


def _atoms(folded: str) -> str:
    return _MARK.join(stem(found[0]) for found in _ATOM.finditer(folded))


def _common_runs(
    words: list[Token], asked: str, held: list[Wording], shared: Shared, longest: int
) -> Iterable[tuple[int, int]]:
    """Longest runs (first, last) of the question's words that the found document holds, from each word
    on, skipping those within an earlier one. Signs and particles end a run; a blank or a hyphen does not."""
    reached = -1
    for first in range(len(words)):
        if asked[words[first].start : words[first].end] in _PARTICLES:
            continue
        if not _stands(words[first : first + 1], asked, held):
            continue
        last = first
        while last + 1 < min(len(words), first + longest) and _joined(words[last], words[last + 1], asked):
            if not _stands(words[first : last + 2], asked, held):
                break
            last += 1
        if last > reached:
            reached = last
            yield from _trimmed(words, first, last, shared)


def _joined(word: Token, following: Token, asked: str) -> bool:
    particle = asked[following.start : following.end] in _PARTICLES
    return not particle and asked[word.end : following.start] in _JOINTS


def _stands(run: list[Token], asked: str, held: list[Wording]) -> bool:
    atoms = _atoms(asked[run[0].start : run[-1].end])
    return any(wording.holds(atoms) for wording in held)


def _trimmed(words: list[Token], first: int, last: int, shared: Shared) -> Iterable[tuple[int, int]]:
    """A run without light words or single characters at its ends; a single Chinese one may stand alone."""
    light = 0.25 * sum(value for value, _ in shared.values()) / max(len(shared), 1)
    heavy = [at for at in range(first, last + 1) if _weight(words[at], shared) > light]
    heavy = [
        at
        for at in heavy
        if words[at].end - words[at].start > 1 or (first == last and is_han(words[at].term))
    ]
    if heavy:
        yield heavy[0], heavy[-1]


def _weight(word: Token, shared: Shared) -> float:
    return shared[word.term][0] if word.term in shared else 0.0


def structured_reasons(
    fits: Mapping[str, Fit], score: float, text: float, settings: Settings
) -> list[Reason]:
    """Facts that suit each other at least half, each with the part of the score that hangs on it."""
    fitting = {name: fit for name, fit in fits.items() if fit.value >= 0.5 and score > 0}
    shares = {name: text * settings.structured[name] * fit.value / score for name, fit in fitting.items()}
    return [
        Reason(name, fit.code, fit.shared, round(shares[name], 12), "", fit.params)
        for name, fit in fitting.items()
    ]


def all_reasons(text: list[Reason], structured: list[Reason], settings: Settings) -> tuple[Reason, ...]:
    """At most `settings.reasons`: the facts that fit, but never at the cost of the two best phrases."""
    kept = sorted(structured, key=lambda reason: (-reason.weight, reason.kind))
    room = max(min(2, len(text)), settings.reasons - len(kept))
    chosen = text[:room] + kept[: settings.reasons - min(room, len(text))]
    return tuple(chosen)
