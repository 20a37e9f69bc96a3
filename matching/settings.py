"""Settings: every constant of the matcher, as data, with what it does and why it has its value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

RELATED_FIELDS: Mapping[str, float] = {
    "01-03": 0.5,
    "02-03": 0.5,
    "02-05": 0.3,
    "03-05": 0.5,
    "03-10": 0.4,
    "04-09": 0.4,
    "05-06": 0.4,
    "06-07": 0.5,
    "06-08": 0.4,
    "06-10": 0.3,
    "07-09": 0.3,
    "07-11": 0.4,
    "10-11": 0.4,
    "01-11": 0.3,
    "01-10": 0.3,
}
"""How near two technical fields are, 0..1, by "lower-higher" code of the `technical_field` list.
The same field is 1, a pair not listed 0. Chosen by reading the fields' definitions, not learnt."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One configuration for every collection; the text constants are measured on development sets."""

    title_weight: int = 6
    """A term of the title counts this often in a document. Flat from 4 to 6; 2 costs half a point."""
    keyword_weight: int = 4
    """The same for keywords."""
    saturation: float = 1.2
    """Frequency at which a document's term has half of its full weight (k1 of BM25)."""
    length_share: float = 0.6
    """How much a document's length divides the frequencies of its Chinese terms, 0..1 (b of BM25). Against
    0.75: +0.5 points on keywords, +0.4 on needs, both off zero, +0.1 on citations."""
    latin_length_share: float = 0.9
    """The same for Latin terms. Against 0.75: five of six English sets gain, up to 0.7 points; 0.6 costs
    long English demands 2 points."""
    norm: float = 0.25
    """Power of the norm that divides a document's Latin terms: long English abstracts gather weight from
    many terms (+2 points on long English demands; in Chinese it helps nothing). 0 switches it off."""
    usual_norm: float = 12.0
    """Norm that leaves Latin terms as they are, so that they stand beside Chinese ones at their weight."""
    query_saturation: float = 8.0
    """Frequency at which a query's term has half of its full weight (k3 of BM25)."""
    query_title: int = 3
    """How often the query's title and keywords are counted."""
    long_query: int = 20
    """More distinct terms than this make a query long ..."""
    long_query_idf: float = 0.5
    """... and its terms are weighed by this further power of their idf, so that rare ones lead."""
    bigram_weight: float = 1.0
    """Weight of a pair of Chinese characters beside that of a word."""
    structured: Mapping[str, float] = field(
        default_factory=lambda: {"field": 0.10, "trl": 0.06, "mode": 0.06, "price": 0.08}
    )
    """Share of the score that each structured component may take; the text keeps the rest."""
    related_fields: Mapping[str, float] = field(default_factory=lambda: dict(RELATED_FIELDS))
    """See `RELATED_FIELDS`."""
    trl_slack: int = 3
    """A TRL this many steps below the demanded one fits 0; the steps between fall evenly."""
    rescored: int = 200
    """The structured part re-scores the best of this many text candidates (or 5 k, if more)."""
    reasons: int = 5
    """Reasons given for one match, at most."""
    phrase_share: float = 0.04
    """A phrase that carries less of the text score than this is no reason, unless it is the only one."""
    phrase_words: int = 6
    """Words in one phrase, at most."""
    block: int = 256
    """Queries scored together: bounds the plain index's memory to about block × documents × 8 bytes."""
    compiled_from: int = 2000
    """A collection of this many documents is held by the compiled index, where numba is installed; below,
    the plain one answers before the compiled code is loaded. Both give the same ranking."""

    def as_json(self) -> dict[str, Any]:
        """The settings as plain values, for the file of an index."""
        return asdict(self)
