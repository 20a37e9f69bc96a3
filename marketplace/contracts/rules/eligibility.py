"""Rules of who may use first and pay later, and which licence fits a free phase (DOMAIN 3.3, 3.4, 12.13).

Faults are codes; `contracts.readiness` says them in words.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.law.rules.days import add_months
from marketplace.law.rules.spans import region_span

from .sheet import Mode, Royalty, Sheet

PAY_LATER = frozenset({Mode.ZERO_UPFRONT, Mode.DEFERRED, Mode.CONDITIONAL, Mode.TRIAL_TRANSFER})
"""Modes in which a licensee uses the technology before it pays: only small firms in good standing may."""
SMALL = frozenset({"MICRO", "SMALL", "MEDIUM"})
"""中小微: the size classes of an eligible licensee (12.13)."""

EXCLUSIVE, ALLOWED, FORBIDDEN = "EXCLUSIVE", "ALLOWED", "FORBIDDEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensee:
    """What is known of a firm on the day that it asks."""

    size: str
    size_proved_on: date | None
    region: str
    has_open_default: bool


def needs_eligibility(mode: str) -> bool:
    """Whether a licensing mode is open to eligible licensees only."""
    return mode in PAY_LATER


def any_pays_later(modes: Iterable[str]) -> bool:
    """Whether one of these modes lets the licensee use it first."""
    return not PAY_LATER.isdisjoint(modes)


def faults(firm: Licensee, *, today: date, proof_months: int, regions: Collection[str] = ()) -> tuple[str, ...]:
    """Every reason why the firm may not use first and pay later; `regions` are accepted, none means all.

    A proof of size holds for so many months; it ends with its last day (Civil Code 202).
    """
    found = []
    if firm.size not in SMALL:
        found.append("E_NOT_MSME")
    elif firm.size_proved_on is None or today > add_months(firm.size_proved_on, proof_months):
        found.append("E_SIZE_PROOF_EXPIRED")
    if regions and not any(is_within(firm.region, region) for region in regions):
        found.append("E_REGION")
    if firm.has_open_default:
        found.append("E_OPEN_DEFAULT")
    return tuple(found)


def is_within(place: str, region: str) -> bool:
    """Whether a place lies in a region, both by code (GB/T 2260): a district in its city and province, all in CN."""
    inner, outer = region_span(place), region_span(region)
    return outer.first <= inner.first and inner.end <= outer.end


def unsuitable(sheet: Sheet, *, licence_kind: str, sublicence: str) -> tuple[str, ...]:
    """What of a licence does not go with its terms.

    Nobody is excluded while the licensee pays nothing: exclusive only after the trial is kept, by another contract.
    What is used for free is not passed on, and a share of sub-licences asks that there may be any.
    """
    found = []
    if sheet.trial and licence_kind == EXCLUSIVE:
        found.append("E_EXCLUSIVE_IN_TRIAL")
    shares = any(isinstance(term, Royalty) and term.sublicence for term in sheet.terms)
    if (sheet.trial and sublicence == ALLOWED) or (shares and sublicence == FORBIDDEN):
        found.append("E_SUBLICENSE_FORBIDDEN")
    return tuple(found)
