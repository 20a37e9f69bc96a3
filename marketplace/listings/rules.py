"""How long a listing lives, which text the public may read, what a complete listing needs. Pure functions."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

# The platform's own clock (MECHANISMS B8, item 2).
LIFE = timedelta(days=365)
WARNING_BEFORE = timedelta(days=14)
RENEWAL_OPENS_BEFORE = timedelta(days=30)
ARCHIVED_AFTER = timedelta(days=2 * 365)  # counted from publication, or from where the renewal began
NOT_CLASSIFIED = "NONE"
LONGEST_TITLE = 120

PUBLIC, REGISTERED, NDA = "public", "registered", "nda"
TIERS = (PUBLIC, REGISTERED, NDA)
UNFILED, FILED = "UNFILED", "FILED"

# Fields that tell how an invention works: shown before filing, they would destroy its novelty (Patent Law art. 22).
TELLS_THE_INVENTION = ("summary", "description", "technology_keywords")


def expires_on(published_on: date) -> date:
    """The last day of a listing's life."""
    return published_on + LIFE


def warns_on(expires: date) -> date:
    """The day on which the owner is told that the listing will expire."""
    return expires - WARNING_BEFORE


def may_renew(*, expires: date, has_been_renewed: bool, today: date) -> bool:
    """Once, from 30 days before the end until the end."""
    return not has_been_renewed and expires - RENEWAL_OPENS_BEFORE <= today <= expires


def archives_on(expires: date) -> date:
    """The day from which a listing that is over is archived: two years after its last year began."""
    return expires - LIFE + ARCHIVED_AFTER


def stricter(one: str, other: str) -> str:
    """The more confidential of two tiers."""
    return max(one, other, key=TIERS.index)


def effective_tiers(chosen: Mapping[str, str], fields: Iterable[str], ip_status: str) -> dict[str, str]:
    """The tier of each field: what the owner chose, raised where novelty asks for it.

    An unfiled invention tells how it works to nobody without an NDA. A filed but unpublished one keeps its
    description to registered readers.
    """
    tiers = {name: chosen.get(name, PUBLIC) for name in fields}
    if ip_status == UNFILED:
        for name in TELLS_THE_INVENTION:
            if name in tiers:
                tiers[name] = NDA
    if ip_status == FILED and "description" in tiers:
        tiers["description"] = stricter(tiers["description"], REGISTERED)
    return tiers


def readable(tier: str, *, is_registered: bool, has_nda: bool) -> bool:
    """May a reader of this standing read a field of this tier?"""
    return tier == PUBLIC or (tier == REGISTERED and is_registered) or has_nda


def fold(text: str) -> str:
    """Text for comparing: full-width folded, lower case, letters and digits only."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).lower() if ch.isalnum())


def names_owner(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """The owner's names that an anonymous listing's texts give away."""
    folded = fold(" ".join(texts))
    return [name for name in names if len(fold(name)) >= 2 and fold(name) in folded]


def fingerprint(title: str) -> str:
    """Two titles that differ only in width, case, spaces or punctuation are the same.

    A title without a letter or digit stands for itself. Only so much is looked at as a title may have.
    """
    start = title[:LONGEST_TITLE]
    return (fold(start) or start.strip())[:200]
