"""Documents, matches and reasons: decides what goes into the library and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

PARTS = ("title", "keywords", "text")
"""The three parts of a document, in the order of the bits that mark where a term stands."""


CHINESE, ENGLISH = "zh", "en"
"""Languages of a phrase."""


@dataclass(frozen=True, slots=True)
class Document:
    """An achievement or a demand as the matcher sees it: its public words and its facts.

    `fields` holds facts by the keys of `conditions.RULES` and `fit.COMPONENTS`; a missing or `None`
    value is unknown, and the unknown neither excludes nor counts.
    """

    id: str
    title: str = ""
    text: str = ""
    keywords: tuple[str, ...] = ()
    fields: Mapping[str, Any] = default(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str):
            raise TypeError(f"A document's id is a str, not {type(self.id).__name__}: {self.id!r}.")
        if isinstance(self.keywords, str):
            raise TypeError("A document's keywords are a sequence of strings, not one string.")
        object.__setattr__(self, "keywords", tuple(self.keywords))

    def part(self, name: str) -> str:
        """The words of one part; keywords one a line, so that no phrase runs across two of them."""
        return "\n".join(self.keywords) if name == "keywords" else str(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a match; a code with parameters, never a sentence.

    kind    "text" (shared words), or the name of a structured component: "field", "trl", "mode", "price"
    label   the phrase as the found document writes it; for a structured reason its code, such as
            "same_field", "related_field", "trl_reached", "trl_near", "shared_modes", "within_budget"
    terms   the index terms behind a text reason (the words that carry the weight), or the shared codes
    weight  text: share of the text score that falls away without these terms (0..1; reasons never count
            a term twice, so the shares add up to at most 1); structured: share of the whole score
    field   where the words stand in the found document: "title", "keywords" or "text"; "" if structured
    params  values for the caller's sentence, such as {"trl": 7, "trl_min": 6}
    language  of the phrase: CHINESE or ENGLISH; "" for what both readers can read: facts, and Latin names
            that a Chinese line holds. Of bilingual documents a reader leaves the other language's out.
    """

    kind: str
    label: str
    terms: tuple[str, ...]
    weight: float
    field: str = ""
    params: Mapping[str, Any] = default(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A found document: `score` in 0..1, the components it is made of (text, field, trl, mode, price;
    an unknown one is absent), and at most five reasons for a reader of either language, the strongest first."""

    id: str
    score: float
    reasons: tuple[Reason, ...] = ()
    components: Mapping[str, float] = default(default_factory=dict)
